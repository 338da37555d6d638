"""Who there is and what they hold."""

from datetime import datetime

from django.db.models import Q, QuerySet

from ceping.ground.people.models import Grant, Invitation, User
from ceping.ground.people.roles import Role


def roles_of_everybody() -> dict[int, list[Role]]:
    """Roles in force by user, for the machine's own command line alone; every role once."""
    held: dict[int, list[Role]] = {}
    rows = Grant.objects.filter(revoked_at=None).order_by("user_id", "role").values_list("user_id", "role").distinct()
    for user, role in rows:
        held.setdefault(user, []).append(Role(role))
    return held


def people_found(*, role: str, state: str) -> QuerySet[User]:
    """Everybody, or who holds that role now, or is `open` or `closed`; for the security officer."""
    found = User.objects.prefetch_related("grants__institution", "grants__area").order_by("name", "pk")
    if role:
        found = found.filter(pk__in=Grant.objects.filter(role=role, revoked_at=None).values("user"))
    if state in {"open", "closed"}:
        found = found.filter(is_active=state == "open")
    return found


def invitations_found(*, state: str, at: datetime) -> QuerySet[Invitation]:
    """Invitations, newest first: `open`, `used`, `expired`, `withdrawn`, or all."""
    waiting = Q(accepted_at=None, withdrawn_at=None)
    which = {
        "open": waiting & Q(expires_at__gt=at),
        "used": Q(accepted_at__isnull=False),
        "expired": waiting & Q(expires_at__lte=at),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }
    found = Invitation.objects.filter(which.get(state, Q()))
    return found.select_related("institution", "area", "invited_by").order_by("-invited_at", "-pk")
