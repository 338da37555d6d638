"""What only a lead settles: differences over the limit, files held to be false, practice cases; and the advice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.assigning import ask_third
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_lead_apart
from ceping.stages.assessment.actions import adjudicate, confirm_false, write_case
from ceping.stages.assessment.models import AnchorCase, EvidenceCheck, SitePhoto
from ceping.stages.assessment.queries import advice_for, assessors_of, differences_of, judged_in, marks_on
from ceping.stages.assessment.states import Verdict
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.office.chosen import in_words, reader, wanted_season
from ceping.web.ui import viewer
from ceping.web.ui.door import door


@require_safe
@door(Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """Differences and false verdicts, those that wait first."""
    return _page(request, wanted_season(request.GET, timezone.now()))


@require_POST
@door(Role.LEAD)
def act(request: HttpRequest) -> HttpResponseBase:
    """A ruling, a third assessor asked, a false verdict confirmed or not, a practice case written."""
    at = timezone.now()
    season = wanted_season(request.POST, at)
    try:
        told = _done(request, season, at)
    except Refused as refused:
        return _page(request, season, refused.findings)
    if told:
        messages.success(request, told)
    return redirect(f"{reverse('office:assessment_settling')}?season={season.pk}")


@require_safe
@door(Role.LEAD)
def advice(request: HttpRequest) -> HttpResponseBase:
    """Agreement, severity, spread and odd ballots: to be looked at, never part of a score."""
    season = wanted_season(request.GET, timezone.now())
    found: Any = advice_for(season)
    titles = {item.key: item.title for item in rules_of(season).scored}
    names = dict(season.entries.values_list("institution__uscc", "institution__name"))
    lines, ballots = [], []
    if found is not None:
        lines = [
            {"title": titles.get(key, key), "agreement": one, "spread": found["spread"][key]}
            for key, one in found["agreement"]["items"].items()
        ]
        ballots = [
            one | {"about": titles.get(one.get("indicator", ""), "") or names.get(one.get("uscc", ""), "")}
            for one in found["ballots"]
        ]
    shown = {
        "season": season,
        "nav_now": "assessment",
        "crumbs": [("测评", f"{reverse('office:assessment')}?season={season.pk}"), ("一致性与提示", "")],
        "advice": found,
        "lines": lines,
        "ballots": ballots,
    }
    return render(request, "office/assessment_advice.html", shown)


def _done(request: HttpRequest, season: Season, at: datetime) -> str:
    asked, by = request.POST, reader(request)
    reason = asked.get("reason", "")
    match asked.get("do", ""):
        case "decide" | "third" as what:
            found = next((one for one in differences_of(season) if str(one.pk) == asked.get("difference")), None)
            if found is None:
                raise Http404
            if what == "decide":
                adjudicate(difference_of=found, mark=asked.get("mark", ""), reason=reason, by=by, at=at)
                return "已裁定"
            person = next((one for one in assessors_of(season) if str(one.pk) == asked.get("assessor")), None)
            if person is None:
                raise Http404
            ask_third(difference_of=found, assessor=person, reason=reason, by=by, at=at)
            return f"已请专家 {person.code} 裁定"
        case "confirm" | "refuse" as what:
            check = next((one for one in _false(season) if str(one.pk) == asked.get("check")), None)
            if check is None:
                raise Http404
            confirm_false(check=check, confirmed=what == "confirm", reason=reason, by=by, at=at)
            return "已确认虚假" if what == "confirm" else "已改为存疑"
        case "case":
            given = {name: asked.get(name, "") for name in ("title", "text", "item", "mark")}
            made = write_case(season=season, reason=reason, by=by, at=at, **given)
            return f"标定样例 {made.number} 已保存"
    return ""


@require_safe
@door(Role.LEAD)
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponseBase:
    """A photo of an on-site check that found a file false, with the reader's name across it."""
    found = SitePhoto.objects.filter(pk=pk, removed_at=None, check_of__verdict=Verdict.FALSE)
    one = found.select_related("file__blob", "check_of__entry__season").first()
    if one is None or why_lead_apart(reader(request), one.check_of.entry) is not None:
        raise Http404
    return viewer.picture(request, one.file, 1, size)


def _false(season: Season) -> list[EvidenceCheck]:
    found = EvidenceCheck.objects.filter(entry__season=season, verdict=Verdict.FALSE)
    related = ("entry__institution", "entry__season__scheme", "checked_by", "confirmed_by")
    shown = Prefetch("photos", SitePhoto.objects.filter(removed_at=None), to_attr="shown")
    return list(found.select_related(*related).prefetch_related(shown).order_by("confirmed_at", "pk"))


def _page(request: HttpRequest, season: Season, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    rules = rules_of(season)
    differences = list(differences_of(season))
    marks = {one.pk: marks_on(one.entry, [one.item]) for one in differences[:50]}
    false = _false(season)
    shown = {
        "season": season,
        "nav_now": "assessment",
        "crumbs": [("测评", f"{reverse('office:assessment')}?season={season.pk}"), ("裁定与确认", "")],
        "differences": [(one, rules.item(one.item), marks.get(one.pk, [])) for one in differences],
        "due": sum(one.state == "due" for one in differences),
        "people": list(assessors_of(season)),
        "false": false,
        "waiting": sum(one.confirmed_at is None for one in false),
        "cases": [(one, rules.item(one.item)) for one in AnchorCase.objects.filter(season=season)],
        "items": judged_in(rules),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/assessment_settling.html", shown, status=409 if refused else 200)
