"""The abuse desk: what people report of shops, the longest waiting first; looked at, decided, answered."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.overseeing import decide_abuse
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.shop.models import AbuseReport
from ceping.stages.shop.queries.overseen import abuse_report, abuse_reports
from ceping.stages.shop.states import AbuseState
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door

PAGE = 30
_VERDICTS = {"upheld": True, "dismissed": False}


@require_safe
@door(Act.OVERSEE_SHOPS)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Reports in the state of the address, open ones unless it says otherwise."""
    state = request.GET.get("state", AbuseState.OPEN)
    state = state if state in AbuseState.values else ""
    counts = {one: abuse_reports(one).count() for one in AbuseState}
    page = Paginator(abuse_reports(state), PAGE).get_page(request.GET.get("page"))
    shown = {
        "nav_now": "abuse",
        "page": page,
        "state": state,
        "states": [
            *((one.value, one.label, counts[one]) for one in AbuseState),
            ("all", "全部", sum(counts.values())),
        ],
        "open": counts[AbuseState.OPEN],
    }
    return render(request, "office/abuse.html", shown)


@require_safe
@door(Act.OVERSEE_SHOPS)
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    """One report: what it says, of what, by whom; and the form that decides it."""
    return _page(request, _report(number))


@require_POST
@door(Act.OVERSEE_SHOPS)
def act(request: HttpRequest, number: str) -> HttpResponseBase:
    """The report is decided; with its review hidden where the form says so."""
    report, asked = _report(number), request.POST
    if asked.get("verdict") not in _VERDICTS:
        raise Http404
    answer = asked.get("answer", "")
    try:
        decide_abuse(
            report=report,
            upheld=_VERDICTS[asked["verdict"]],
            answer=answer,
            # The ledger, the journal and whoever wrote it read the same reason.
            hide=answer[:300] if asked.get("hide") == "yes" else "",
            by=reader(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, _report(number), refused.findings)
    messages.success(request, f"举报 {report.number} 已答复，已通知举报人")
    return redirect("office:abuse")


def _report(number: str) -> AbuseReport:
    found = abuse_report(number)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, report: AbuseReport, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    shown = {
        "nav_now": "abuse",
        "crumbs": [("举报", reverse("office:abuse")), (report.number, "")],
        "report": report,
        "shop": report.shop,
        "may_decide": report.state == AbuseState.OPEN,
        "others": abuse_reports(shop=report.shop).exclude(pk=report.pk).count(),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/abuse_report.html", shown, status=409 if refused else 200)
