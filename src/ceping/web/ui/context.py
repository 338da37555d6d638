"""What the layout needs on every page."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from ceping.ground.messages.queries import unread
from ceping.ground.people.models import User
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.web.ui.navigation import entries_for, entries_for_anybody


def page(request: HttpRequest) -> dict[str, object]:
    """`demo`, `identity` (the provider's name) and `server_now` for all.

    For who is logged in also `nav`, the bar's entries, `hat`, whom one speaks for, `unread` messages.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return {
            "demo": settings.DEMO,
            "identity": settings.IDENTITY,
            "nav": SimpleLazyObject(lambda: list(entries_for_anybody())),
            "hat": "",
            "server_now": timezone.now(),
        }
    return {
        "demo": settings.DEMO,
        "identity": settings.IDENTITY,
        "nav": SimpleLazyObject(lambda: list(entries_for(user))),
        "hat": SimpleLazyObject(lambda: _hat(user)),
        "unread": SimpleLazyObject(lambda: unread(user)),
        "server_now": timezone.now(),
    }


def _hat(user: User) -> str:
    """Whom the person speaks for, or what they are."""
    held = user.grants_in_force
    spoken_for = next((grant.institution or grant.area for grant in held if grant.institution or grant.area), None)
    return str(spoken_for) if spoken_for else "、".join(ROLE_NAMES[Role(grant.role)] for grant in held)
