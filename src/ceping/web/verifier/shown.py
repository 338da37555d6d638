"""What the call desk shows of a client, its institution and what may be done; and whose client it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from ceping.core.finding import Finding
from ceping.core.phone import masked
from ceping.core.scheme.verification import Question, VerificationFile
from ceping.ground.people.models import User
from ceping.stages.verification.access import why_not_call
from ceping.stages.verification.models import Attempt, Client, Listening
from ceping.stages.verification.queries import Board, Line, board_of, boards_of, client_for, frames_of, surveys_for
from ceping.stages.verification.states import Mode
from ceping.stages.verification.states.hours import is_due, part_at

# The outcomes in the scheme's order under the keys of the hand.
KEYS = "1234567890qwetyuiopasdfghjkl"
QUEUE = 8


@dataclass(frozen=True, slots=True)
class Opened:
    """A client of the reader's with its board and line."""

    client: Client
    board: Board
    line: Line


def reader(request: HttpRequest) -> User:
    """Who calls; a door stands before every view."""
    return cast("User", request.user)


def opened(user: User, pk: int, at: datetime) -> Opened:
    """The client, once its turn has come. Raises Http404 for everybody else's."""
    client = client_for(user, pk)
    board = board_of(client.frame, at=at) if client is not None else None
    line = board.line(pk) if board is not None else None
    if client is None or board is None or line is None or line.key not in board.allowed:
        raise Http404
    return Opened(client, board, line)


def boards_for(user: User, at: datetime) -> list[Board]:
    """The boards of everything handed to this person that is called now."""
    found: list[Board] = []
    for survey in surveys_for(user):
        frames = list(frames_of(survey, handed_to=user))
        boards = boards_of(frames, at=at)
        found += [boards[frame.pk] for frame in frames if frame.pk in boards]
    return found


def told(finding: Finding | None) -> dict[str, str] | None:
    """What a page says of a finding."""
    return {"message": finding.message(), "remedy": finding.remedy()} if finding is not None else None


def desk_page(
    request: HttpRequest,
    one: Opened,
    at: datetime,
    *,
    refused: Sequence[Finding] = (),
    number: str = "",
    theirs: Attempt | None = None,
    part: bool = False,
) -> HttpResponseBase:
    """The call desk on this client; what was typed stands again when something was refused.

    `part` is the number alone, into a page that stands already.
    """
    board, line, user = one.board, one.line, reader(request)
    season, table = board.frame.survey.season, board.table
    why = why_not_call(user, board, line, at)
    typed = request.POST if request.method == "POST" else {}
    shown = {
        "season": season,
        "nav_now": "calls",
        "one": one,
        "client": {name: one.client.told(name) for name in ("name", "contact", "service")},
        "masked": masked(one.client.told("phone")),
        "number": number,
        "institution": board.frame.entry.institution,
        "done": board.done,
        "wanted": len(board.draw.sample),
        "reserves": sum(bool(other.attempts) for other in board.lines if other.role == "reserve"),
        "part": part_at(timezone.localtime(at)),
        "why": told(why),
        "questions": questions_of(table, typed),
        "outcomes": outcomes_of(table),
        "log": log_of(line, table),
        "queue": _queue(board, line, at),
        "key": typed.get("key") or str(uuid4()),
        "typed": typed,
        "refused": [told(finding) for finding in refused],
        "theirs": theirs,
        "nth": sum(attempt.mode == Mode.PHONE for attempt in line.attempts) + 1,
        "notes": Listening.objects.filter(attempt__client=one.client).select_related("by"),
    }
    if part:
        shown |= {"number_refused": shown["refused"]}
        return render(request, "verifier/client.html#number", shown)
    return render(request, "verifier/client.html", shown, status=409 if refused else 200)


def questions_of(table: VerificationFile, typed: Mapping[str, str]) -> list[tuple[int, Question, str]]:
    """Number, question and what was answered."""
    return [(number, one, typed.get(one.id, "")) for number, one in enumerate(table.questions, start=1)]


def outcomes_of(table: VerificationFile) -> list[tuple[str, str, str]]:
    """Key of the hand, code and title of every outcome."""
    keys = KEYS.ljust(len(table.dispositions))
    return [(key.strip(), one.code, one.title) for key, one in zip(keys, table.dispositions, strict=False)]


def log_of(line: Line, table: VerificationFile) -> list[tuple[Attempt, str]]:
    """The client's attempts, the last first, each with what it came to in words."""
    titles = {one.code: one.title for one in table.dispositions}
    return [(attempt, titles[attempt.disposition]) for attempt in reversed(line.attempts)]


def _queue(board: Board, current: Line, at: datetime) -> list[dict[str, Any]]:
    """Who stands beside and after this client: its institution's open ones, those who may be called now first."""
    now = timezone.localtime(at)
    ordered = sorted(
        board.left,
        key=lambda line: (line is not current, not is_due(line.agreed, now), bool(line.wait(at)), line.position),
    )
    shown = ordered[:QUEUE]
    names = {one.pk: one.told("name") for one in Client.objects.filter(pk__in=[line.pk for line in shown])}
    first_reserve = len(board.draw.sample)
    return [
        {
            "pk": line.pk,
            "name": names[line.pk],
            "place": f"备 {line.position - first_reserve}" if line.role == "reserve" else str(line.position),
            "said": _said(line, at),
            "due": is_due(line.agreed, now),
            "current": line is current,
        }
        for line in shown
    ]


def _said(line: Line, at: datetime) -> str:
    """How a client stands, in a few words."""
    if line.agreed is not None:
        return f"{line.agreed:%m.%d %H:%M} 预约"
    if line.standing == "online":
        return "等在线回答"
    if not line.attempts:
        return "首次"
    words = {"part": "换个时段", "today": "改天再呼", "tomorrow": "改天再访", "quiet": "等呼叫时段"}
    said = words.get(line.wait(at), "")
    return f"第 {len(line.attempts) + 1} 次" + (f"，{said}" if said else "")
