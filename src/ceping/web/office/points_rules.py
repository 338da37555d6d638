"""Rules of points: the version in force, who would change level by another, putting it in force, shops following."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.points_desk import ABOUT, FOLLOW, PREVIEW, ask_to_follow, ask_to_preview, change_rules
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.ground.work.actions import call_off
from ceping.ground.work.models import State
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.points.queries.changes import versions_to_adopt
from ceping.stages.points.queries.desk import adoptions, shops_behind
from ceping.stages.points.queries.rules import rules_in_force, rules_in_version
from ceping.stages.scheme.models import SchemeVersion
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.points_words import number_in, tabs_for
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

_SHOWN = 200


@require_safe
@door(Act.OVERSEE_SHOPS)
def page(request: HttpRequest) -> HttpResponseBase:
    """The version in force, those that could take its place, the last preview, and how far shops have followed."""
    return _page(request)


@require_POST
@door(Act.OVERSEE_SHOPS)
def preview(request: HttpRequest) -> HttpResponseBase:
    """Who would change level is counted beside the page, or that is called off."""
    asked, by, at = request.POST, reader(request), timezone.now()
    if asked.get("cancel"):
        job = job_about(ABOUT, asked["cancel"][:64])
        if job is None or job.kind not in (PREVIEW, FOLLOW):
            raise Http404
        call_off(job=job, at=at)
        return redirect("office:points_rules")
    try:
        ask_to_preview(version=_version(asked.get("version")), by=by, at=at)
    except Refused as refused:
        return _page(request, refused.findings)
    return redirect("office:points_rules")


@require_POST
@door(Act.OVERSEE_SHOPS)
@fresh_login
def adopt(request: HttpRequest) -> HttpResponseBase:
    """The version is in force from now on, or shops left behind follow; a worker brings them over."""
    asked, by, at = request.POST, reader(request), timezone.now()
    try:
        if asked.get("do") == "follow":
            ask_to_follow(by=by, at=at)
            said = "后台开始重算，可以离开本页"
        else:
            change_rules(version=_version(asked.get("version")), reason=asked.get("reason", ""), by=by, at=at)
            said = "新规则已执行，后台正在重算每家店铺，可以离开本页"
    except Refused as refused:
        return _page(request, refused.findings)
    messages.success(request, said)
    return redirect("office:points_rules")


def _version(given: str | None) -> SchemeVersion:
    key = number_in(given)
    found = SchemeVersion.objects.filter(pk=key).first() if key is not None else None
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    rules = rules_in_force()
    candidates = []
    for one in versions_to_adopt():
        found = rules_in_version(one)
        if found is not None:
            candidates.append((one, found.sha256 == rules.sha256))
    preview_job, follow_job = (jobs_about(ABOUT, kind).first() for kind in (PREVIEW, FOLLOW))
    told: dict[str, Any] = {}
    if preview_job is not None and preview_job.state == State.DONE:
        told = dict(preview_job.result)
    shown = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), ("规则", "")],
        "tabs": tabs_for(reader(request), "points_rules"),
        "rules": rules,
        "adoptions": list(adoptions()[:20]),
        "candidates": candidates,
        "others": [one for one, now in candidates if not now],
        "behind": shops_behind(rules.sha256),
        "preview": preview_job,
        "told": told,
        "levels": told.get("levels", [])[:_SHOWN],
        "most": _SHOWN,
        "follow": follow_job,
        "going": any(job is not None and not job.over for job in (preview_job, follow_job)),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/points_rules.html", shown, status=409 if refused else 200)
