"""The outbox as a person looks through it: whom a letter is for by name and masked address, never what it says."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.db.models import Q, QuerySet

from ceping.ground.messages.models import Letter
from ceping.ground.messages.sending import UNSURE
from ceping.ground.people.models import Invitation, User

# What can be looked for; the first is what waits for a person.
LOOKED_FOR: Mapping[str, str] = MappingProxyType(
    {
        "": "待处理",
        "held": "待审",
        "failed": "未发出",
        "unsure": "不能确定",
        "queued": "待发",
        "sent": "已发",
        "dropped": "不发",
        "all": "全部",
    }
)
_INVITATION = re.compile(r"invitation:([0-9]+)", re.ASCII)
_TOLD = re.compile(r".*:([0-9]+)", re.ASCII | re.DOTALL)
# A name so common that it finds more people than these does not find letters.
_MOST_PEOPLE = 500


def letters_found(*, state: str, text: str) -> QuerySet[Letter]:
    """The letters of that state, newest first, whose subject or addressee's name holds the text, or whole address."""
    which = {
        "": Q(state__in=("held", "failed")),
        "failed": Q(state="failed") & ~Q(fault=UNSURE),
        "unsure": Q(state="failed", fault=UNSURE),
        "queued": Q(state__in=("queued", "sending")),
        "all": Q(),
    }
    found = Letter.objects.filter(which.get(state, Q(state=state)))
    if not text:
        return found
    who = Q(name__icontains=text) | Q(email__iexact=text)
    people = User.objects.filter(who).values_list("pk", flat=True)[:_MOST_PEOPLE]
    invited = Invitation.objects.filter(who).values_list("pk", flat=True)[:_MOST_PEOPLE]
    theirs = Q(key__in=[f"invitation:{pk}" for pk in invited])
    if ending := "|".join(str(pk) for pk in people):
        theirs |= Q(key__regex=f":({ending})$") & ~Q(key__startswith="invitation:")
    return found.filter(Q(subject__icontains=text) | theirs)


def addressees(letters: Collection[Letter]) -> dict[int, str]:
    """The name of whom each letter is for, by the letter's key; one query for people, one for who was invited."""
    invited = {one.pk: int(found[1]) for one in letters if (found := _INVITATION.fullmatch(one.key))}
    told = {one.pk: int(found[1]) for one in letters if one.pk not in invited and (found := _TOLD.fullmatch(one.key))}
    guests = dict(Invitation.objects.filter(pk__in=invited.values()).values_list("pk", "name"))
    people = dict(User.objects.filter(pk__in=told.values()).values_list("pk", "name"))
    return {pk: guests.get(key, "") for pk, key in invited.items()} | {
        pk: people.get(key, "") for pk, key in told.items()
    }


def masked_address(address: str) -> str:
    """`c***@example.org`: what may be shown of an address without a reason; nothing of what is no address."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if name and at else "***"
