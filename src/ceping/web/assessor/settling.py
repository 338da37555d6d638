"""Differences a lead asked this assessor to decide: the marks that differ, their reasons, the mark that stands."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_read
from ceping.stages.assessment.actions import adjudicate
from ceping.stages.assessment.queries import differences_of, marks_on
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.reach import all_told, own_assessor, reader, wanted_assessor
from ceping.web.ui.door import door


@never_cache
@require_safe
@door(Role.ASSESSOR)
def page(request: HttpRequest) -> HttpResponseBase:
    """The differences that lie with this assessor."""
    if own_assessor(reader(request)) is None:
        return redirect("assessor:home")
    return _page(request)


@require_POST
@door(Role.ASSESSOR)
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The mark that stands, with the reason."""
    assessor = wanted_assessor(reader(request))
    found = differences_of(assessor.season).filter(third=assessor, pk=pk).first()
    if found is None:
        raise Http404
    mark, reason = request.POST.get("mark", ""), request.POST.get("reason", "")
    try:
        adjudicate(difference_of=found, mark=mark, reason=reason, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, refused.findings)
    messages.success(request, "已裁定")
    return redirect("assessor:differences")


def _page(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    assessor, at = wanted_assessor(reader(request)), timezone.now()
    rules = rules_of(assessor.season)
    mine = differences_of(assessor.season).filter(third=assessor)
    lines = [
        (one, rules.item(one.item), marks_on(one.entry, [one.item]))
        for one in mine
        if why_not_read(reader(request), one.entry, at) is None
    ]
    shown: dict[str, Any] = {
        "season": assessor.season,
        "nav_now": "settling",
        "lines": lines,
        "refused": all_told(refused),
        "typed": request.POST,
    }
    return render(request, "assessor/differences.html", shown, status=409 if refused else 200)
