"""Lists with personal data: asked for with columns and purpose, let go by another person, fetched within a day."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.exports import COLUMNS, decide, propose
from ceping.ground.exports.actions import take_export, withdraw_export
from ceping.ground.exports.models import Export, Standing
from ceping.ground.exports.queries import export_for, exports_of, exports_to_decide
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.report.queries.progress import lines_of
from ceping.stages.scheme.models import Season
from ceping.web.office.chosen import Chosen, in_words, reader, wanted_season
from ceping.web.ui.door import door
from ceping.web.ui.saved import saved_as
from ceping.web.ui.staying import fresh_login

_SHOWN = 30
_OFFICE = (Act.EXPORT_PERSONAL, Role.ORGANISER, Role.LEAD)
_TONES = {Standing.READY: "ok", Standing.FAILED: "warn", Standing.REFUSED: "seal"}


@never_cache
@require_safe
@door(*_OFFICE)
def listing(request: HttpRequest) -> HttpResponseBase:
    """What waits for the reader's word, and what they asked for themselves."""
    return _listing(request)


@require_http_methods(["GET", "HEAD", "POST"])
@door(*_OFFICE)
def new(request: HttpRequest) -> HttpResponseBase:
    """The form for the entries of the filters; a post asks for them."""
    if request.method != "POST":
        return _form(request)
    at, asked = timezone.now(), request.POST
    season, chosen = wanted_season(asked, at), Chosen.of(asked)
    lines = chosen.among(lines_of(season, at=at))
    try:
        propose(
            season=season,
            entries=[line.pk for line in lines],
            columns=asked.getlist("columns"),
            filters=chosen.said(),
            reason=asked.get("reason", ""),
            by=reader(request),
            at=at,
        )
    except Refused as refused:
        return _form(request, refused.findings)
    messages.success(request, "已提交申请，并告知可以审批的人")
    return redirect("office:exports")


@require_POST
@door(*_OFFICE)
@fresh_login
def decision(request: HttpRequest, token: str) -> HttpResponseBase:
    """The reader lets it go, or says why not."""
    export, said = _export(request, token), request.POST.get("do", "")
    if said not in {"accept", "refuse"}:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        decide(export=export, accept=said == "accept", reason=reason, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _listing(request, refused.findings)
    messages.success(request, "已同意，文件生成后由申请人下载" if said == "accept" else "未同意，已告知申请人")
    return redirect("office:exports")


@require_POST
@door(*_OFFICE)
def withdraw(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever asked takes it back."""
    try:
        withdraw_export(export=_export(request, token), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _listing(request, refused.findings)
    messages.success(request, "申请已撤回")
    return redirect("office:exports")


@require_POST
@door(*_OFFICE)
@fresh_login
def take(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, to whoever asked; recorded."""
    try:
        data = take_export(export=_export(request, token), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _listing(request, refused.findings)
    return saved_as(data, "机构联系方式.xlsx")


def _listing(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    at, user = timezone.now(), reader(request)
    mine, waiting = list(exports_of(user)[:_SHOWN]), list(exports_to_decide(user, at=at)[:_SHOWN])
    titles = dict(Season.objects.values_list("pk", "title"))
    shown = {
        "nav_now": "exports",
        "waiting": [_told(one, titles, at) for one in waiting],
        "mine": [_told(one, titles, at) for one in mine],
        "refused": in_words(refused),
    }
    return render(request, "office/exports.html", shown, status=409 if refused else 200)


def _told(export: Export, titles: dict[int, str], at: datetime) -> dict[str, object]:
    """A request for a template."""
    standing = export.standing(at)
    return {
        "export": export,
        "season": titles.get(export.given.get("season", 0), ""),
        "count": len(export.given.get("entries", ())),
        "columns": "、".join(COLUMNS[name] for name in export.given.get("columns", ()) if name in COLUMNS),
        "standing": standing,
        "tone": _TONES.get(standing, ""),
        "waiting": standing is Standing.WAITING,
        "ready": standing is Standing.READY,
    }


def _form(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    at, asked = timezone.now(), request.POST if refused else request.GET
    season, chosen = wanted_season(asked, at), Chosen.of(asked)
    lines = chosen.among(lines_of(season, at=at))
    ticked = set(asked.getlist("columns"))
    shown = {
        "season": season,
        "nav_now": "exports",
        "crumbs": [("机构", f"{reverse('office:entries')}?{chosen.address(season)}"), ("导出联系方式", "")],
        "filters": chosen.said(),
        "count": len(lines),
        "names": [line.institution for line in lines[:20]],
        "columns": [(name, word, name in ticked) for name, word in COLUMNS.items()],
        "reason": asked.get("reason", ""),
        "refused": in_words(refused),
    }
    return render(request, "office/export_new.html", shown, status=422 if refused else 200)


def _export(request: HttpRequest, token: str) -> Export:
    found = export_for(reader(request), token)
    if found is None:
        raise Http404
    return found
