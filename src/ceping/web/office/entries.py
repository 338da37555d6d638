"""The institutions of a season as a list, with what they owe; and what the organiser does about them, seen first."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.documents.excel import Sheet, write_workbook
from ceping.flow.extend import extend
from ceping.flow.remind import note_progress_export, owed, remind
from ceping.ground.exports.moment import one_moment
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import words_for
from ceping.ground.messages.words import filled
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area, Institution
from ceping.ground.people.roles import Act, Role
from ceping.stages.report.queries.progress import Line, lines_of
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import phase_of, rules_of
from ceping.stages.scheme.states import PhaseKind
from ceping.web.office.chosen import STEPS, Chosen, areas, counts_in, in_words, reader, wanted_season
from ceping.web.ui.door import door
from ceping.web.ui.moments import moment_of
from ceping.web.ui.saved import saved_as
from ceping.web.ui.staying import fresh_login

PAGE = 50
_PHASES = (PhaseKind.FILING, PhaseKind.PAPER, PhaseKind.RECOMMENDING)


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def listing(request: HttpRequest) -> HttpResponseBase:
    """The entries that pass the filters of the address, fifty a page."""
    at = timezone.now()
    season, chosen = wanted_season(request.GET, at), Chosen.of(request.GET)
    lines = lines_of(season, at=at)
    counts = counts_in(Chosen(area=chosen.area, category=chosen.category, text=chosen.text).among(lines))
    categories = rules_of(season).header.categories
    titles, names = {one.id: one.title for one in categories}, areas()
    page = Paginator(chosen.among(lines), PAGE).get_page(request.GET.get("page"))
    shown = {
        "season": season,
        "nav_now": "progress",
        "crumbs": [("进度总览", f"{reverse('office:progress')}?season={season.pk}"), ("机构", "")],
        "chosen": chosen,
        "address": chosen.address(season),
        "chips": [(step, word, counts[step], chosen.address(season, step=step)) for step, word in STEPS.items()],
        "areas": names.items(),
        "categories": categories,
        "page": page,
        "rows": [(line, names.get(line.area or 0, "—"), titles.get(line.category, ""), _word(line)) for line in page],
        "may": reader(request).roles & {Role.ORGANISER},
    }
    return render(request, "office/entries.html", shown)


@require_POST
@door(Act.CHANGE_CALENDAR)
def reminding(request: HttpRequest) -> HttpResponseBase:
    """First the text and how many it goes to; with `sure` it is told."""
    at = timezone.now()
    season, picked = _picked(request.POST, at)
    if "sure" in request.POST:
        try:
            told = remind(season=season, entries=[line.pk for line in picked], by=reader(request), at=at)
        except Refused as refused:
            return _remind_page(request, season, picked, at, refused.findings)
        messages.success(request, f"已提醒 {told} 人" if told else "今天都提醒过了，没有再发")
        return redirect(_back(season, request.POST))
    return _remind_page(request, season, picked, at)


@require_POST
@door(Act.CHANGE_CALENDAR)
def extending(request: HttpRequest) -> HttpResponseBase:
    """First whom it concerns and the form; with `sure` they have more time and are told."""
    at = timezone.now()
    season, picked = _picked(request.POST, at)
    if "sure" not in request.POST:
        return _extend_page(request, season, picked)
    try:
        _extend(request, season, picked, at)
    except Refused as refused:
        return _extend_page(request, season, picked, refused.findings)
    messages.success(request, "已延期，并告知有关机构")
    return redirect(_back(season, request.POST))


@require_POST
@door(Role.ORGANISER, Role.LEAD)
@fresh_login
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is shown, all its pages, as a workbook; nothing personal stands in it, and it is journalled."""
    at = timezone.now()
    season, chosen = wanted_season(request.POST, at), Chosen.of(request.POST)
    titles = {one.id: one.title for one in rules_of(season).header.categories}
    with one_moment():
        lines, names = chosen.among(lines_of(season, at=at)), areas()
    note_progress_export(season=season, count=len(lines), filters=chosen.said(), by=reader(request), at=at)
    heads = ("序号", "机构", "统一社会信用代码", "推荐单位", "申报类别", "状态", "截止", "逾期", "纸质材料")
    rows = [
        (
            number,
            line.institution,
            line.uscc,
            names.get(line.area or 0, ""),
            titles.get(line.category, ""),
            _word(line),
            f"{timezone.localtime(line.until):%Y-%m-%d %H:%M}" if line.until is not None else "",
            "逾期" if line.late else "",
            "未到" if line.paper else "",
        )
        for number, line in enumerate(lines, start=1)
    ]
    with TemporaryDirectory(prefix="ceping-progress-") as folder:
        path = Path(folder) / "list.xlsx"
        write_workbook(path, [Sheet("机构", heads, rows)], title=season.title)
        return saved_as(path.read_bytes(), "机构进度.xlsx")


def _word(line: Line) -> str:
    return STEPS[line.step]


def _picked(asked: QueryDict, at: datetime) -> tuple[Season, list[Line]]:
    """The ticked entries, or with `all` every one that passes the filters."""
    season = wanted_season(asked, at)
    lines = Chosen.of(asked).among(lines_of(season, at=at))
    ticked = set(asked.getlist("entry"))
    return season, lines if asked.get("whom") == "all" else [line for line in lines if str(line.pk) in ticked]


def _back(season: Season, asked: QueryDict) -> str:
    return f"{reverse('office:entries')}?{Chosen.of(asked).address(season)}"


def _shown(request: HttpRequest, season: Season, picked: list[Line], refused: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "season": season,
        "nav_now": "progress",
        "picked": picked,
        "filters": Chosen.of(request.POST).said(),
        "back": _back(season, request.POST),
        "refused": in_words(refused),
        "typed": request.POST,
    }


def _remind_page(
    request: HttpRequest, season: Season, picked: list[Line], at: datetime, refused: tuple[Finding, ...] = ()
) -> HttpResponseBase:
    """The words as the first of each kind will read them; who owes nothing is left out."""
    wanted = {line.pk for line in picked}
    due = [one for one in owed(season, at=at) if one.entry.pk in wanted]
    letters = []
    for event in (Event.REMINDED, Event.PAPER_MISSING):
        mine = [one for one in due if (one.event is Event.PAPER_MISSING) == (event is Event.PAPER_MISSING)]
        words = words_for(event, Role.INSTITUTION)
        if not mine or words is None:
            continue
        institution = mine[0].entry.institution
        values = {"institution": institution.name, "season": season.title, "area": str(institution.area or "")}
        whole = values | dict(mine[0].values)
        letters.append({"count": len(mine), "subject": filled(words.subject, whole), "body": filled(words.body, whole)})
    told = refused or (() if due else (fault("season_nobody_owes"),))
    shown = _shown(request, season, picked, told) | {"letters": letters, "due": len(due)}
    return render(request, "office/remind.html", shown, status=422 if told else 200)


def _extend_page(
    request: HttpRequest, season: Season, picked: list[Line], refused: tuple[Finding, ...] = ()
) -> HttpResponseBase:
    phases = [(one.kind, one.get_kind_display(), one.closes_at) for one in season.phases.filter(kind__in=_PHASES)]
    shown = _shown(request, season, picked, refused) | {"phases": phases, "areas": areas().items()}
    return render(request, "office/extend.html", shown, status=422 if refused else 200)


def _extend(request: HttpRequest, season: Season, picked: list[Line], at: datetime) -> None:
    asked = request.POST
    kind = asked.get("phase", "")
    phase = phase_of(season, PhaseKind(kind)) if kind in _PHASES else None
    if phase is None:
        raise Http404
    code = asked.get("whole_area", "")
    known = code.isascii() and code.isdigit() and len(code) < 19
    area = Area.objects.filter(pk=int(code)).first() if known else None
    # A moment that cannot be read counts as now: the answer says what is wanted.
    moment = moment_of(asked.get("until", "")) or at
    whose = (
        []
        if area is not None
        else list(Institution.objects.filter(entries__in=[line.pk for line in picked]).order_by("pk"))
    )
    extend(
        phase=phase,
        until=moment,
        reason=asked.get("reason", ""),
        institutions=whose,
        area=area,
        by=reader(request),
        at=at,
    )
