"""Who may read a report for judging it, mark, verify and settle, and when; answered with the reason.

A conflict of interest closes everything of that institution to the assessor: files, marks, values, talk. So does the
end of an assignment. Leads and the organiser read reports by another rule, but an own conflict binds a lead too.
"""

from datetime import datetime

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Reach, Role
from ceping.stages.assessment.models import Assessor, Assignment, Difference, Mark, Sheet
from ceping.stages.assessment.queries import assessor_in, cases_left, conflict_of
from ceping.stages.assessment.states import DifferenceState, MarkState
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import evaluation_open
from ceping.stages.scheme.states import SeasonState


def is_lead(user: User) -> bool:
    """Whether this person assigns and settles."""
    return any(hat.reach(Act.ASSIGN) is Reach.ALL for hat in hats_for(user, Act.ASSIGN))


def is_assessor(user: User) -> bool:
    """Whether this person holds the role now."""
    return any(hat.role is Role.ASSESSOR for hat in hats_for(user, Act.MARK))


def why_not_lead(user: User, season: Season) -> Finding | None:
    """Why this person cannot assign, draw or settle in the season now."""
    return why_not_in(season) if is_lead(user) else fault("assess_not_lead")


def why_not_in(season: Season) -> Finding | None:
    """Why nothing of the assessment moves in this season."""
    if season.state == SeasonState.EVALUATING:
        return None
    return fault("assess_season_state", state=SeasonState(season.state).label)


def why_not_change(entry: Entry) -> Finding | None:
    """Why nothing of this entry's assessment moves: the season is past it, and no correction names the institution."""
    return None if evaluation_open(entry.season, entry.institution_id) else why_not_in(entry.season)


def why_not_read(user: User, entry: Entry, at: datetime) -> Finding | None:
    """Why this assessor cannot see anything of the entry; None when it lies before them and nothing stands against it.

    Asked by every page and file an assessor has. What is closed to one is closed whatever the other way in.
    """
    assessor = assessor_in(user, entry.season) if is_assessor(user) else None
    return fault("assess_not_assigned") if assessor is None else why_not_judge(assessor, entry, at)


def why_not_judge(assessor: Assessor, entry: Entry, at: datetime) -> Finding | None:
    """As `why_not_read`, of somebody known to be an assessor of the season."""
    if (assessor.left_at is not None and assessor.left_at <= at) or entry.season_id != assessor.season_id:
        return fault("assess_not_assigned")
    if conflict_of(assessor, entry) is not None:
        return fault("assess_conflict")
    if entry.state != EntryState.PUT_FORWARD:
        return fault("assess_not_put_forward", state=EntryState(entry.state).label)
    mine = Assignment.objects.filter(assessor=assessor, entry=entry, ended_at=None).exists()
    if not mine and not asked_as_third(assessor, entry):
        return fault("assess_not_assigned")
    return None


def asked_as_third(assessor: Assessor, entry: Entry) -> bool:
    """Whether a difference of this entry lies with them to decide."""
    return Difference.objects.filter(entry=entry, third=assessor, state=DifferenceState.DUE).exists()


def why_not_begin(assessor: Assessor) -> Finding | None:
    """Why this assessor cannot begin to mark at all: their word on conflicts, and practice, come first."""
    if assessor.declared_at is None:
        return fault("assess_declare_first")
    if left := cases_left(assessor):
        return fault("assess_calibrate_first", count=len(left))
    return None


def why_not_mark(assessor: Assessor, entry: Entry, item: str, at: datetime) -> Finding | None:
    """Why this assessor cannot mark that item now."""
    if why := why_not_change(entry) or why_not_judge(assessor, entry, at):
        return why
    mine = Assignment.objects.filter(assessor=assessor, entry=entry, item=item, ended_at=None)
    return why_not_begin(assessor) if mine.exists() else fault("assess_item_not_yours")


def why_not_verify(user: User, entry: Entry, at: datetime) -> Finding | None:
    """Why this person cannot record verified values and verdicts: an assessor of the entry can, and a lead."""
    if why := why_not_change(entry):
        return why
    if is_lead(user):
        return why_lead_apart(user, entry)
    return why_not_read(user, entry, at)


def why_lead_apart(user: User, entry: Entry) -> Finding | None:
    """Why a lead who is also an assessor keeps away from this entry."""
    own = assessor_in(user, entry.season)
    return fault("assess_conflict") if own is not None and conflict_of(own, entry) is not None else None


def why_not_decide(user: User, difference: Difference, at: datetime) -> Finding | None:
    """Why this person cannot decide a difference: the third assessor who was asked does, else a lead."""
    entry = difference.entry
    if why := why_not_change(entry):
        return why
    if difference.state != DifferenceState.DUE:
        return fault("assess_difference_over", state=DifferenceState(difference.state).label)
    if difference.third is not None and difference.third.user_id == user.pk:
        return why_not_read(user, entry, at)
    if not is_lead(user):
        return fault("assess_not_lead")
    own = assessor_in(user, entry.season)
    if own is not None and Mark.objects.filter(sheet__assessor=own, sheet__entry=entry, item=difference.item).exists():
        return fault("assess_own_difference")
    return why_lead_apart(user, entry)


def sees_others(assessor: Assessor, sheet: Sheet | None, entry: Entry) -> bool:
    """Whether others' marks on the entry are open to this assessor: after the own sheet, or where asked to decide."""
    if conflict_of(assessor, entry) is not None:
        return False
    return (sheet is not None and sheet.opened_at is not None) or asked_as_third(assessor, entry)


def shown_to(assessor: Assessor, sheet: Sheet | None, mark: Mark) -> bool:
    """Whether this mark is to be seen by the assessor: the own always, another's when both sheets are open."""
    if mark.sheet.assessor_id == assessor.pk:
        return True
    return mark.state != MarkState.SEALED and sees_others(assessor, sheet, mark.sheet.entry)
