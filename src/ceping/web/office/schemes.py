"""Versions of schemes: uploaded by one, published by another, read as a page, held against each other."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.core.scheme.comparing import differences
from ceping.core.scheme.whole import FILES
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.access import why_not_publish
from ceping.stages.scheme.actions import draft_version, propose_version, publish_version
from ceping.stages.scheme.models import SchemeVersion
from ceping.stages.scheme.queries import copies_open, rules_of_version
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

_MOST_BYTES = 2 * 1024 * 1024


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every version, the newest first, with where it stands."""
    return _list(request)


@require_POST
@door(Act.PUBLISH, files=True)
def upload(request: HttpRequest) -> HttpResponseBase:
    """The files of the form become a draft; every fault is told, nothing half is kept."""
    try:
        made = draft_version(files=_files(request), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _list(request, refused.findings)
    return redirect("office:scheme", made.pk)


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One version to be read: indicators, weights, gates, form, readings; what is shipped as an example says so."""
    return _page(request, _version(pk))


@require_POST
@door(Act.PUBLISH)
@fresh_login
def propose(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The first of two persons."""
    return _moved(request, pk, propose_version, "已提出，请另一位工作人员发布")


@require_POST
@door(Act.PUBLISH)
@fresh_login
def publish(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The second of two persons."""
    return _moved(request, pk, publish_version, "已发布，可以用它开设测评年度")


@require_safe
@door(Role.ORGANISER, Role.LEAD)
def difference(request: HttpRequest, pk: int, other: int) -> HttpResponseBase:
    """What the second version says otherwise than the first."""
    first, second = _version(pk), _version(other)
    found = differences(rules_of_version(first), rules_of_version(second))
    crumbs = [("测评方案", reverse("office:schemes")), (f"{first} 与 {second}", "")]
    shown = {"first": first, "second": second, "found": found, "nav_now": "schemes", "crumbs": crumbs}
    return render(request, "office/scheme_difference.html", shown)


def _moved(request: HttpRequest, pk: int, act: Callable[..., SchemeVersion], words: str) -> HttpResponseBase:
    version = _version(pk)
    try:
        act(version=version, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, version, refused.findings)
    messages.success(request, words)
    return redirect("office:scheme", pk)


def _version(pk: int) -> SchemeVersion:
    rows = SchemeVersion.objects.select_related("drafted_by", "proposed_by", "published_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _files(request: HttpRequest) -> dict[str, str]:
    files = {}
    for one in request.FILES.getlist("files"):
        name = (one.name or "").rpartition("/")[2]
        try:
            text = one.read(_MOST_BYTES).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(fault("scheme_files_wanted")) from None
        if name in FILES:
            files[name] = text
    if not files:
        raise Refused(fault("scheme_files_wanted"))
    return files


def _list(request: HttpRequest, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    versions = SchemeVersion.objects.select_related("drafted_by", "proposed_by", "published_by")
    shown = {
        "versions": versions.order_by("scheme_id", "-version"),
        "may": Role.ORGANISER in reader(request).roles,
        "copies": copies_open() if Role.ORGANISER in reader(request).roles else (),
        "refused": in_words(refused),
        "nav_now": "schemes",
    }
    return render(request, "office/schemes.html", shown, status=422 if refused else 200)


def _page(request: HttpRequest, version: SchemeVersion, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    rules = rules_of_version(version)
    branches = [
        (branch, [item for item in rules.scored if item.branch.id == branch.id]) for branch in rules.indicators.branches
    ]
    others = SchemeVersion.objects.filter(scheme_id=version.scheme_id).exclude(pk=version.pk).order_by("-version")
    why_not = why_not_publish(reader(request), version) if version.state == "proposed" else None
    shown = {
        "version": version,
        "rules": rules,
        "branches": branches,
        "illustrative": any(item.item.origin == "illustrative" for item in rules.scored),
        "others": others,
        "may": Role.ORGANISER in reader(request).roles,
        "why_not": in_words([why_not])[0] if why_not is not None else None,
        "refused": in_words(refused),
        "nav_now": "schemes",
        "crumbs": [("测评方案", reverse("office:schemes")), (str(version), "")],
    }
    return render(request, "office/scheme.html", shown, status=409 if refused else 200)
