"""The verifier's own calls with what a supervisor noted, and one made void on the day it was recorded."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.verification.actions import void_attempt
from ceping.stages.verification.queries import attempts_by, table_of
from ceping.stages.verification.states import SurveyState
from ceping.web.ui.door import door
from ceping.web.verifier.shown import reader

PAGE = 50


@require_safe
@door(Act.RECORD_CALL)
def page(request: HttpRequest) -> HttpResponseBase:
    """The reader's calls, the last first, fifty a page."""
    page = Paginator(attempts_by(reader(request)), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    lines = []
    titles: dict[int, dict[str, str]] = {}
    for one in page:
        season = one.frame.survey.season
        if season.pk not in titles:
            table = table_of(season)
            titles[season.pk] = {known.code: known.title for known in table.dispositions} if table is not None else {}
        voidable = (
            one.voided_at is None
            and one.frame.survey.state == SurveyState.CALLING
            and timezone.localdate(one.at) == today
        )
        lines.append((one, one.client.told("name"), titles[season.pk].get(one.disposition, ""), voidable))
    return render(request, "verifier/records.html", {"nav_now": "call_records", "page": page, "lines": lines})


@require_POST
@door(Act.RECORD_CALL)
def void(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An own call no longer counts."""
    found = attempts_by(reader(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        void_attempt(attempt=found, reason=request.POST.get("reason", ""), by=reader(request), at=timezone.now())
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, f"{finding.message()}。{finding.remedy()}")
    else:
        messages.success(request, "已作废，请重新记录")
    return redirect("verifier:records")
