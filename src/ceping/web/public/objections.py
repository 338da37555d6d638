"""An objection by anybody: the form of a notice, and the page behind the link that comes with the receipt."""

from collections.abc import Sequence

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.stages.publication.access import why_not_object
from ceping.stages.publication.actions import MOST_FILES, ObjectionGiven, file_objection
from ceping.stages.publication.models import Notice
from ceping.stages.publication.queries import closes_at, evidence_of, objection_by
from ceping.web.public.reading import notice_at, told
from ceping.web.ui.door import door
from ceping.web.ui.numbered import arrived_at
from ceping.web.ui.objecting import arrivals, entry_meant, names_on


@never_cache
@sensitive_post_parameters("name", "contact", "text")
@require_http_methods(["GET", "HEAD", "POST"])
@door(public=True, files=True)
def new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form; outside the days of the notice 409, for what is missing 422, too many in an hour 429."""
    at, notice = arrived_at(request), notice_at(pk)
    if request.method != "POST":
        return _form(request, notice)
    if why := why_not_object(notice, at):
        return _form(request, notice, [why], status=409)
    if not ratelimit.consume(request, app="allauth.account", action="objection", limit_get=True):
        return _form(request, notice, [fault("objection_busy")], status=429)
    asked = request.POST
    try:
        _, token = file_objection(
            notice=notice,
            given=ObjectionGiven(
                entry_meant(notice, asked.get("about", "")),
                asked.get("name", ""),
                asked.get("contact", ""),
                asked.get("text", ""),
            ),
            arrived=arrivals(request),
            by=None,
            institution=None,
            at=at,
        )
    except Refused as refused:
        return _form(request, notice, refused.findings, status=422)
    return redirect("public:objection", token)


@never_cache
@require_safe
@door(public=True)
def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Where the objection stands; whoever has the link sees it, without who filed it."""
    objection = objection_by(token)
    if objection is None:
        raise Http404
    shown = {
        "objection": objection,
        "season": objection.notice.season,
        "evidence": [one.file.name for one in evidence_of(objection)],
        "crumbs": [],
        "nav_now": "notices",
    }
    return render(request, "public/objection.html", shown)


def _form(
    request: HttpRequest, notice: Notice, findings: Sequence[Finding] = (), *, status: int = 200
) -> HttpResponseBase:
    why_not = why_not_object(notice, timezone.now())
    shown = {
        "notice": notice,
        "season": notice.season,
        "rows": names_on(notice),
        "closes_at": closes_at(notice),
        "typed": request.POST,
        "chosen": request.POST.get("about", request.GET.get("about", "")),
        "why_not": told([why_not])[0] if why_not is not None else None,
        "told": told(findings),
        "had_files": bool(request.FILES),
        "most": MOST_FILES,
        "nav_now": "notices",
    }
    return render(request, "public/objection_new.html", shown, status=status)
