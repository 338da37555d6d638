"""The calls of the demo season under evaluation: lists frozen, drawn, handed to two, some called, much left to call."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from ceping.core.scheme.verification import VerificationFile
from ceping.flow.demo_people import Cast
from ceping.folder.demo.chance import Chance
from ceping.ground.people.models import User
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.stages.verification.actions import (
    Heard,
    draw_clients,
    freeze_frame,
    hand_out,
    make_appointment,
    note_listening,
    record_attempt,
    record_seed,
    send_link,
)
from ceping.stages.verification.models import Attempt, Frame
from ceping.stages.verification.queries import Line, board_of, frames_of, table_of
from ceping.stages.verification.states import Grade
from ceping.stages.verification.states.hours import part_at

SEED = "2021-先行批次-公开摇号-0537"
# How many calls each of the first lists of a verifier has so far.
_CALLED = (16, 4)
_EVERY = timedelta(minutes=13)
_OUTCOMES = [("10", 60), ("11", 6), ("12", 4), ("13", 4), ("20", 4), ("30", 12), ("31", 4), ("40", 3), ("42", 3)]


def fill(*, cast: Cast, season: Season, entries: Sequence[Entry], at: datetime) -> None:
    """The verification stands in mid-flight; everything before `at`, calls in calling hours alone."""
    lead, callers = cast.staff["lead-1"], [cast.staff["verifier-1"], cast.staff["verifier-2"]]
    begun = at - timedelta(days=21)
    survey = record_seed(season=season, seed=SEED, by=lead, at=begun)
    survey = freeze_frame(survey=survey, by=lead, at=begun + timedelta(hours=2))
    draw_clients(survey=survey, by=lead, at=begun + timedelta(hours=3))
    hand_out(survey=survey, verifiers=callers, by=lead, at=begun + timedelta(hours=4))
    mine = [one for one in frames_of(survey) if one.entry_id in {entry.pk for entry in entries}]
    for caller in callers:
        handed = [one for one in mine if one.verifier_id == caller.pk]
        moments = _moments(at - timedelta(days=14), at)
        for frame, count in zip(handed, _CALLED, strict=False):
            board = board_of(frame, at=at)
            # A first round through the sample, in the order of the draw.
            for line, moment in zip(board.lines[:count] if board is not None else (), moments, strict=False):
                _call(frame, line, caller, moment)
        if len(handed) > len(_CALLED):
            _agree(handed[len(_CALLED)], caller, at)
    heard = Attempt.objects.filter(frame__survey=survey, disposition="12").select_related(
        "frame__survey__season__scheme"
    )
    if (attempt := heard.first()) is not None:
        text = "问得清楚，没有引导。对方否认后应再核对一次企业名称。"
        note_listening(attempt=attempt, grade=Grade.SOUND, text=text, by=lead, at=at - timedelta(hours=20))


def _moments(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Moments of calling hours, in order."""
    moment = begin
    while moment < end - _EVERY:
        local = timezone.localtime(moment)
        if part_at(local) is not None:
            yield moment
        moment += _EVERY


def _call(frame: Frame, line: Line, caller: User, moment: datetime) -> None:
    """One call of a first round."""
    table = table_of(frame.survey.season)
    if table is None:
        return
    name = f"{frame.entry.institution.uscc}:{line.key}:{len(line.attempts)}"
    heard = _heard(table, Chance(8, "call", name))
    key = uuid5(NAMESPACE_OID, f"{frame.survey_id}:{name}")
    record_attempt(client=line.client, key=key, heard=heard, revision=line.client.revision, by=caller, at=moment)


def _heard(table: VerificationFile, chance: Chance) -> Heard:
    """An outcome with its answers; a scheme of other codes has its first outcome alone."""
    known = {one.code for one in table.dispositions}
    code = chance.weighted([one for one in _OUTCOMES if one[0] in known] or [(table.dispositions[0].code, 1)])
    outcome = next(one for one in table.dispositions if one.code == code)
    if outcome.verdict != "confirmed":
        return Heard(code)
    answers = {one.id: one.options[0].code for one in table.questions if one.options}
    answers[table.satisfaction.question] = chance.weighted([("5", 6), ("4", 3), ("3", 1)])
    if outcome.partial:
        del answers[table.satisfaction.question]
    return Heard(code, answers)


def _agree(frame: Frame, caller: User, at: datetime) -> None:
    """One client asked to be called tomorrow, another was sent a link."""
    board = board_of(frame, at=at)
    if board is None or len(board.left) < 2:
        return
    first, second = board.left[:2]
    moment = at - timedelta(minutes=50)
    tomorrow = timezone.localtime(at + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    make_appointment(client=first.client, on=tomorrow, note="负责人出差，回来后再打", by=caller, at=moment)
    _send(second, caller, moment)


def _send(line: Line, caller: User, moment: datetime) -> None:
    address = "http://localhost:8000/public/answer/{token}/"
    send_link(client=line.client, address=address, email="", by=caller, at=moment)
