"""The lock and the questions before every change of a draft: it is held, this person may write, and here as well."""

from datetime import datetime

from ceping.ground.people.access import NotAllowed
from ceping.ground.people.models import User
from ceping.stages.report.access import closed_finding, why_not_write
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.opening import opening_of, widened


def opened(entry: Entry, by: User, at: datetime, *places: str) -> Entry:
    """The entry, locked until the transaction ends, with these places open. Raises NotAllowed."""
    held = Entry.objects.select_for_update(of=("self",)).select_related("season__scheme", "institution")
    locked = held.get(pk=entry.pk)
    if reason := why_not_write(by, locked, at):
        raise NotAllowed(reason)
    hold_open(locked, *places)
    return locked


def hold_open(entry: Entry, *places: str) -> None:
    """The places are open in an entry that is locked. Raises NotAllowed naming the first that is not.

    What keeps the report from going back was opened by that; from its first change on it stays open, or the second
    letter typed there would be refused.
    """
    now = opening_of(entry)
    closed = [place for place in places if not now.has(place)]
    if not closed:
        return
    wider = widened(entry, closed)
    if wider is None:
        raise NotAllowed(closed_finding(entry, closed[0]))
    entry.opening = wider
    entry.save(update_fields=["opening"])
