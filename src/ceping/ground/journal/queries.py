"""What the journal says, and whether it still says what was written."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ceping.ground.journal.chain import FIRST, hash_of
from ceping.ground.journal.models import Entry

_FIELDS = ("chain", "number", "at", "by", "role", "act", "kind", "key", "reason", "body")
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its number and hash are what is handed outside, so that a cut tail shows."""

    chain: str
    number: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: `what` is missing, changed, or cut."""

    chain: str
    number: int
    what: str


def heads() -> list[Head]:
    """The head of every chain, by name."""
    last = Entry.objects.order_by("chain", "-number").distinct("chain").values_list("chain", "number", "sha256")
    return [Head(*row) for row in last]


def breaks_in(chain: str, *, known: Head | None = None) -> Iterator[Break]:
    """Every entry of the chain that is missing or not what was sealed; against a head kept outside, also a cut tail."""
    expected, previous = 1, FIRST
    rows = Entry.objects.filter(chain=chain).order_by("number").values(*_FIELDS, "previous", "sha256")
    at_known = ""
    for row in rows.iterator(chunk_size=_CHUNK):
        content: dict[str, Any] = {name: row[name] for name in _FIELDS}
        number = row["number"]
        if number != expected:
            yield Break(chain, expected, "missing")
        elif row["previous"] != previous:
            yield Break(chain, number, "changed")
        if hash_of(row["previous"], content) != row["sha256"]:
            yield Break(chain, number, "changed")
        if known is not None and number == known.number:
            at_known = row["sha256"]
        expected, previous = number + 1, row["sha256"]
    if known is not None and at_known != known.sha256:
        yield Break(chain, known.number, "changed" if at_known else "cut")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: every part that says nothing lets all pass. `to` is not itself among the moments."""

    chain: str = ""
    people: Collection[int] | None = None
    act: str = ""
    kind: str = ""
    keys: Collection[str] | None = None
    since: datetime | None = None
    to: datetime | None = None


def entries(wanted: Wanted) -> QuerySet[Entry]:
    """The entries asked for, the last written first."""
    found = Entry.objects.order_by("-pk")
    for name, value in (("chain", wanted.chain), ("act", wanted.act), ("kind", wanted.kind)):
        if value:
            found = found.filter(**{name: value})
    if wanted.people is not None:
        found = found.filter(by__in=wanted.people)
    if wanted.keys is not None:
        found = found.filter(key__in=wanted.keys)
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    return found.filter(at__lt=wanted.to) if wanted.to is not None else found
