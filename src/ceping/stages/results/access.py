"""Who may supply, rule, compute and sign, and when; answered with the reason."""

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Reach, Role
from ceping.stages.report.models import Entry
from ceping.stages.results.models import Computation, Correction
from ceping.stages.results.queries import current_of, frozen_of, inputs_sha256, open_correction_of
from ceping.stages.results.states import ComputationState, CorrectionState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import evaluation_open
from ceping.stages.scheme.states import SeasonState

_CORRECTED = (SeasonState.SIGNED, SeasonState.NOTICE, SeasonState.PUBLISHED)


def may_propose(user: User) -> bool:
    """Whether this person proposes waivers and vetoes: the evaluator's lead."""
    return any(hat.reach(Act.WAIVE) is Reach.PROPOSE for hat in hats_for(user, Act.WAIVE))


def may_rule(user: User) -> bool:
    """Whether this person decides on them: the organiser."""
    return any(hat.reach(Act.WAIVE) is Reach.ALL for hat in hats_for(user, Act.WAIVE))


def why_not_supply(user: User, season: Season) -> Finding | None:
    """Why this person cannot supply a table now: the lead, and the operator for what comes from the shops, may."""
    if not user.roles & {Role.LEAD, Role.OPERATOR}:
        return fault("results_not_yours")
    return why_not_now(season)


def why_not_compute(user: User, season: Season) -> Finding | None:
    """Why this person cannot compute the season now."""
    if not hats_for(user, Act.SIGN_RESULT):
        return fault("results_not_yours")
    return _why_closed(season)


def why_not_try(user: User, season: Season) -> Finding | None:
    """Why this person cannot try the season under other weights or marks; trials change nothing, whatever its state."""
    if not hats_for(user, Act.SIGN_RESULT):
        return fault("results_not_yours")
    early = (SeasonState.DRAFT, SeasonState.FILING, SeasonState.RECOMMENDING)
    return fault("results_season_early", state=SeasonState(season.state).label) if season.state in early else None


def why_not_paper(user: User, computation: Computation) -> Finding | None:
    """Why this person cannot have papers made of a result: one that was replaced or sent back is not to be spread."""
    if not hats_for(user, Act.SIGN_RESULT):
        return fault("results_not_yours")
    if computation.state in (ComputationState.SENT_BACK, ComputationState.SUPERSEDED):
        return fault("results_replaced", state=ComputationState(computation.state).label)
    return None


def why_not_rule_on(entry: Entry) -> Finding | None:
    """Why no waiver or veto of this entry is proposed or decided now."""
    return None if evaluation_open(entry.season, entry.institution_id) else why_not_now(entry.season)


def why_not_correct(user: User, season: Season) -> Finding | None:
    """Why this person cannot open a correction of the season's frozen result: an organiser can, one at a time."""
    if not _is_organiser(user):
        return fault("results_organiser_corrects")
    if season.state not in _CORRECTED or frozen_of(season) is None:
        return fault("results_nothing_frozen", state=SeasonState(season.state).label)
    return fault("results_correction_open") if open_correction_of(season) is not None else None


def why_not_drop(user: User, correction: Correction) -> Finding | None:
    """Why this person cannot end a correction without a new version: it is over, or something was changed for it."""
    if not _is_organiser(user):
        return fault("results_organiser_corrects")
    if correction.state != CorrectionState.OPEN:
        return fault("results_correction_over", state=CorrectionState(correction.state).label)
    if inputs_sha256(correction.season) != correction.corrects.inputs_sha256:
        return fault("results_correction_begun")
    signed = correction.computations.filter(state=ComputationState.SIGNED_LEAD)
    return fault("results_signed_waits") if signed.exists() else None


def why_not_now(season: Season) -> Finding | None:
    """Why nothing that a result is computed from changes in the season as a whole."""
    if season.state == SeasonState.EVALUATING:
        return None
    return fault("results_season_state", state=SeasonState(season.state).label)


def why_not_sign_first(user: User, computation: Computation) -> Finding | None:
    """Why this person cannot put the first signature under it: the lead does, under the newest, whole and current."""
    if not any(hat.role is Role.LEAD for hat in hats_for(user, Act.SIGN_RESULT)):
        return fault("results_lead_signs")
    season = computation.season
    if reason := _why_closed(season):
        return reason
    current = current_of(season)
    if current is None or current.pk != computation.pk or computation.state != ComputationState.COMPUTED:
        return fault("results_not_current", state=ComputationState(computation.state).label)
    return None if computation.complete else fault("results_incomplete")


def why_not_sign_second(user: User, computation: Computation) -> Finding | None:
    """Why this person cannot put the second signature under it: an organiser who is not the lead that signed."""
    if not _is_organiser(user):
        return fault("results_organiser_signs")
    if computation.state != ComputationState.SIGNED_LEAD:
        return fault("results_not_signed", state=ComputationState(computation.state).label)
    return fault("results_second_person") if computation.lead_id == user.pk else None


def why_changed(computation: Computation) -> Finding | None:
    """That what it was computed from is otherwise now; reads the whole season, so it is asked when somebody signs."""
    same = inputs_sha256(computation.season) == computation.inputs_sha256
    return None if same else fault("results_inputs_changed", number=computation.number)


def _why_closed(season: Season) -> Finding | None:
    """Why no result comes of the season now: it is neither evaluated nor corrected."""
    why = why_not_now(season)
    return why if why is not None and open_correction_of(season) is None else None


def _is_organiser(user: User) -> bool:
    return any(hat.role is Role.ORGANISER for hat in hats_for(user, Act.SIGN_RESULT))
