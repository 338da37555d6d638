"""What is asked of messages: the words for a role, an inbox, who is to be told, what waits in the outbox."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from ceping.ground.messages.events import Event, Words, shipped
from ceping.ground.messages.models import Letter, Message, Template
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import Role


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to be told, in the role in which it concerns them."""

    user: User
    role: Role


def unread(user: User) -> int:
    """How many messages wait in the inbox."""
    return Message.objects.filter(to=user, read_at=None).count()


def inbox(user: User) -> QuerySet[Message]:
    """The person's messages, the newest first."""
    return Message.objects.filter(to=user)


def words_for(event: Event, role: Role) -> Words | None:
    """The words in force; None where the role is not told, or no longer."""
    row = Template.objects.filter(event=event, role=role).first()
    if row is None:
        return shipped(event, role)
    return Words(row.subject, row.body, by_mail=row.by_mail) if row.enabled else None


def writers(institutions: Collection[int]) -> dict[int, list[Reader]]:
    """Who writes for each of these institutions, in one query."""
    return _told(Role.INSTITUTION, "institution_id", institutions)


def recommenders(areas: Collection[int]) -> dict[int, list[Reader]]:
    """Who recommends for each of these areas, in one query."""
    return _told(Role.RECOMMENDER, "area_id", areas)


def told_of(event: Event, about: str, once: str) -> str:
    """The key under which a happening is told."""
    return f"{event}:{about}:{once}"


def told_already(keys: Collection[str]) -> set[str]:
    """Those of the keys under which somebody was told."""
    return set(Message.objects.filter(key__in=keys).values_list("key", flat=True).distinct().order_by())


def letters(*states: str) -> QuerySet[Letter]:
    """The outbox, of these states or all."""
    found = Letter.objects.all()
    return found.filter(state__in=states) if states else found


def letters_by_state() -> dict[str, int]:
    """How many letters stand where, by state; states without any are left out."""
    return dict(Letter.objects.order_by().values_list("state").annotate(Count("pk")))


def _told(role: Role, by: str, keys: Collection[int]) -> dict[int, list[Reader]]:
    found: dict[int, list[Reader]] = {key: [] for key in keys}
    rows = Grant.objects.filter(**{f"{by}__in": list(keys)}, role=role, revoked_at=None, user__is_active=True)
    for grant in rows.select_related("user").order_by("pk"):
        found[getattr(grant, by)].append(Reader(grant.user, role))
    return found
