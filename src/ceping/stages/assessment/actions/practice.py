"""Practice before the work (标定): cases the lead writes, marked by every assessor once, outside every score."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_in
from ceping.stages.assessment.actions.shared import LONGEST_WORDS, hold_season, note, wanted_reason, words
from ceping.stages.assessment.actions.typed import Typed, fit_for
from ceping.stages.assessment.models import AnchorCase, AnchorMark, Assessor, Mark
from ceping.stages.assessment.queries import judge_of
from ceping.stages.scheme.models import Season

MOST_CASES = 3


@transaction.atomic
def write_case(
    *, season: Season, title: str, text: str, item: str, mark: str, reason: str, by: User, at: datetime
) -> AnchorCase:
    """A case for one item, with the mark the lead gave and why. Refused once the work has begun, and past three."""
    held = hold_season(season, by)
    judge = judge_of(held, item)
    if judge is None:
        raise Refused(fault("assess_row_item", given=item[:40]))
    if Mark.objects.filter(sheet__entry__season=held).exists():
        raise Refused(fault("assess_case_late"))
    count = AnchorCase.objects.filter(season=held).count()
    if count >= MOST_CASES:
        raise Refused(fault("assess_case_most", most=MOST_CASES))
    heading, told = words(title, 200), words(text, LONGEST_WORDS)
    if not heading or not told:
        raise Refused(fault("assess_case_empty"))
    fit = fit_for(judge.model_copy(update={"coefficient": None}), Typed(mark, "", wanted_reason(reason)))
    given = {"title": heading, "text": told, "item": item, "mark": fit.mark, "reason": fit.reason}
    made = AnchorCase.objects.create(season=held, number=count + 1, made_by=by, made_at=at, **given)
    note("write_case", held, ("case", made.pk), by, at, body={"number": made.number, "item": item})
    return made


@transaction.atomic
def mark_case(*, case: AnchorCase, assessor: Assessor, mark: str, reason: str, by: User, at: datetime) -> AnchorMark:
    """The assessor's mark for a case, given once: what the lead gave shows after it. Raises NotAllowed, Refused."""
    if by.pk != assessor.user_id or case.season_id != assessor.season_id or assessor.left_at is not None:
        raise NotAllowed(fault("assess_not_assigned"))
    if why := why_not_in(assessor.season):
        raise NotAllowed(why)
    Assessor.objects.select_for_update(of=("self",)).get(pk=assessor.pk)
    if AnchorMark.objects.filter(case=case, assessor=assessor).exists():
        raise Refused(fault("assess_case_marked"))
    judge = judge_of(assessor.season, case.item)
    if judge is None:
        raise Refused(fault("assess_row_item", given=case.item))
    fit = fit_for(judge.model_copy(update={"coefficient": None}), Typed(mark, "", reason))
    made = AnchorMark.objects.create(case=case, assessor=assessor, mark=fit.mark, reason=fit.reason, marked_at=at)
    body = {"number": case.number, "mark": fit.mark}
    note("mark_case", assessor.season, ("case", case.pk), by, at, role=Role.ASSESSOR, body=body)
    return made
