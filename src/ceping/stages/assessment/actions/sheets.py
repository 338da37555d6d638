"""The score sheet of one assessor and one institution: the opinion, and the signature that opens its marks."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_begin, why_not_in, why_not_judge
from ceping.stages.assessment.actions.differences import renew_difference
from ceping.stages.assessment.actions.shared import LONGEST_WORDS, Stale, hold_entry, note, words
from ceping.stages.assessment.models import Assessor, Mark, Sheet
from ceping.stages.assessment.queries import items_of, sheet_sha256
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Entry
from ceping.stages.scheme.queries import hold_state

PARTS = ("strengths", "weaknesses", "suggestions")


@transaction.atomic
def write_opinion(
    *, assessor: Assessor, entry: Entry, part: str, text: str, version: int, by: User, at: datetime
) -> Sheet:
    """One part of the written opinion. Raises NotAllowed; Refused for a part there is not; Stale."""
    _check(assessor, entry, by, at)
    if part not in PARTS:
        raise Refused(fault("assess_no_part"))
    said = words(text, LONGEST_WORDS)
    sheet, _ = Sheet.objects.select_for_update().get_or_create(entry=entry, assessor=assessor)
    if getattr(sheet, part) == said:
        return sheet
    if sheet.version != version:
        raise Stale({part: getattr(sheet, part)}, {part: said}, sheet.version, by, at)
    setattr(sheet, part, said)
    sheet.version += 1
    # What was signed said something else.
    sheet.signed_at, sheet.signed_sha256 = None, ""
    sheet.save()
    return sheet


@transaction.atomic
def finish_sheet(*, assessor: Assessor, entry: Entry, by: User, at: datetime) -> Sheet:
    """The sheet is signed and its marks are open from now on; where all have opened, differences show.

    Raises NotAllowed; Refused while an item is unmarked or asked for once more, or the opinion is not whole.
    """
    held = hold_entry(entry)
    _check(assessor, held, by, at)
    sheet, _ = Sheet.objects.select_for_update(of=("self",)).get_or_create(entry=held, assessor=assessor)
    sheet.assessor = assessor
    items = items_of(assessor, held)
    marks = list(Mark.objects.select_for_update().filter(sheet=sheet, item__in=items).order_by("item"))
    left = len(items) - sum(one.state != MarkState.REOPENED for one in marks)
    if left or not items:
        raise Refused(fault("assess_marks_left", count=left))
    lacking = [word for part, word in zip(PARTS, ("优势", "不足", "建议"), strict=True) if not getattr(sheet, part)]
    if lacking:
        raise Refused(fault("assess_opinion_left", parts="、".join(lacking)))
    Mark.objects.filter(pk__in=[one.pk for one in marks], state=MarkState.SEALED).update(state=MarkState.OPEN)
    sheet.opened_at = sheet.opened_at or at
    sheet.signed_at, sheet.signed_sha256 = at, sheet_sha256(sheet, marks)
    sheet.save()
    for item in items:
        renew_difference(held, item, at)
    body = {"assessor": assessor.code, "count": len(marks), "sha256": sheet.signed_sha256}
    note("sign_sheet", held.season, ("entry", held.pk), by, at, role=Role.ASSESSOR, body=body)
    return sheet


def _check(assessor: Assessor, entry: Entry, by: User, at: datetime) -> None:
    if by.pk != assessor.user_id:
        raise NotAllowed(fault("assess_not_assigned"))
    entry.season.state = hold_state(entry.season_id)
    Assessor.objects.select_for_update(of=("self",)).get(pk=assessor.pk)
    why = why_not_in(entry.season) or why_not_judge(assessor, entry, at) or why_not_begin(assessor)
    if why is not None:
        raise NotAllowed(why)
