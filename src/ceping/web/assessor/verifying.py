"""Verifying (核定): the three values of every metric a person records, and a verdict on every file."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.people.roles import Role
from ceping.stages.assessment.access import why_not_verify
from ceping.stages.assessment.actions import check_evidence, choices_of, set_verified
from ceping.stages.assessment.queries import attachments_of, values_of
from ceping.stages.assessment.states import Verdict
from ceping.stages.report.queries import last_submission
from ceping.stages.results.queries import buyers_beside_clients, shop_counts_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.assessor.desk import pips_of
from ceping.web.assessor.reach import clock, json_answer, opened, reader, text_in, told, version_in
from ceping.web.ui.door import door

_YES_NO = {"yes": "是", "no": "否"}


@never_cache
@require_safe
@door(Role.ASSESSOR)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is to be verified of the institution."""
    at = timezone.now()
    one = opened(request, pk, at)
    submission, rules = last_submission(one.entry), rules_of(one.entry.season)
    every = values_of(one.entry, submission, shop_counts_of(one.entry), every=True)
    values = [value for value in every if value.metric.by_hand]
    files = attachments_of(one.entry, submission)
    options = {
        value.name: _YES_NO if value.metric.type == "yes_no" else choices_of(rules, value.name, value.metric)
        for value in values
        if value.metric.type != "number"
    }
    items = {item.number: item.text for item in rules.form.checklist.items}
    shown = {
        "season": one.entry.season,
        "nav_now": "marking",
        "entry": one.entry,
        "values": [(value, options.get(value.name)) for value in values],
        "beside": buyers_beside_clients(one.entry, submission),
        "counted": [value for value in every if not value.metric.by_hand],
        "files": [(file, items.get(file.item, "其他材料")) for file in files],
        "values_left": sum(value.verified is None for value in values),
        "files_left": sum(file.check is None for file in files),
        "verdicts": Verdict.choices,
        "why": told(why_not_verify(reader(request), one.entry, at)),
        "pips": pips_of(one),
    }
    return render(request, "assessor/verify.html", shown)


@require_POST
@door(Role.ASSESSOR)
def value(request: HttpRequest, pk: int, metric: str) -> HttpResponseBase:
    """A metric's verified value stands."""
    at = timezone.now()
    one = opened(request, pk, at)

    def change(given: dict[str, Any]) -> dict[str, Any]:
        made = set_verified(
            entry=one.entry,
            metric=metric,
            value=text_in(given, "value"),
            reason=text_in(given, "reason"),
            version=version_in(given),
            by=reader(request),
            at=at,
        )
        return {"value": made.value, "version": made.version, "by": made.set_by.name, "saved": clock(made.set_at)}

    return json_answer(request, change)


@require_POST
@door(Role.ASSESSOR)
def check(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file has its verdict."""
    at = timezone.now()
    one = opened(request, pk, at)

    def change(given: dict[str, Any]) -> dict[str, Any]:
        made = check_evidence(
            entry=one.entry,
            file=text_in(given, "file"),
            verdict=text_in(given, "value"),
            reason=text_in(given, "reason"),
            version=version_in(given),
            on_site=given.get("on_site") is True,
            by=reader(request),
            at=at,
        )
        word = made.get_verdict_display()
        return {"value": made.verdict, "word": word, "version": made.version, "saved": clock(made.checked_at)}

    return json_answer(request, change)
