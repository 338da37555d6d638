"""A client's own answer: opened by a one-person link, without a log-in or a script, answered once.

Of the institution nothing is told but its name and the service its list names; of the client itself its name alone.
"""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.stages.verification.actions import answer_online
from ceping.stages.verification.models import Link
from ceping.stages.verification.queries import table_of
from ceping.stages.verification.queries.online import link_for
from ceping.web.ui.door import door


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@door(public=True)
def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """The questions; a dead link is told with 410, too many tries with 429, an open first question with 422."""
    at = timezone.now()
    if not ratelimit.consume(request, app="allauth.account", action="answer", limit_get=True):
        return render(request, "public/answer_over.html", {"busy": True}, status=429)
    try:
        link = link_for(token, at=at)
        if request.method != "POST":
            return _form(request, link)
        table = table_of(link.frame.survey.season)
        names = [one.id for one in table.questions] if table is not None else []
        answer_online(token=token, answers={name: request.POST.get(name, "") for name in names}, at=at)
    except Refused as refused:
        if any(one.code == "verify_link_dead" for one in refused.findings):
            return render(request, "public/answer_over.html", {"told": refused.findings[0]}, status=410)
        return _form(request, link, refused.findings)
    return redirect("public:answered")


@require_safe
@door(public=True)
def thanks(request: HttpRequest) -> HttpResponseBase:
    """What comes after the answer; the page knows nobody."""
    return render(request, "public/answered.html", {})


def _form(request: HttpRequest, link: Link, findings: tuple[Finding, ...] = ()) -> HttpResponseBase:
    table = table_of(link.frame.survey.season)
    typed = request.POST
    shown = {
        "institution": link.frame.entry.institution.name,
        "name": link.client.told("name"),
        "service": link.client.told("service"),
        "period": (link.frame.survey.season.from_on, link.frame.survey.season.to_on),
        "until": link.expires_at,
        "questions": [
            (number, one, typed.get(one.id, ""))
            for number, one in enumerate(table.questions if table is not None else (), start=1)
        ],
        "told": [(one.message(), one.remedy()) for one in findings],
    }
    return render(request, "public/answer.html", shown, status=422 if findings else 200)
