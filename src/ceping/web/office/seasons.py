"""Seasons: opened on a published version, their calendar, their state, and what the official text does not give."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.flow.closing import alerts_of, move_on, moves_by_hand
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.scheme.actions import close_phase, open_season, set_phase, settle_parameters
from ceping.stages.scheme.forms import calendar_faults, phases_in
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.stages.scheme.queries import phase_of, published_versions, rules_of
from ceping.stages.scheme.states import NEXT, ParameterStatus, PhaseKind, SeasonState
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of, moment_of
from ceping.web.ui.staying import fresh_login


@require_safe
@door(Act.CHANGE_CALENDAR)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every season, the newest first."""
    seasons = Season.objects.select_related("scheme").prefetch_related("phases")
    return render(request, "office/seasons.html", {"seasons": seasons, "nav_now": "seasons"})


@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.CHANGE_CALENDAR)
def new(request: HttpRequest) -> HttpResponseBase:
    """The form of a season; a post opens it, or tells everything that stands against it at once."""
    if request.method != "POST":
        return _form(request)
    try:
        made = _open(request)
    except Refused as refused:
        return _form(request, refused.findings)
    messages.success(request, "测评年度已开设，处于筹备")
    return redirect("office:season", made.pk)


@require_safe
@door(Act.CHANGE_CALENDAR)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One season with everything its organiser decides."""
    return _page(request, _season(pk))


@require_POST
@door(Act.CHANGE_CALENDAR)
@fresh_login
def advance(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The season stands one state further, if it still is where the reader saw it."""

    def act(season: Season, at: datetime) -> None:
        if request.POST.get("seen") != season.state:
            raise Refused(fault("season_moved_meanwhile", state=SeasonState(season.state).label))
        move_on(season=season, reason=request.POST.get("reason", "")[:300], by=reader(request), at=at)

    return _done(request, pk, act, "已推进")


@require_POST
@door(Act.CHANGE_CALENDAR)
@fresh_login
def phase(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A phase opens and closes at other moments, or with `close` is closed now; the reason is kept."""

    def act(season: Season, at: datetime) -> None:
        asked, kind = request.POST, _kind(request.POST.get("kind", ""))
        found = phase_of(season, kind)
        if "close" in asked:
            if found is None:
                raise Http404
            close_phase(phase=found, reason=asked.get("reason", ""), by=reader(request), at=at)
            return
        opens, closes = moment_of(asked.get("opens", "")), moment_of(asked.get("closes", ""))
        if opens is None or closes is None:
            raise Refused(fault("season_phase_half", place=kind.value, phase=kind.label))
        reason = asked.get("reason", "")
        set_phase(season=season, kind=kind, opens_at=opens, closes_at=closes, reason=reason, by=reader(request), at=at)

    return _done(request, pk, act, "日程已改，记入操作日志")


@require_POST
@door(Act.CHANGE_CALENDAR)
@fresh_login
def parameters(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is only an example is confirmed, or replaced by the weights of the form."""

    def act(season: Season, at: datetime) -> None:
        asked = request.POST
        replaced = asked.get("status") == ParameterStatus.REPLACED
        weights = {item.key: asked.get(f"weight-{item.key}", "").strip() for item in rules_of(season).scored}
        settle_parameters(
            season=season,
            status=ParameterStatus.REPLACED if replaced else ParameterStatus.CONFIRMED,
            weights=weights if replaced else {},
            reason=asked.get("reason", ""),
            by=reader(request),
            at=at,
        )

    return _done(request, pk, act, "参数已定，记入操作日志")


def _done(request: HttpRequest, pk: int, act: Callable[[Season, datetime], None], words: str) -> HttpResponseBase:
    season = _season(pk)
    try:
        act(season, timezone.now())
    except Refused as refused:
        return _page(request, season, refused.findings)
    messages.success(request, words)
    return redirect("office:season", pk)


def _open(request: HttpRequest) -> Season:
    asked, at = request.POST, timezone.now()
    code = asked.get("version", "")
    known = (
        published_versions().filter(pk=int(code)) if code.isascii() and code.isdigit() else published_versions().none()
    )
    version: SchemeVersion | None = known.first()
    first, last = day_of(asked.get("from", "")), day_of(asked.get("to", ""))
    calendar = {
        kind: (moment_of(asked.get(f"{kind}-opens", "")), moment_of(asked.get(f"{kind}-closes", "")))
        for kind in PhaseKind
    }
    found = calendar_faults(calendar, at=at)
    if not asked.get("title", "").strip():
        found.insert(0, fault("season_title_wanted", place="title"))
    if version is None:
        found.append(fault("season_scheme_not_published", place="version"))
    if first is None or last is None:
        found.append(fault("season_period_wanted", place="from"))
    if found or version is None or first is None or last is None:
        raise Refused(*found)
    title = asked.get("title", "").strip()[:200]
    return open_season(
        title=title, version=version, period=(first, last), phases=phases_in(calendar), by=reader(request), at=at
    )


def _form(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    asked = request.POST
    phases = [
        (kind.value, kind.label, asked.get(f"{kind}-opens", ""), asked.get(f"{kind}-closes", "")) for kind in PhaseKind
    ]
    shown = {
        "versions": published_versions(),
        "phases": phases,
        "typed": asked,
        "from": asked.get("from", ""),
        "refused": in_words(refused),
        "nav_now": "seasons",
        "crumbs": [("测评年度", reverse("office:seasons")), ("开设", "")],
    }
    return render(request, "office/season_new.html", shown, status=422 if refused else 200)


def _page(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    held = {one.kind: one for one in season.phases.select_related("closed_by").prefetch_related("extensions")}
    rules, following = rules_of(season), NEXT.get(SeasonState(season.state))
    items = [(item, season.weights.get(item.key, str(item.item.weight))) for item in rules.scored]
    shown = {
        "season": season,
        "phases": [(kind.value, kind.label, held.get(kind)) for kind in PhaseKind],
        "following": following.label if following is not None and moves_by_hand(season) else "",
        "alerts": in_words(list(alerts_of(season, timezone.now()))),
        "items": items,
        "illustrative": sum(item.item.origin == "illustrative" for item, _ in items),
        "extended": sum(len(one.extensions.all()) for one in held.values()),
        "refused": in_words(refused),
        "nav_now": "seasons",
        "crumbs": [("测评年度", reverse("office:seasons")), (season.title, "")],
    }
    return render(request, "office/season.html", shown, status=409 if refused else 200)


def _season(pk: int) -> Season:
    found = Season.objects.select_related("scheme").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _kind(given: str) -> PhaseKind:
    if given not in PhaseKind.values:
        raise Http404
    return PhaseKind(given)
