"""What the changes of a verification have in common: their locks and their line in the journal."""

from collections.abc import Mapping
from datetime import datetime

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import hold_state
from ceping.stages.verification.access import why_not_change
from ceping.stages.verification.models import Client, Frame, Survey
from ceping.stages.verification.queries import Board, Line, board_of
from ceping.stages.verification.states import SurveyState

LONGEST_REASON, LONGEST_WORDS = 300, 2_000


def hold_survey(survey: Survey, by: User, *wanted: SurveyState) -> Survey:
    """The survey, locked with all its lists, in one of the states and by a lead. Raises NotAllowed."""
    held = Survey.objects.select_for_update(of=("self",)).select_related("season__scheme").get(pk=survey.pk)
    # In one order, so that two who move the whole never wait for each other.
    list(Frame.objects.select_for_update().filter(survey=held).order_by("pk").values_list("pk"))
    held.season.state = hold_state(held.season_id)
    if why := why_not_change(by, held, *wanted):
        raise NotAllowed(why)
    return held


def hold_client(client: Client, at: datetime) -> tuple[Client, Board, Line]:
    """The client with its board and line, its list locked: calls of one institution come one after the other."""
    Frame.objects.select_for_update().get(pk=client.frame_id)
    # Read anew: what is joined to a lock is as old as the moment the waiting began; the calls may be closed since.
    frame = Frame.objects.select_related("survey__season__scheme", "entry__institution").get(pk=client.frame_id)
    frame.survey.season.state = hold_state(frame.survey.season_id)
    board = board_of(frame, at=at)
    line = board.line(client.pk) if board is not None else None
    if board is None or line is None:
        raise Refused(fault("verify_not_drawn"))
    return line.client, board, line


def touch(client: Client) -> None:
    """Something about the client changed: whoever saw it before is told."""
    client.revision += 1
    client.save(update_fields=["revision"])


def wanted_reason(reason: str) -> str:
    """The reason without its edges. Raises Refused without one, and for one too long for the journal."""
    said = reason.strip()
    if not said:
        raise Refused(fault("verify_reason_wanted", place="reason"))
    if len(said) > LONGEST_REASON:
        raise Refused(fault("verify_words_long", place="reason", most=LONGEST_REASON, given=len(said)))
    return said


def record_survey(
    act: str,
    survey: Survey,
    by: User,
    at: datetime,
    *,
    role: Role = Role.LEAD,
    reason: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """An act about the whole verification, in the season's chain."""
    record_in(survey.season, act, ("survey", survey.pk), by, at, role=role, reason=reason, body=body)


def record_client(
    act: str,
    board: Board,
    client: Client,
    by: User | None,
    at: datetime,
    *,
    role: Role | str = Role.VERIFIER,
    reason: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """An act about one client, named by its key and its entry."""
    whole = {"entry": board.frame.entry_id, "key": client.key, **(body or {})}
    season = board.frame.survey.season
    record_in(season, act, ("client", client.pk), by, at, role=role, reason=reason, body=whole)


def record_in(
    season: Season,
    act: str,
    about: tuple[str, object],
    by: User | None,
    at: datetime,
    *,
    role: Role | str,
    reason: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """An act in the season's chain."""
    record(act, by=by, role=role, at=at, about=about, chain=season_chain(season.pk), reason=reason, body=body)
