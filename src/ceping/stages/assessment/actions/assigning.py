"""Assignments by hand and by file, beside the draw: each with its reason, none against a conflict."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.assessment.actions.differences import renew_differences
from ceping.stages.assessment.actions.shared import hold_entries, hold_season, note, wanted_reason
from ceping.stages.assessment.models import Assessor, Assignment, Sheet
from ceping.stages.assessment.queries import assessors_of, entries_judged, judged_in, standing_in
from ceping.stages.assessment.states import Way
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

MOST_TOLD = 30
_BATCH = 5_000


def begin_sheets(pairs: Collection[tuple[int, int]]) -> None:
    """Each pair of entry and assessor has its score sheet."""
    rows = (Sheet(entry_id=entry, assessor_id=assessor) for entry, assessor in sorted(pairs))
    Sheet.objects.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)


@transaction.atomic
def assign_by_hand(
    *, assessor: Assessor, entry: Entry, items: Sequence[str], reason: str, by: User, at: datetime
) -> list[Assignment]:
    """The assessor marks these items of the entry, all that are marked when none is named. Raises as `assign_rows`."""
    every = [item.key for item in judged_in(rules_of(entry.season))]
    rows = [(entry.institution.uscc, item, assessor.code) for item in items or every]
    return assign_rows(season=entry.season, rows=rows, way=Way.HAND, reason=reason, by=by, at=at)


@transaction.atomic
def assign_rows(
    *, season: Season, rows: Sequence[tuple[str, str, str]], way: Way, reason: str, by: User, at: datetime
) -> list[Assignment]:
    """Credit code, item and assessor's code, row by row, all or none; what stands already stays as it is.

    Raises NotAllowed; Refused without a reason, and with a finding for each row that names nobody, nothing that is
    marked, or a conflict.
    """
    held = hold_season(season, by)
    said = wanted_reason(reason)
    entries = {one.institution.uscc: one for one in entries_judged(held)}
    people = {one.code: one for one in assessors_of(held)}
    hold_entries({entries[uscc].pk for uscc, _, _ in rows if uscc in entries})
    # Whoever declares a conflict at this moment comes before or after.
    list(Assessor.objects.select_for_update().filter(pk__in=[one.pk for one in people.values()]).order_by("pk"))
    items = {item.key for item in judged_in(rules_of(held))}
    apart = {(who, entry) for who, entry in standing_in(held)}
    faults = list(_faults(rows, entries, people, items, apart))
    if faults:
        raise Refused(*faults[:MOST_TOLD])
    standing = set(
        Assignment.objects.filter(entry__season=held, ended_at=None).values_list("entry", "item", "assessor")
    )
    wanted = dict.fromkeys((entries[uscc].pk, item, people[code].pk) for uscc, item, code in rows)
    made = Assignment.objects.bulk_create(
        [
            Assignment(
                entry_id=entry,
                item=item,
                assessor_id=who,
                way=way,
                reason=said,
                assigned_by=by,
                assigned_at=at,
            )
            for entry, item, who in wanted
            if (entry, item, who) not in standing
        ],
        batch_size=_BATCH,
    )
    begin_sheets({(entry, who) for entry, _, who in wanted})
    renew_differences({entry for entry, _, _ in wanted}, at)
    body = {"way": way.value, "count": len(made), "entries": sorted({entry for entry, _, _ in wanted})[:MOST_TOLD]}
    note("assign", held, ("season", held.pk), by, at, reason=said, body=body)
    return made


@transaction.atomic
def end_assignments(*, assessor: Assessor, entry: Entry, reason: str, by: User, at: datetime) -> int:
    """The assessor no longer judges this entry; marks already given stay on record and no longer count."""
    season = hold_season(entry.season, by)
    said = wanted_reason(reason)
    count = Assignment.objects.filter(assessor=assessor, entry=entry, ended_at=None).update(ended_at=at)
    if not count:
        raise Refused(fault("assess_nothing_assigned"))
    renew_differences({entry.pk}, at)
    body = {"assessor": assessor.code, "count": count}
    note("end_assignment", season, ("entry", entry.pk), by, at, reason=said, body=body)
    return count


def _faults(
    rows: Iterable[tuple[str, str, str]],
    entries: Mapping[str, Entry],
    people: Mapping[str, Assessor],
    items: Collection[str],
    apart: Collection[tuple[int, int]],
) -> Iterable[Finding]:
    for number, (uscc, item, code) in enumerate(rows, start=1):
        place = f"第 {number} 条"
        entry, person = entries.get(uscc), people.get(code)
        if entry is None:
            yield fault("assess_row_entry", place=place, given=uscc[:40])
        if person is None:
            yield fault("assess_row_person", place=place, given=code[:40])
        if item not in items:
            yield fault("assess_row_item", place=place, given=item[:40])
        if entry is not None and person is not None and (person.pk, entry.pk) in apart:
            yield fault("assess_row_conflict", place=place, who=code, name=entry.institution.name)
