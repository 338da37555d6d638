"""One institution's calls as the supervisor sees them: verdicts, rates, listening, handing over, a slip made void."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.core.phone import masked
from ceping.flow.assigning import hand_over
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.verification.actions import note_listening, reveal_phone, void_attempt
from ceping.stages.verification.models import Attempt, Client, Frame, Listening
from ceping.stages.verification.queries import (
    Board,
    Line,
    board_of,
    frame_anywhere,
    result_of,
    verdict_words,
    verifiers,
)
from ceping.stages.verification.states import Grade, Mode, SurveyState
from ceping.web.office.calls_shown import estimated, is_lead, shown
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door

_STANDINGS = {
    "open": "待呼",
    "online": "等在线回答",
    "done": "已完访",
    "refused": "拒访",
    "number": "号码无效",
    "linked": "关联方",
    "unsure": "记不清",
    "tried": "未接通",
}


@never_cache
@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The drawn clients of one institution with their attempts."""
    return _page(request, _frame(pk), timezone.now())


@never_cache
@require_POST
@door(Role.LEAD, Act.ASSIGN)
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the form names by its `do`: another verifier, a note, a slip, a number."""
    frame, at, asked, by = _frame(pk), timezone.now(), request.POST, reader(request)
    reason = asked.get("reason", "")
    try:
        match asked.get("do", ""):
            case "hand":
                to = next((one for one in verifiers() if str(one.pk) == asked.get("to", "")), None)
                if to is None:
                    raise Http404
                hand_over(frame=frame, to=to, reason=reason, by=by, at=at)
                messages.success(request, f"已改派给{to.name}")
            case "note":
                attempt = _attempt(frame, asked.get("attempt", ""))
                note_listening(attempt=attempt, grade=asked.get("grade", ""), text=asked.get("text", ""), by=by, at=at)
                messages.success(request, "督导意见已记下，核验员可见")
            case "void":
                void_attempt(attempt=_attempt(frame, asked.get("attempt", "")), reason=reason, by=by, at=at)
                messages.success(request, "这次呼叫已作废")
            case "phone":
                client = frame.clients.filter(pk=_number(asked.get("client", ""))).first()
                if client is None:
                    raise Http404
                number = reveal_phone(client=client, reason=reason, by=by, at=at)
                return _page(request, frame, at, revealed={client.pk: number})
            case _:
                raise Http404
    except Refused as refused:
        return _page(request, frame, at, refused.findings)
    return redirect("office:calls_frame", pk)


def _page(
    request: HttpRequest,
    frame: Frame,
    at: datetime,
    findings: Sequence[Finding] = (),
    revealed: Mapping[int, str] | None = None,
) -> HttpResponseBase:
    board = board_of(frame, at=at)
    if board is None:
        raise Http404
    result, season = result_of(board), frame.survey.season
    verification = result.verification
    notes: dict[int, list[Listening]] = {}
    for note in Listening.objects.filter(attempt__frame=frame).select_related("by"):
        notes.setdefault(note.attempt_id, []).append(note)
    told = {
        "season": season,
        "nav_now": "calls_office",
        "crumbs": [("服务核验", _back(frame)), (frame.entry.institution.name, "")],
        "frame": frame,
        "calling": frame.survey.state == SurveyState.CALLING,
        "lead": is_lead(reader(request)),
        "result": result,
        "rates": [
            ("核实率", shown(verification.verification)),
            ("满意率", shown(verification.satisfaction)),
            ("接通率", shown(verification.contact)),
            ("应答率 RR1", shown(verification.response)),
            ("应答率 RR3（估计）", estimated(verification.response_estimated)),
        ],
        "counts": [(verdict_words().get(name, name), count) for name, count in verification.counts.items()],
        "lines": _lines(board, result.verification.verdicts, notes, revealed or {}),
        "verifiers": verifiers(),
        "grades": Grade.choices,
        "refused": in_words(findings),
    }
    return render(request, "office/calls_frame.html", told, status=409 if findings else 200)


def _lines(
    board: Board, verdicts: Sequence[Any], notes: Mapping[int, list[Listening]], revealed: Mapping[int, str]
) -> list[dict[str, object]]:
    """The clients whose turn has come; only theirs are unsealed."""
    lines = [line for line in board.lines if line.key in board.allowed or line.attempts]
    told = {one.pk: one for one in Client.objects.filter(pk__in=[line.pk for line in lines])}
    titles = {one.code: one.title for one in board.table.dispositions}
    words = {one.client_key: verdict_words().get(one.verdict, one.verdict) for one in verdicts}
    return [
        {
            "line": line,
            "name": told[line.pk].told("name"),
            "phone": revealed.get(line.pk) or masked(told[line.pk].told("phone")),
            "whole": line.pk in revealed,
            "standing": _STANDINGS[line.standing],
            "verdict": words.get(line.key, ""),
            "attempts": _attempts(line, titles, notes),
        }
        for line in lines
    ]


def _attempts(
    line: Line, titles: Mapping[str, str], notes: Mapping[int, list[Listening]]
) -> list[tuple[Attempt, str, list[Listening], bool]]:
    return [(one, titles[one.disposition], notes.get(one.pk, []), one.mode == Mode.PHONE) for one in line.attempts]


def _frame(pk: int) -> Frame:
    found = frame_anywhere(pk)
    if found is None:
        raise Http404
    return found


def _attempt(frame: Frame, number: str) -> Attempt:
    found = Attempt.objects.filter(frame=frame, pk=_number(number)).select_related(
        "client", "frame__survey__season__scheme"
    )
    if (one := found.first()) is None:
        raise Http404
    return one


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _back(frame: Frame) -> str:
    return f"{reverse('office:calls')}?season={frame.survey.season_id}"
