"""A season's results: computed beside the page, listed in their ranks, signed by the lead, frozen by an organiser."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.results import send_back, sign_first, sign_second
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.actions import call_off
from ceping.ground.work.models import Job
from ceping.ground.work.queries import jobs_about
from ceping.stages.results.access import (
    why_not_compute,
    why_not_correct,
    why_not_sign_first,
    why_not_sign_second,
)
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import (
    Line,
    computations_of,
    current_of,
    file_of,
    line_of,
    open_correction_of,
    open_ends_of,
    versions_in,
)
from ceping.stages.results.states import ComputationState
from ceping.stages.results.tasks import COMPUTE, about, ask_to_compute
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.results_shown import SORTS, Wanted, address_of, percent, span, why_unranked
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

# Beside the table: what else a computation wrote, in words.
FILES = {
    "results.xlsx": "结果工作簿",
    "report.html": "结果网页（可离线打开）",
    "results.json": "结果数据",
    "verification.json": "核验数据",
    "robustness.json": "稳健性数据",
    "advice.json": "评分建议数据",
}
PAGE = 50
_SIGNS = {"sign1": sign_first, "sign2": sign_second}


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Where the result of the season stands, its ranking, and the next step."""
    return _page(request, season_meant(request.GET, timezone.now()))


@require_POST
@door(Role.ORGANISER, Role.LEAD)
def work(request: HttpRequest) -> HttpResponseBase:
    """Computing is asked for, or called off."""
    season, by, at = season_meant(request.POST, timezone.now()), reader(request), timezone.now()
    job = jobs_about(about(season), COMPUTE).first()
    under_way = job is not None and not job.over
    if request.POST.get("do") == "cancel":
        if job is not None and under_way:
            call_off(job=job, at=at)
    elif not under_way:
        try:
            ask_to_compute(season=season, allow_missing=request.POST.get("gaps") == "yes", by=by, at=at)
        except Refused as refused:
            return _page(request, season, refused.findings)
    return redirect(address_of(season))


@require_POST
@door(Role.ORGANISER, Role.LEAD)
@fresh_login
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The first or second signature, or back with a reason."""
    computation, asked, by, at = _computation(pk), request.POST, reader(request), timezone.now()
    do = asked.get("do", "")
    try:
        if do == "back":
            send_back(computation=computation, reason=asked.get("reason", ""), by=by, at=at)
        elif do in _SIGNS:
            _SIGNS[do](computation=computation, by=by, at=at)
        else:
            raise Http404
    except Refused as refused:
        return _page(request, computation.season, refused.findings)
    words = {"back": "已退回，可以改后再算", "sign1": "已签，请主办方签发", "sign2": "已签发，结果已冻结"}
    messages.success(request, words[do])
    return redirect(address_of(computation.season))


@require_safe
@door(Role.ORGANISER, Role.LEAD, writes_on_get=True)
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """A file that the computation wrote; who took it is kept."""
    found = file_of(_computation(pk), name) if name in FILES else None
    if found is None:
        raise Http404
    return viewer.download(request, found)


def _page(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    by, job = reader(request), jobs_about(about(season), COMPUTE).first()
    current = current_of(season)
    if current is not None:
        current.season = season
    every, correction = computations_of(season), open_correction_of(season)
    versions = versions_in(every)
    shown: dict[str, Any] = {
        "season": season,
        "nav_now": "results",
        "job": job,
        "waiting": job is not None and not job.over,
        "failed": _failed(job, current),
        "current": current,
        "files": FILES,
        "computations": [one for one in every if one.state != ComputationState.FROZEN and one != current],
        "versions": versions,
        "correction": correction,
        "may_correct": bool(versions) and correction is None and why_not_correct(by, season) is None,
        "why_not": in_words([why])[0] if (why := why_not_compute(by, season)) is not None else None,
        "refused": in_words(refused),
        "crumbs": [("结果", "")],
    }
    if current is not None:
        shown |= _listed(request, current) | _signing(by, current)
    return render(request, "office/results.html", shown, status=409 if refused else 200)


def _listed(request: HttpRequest, current: Computation) -> dict[str, Any]:
    """The lines that pass the filters of the address, fifty a page, and how many have each grade."""
    wanted, season = Wanted.of(request.GET), current.season
    rows = current.standings.defer("chart", "detail")
    grades = list(rows.order_by("grade").values_list("grade").annotate(Count("pk"), Count("rank")))
    whole = sum(count for _, count, _ in grades)
    categories = rules_of(season).header.categories
    titles = {one.id: one.title for one in categories}
    pages = Paginator(wanted.among(rows), PAGE)
    if not wanted.narrows:
        pages.count = whole  # known, and not asked for once more
    found = pages.get_page(request.GET.get("page"))
    return {
        "count": whole,
        "ranked": sum(ranked for _, _, ranked in grades),
        "wanted": wanted,
        "sorts": SORTS.items(),
        "chips": [("", "全部", whole, wanted.address(season, grade=""))]
        + [
            (grade, grade or "没有等次", count, wanted.address(season, grade=grade))
            for grade, count, _ in sorted(grades, key=lambda one: _place(season, one[0]))
        ],
        "categories": categories,
        "page": found,
        "lines": [_row(line_of(one), titles) for one in found],
    }


def _place(season: Season, grade: str) -> int:
    """Where a grade stands among those of the scheme, best first; what is none of them last."""
    named = [band.grade for band in rules_of(season).outcome.bands]
    return named.index(grade) if grade in named else len(named)


def _row(line: Line, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "line": line,
        "category": titles.get(line.category, line.category),
        "interval": span(line.interval),
        "change": percent(line.change),
        "without_item": span(line.without_item),
        "without_assessor": span(line.without_assessor),
        "why": why_unranked(line),
    }


def _signing(by: User, current: Computation) -> dict[str, Any]:
    """Which signature this reader can give now, or why not."""
    first = current.state == ComputationState.COMPUTED
    mine = Role.LEAD if first else Role.ORGANISER
    if mine not in by.roles or current.state == ComputationState.FROZEN:
        return {"may_sign": "", "why_not_sign": None}
    why = why_not_sign_first(by, current) if first else why_not_sign_second(by, current)
    return {
        "may_sign": ("sign1" if first else "sign2") if why is None else "",
        "open_ends": in_words(open_ends_of(current.season)) if first and why is None else [],
        "may_send_back": not first and why is None,
        "why_not_sign": in_words([why])[0] if why is not None else None,
    }


def _failed(job: Job | None, current: Computation | None) -> Job | None:
    """The last work when nothing came of it and nothing newer stands."""
    if job is None or job.state != "failed" or job.ended_at is None:
        return None
    return job if current is None or current.computed_at < job.ended_at else None


def _computation(pk: int) -> Computation:
    rows = Computation.objects.select_related("season__scheme").prefetch_related("season__phases")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
