"""Deadlines near: told once at each threshold to those who have not done what is due, and by hand by the organiser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.messages.actions import said_on
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import told_already, told_of
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Reach, Role
from ceping.stages.report import actions as report
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.states import WRITABLE, EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import closings_of, seasons_open
from ceping.stages.scheme.states import PhaseKind

# Days before the close at which people are told; the last is the day itself.
THRESHOLDS = (7, 3, 1, 0)
# Nobody is written to at night; whoever was missed at the hour is told at the next.
_DAY_BEGINS, _DAY_ENDS = 8, 20


@dataclass(frozen=True, slots=True)
class Due:
    """What an entry still owes, and by when."""

    entry: Entry
    event: Event
    until: datetime
    values: Mapping[str, str]


def remind_due(*, at: datetime) -> int:
    """Everybody with something due is told once at each threshold, however often and however late this is asked.

    Where thresholds were missed only the nearest is told. Answers how many were told now.
    """
    if not _DAY_BEGINS <= timezone.localtime(at).hour < _DAY_ENDS:
        return 0
    near = [one for season in seasons_open(at) for due in owed(season, at=at) if (one := _reached(due, at)) is not None]
    keys = {told_of(due.event, f"entry-{due.entry.pk}", once) for due, once in near}
    before = told_already(keys)
    told = 0
    for due, once in near:
        if told_of(due.event, f"entry-{due.entry.pk}", once) not in before:
            told += report.tell_entry(due.event, due.entry, at=at, once=once, values=due.values)
    return told


def _reached(due: Due, at: datetime) -> tuple[Due, str] | None:
    """What is due with the time left in words, and the name of the threshold; None before the first and after all."""
    left = (timezone.localtime(due.until).date() - timezone.localtime(at).date()).days
    reached = [days for days in THRESHOLDS if left <= days]
    if not reached or at >= due.until:
        return None
    values = {**due.values, "left": f"还有 {left} 天" if left else "今天"}
    # Another close is another deadline: an extension is told of anew.
    return replace(due, values=values), f"{timezone.localtime(due.until):%Y%m%d%H%M}-{min(reached)}"


@transaction.atomic
def remind(*, season: Season, entries: Sequence[int], by: User, at: datetime) -> int:
    """The organiser asks these entries for what they owe, at most once a day each; answers how many people were told.

    Raises NotAllowed; Refused when none of them owes anything.
    """
    if not hats_for(by, Act.CHANGE_CALENDAR):
        raise NotAllowed(fault("season_not_organiser"))
    wanted = set(entries)
    due = [one for one in owed(season, at=at) if one.entry.pk in wanted]
    if not due:
        raise Refused(fault("season_nobody_owes"))
    day = f"hand-{timezone.localtime(at):%Y%m%d}"
    told = 0
    for one in due:
        event = Event.REMINDED if one.event is Event.DEADLINE else one.event
        told += report.tell_entry(event, one.entry, at=at, once=day, values=one.values)
    body = {"entries": sorted(one.entry.pk for one in due), "told": told}
    about, chain = ("season", season.pk), season_chain(season.pk)
    record("remind", by=by, role=Role.ORGANISER, at=at, about=about, chain=chain, body=body)
    return told


def owed(season: Season, *, at: datetime) -> Iterator[Due]:
    """What is not done yet in the season: reports not submitted or not back, paper copies not received."""
    closes = closings_of(season)
    filing, paper = closes.get(PhaseKind.FILING), closes.get(PhaseKind.PAPER)
    entries = Entry.objects.filter(season=season, created_at__lte=at).select_related("season", "institution__area")
    for entry in entries.filter(state__in=sorted(WRITABLE)).order_by("pk"):
        until = entry.due_at if entry.state == EntryState.RETURNED else None
        if until is None and filing is not None:
            until = filing.of(entry.institution_id, entry.institution.area_id)
        if until is not None:
            yield Due(entry, Event.DEADLINE, until, {"due": said_on(until)})
    if paper is None:
        return
    missing = Submission.objects.filter(entry__season=season, withdrawn_at=None, paper__received_on=None)
    receipts = dict(missing.order_by("number").values_list("entry_id", "receipt"))
    handed_in = (EntryState.SUBMITTED, EntryState.PUT_FORWARD)
    for entry in entries.filter(pk__in=receipts, state__in=handed_in).order_by("pk"):
        until = paper.of(entry.institution_id, entry.institution.area_id)
        yield Due(entry, Event.PAPER_MISSING, until, {"due": said_on(until), "receipt": receipts[entry.pk]})


@transaction.atomic
def note_progress_export(*, season: Season, count: int, filters: Mapping[str, str], by: User, at: datetime) -> None:
    """A list of who stands where goes out, without anything personal. Raises NotAllowed."""
    held = [hat.role for hat in hats_for(by, Act.READ_REPORT) if hat.reach(Act.READ_REPORT) is Reach.ALL]
    if not held:
        raise NotAllowed(fault("season_not_organiser"))
    body = {"count": count, "filters": dict(filters)}
    about, chain = ("season", season.pk), season_chain(season.pk)
    record("export_progress", by=by, role=held[0], at=at, about=about, chain=chain, body=body)
