"""What a result reads beside marks and calls: tables from outside, waivers of gates, vetoes."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ceping.core.finding import Finding, fault
from ceping.documents.inspection.kind import Kind
from ceping.ground.files.actions import take_in
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.results.access import may_propose, may_rule, why_not_supply
from ceping.stages.results.actions import decide_ruling, propose_ruling, supply_table
from ceping.stages.results.queries import entries_evaluated, rulings_of, supplied_of
from ceping.stages.results.states import Effect, RulingKind, SuppliedKind
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.calls_shown import season_meant
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

_ACCEPTED = {SuppliedKind.EVENTS: ".csv,.jsonl,.parquet"}


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ORGANISER, Role.LEAD, Role.OPERATOR, files=True)
def tables(request: HttpRequest) -> HttpResponseBase:
    """Every kind of table with the one that counts; a file sent takes its place, or is told what is wrong with it."""
    asked = request.POST if request.method == "POST" else request.GET
    season = season_meant(asked, timezone.now())
    if request.method != "POST":
        return _tables(request, season)
    try:
        told = _supply(request, season)
    except Refused as refused:
        return _tables(request, season, refused.findings)
    messages.success(request, "已收下，下一次计算起用它" + (f"；有 {told} 处请核对" if told else ""))
    return redirect(f"{reverse('office:results_tables')}?season={season.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ORGANISER, Role.LEAD)
@fresh_login
def rulings(request: HttpRequest) -> HttpResponseBase:
    """Waivers and vetoes: proposed by the lead, decided by the organiser, each with its reason."""
    asked = request.POST if request.method == "POST" else request.GET
    season = season_meant(asked, timezone.now())
    if request.method != "POST":
        return _rulings(request, season)
    try:
        words = _rule(request, season)
    except Refused as refused:
        return _rulings(request, season, refused.findings)
    messages.success(request, words)
    return redirect(f"{reverse('office:results_rulings')}?season={season.pk}")


def _supply(request: HttpRequest, season: Season) -> int:
    given, by = request.POST.get("kind", ""), reader(request)
    if given not in SuppliedKind.values:
        raise Http404
    kind, file = SuppliedKind(given), request.FILES.get("file")
    if why := why_not_supply(by, season):
        raise Refused(why)
    if file is None:
        raise Refused(fault("results_table_wanted"))
    wanted = {Kind.CSV, Kind.JSONL, Kind.PARQUET} if kind == SuppliedKind.EVENTS else {Kind.CSV}
    arrived = take_in(file.chunks(), name=file.name or "", wanted=wanted)
    _, found = supply_table(season=season, kind=kind, arrived=arrived, form=arrived.kind, by=by, at=timezone.now())
    return len(found)


def _rule(request: HttpRequest, season: Season) -> str:
    asked, by, at = request.POST, reader(request), timezone.now()
    if asked.get("do") == "propose":
        kind, _, rule = asked.get("rule", "").partition(":")
        entry = _entry(season, asked.get("entry", ""))
        if kind not in RulingKind.values or asked.get("effect", "") not in Effect.values or entry is None:
            raise Http404
        propose_ruling(
            entry=entry,
            kind=RulingKind(kind),
            rule=rule,
            effect=Effect(asked["effect"]),
            reason=asked.get("reason", ""),
            by=by,
            at=at,
        )
        return "已提出，请主办方决定"
    number = asked.get("ruling", "")
    found = next((one for one in rulings_of(season) if str(one.pk) == number), None)
    if found is None or asked.get("do") not in {"accept", "refuse"}:
        raise Http404
    decide_ruling(ruling=found, accepted=asked["do"] == "accept", reason=asked.get("reason", ""), by=by, at=at)
    return "已决定，下一次计算起生效"


def _entry(season: Season, given: str) -> Entry | None:
    return next((one for one in entries_evaluated(season) if str(one.pk) == given), None)


def _tables(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    supplied = supplied_of(season)
    newest = {kind: next((one for one in supplied if one.kind == kind), None) for kind in SuppliedKind}
    why = why_not_supply(reader(request), season)
    shown = {
        "season": season,
        "nav_now": "results",
        "kinds": [(kind.value, kind.label, newest[kind], _ACCEPTED.get(kind, ".csv")) for kind in SuppliedKind],
        "older": [one for one in supplied if one not in newest.values()],
        "why_not": in_words([why])[0] if why is not None else None,
        "refused": in_words(refused),
        "crumbs": [("结果", f"{reverse('office:results')}?season={season.pk}"), ("外部数据", "")],
    }
    return render(request, "office/results_tables.html", shown, status=422 if refused else 200)


def _rulings(request: HttpRequest, season: Season, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    by, outcome = reader(request), rules_of(season).outcome
    titles = {one.id: one.title for one in outcome.gates} | {one.id: one.title for one in outcome.vetoes}
    shown = {
        "season": season,
        "nav_now": "results",
        "rulings": [(one, titles.get(one.rule, one.rule)) for one in rulings_of(season)],
        "entries": entries_evaluated(season),
        "gates": [one for one in outcome.gates if one.waivable_by],
        "vetoes": [one for one in outcome.vetoes if one.by_decision],
        "effects": Effect.choices,
        "may_propose": may_propose(by) or may_rule(by),
        "may_rule": may_rule(by),
        "typed": request.POST,
        "refused": in_words(refused),
        "crumbs": [("结果", f"{reverse('office:results')}?season={season.pk}"), ("豁免和否决", "")],
    }
    return render(request, "office/results_rulings.html", shown, status=409 if refused else 200)
