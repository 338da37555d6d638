"""An objection looked at again by an assessor who had no part in the result: the case, the evidence, what they say.

The case shows the report as submitted, why each number is what it is, and what came with the objection; never who filed
it, nor who marked.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import Finding
from ceping.folder.explanation import Unexplained
from ceping.ground.files.models import File
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.publication.access import why_not_recheck, why_not_say
from ceping.stages.publication.actions import say_recheck
from ceping.stages.publication.models import Recheck
from ceping.stages.publication.queries import evidence_of, objection_of, rechecks_for
from ceping.stages.publication.states import Verdict
from ceping.stages.report.queries import last_submission
from ceping.stages.results.queries import explained
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.reach import reader
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.report_shown import parts_of


@require_safe
@door(Role.ASSESSOR)
def listing(request: HttpRequest) -> HttpResponseBase:
    """What lies with the reader, what is not done first."""
    shown = {"rechecks": rechecks_for(reader(request)), "today": timezone.localdate(), "nav_now": "rechecks"}
    return render(request, "assessor/rechecks.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.ASSESSOR)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The case; and what the reader would decide is kept."""
    recheck = _recheck(request, pk)
    if request.method != "POST":
        return _page(request, recheck)
    asked = request.POST
    try:
        say_recheck(
            recheck=recheck,
            advice=asked.get("advice", ""),
            opinion=asked.get("opinion", ""),
            by=reader(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, recheck, refused.findings)
    messages.success(request, "复核意见已交")
    return redirect("assessor:rechecks")


@require_safe
@door(Role.ASSESSOR, writes_on_get=True)
def look(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """A file of evidence in the viewer; the look is recorded."""
    recheck = _recheck(request, pk)
    shelf = viewer.Shelf(
        title=f"异议 {recheck.objection.number}",
        back=reverse("assessor:recheck", args=[pk]),
        picture=lambda number, size: reverse("assessor:recheck_picture", args=[pk, token, number, size]),
        download=reverse("assessor:recheck_download", args=[pk, token]),
        context={"season": recheck.objection.notice.season, "nav_now": "rechecks"},
    )
    return viewer.look(request, _file(recheck, token), shelf)


@require_safe
@door(Role.ASSESSOR)
def picture(request: HttpRequest, pk: int, token: str, number: int, size: str) -> HttpResponseBase:
    """One page of it with the reader's name across."""
    return viewer.picture(request, _file(_recheck(request, pk), token), number, size)


@require_safe
@door(Role.ASSESSOR, writes_on_get=True)
def download(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The file as it came; recorded."""
    return viewer.download(request, _file(_recheck(request, pk), token))


def _page(request: HttpRequest, recheck: Recheck, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    objection = recheck.objection
    entry, season = objection.entry, objection.notice.season
    why_not = why_not_say(reader(request), recheck)
    submission = last_submission(entry) if entry is not None else None
    shown = {
        "recheck": recheck,
        "objection": objection,
        "season": season,
        "evidence": evidence_of(objection),
        "told": _told(recheck),
        "parts": parts_of(submission, rules_of(season)) if submission is not None else [],
        "verdicts": Verdict.choices,
        "why_not": (why_not.message(), why_not.remedy()) if why_not is not None else None,
        "advice": request.POST.get("advice", recheck.advice),
        "opinion": request.POST.get("opinion", recheck.opinion),
        "refused": [(one.message(), one.remedy()) for one in refused],
        "nav_now": "rechecks",
        "crumbs": [("异议复核", reverse("assessor:rechecks")), (objection.number, "")],
    }
    return render(request, "assessor/recheck.html", shown, status=422 if refused else 200)


def _told(recheck: Recheck) -> str:
    """Why the result objected to is what it is, down to the clause; nothing for the list as a whole."""
    entry = recheck.objection.entry
    if entry is None:
        return ""
    try:
        return "\n".join(explained(recheck.objection.notice.computation, entry.institution.uscc))
    except Unexplained:
        return ""


def _recheck(request: HttpRequest, pk: int) -> Recheck:
    """The reader's own. Raises Http404 for any other."""
    found = Recheck.objects.filter(pk=pk).select_related("objection").first()
    objection = objection_of(found.objection_id) if found is not None else None
    if found is None or objection is None:
        raise Http404
    found.objection = objection
    if why_not_recheck(reader(request), found) is not None:
        raise Http404
    return found


def _file(recheck: Recheck, token: str) -> File:
    found = next((one.file for one in evidence_of(recheck.objection) if one.file.token == token), None)
    if found is None:
        raise Http404
    return found
