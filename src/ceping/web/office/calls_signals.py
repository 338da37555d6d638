"""What the frozen lists show that a person should look at; and the organiser's switch for comparing them."""

from collections import Counter
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Institution
from ceping.ground.people.roles import Act, Role
from ceping.stages.verification.actions import authorise_comparison, withdraw_authorisation
from ceping.stages.verification.models import Survey
from ceping.stages.verification.queries import signals_of
from ceping.stages.verification.queries.signals import WORDS
from ceping.web.office.calls_shown import survey_meant
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE = 50


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest) -> HttpResponseBase:
    """The signals, filtered by kind, fifty a page."""
    return _page(request, survey_meant(request.GET, timezone.now()))


@require_POST
@door(Act.CHANGE_CALENDAR)
@fresh_login
def switch(request: HttpRequest) -> HttpResponseBase:
    """Lists may be compared, or no longer."""
    at, by, asked = timezone.now(), reader(request), request.POST
    survey, reason = survey_meant(asked, at), asked.get("reason", "")
    try:
        if asked.get("do", "") == "allow":
            authorise_comparison(survey=survey, document=asked.get("document", ""), reason=reason, by=by, at=at)
            messages.success(request, "已授权跨机构比对，线索已重新计算")
        else:
            withdraw_authorisation(survey=survey, reason=reason, by=by, at=at)
            messages.success(request, "授权已撤回，跨机构的线索已移除")
    except Refused as refused:
        return _page(request, survey, refused.findings)
    return redirect(f"{reverse('office:calls_signals')}?season={survey.season_id}")


def _page(request: HttpRequest, survey: Survey, findings: Sequence[Finding] = ()) -> HttpResponseBase:
    rows = signals_of(survey)
    counts = Counter(str(row["code"]) for row in rows)
    kind = request.GET.get("kind", "")
    chosen = [row for row in rows if not kind or row["code"] == kind]
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    usccs = {uscc for row in page for uscc in row["usccs"]}  # type: ignore[attr-defined]
    names = dict(Institution.objects.filter(uscc__in=usccs).values_list("uscc", "name"))
    told = {
        "season": survey.season,
        "nav_now": "calls_office",
        "crumbs": [("服务核验", f"{reverse('office:calls')}?season={survey.season_id}"), ("线索", "")],
        "survey": survey,
        "page": page,
        "lines": [
            (WORDS.get(str(row["code"]), row["code"]), [names.get(one, one) for one in row["usccs"]], row["words"])  # type: ignore[attr-defined]
            for row in page
        ],
        "kinds": [(code, word, counts[code]) for code, word in WORDS.items() if counts[code]],
        "kind": kind,
        "total": len(rows),
        "may": Role.ORGANISER in reader(request).roles,
        "refused": in_words(findings),
        "typed": request.POST,
    }
    return render(request, "office/calls_signals.html", told, status=409 if findings else 200)
