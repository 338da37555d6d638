"""What is asked of exports: one's own, those that wait for one's word, those whose time is over."""

from datetime import datetime

from django.db.models import Q, QuerySet

from ceping.ground.exports.models import DECIDED_WITHIN, KEPT_FOR, Export
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Act, Reach, Role, reach_of, roles_for


def is_of_the_pair(user: User) -> bool:
    """Whether this person may be one of the two."""
    act = Act.EXPORT_PERSONAL
    return user.is_active and any(hat.reach(act) is Reach.PAIR for hat in hats_for(user, act))


def exports_of(user: User) -> QuerySet[Export]:
    """What the person asked for, the newest first; the file itself is left where it lies."""
    return _rows().filter(asked_by=user)


def exports_to_decide(user: User, *, at: datetime) -> QuerySet[Export]:
    """What others asked for and still waits; empty for whoever may not decide."""
    waiting = _rows().filter(withdrawn_at=None, accepted=None, asked_at__gt=at - DECIDED_WITHIN)
    return waiting.exclude(asked_by=user) if is_of_the_pair(user) else waiting.none()


def export_for(user: User, token: str) -> Export | None:
    """That request if the person asked for it or may decide about it."""
    found = _rows().filter(token=token).first()
    return found if found is not None and (found.asked_by_id == user.pk or is_of_the_pair(user)) else None


def second_people(asked_by: User) -> list[tuple[User, Role]]:
    """Everybody who could let it go, with the role they could do it in."""
    roles = [role for role in roles_for(Act.EXPORT_PERSONAL) if reach_of(role, Act.EXPORT_PERSONAL) is Reach.PAIR]
    rows = Grant.objects.filter(role__in=roles, revoked_at=None, user__is_active=True).exclude(user=asked_by)
    return [(grant.user, Role(grant.role)) for grant in rows.select_related("user").order_by("user_id", "pk")]


def run_out(*, at: datetime) -> QuerySet[Export]:
    """Files whose time is over and that still lie here."""
    return _rows().filter(Q(made_at__lte=at - KEPT_FOR), removed_at=None)


def _rows() -> QuerySet[Export]:
    return Export.objects.select_related("asked_by", "decided_by", "job").defer("content")
