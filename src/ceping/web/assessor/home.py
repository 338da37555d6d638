"""The assessor's front page: what comes first, which institutions wait, what is late, one step to go on with."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_begin, why_not_in
from ceping.stages.assessment.models import Assessor
from ceping.stages.assessment.queries import Line, differences_of, late, lines_of
from ceping.stages.assessment.states import DifferenceState
from ceping.stages.scheme.queries import phase_of
from ceping.stages.scheme.states import PhaseKind
from ceping.web.assessor.reach import own_assessor, reader, told
from ceping.web.ui.door import door

_ORDER = ("again", "open", "ready", "signed", "apart")


@require_safe
@door(Role.ASSESSOR)
def home(request: HttpRequest) -> HttpResponseBase:
    """What waits for this assessor."""
    at, assessor = timezone.now(), own_assessor(reader(request))
    shown: dict[str, object] = {"nav_now": "marking", "assessor": assessor}
    if assessor is not None:
        season = assessor.season
        # What was begun comes before what was not.
        lines = sorted(lines_of(assessor), key=lambda one: (_ORDER.index(one.step), not one.marked))
        third = differences_of(season).filter(third=assessor, state=DifferenceState.DUE)
        phase = phase_of(season, PhaseKind.EVALUATING)
        begin = why_not_begin(assessor)
        shown |= {
            "season": season,
            "lines": lines,
            "left": sum(one.step in ("again", "open", "ready") for one in lines),
            "signed": sum(one.step == "signed" for one in lines),
            "marked": sum(one.marked for one in lines),
            "items": sum(one.items for one in lines if not one.apart),
            "third": list(third),
            "until": phase.closes_at if phase is not None else None,
            "late": late(season, at),
            "closed": told(why_not_in(season)),
            "first": told(begin),
            "step": _step(assessor, lines, begin.code if begin is not None else ""),
        }
    return render(request, "assessor/home.html", shown)


def _step(assessor: Assessor, lines: list[Line], first: str) -> tuple[str, str] | None:
    """The one thing to do next: its word and address."""
    if why_not_in(assessor.season) is not None:
        return None
    if first == "assess_declare_first":
        return "作利益冲突申报", reverse("assessor:conflicts")
    if first == "assess_calibrate_first":
        return "给标定样例打分", reverse("assessor:practice")
    for line in lines:
        if line.step in ("again", "open"):
            return "接着打分" if line.marked else "开始打分", reverse("assessor:entry", args=[line.entry.pk])
        if line.step == "ready":
            return "签署评分表", reverse("assessor:sheet", args=[line.entry.pk])
    return None
