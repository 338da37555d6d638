"""The lock and the questions before every change of a draft: it is held, this person may write, and here as well."""

from datetime import datetime

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import NotAllowed
from ceping.ground.people.models import User
from ceping.stages.report.access import why_not_write
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.opening import opening_of, widened
from ceping.stages.scheme.queries import rules_of


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


def closed_finding(entry: Entry, place: str) -> Finding:
    """That this place was not returned, in the words of the form."""
    form, (kind, _, key) = rules_of(entry.season).form, place.partition(":")
    name = key
    if kind == "field" and key in form.field_by_id:
        name = form.field_by_id[key].name
    elif kind in ("table", "row"):
        table = key.partition("/")[0]
        name = form.table_by_id[table].title or form.place_of.get(f"table:{table}", table)
        return fault("draft_row_closed" if kind == "row" else "draft_table_closed", given=name)
    elif kind == "item":
        name = f"附件 {key}" if key else "未归入清单的材料"
    return fault("draft_place_closed", given=name)
