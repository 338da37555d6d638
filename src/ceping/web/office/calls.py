"""Verification as the lead runs it: seed, frozen lists, draw, hand-out, rates, the end; the organiser looks."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.core.scheme.reading import table_of as read_table
from ceping.flow.assigning import hand_out
from ceping.folder.draw_record import ClientRecord, record_text
from ceping.folder.drawing import Size
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.models import Season
from ceping.stages.verification.actions import (
    close_calls,
    draw_clients,
    freeze_frame,
    record_seed,
    redraw_clients,
)
from ceping.stages.verification.models import Survey
from ceping.stages.verification.queries import (
    draws_of,
    entries_to_freeze,
    frames_by_verifier,
    frames_of,
    loads_of,
    pooled,
    results_of,
    sizes_of,
    survey_of,
    table_of,
    verifiers,
)
from ceping.stages.verification.states import SurveyState
from ceping.web.office.calls_shown import is_lead, rows_of, season_meant, shown
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE = 25
_MOST_DIGITS = 7
_KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Where the verification of the season stands, and the next step."""
    at = timezone.now()
    return _page(request, season_meant(request.GET, at), at)


@require_POST
@door(Role.LEAD, Act.ASSIGN)
@fresh_login
def act(request: HttpRequest) -> HttpResponseBase:
    """The step the form names, by its `do`."""
    at = timezone.now()
    season = season_meant(request.POST, at)
    step = _STEPS.get(request.POST.get("do", ""))
    if step is None:
        raise Http404
    try:
        said = step(request, season, at)
    except Refused as refused:
        return _page(request, season, at, refused.findings)
    messages.success(request, said)
    return redirect(f"{reverse('office:calls')}?season={season.pk}")


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def record(request: HttpRequest, pk: int, number: int, kind: str) -> HttpResponseBase:  # noqa: ARG001 -- a view
    """The record of a draw, or its lines, as `ceping draw verify` and a stranger's script read them."""
    season = Season.objects.select_related("scheme").filter(pk=pk).first()
    survey = survey_of(season) if season is not None else None
    draw = survey.draws.filter(number=number).first() if survey is not None else None
    if draw is None or kind not in _KINDS:
        raise Http404
    text = draw.lines
    if kind == "json":
        found, _ = read_table(ClientRecord, draw.record, file="draw-clients.json")
        if found is None:
            raise Http404
        text = record_text(found)
    answer = HttpResponse(text, content_type=_KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="draw-clients.{kind}"'
    return answer


def _page(request: HttpRequest, season: Season, at: datetime, findings: Sequence[Finding] = ()) -> HttpResponseBase:
    survey: Survey | None = getattr(season, "survey", None)
    table = table_of(season)
    state = SurveyState(survey.state) if survey is not None else None
    told: dict[str, object] = {
        "season": season,
        "nav_now": "calls_office",
        "survey": survey,
        "state": state,
        "table": table,
        "lead": is_lead(reader(request)),
        "refused": in_words(findings),
        "typed": request.POST,
        "entries": entries_to_freeze(season).count() if state in (None, SurveyState.SEEDED) else 0,
        "proposed": secrets.token_hex(8),
    }
    if survey is not None and state not in (SurveyState.SEEDED, None):
        sizes, draws = sizes_of(survey), list(draws_of(survey))
        told |= {"sizes": sizes, "draws": draws, "signals": sizes["signals"]}
        if draws:
            sizes["sample"] = draws[0].record["sample"]
    if survey is not None and state in (SurveyState.DRAWN, SurveyState.CALLING, SurveyState.CLOSED):
        told |= _progress(request, survey, at, count=told["sizes"]["frames"])  # type: ignore[index]
    return render(request, "office/calls.html", told, status=409 if findings else 200)


def _progress(request: HttpRequest, survey: Survey, at: datetime, *, count: int) -> Mapping[str, object]:
    paginator = Paginator(frames_of(survey), PAGE)
    # Known already: not counted once more.
    paginator.count = count
    page = paginator.get_page(request.GET.get("page"))
    results = results_of(list(page), at=at)
    table = table_of(survey.season)
    handed = frames_by_verifier(survey)
    names = ("verification", "satisfaction", "contact", "response")
    together = {name: shown(pooled(results, name, table.interval.z)) for name in names} if table is not None else {}
    return {
        "page": page,
        "rows": rows_of(results),
        "together": together,
        "loads": loads_of(survey, handed),
        "unhanded": handed.get(None, (0, 0))[0],
    }


def _seed(request: HttpRequest, season: Season, at: datetime) -> str:
    record_seed(season=season, seed=request.POST.get("seed", ""), by=reader(request), at=at)
    return "种子已录入，冻结前不公布"


def _freeze(request: HttpRequest, season: Season, at: datetime) -> str:
    made = freeze_frame(survey=_survey(season), by=reader(request), at=at)
    return f"{made.frames.count()} 家机构的名单已冻结"


def _draw(request: HttpRequest, season: Season, at: datetime) -> str:
    size, strata = _asked(request)
    made = draw_clients(survey=_survey(season), size=size, strata=strata, by=reader(request), at=at)
    return f"已抽样：样本 {made.record['sample']} 家，备选 {made.record['reserve']} 家"


def _redraw(request: HttpRequest, season: Season, at: datetime) -> str:
    size, strata = _asked(request)
    asked = request.POST
    made = redraw_clients(
        survey=_survey(season),
        seed=asked.get("seed", ""),
        reason=asked.get("reason", ""),
        size=size,
        strata=strata,
        by=reader(request),
        at=at,
    )
    return f"已重新抽样（第 {made.number} 次），原来的抽样保留"


def _hand(request: HttpRequest, season: Season, at: datetime) -> str:
    picked = set(request.POST.getlist("verifier"))
    chosen: list[User] = [one for one in verifiers() if str(one.pk) in picked]
    given = hand_out(survey=_survey(season), verifiers=chosen, by=reader(request), at=at)
    return f"已分派 {sum(given.values())} 家机构的名单"


def _close(request: HttpRequest, season: Season, at: datetime) -> str:
    close_calls(survey=_survey(season), reason=request.POST.get("reason", ""), by=reader(request), at=at)
    return "呼叫已结束，在线链接一并失效"


_STEPS: Mapping[str, Callable[[HttpRequest, Season, datetime], str]] = {
    "seed": _seed,
    "freeze": _freeze,
    "draw": _draw,
    "redraw": _redraw,
    "hand": _hand,
    "close": _close,
}


def _survey(season: Season) -> Survey:
    found = survey_of(season)
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest) -> tuple[Size | None, str]:
    """Size and strata as the form says; no size is the scheme's. Raises Refused for what is no number."""
    asked = request.POST
    rule, strata = asked.get("rule", ""), asked.get("strata", "")
    if rule == "formula":
        return Size("formula"), strata
    if rule == "all":
        return Size("all"), strata
    given = asked.get("size", "").strip()
    if not given:
        return None, strata
    if not (given.isascii() and given.isdigit() and len(given) < _MOST_DIGITS):
        raise Refused(fault("verify_size", place="size", most=100_000))
    return Size("fixed", int(given)), strata
