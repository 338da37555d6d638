"""Marks: given alone and sealed, changed with a reason once they are open; every change kept, none lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import is_lead, why_lead_apart, why_not_change, why_not_mark
from ceping.stages.assessment.actions.differences import renew_difference
from ceping.stages.assessment.actions.shared import Stale, hold_entry, note, submission_of, wanted_reason
from ceping.stages.assessment.actions.typed import Typed, as_typed, checked
from ceping.stages.assessment.models import Assessor, Change, Mark, Sheet
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.queries import hold_state


@transaction.atomic
def give_mark(
    *, assessor: Assessor, entry: Entry, item: str, typed: Typed, version: int, by: User, at: datetime
) -> Mark:
    """The assessor's own mark stands, sealed, tied to the report as it is; `version` is the one they saw, 0 for none.

    Until the sheet is signed a mark may be typed again and again: each change is kept. Raises NotAllowed; Refused as
    the rule says; Stale when it was changed meanwhile.
    """
    if by.pk != assessor.user_id:
        raise NotAllowed(fault("assess_not_assigned"))
    entry.season.state = hold_state(entry.season_id)
    # A conflict declared at this moment comes before, and closes, or after, and ends what was given.
    Assessor.objects.select_for_update(of=("self",)).get(pk=assessor.pk)
    if why := why_not_mark(assessor, entry, item, at):
        raise NotAllowed(why)
    sheet, _ = Sheet.objects.select_for_update().get_or_create(entry=entry, assessor=assessor)
    sheet.entry, sheet.assessor = entry, assessor
    held = Mark.objects.select_for_update().select_related("marked_by").filter(sheet=sheet, item=item).first()
    fit = checked(entry, item, typed)
    if sheet.opened_at is not None and (held is None or held.state != MarkState.REOPENED):
        raise Refused(fault("assess_opened"))
    if held is None:
        return _first(sheet, item, fit, version, by, at)
    return _again(held, sheet, fit, version, by, at)


@transaction.atomic
def change_mark(*, mark: Mark, typed: Typed, version: int, why: str, by: User, at: datetime) -> Mark:
    """An open mark is changed by whoever gave it, or any by a lead, with the reason why.

    What was signed is to be signed again; a difference opens or lapses with it. Raises NotAllowed, Refused, Stale.
    """
    entry = hold_entry(mark.sheet.entry)
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("assessor").get(pk=mark.sheet_id)
    held = Mark.objects.select_for_update(of=("self",)).select_related("marked_by").get(pk=mark.pk)
    if by.pk == sheet.assessor.user_id:
        if refused := why_not_mark(sheet.assessor, entry, held.item, at):
            raise NotAllowed(refused)
    elif not is_lead(by):
        raise NotAllowed(fault("assess_not_lead"))
    elif refused := why_not_change(entry) or why_lead_apart(by, entry):
        raise NotAllowed(refused)
    elif held.state == MarkState.SEALED:
        raise Refused(fault("assess_still_sealed"))
    if held.state == MarkState.ADJUDICATED:
        raise Refused(fault("assess_settled"))
    said = wanted_reason(why)
    fit = checked(entry, held.item, typed)
    if held.version != version:
        raise stale(held, fit)
    if as_typed(held) == fit:
        return held
    _change(held, fit, said, by, at)
    sheet.signed_at, sheet.signed_sha256 = None, ""
    sheet.save(update_fields=["signed_at", "signed_sha256"])
    renew_difference(entry, held.item, at)
    role = Role.ASSESSOR if by.pk == sheet.assessor.user_id else Role.LEAD
    body = {"assessor": sheet.assessor.code, "item": held.item, "version": held.version, "mark": held.mark}
    note("change_mark", entry.season, ("entry", entry.pk), by, at, role=role, reason=said, body=body)
    return held


@transaction.atomic
def take_marks(
    *, assessor: Assessor, rows: Sequence[Mapping[str, str]], entries: Mapping[str, Entry], by: User, at: datetime
) -> int:
    """The marks of a sheet filled in offline, all or none; what stands already as it says is left alone.

    `rows` are those of marks.csv, `entries` by credit code. Answers how many changed. Raises as `give_mark`.
    """
    count = 0
    for row in sorted(rows, key=lambda one: (one["uscc"], one["indicator_id"])):
        entry, item = entries[row["uscc"]], row["indicator_id"]
        standing = Mark.objects.filter(sheet__entry=entry, sheet__assessor=assessor, item=item).first()
        typed = Typed(row["mark"], row.get("coefficient", ""), row.get("reason", ""))
        if standing is not None and as_typed(standing) == checked(entry, item, typed):
            continue
        version = standing.version if standing is not None else 0
        give_mark(assessor=assessor, entry=entry, item=item, typed=typed, version=version, by=by, at=at)
        count += 1
    body = {"count": count, "rows": len(rows)}
    note("take_marks", assessor.season, ("assessor", assessor.pk), by, at, role=Role.ASSESSOR, body=body)
    return count


def stale(held: Mark, mine: Typed) -> Stale:
    """That the mark is no longer what its writer saw."""
    return Stale(as_typed(held).as_json(), mine.as_json(), held.version, held.marked_by, held.marked_at)


def _first(sheet: Sheet, item: str, fit: Typed, version: int, by: User, at: datetime) -> Mark:
    if version:
        raise Refused(fault("assess_nothing_there"))
    made = Mark.objects.create(
        sheet=sheet,
        item=item,
        submission=submission_of(sheet.entry),
        mark=fit.mark,
        coefficient=fit.coefficient,
        reason=fit.reason,
        marked_by=by,
        marked_at=at,
    )
    Change.objects.create(mark=made, version=1, old={}, new=fit.as_json(), changed_by=by, changed_at=at)
    return made


def _again(held: Mark, sheet: Sheet, fit: Typed, version: int, by: User, at: datetime) -> Mark:
    if as_typed(held) == fit and held.state != MarkState.REOPENED:
        return held
    if held.version != version:
        raise stale(held, fit)
    held.submission = submission_of(sheet.entry)
    if held.state == MarkState.REOPENED:
        held.state = MarkState.OPEN if sheet.opened_at is not None else MarkState.SEALED
    _change(held, fit, "", by, at)
    if sheet.opened_at is not None:
        renew_difference(sheet.entry, held.item, at)
    return held


def _change(held: Mark, fit: Typed, why: str, by: User, at: datetime) -> None:
    old = as_typed(held).as_json()
    held.mark, held.coefficient, held.reason = fit.mark, fit.coefficient, fit.reason
    held.version, held.marked_by, held.marked_at = held.version + 1, by, at
    held.save()
    Change.objects.create(
        mark=held, version=held.version, old=old, new=fit.as_json(), why=why, changed_by=by, changed_at=at
    )
