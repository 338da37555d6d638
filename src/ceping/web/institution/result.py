"""An institution's result: during the notice what is listed and how to object, after publication every point of it."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.publication.access import sees_own_result, why_not_object, why_not_object_for
from ceping.stages.publication.actions import MOST_FILES, ObjectionGiven, file_objection
from ceping.stages.publication.models import Notice
from ceping.stages.publication.queries import (
    CERTIFICATE,
    FEEDBACK,
    closes_at,
    heads_of,
    newest_certificate,
    notice_out,
    objections_by,
    paper_of,
    release_out,
    rows_in,
    share_of,
)
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import own_entries
from ceping.stages.scheme.states import SeasonState
from ceping.web.institution.reach import own_entry, reader, said
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.numbered import arrived_at
from ceping.web.ui.objecting import arrivals, entry_meant, names_on

_OUT = (SeasonState.NOTICE, SeasonState.PUBLISHED, SeasonState.ARCHIVED)
_FILES = {"feedback.pdf": FEEDBACK, "certificate.pdf": CERTIFICATE}


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.SEE_OWN_SCORE)
def newest(request: HttpRequest) -> HttpResponseBase:
    """The result of the newest season that has one to show; else a page that says when there will be."""
    entries = list(own_entries(reader(request)))
    entry = next((one for one in entries if one.season.state in _OUT), None)
    if entry is None:
        return render(request, "institution/result_none.html", {"nav_now": "result"})
    return redirect("institution:own_result", entry.pk)


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.SEE_OWN_SCORE)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """As far as it is public: the notice, then the score with its reasons."""
    entry, now = own_entry(request, pk), timezone.now()
    season = entry.season
    notice, release = notice_out(season), release_out(season)
    if notice is None:
        return render(request, "institution/result_none.html", {"season": season, "nav_now": "result"})
    seen = release is not None and sees_own_result(reader(request), entry.institution, season)
    share = share_of(release, entry) if release is not None and seen else None
    shown: dict[str, Any] = {
        "entry": entry,
        "season": season,
        "notice": notice,
        "row": _row(notice, entry),
        "closes_at": closes_at(notice),
        "why_not": said(why_not_object(notice, now)),
        "release": release if seen else None,
        "share": share,
        "feedback": seen and release is not None and paper_of(release, FEEDBACK, entry) is not None,
        "paper": seen and release is not None and paper_of(release, CERTIFICATE, entry) is not None,
        "certificate": newest_certificate(season, entry) if seen else None,
        "objections": [one for one in objections_by(entry.institution) if one.notice.season_id == season.pk],
        "illustrative": season.parameters == "illustrative",
        "nav_now": "result",
    }
    return render(request, "institution/result.html", shown)


@require_safe
@door(Role.INSTITUTION, Act.SEE_OWN_SCORE, writes_on_get=True)
def file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """The feedback report or the certificate, once the result is published; who took it is kept."""
    entry = own_entry(request, pk)
    release = release_out(entry.season)
    if release is None or name not in _FILES or not sees_own_result(reader(request), entry.institution, entry.season):
        raise Http404
    found = paper_of(release, _FILES[name], entry)
    if found is None:
        raise Http404
    return viewer.download(request, found.file)


@never_cache
@sensitive_post_parameters("name", "contact", "text")
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.FILE_OBJECTION, files=True)
def objection(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An objection in the institution's name; the form says with 409 or 422 why it cannot be taken."""
    at, entry = arrived_at(request), own_entry(request, pk)
    notice = notice_out(entry.season)
    if notice is None:
        raise Http404
    why = why_not_object(notice, at) or why_not_object_for(reader(request), entry.institution)
    if request.method != "POST":
        return _form(request, entry, notice, (why,) if why else (), status=200)
    if why:
        return _form(request, entry, notice, (why,), status=409)
    asked = request.POST
    try:
        file_objection(
            notice=notice,
            given=ObjectionGiven(
                entry if asked.get("about") == "own" else entry_meant(notice, asked.get("about", "")),
                asked.get("name", ""),
                asked.get("contact", ""),
                asked.get("text", ""),
            ),
            arrived=arrivals(request),
            by=reader(request),
            institution=entry.institution,
            at=at,
        )
    except Refused as refused:
        return _form(request, entry, notice, refused.findings, status=422)
    return redirect(reverse("institution:own_result", args=[pk]) + "#objections")


def _form(
    request: HttpRequest, entry: Entry, notice: Notice, findings: tuple[Finding, ...], *, status: int
) -> HttpResponseBase:
    user, typed = reader(request), request.POST
    shown = {
        "entry": entry,
        "season": entry.season,
        "notice": notice,
        "closes_at": closes_at(notice),
        "rows": names_on(notice),
        "typed": typed,
        "name": typed.get("name", user.name),
        "contact": typed.get("contact", user.email),
        "chosen": typed.get("about", "own"),
        "closed": said(why_not_object(notice, timezone.now())),
        "told": [said(one) for one in findings],
        "had_files": bool(request.FILES),
        "most": MOST_FILES,
        "nav_now": "result",
        "crumbs": [("测评结果", reverse("institution:own_result", args=[entry.pk])), ("提出异议", "")],
    }
    return render(request, "institution/objection.html", shown, status=status)


def _row(notice: Notice, entry: Entry) -> list[tuple[str, str]]:
    """What the notice says of the institution; nothing when it is not listed."""
    found = next((one for one in rows_in(notice) if one.uscc == entry.institution.uscc), None)
    return list(zip(heads_of(notice), found.cells, strict=True)) if found is not None else []
