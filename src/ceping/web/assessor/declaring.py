"""Before the work: the own word on conflicts of interest, and practice on made-up cases."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_in
from ceping.stages.assessment.actions import declare_all, mark_case
from ceping.stages.assessment.models import AnchorCase, AnchorMark, Assessor
from ceping.stages.assessment.queries import entries_judged, standing_in
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.desk import anchors_of, keys_of
from ceping.web.assessor.reach import all_told, number_in, own_assessor, reader, told
from ceping.web.ui.door import door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ASSESSOR)
def conflicts(request: HttpRequest) -> HttpResponseBase:
    """The institutions of the season; those ticked are declared, each with its reason, or none at all."""
    assessor = own_assessor(reader(request))
    if assessor is None:
        return redirect("assessor:home")
    if request.method != "POST":
        return _conflicts_page(request, assessor)
    ticked = set(request.POST.getlist("entry"))
    chosen = [one for one in entries_judged(assessor.season) if str(one.pk) in ticked]
    reasons = [request.POST.get(f"reason-{one.pk}", "") for one in chosen]
    given = {"assessor": assessor, "by": reader(request), "at": timezone.now()}
    try:
        declare_all(entries=chosen, reasons=reasons, **given)  # type: ignore[arg-type]
    except Refused as refused:
        return _conflicts_page(request, assessor, refused.findings)
    messages.success(request, f"已申报回避 {len(chosen)} 家" if chosen else "已声明没有新的利益冲突")
    return redirect("assessor:home")


def _conflicts_page(request: HttpRequest, assessor: Assessor, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    apart = {entry: one for (who, entry), one in standing_in(assessor.season).items() if who == assessor.pk}
    ticked = set(request.POST.getlist("entry"))
    shown: dict[str, Any] = {
        "season": assessor.season,
        "nav_now": "conflicts",
        "assessor": assessor,
        "lines": [
            (one, apart.get(one.pk), str(one.pk) in ticked, request.POST.get(f"reason-{one.pk}", ""))
            for one in entries_judged(assessor.season)
        ],
        "closed": told(why_not_in(assessor.season)),
        "refused": all_told(refused),
    }
    return render(request, "assessor/conflicts.html", shown, status=409 if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ASSESSOR)
def practice(request: HttpRequest) -> HttpResponseBase:
    """One case after the other; what the lead gave shows once the own mark is in."""
    assessor = own_assessor(reader(request))
    if assessor is None:
        return redirect("assessor:home")
    if request.method != "POST":
        return _practice_page(request, assessor)
    number = number_in(request.POST.get("case", ""))
    case = AnchorCase.objects.filter(season=assessor.season, number=number).first()
    if case is None:
        raise Http404
    mark, reason = request.POST.get("mark", ""), request.POST.get("reason", "")
    given = {"assessor": assessor, "by": reader(request), "at": timezone.now()}
    try:
        mark_case(case=case, mark=mark, reason=reason, **given)  # type: ignore[arg-type]
    except Refused as refused:
        return _practice_page(request, assessor, refused.findings)
    return redirect("assessor:practice")


def _practice_page(request: HttpRequest, assessor: Assessor, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    cases = list(AnchorCase.objects.filter(season=assessor.season))
    own = {one.case_id: one for one in AnchorMark.objects.filter(assessor=assessor, case__in=cases)}
    rules, lines = rules_of(assessor.season), []
    for case in cases:
        scored = rules.item(case.item)
        keys = keys_of(scored.judge) if scored is not None and scored.judge is not None else []
        lines.append((case, scored, own.get(case.pk), anchors_of(scored) if scored is not None else [], keys))
    shown = {
        "season": assessor.season,
        "nav_now": "marking",
        "lines": lines,
        "left": sum(case.pk not in own for case in cases),
        "refused": all_told(refused),
        "typed": request.POST,
    }
    return render(request, "assessor/practice.html", shown, status=409 if refused else 200)
