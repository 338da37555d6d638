"""Objections in the office: taken up or turned away and answered by the organiser, looked at again as the lead asks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.publication import ask_recheck, decide_objection, take_objection
from ceping.ground.files.models import File
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.publication.access import why_not_ask, why_not_decide, why_not_revoke, why_not_take
from ceping.stages.publication.actions import end_recheck, reveal_objector, revoke_certificate
from ceping.stages.publication.models import Certificate, Objection
from ceping.stages.publication.queries import (
    certificates_of,
    evidence_of,
    may_recheck,
    objection_of,
    objections_of,
    rechecks_of,
    release_out,
)
from ceping.stages.publication.states import Verdict
from ceping.web.office.calls_shown import season_out
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui import viewer
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

_WORDS = {
    "accept": "已受理，测评机构会安排复核",
    "refuse": "已答复不予受理",
    "ask": "已请专家复核",
    "end": "已取消这位专家的复核",
    "decide": "已答复",
}


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every objection of the season, what waits first."""
    season = season_out(request.GET, timezone.now())
    shown = {
        "season": season,
        "objections": objections_of(season),
        "today": timezone.localdate(),
        "nav_now": "publication",
        "crumbs": [("公示发布", f"{reverse('office:publication')}?season={season.pk}"), ("异议", "")],
    }
    return render(request, "office/objections.html", shown)


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One objection: what it says, its evidence, the re-check, the answer."""
    return _page(request, _objection(pk))


@require_POST
@door(Role.ORGANISER, Role.LEAD)
@fresh_login
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The next step, by whom it belongs to."""
    objection, asked, by, at = _objection(pk), request.POST, reader(request), timezone.now()
    do = asked.get("do", "")
    try:
        match do:
            case "accept" | "refuse":
                reason = asked.get("reason", "")
                take_objection(objection=objection, accept=do == "accept", reason=reason, by=by, at=at)
            case "ask":
                free = {str(one.user_id): one.user for one in may_recheck(objection)}
                if asked.get("assessor", "") not in free:
                    raise Http404
                ask_recheck(objection=objection, assessor=free[asked["assessor"]], by=by, at=at)
            case "end":
                found = next((one for one in rechecks_of(objection) if str(one.pk) == asked.get("recheck")), None)
                if found is None:
                    raise Http404
                end_recheck(recheck=found, by=by, at=at)
            case "decide":
                verdict, answer = asked.get("verdict", ""), asked.get("answer", "")
                decide_objection(objection=objection, verdict=verdict, answer=answer, by=by, at=at)
            case _:
                raise Http404
    except Refused as refused:
        return _page(request, _objection(pk), refused.findings)
    messages.success(request, _WORDS[do])
    return redirect("office:objection", pk)


@never_cache
@require_POST
@door(Role.ORGANISER)
@fresh_login
def reveal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Who objects and how to reach them, for the reason that the journal keeps; on this page alone."""
    objection = _objection(pk)
    reason = request.POST.get("reason", "")
    try:
        name, contact = reveal_objector(objection=objection, reason=reason, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, objection, refused.findings)
    return _page(request, objection, revealed=(name, contact))


@require_safe
@door(Role.ORGANISER, Role.LEAD, writes_on_get=True)
def look(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """A file of evidence in the viewer; the look is recorded."""
    objection, file = _objection(pk), _file(pk, token)
    shelf = viewer.Shelf(
        title=f"异议 {objection.number}",
        back=reverse("office:objection", args=[pk]),
        picture=lambda number, size: reverse("office:objection_picture", args=[pk, token, number, size]),
        download=reverse("office:objection_download", args=[pk, token]),
        context={"season": objection.notice.season, "nav_now": "publication"},
    )
    return viewer.look(request, file, shelf)


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def picture(request: HttpRequest, pk: int, token: str, number: int, size: str) -> HttpResponseBase:
    """One page of it with the reader's name across."""
    return viewer.picture(request, _file(pk, token), number, size)


@require_safe
@door(Role.ORGANISER, Role.LEAD, writes_on_get=True)
def download(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The file as it came; recorded."""
    return viewer.download(request, _file(pk, token))


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def certificates(request: HttpRequest) -> HttpResponseBase:
    """The certificates of the published result."""
    return _certificates(request)


@require_POST
@door(Role.ORGANISER)
@fresh_login
def revoke(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them does not hold any more."""
    found = Certificate.objects.select_related("release__season").filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        revoke_certificate(
            certificate=found, reason=request.POST.get("reason", ""), by=reader(request), at=timezone.now()
        )
    except Refused as refused:
        return _certificates(request, refused.findings)
    messages.success(request, "已撤销，查验页会写明理由")
    return redirect(f"{reverse('office:certificates')}?season={found.release.season_id}")


def _certificates(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    asked = request.GET if request.method != "POST" else request.POST
    season, by = season_out(asked, timezone.now()), reader(request)
    release = release_out(season)
    found = certificates_of(release) if release is not None else []
    shown = {
        "season": season,
        "release": release,
        "certificates": [(one, why_not_revoke(by, one) is None) for one in found],
        "refused": in_words(refused),
        "nav_now": "publication",
        "crumbs": [("公示发布", f"{reverse('office:publication')}?season={season.pk}"), ("证书", "")],
    }
    return render(request, "office/certificates.html", shown, status=409 if refused else 200)


def _page(
    request: HttpRequest,
    objection: Objection,
    refused: tuple[Finding, ...] = (),
    *,
    revealed: tuple[str, str] | None = None,
) -> HttpResponseBase:
    by, season = reader(request), objection.notice.season
    may_ask = why_not_ask(by, objection) is None
    shown: dict[str, Any] = {
        "objection": objection,
        "season": season,
        "evidence": evidence_of(objection),
        "rechecks": rechecks_of(objection),
        "may_take": why_not_take(by, objection) is None,
        "may_ask": may_ask,
        "free": may_recheck(objection) if may_ask else [],
        "may_decide": why_not_decide(by, objection) is None,
        "may_reveal": Role.ORGANISER in by.roles,
        "verdicts": Verdict.choices,
        "revealed": revealed,
        "late": not objection.decided_at and timezone.localdate() > objection.due_on,
        "typed": request.POST,
        "refused": in_words(refused),
        "nav_now": "publication",
        "crumbs": [
            ("公示发布", f"{reverse('office:publication')}?season={season.pk}"),
            ("异议", f"{reverse('office:objections')}?season={season.pk}"),
            (objection.number, ""),
        ],
    }
    return render(request, "office/objection.html", shown, status=409 if refused else 200)


def _objection(pk: int) -> Objection:
    found = objection_of(pk)
    if found is None:
        raise Http404
    return found


def _file(pk: int, token: str) -> File:
    """The file, if it came with that objection. Raises Http404 for any other."""
    found = next((one.file for one in evidence_of(_objection(pk)) if one.file.token == token), None)
    if found is None:
        raise Http404
    return found
