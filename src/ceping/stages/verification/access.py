"""Who may freeze, draw, hand out, call, look at a number and listen, and when; answered with the reason."""

from datetime import datetime

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Reach, Role
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState
from ceping.stages.verification.models import Client, Frame, Survey
from ceping.stages.verification.queries import Board, Line
from ceping.stages.verification.states import SurveyState

_WAITS = {
    "quiet": "verify_quiet",
    "part": "verify_other_part",
    "today": "verify_enough_today",
    "tomorrow": "verify_tomorrow",
}


def why_not_lead(user: User) -> Finding | None:
    """Why this person does not draw and supervise; None for a lead."""
    return None if hats_for(user, Act.ASSIGN) else fault("verify_not_lead")


def why_not_organise(user: User) -> Finding | None:
    """Why this person cannot allow lists to be compared; None for the organiser."""
    return None if hats_for(user, Act.CHANGE_CALENDAR) else fault("verify_not_organiser")


def why_not_change(user: User, survey: Survey, *wanted: SurveyState) -> Finding | None:
    """Why the lead cannot move the survey on: not the lead, the season is elsewhere, or the survey is."""
    if why := why_not_lead(user) or why_not_in(survey.season):
        return why
    if survey.state not in wanted:
        words = "、".join(state.label for state in wanted)
        return fault("verify_state", state=SurveyState(survey.state).label, wanted=words)
    return None


def why_not_in(season: Season) -> Finding | None:
    """Why nothing of the verification moves in this season now."""
    if season.state == SeasonState.EVALUATING:
        return None
    return fault("verify_season_state", state=SeasonState(season.state).label)


def why_not_desk(user: User, frame: Frame) -> Finding | None:
    """Why this person does not call the clients of this list."""
    if not hats_for(user, Act.RECORD_CALL) or frame.verifier_id != user.pk:
        return fault("verify_not_yours")
    if frame.survey.state != SurveyState.CALLING:
        return fault("verify_state", state=SurveyState(frame.survey.state).label, wanted=SurveyState.CALLING.label)
    return why_not_in(frame.survey.season)


def why_not_now(board: Board, line: Line, at: datetime) -> Finding | None:
    """Why the client is not to be called at this moment, whoever asks: its turn, its calls so far, the hour."""
    if line.key not in board.allowed:
        return fault("verify_not_its_turn", key=line.key)
    if line.standing != "open":
        return fault("verify_client_closed", key=line.key)
    wait = line.wait(at)
    if wait == "appointment" and line.agreed is not None:
        return fault("verify_appointed", when=f"{line.agreed:%m月%d日 %H:%M}")
    return fault(_WAITS[wait]) if wait in _WAITS else None


def why_not_call(user: User, board: Board, line: Line, at: datetime) -> Finding | None:
    """Why this person cannot call this client now."""
    return why_not_desk(user, board.frame) or why_not_now(board, line, at)


def why_not_reveal(user: User, client: Client) -> Finding | None:
    """Why this person cannot see the whole number at all: a lead sees any, a verifier those handed out."""
    for hat in hats_for(user, Act.REVEAL_PHONE):
        if hat.role is Role.LEAD and hat.reach(Act.REVEAL_PHONE) is Reach.ALL:
            return None
        if hat.role is Role.VERIFIER:
            return why_not_desk(user, client.frame)
    return fault("verify_not_yours")
