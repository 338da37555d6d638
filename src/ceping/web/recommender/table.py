"""附件3: the summary table before it is issued, what stands against it, issuing, and a filled file held beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, errors_in, fault
from ceping.core.phone import masked
from ceping.documents.inspection.kind import Kind
from ceping.documents.intake.summary import SummaryIntake, take_in_summary
from ceping.ground.files.store import place_of
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.access import why_not_now, why_not_revoke
from ceping.stages.recommendation.actions import issue_table, rank_entries
from ceping.stages.recommendation.models import Issue
from ceping.stages.recommendation.queries import (
    RowChange,
    changes_since,
    issue_in_force,
    issues_of,
    put_forward,
    summary_rows,
    table_findings,
)
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.reach import area_and_season, arrived_from, reader, told
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of

_PHONES = frozenset({"contact_phone", "office_phone"})


@require_safe
@door(Act.RECOMMEND)
def page(request: HttpRequest) -> HttpResponseBase:
    """The table as it would be issued, or as it was."""
    return table_page(request, request.GET.get("area", ""))


@require_POST
@door(Act.RECOMMEND)
def issue(request: HttpRequest) -> HttpResponseBase:
    """The table is issued and frozen."""
    at = timezone.now()
    area, season = area_and_season(request, at, request.POST.get("area", ""))
    try:
        filled_on = _day(request.POST.get("filled_on", ""))
        issue_table(season=season, area=area, filled_on=filled_on, by=reader(request), at=at)
    except Refused as refused:
        return table_page(request, area.code, refused.findings)
    return redirect(f"{reverse('recommender:table')}?area={area.code}")


@require_POST
@door(Act.RECOMMEND, files=True)
def compare(request: HttpRequest) -> HttpResponseBase:
    """A filled table is read and shown beside the data; nothing of it is taken."""
    at = timezone.now()
    area, season = area_and_season(request, at, request.POST.get("area", ""))
    summary = rules_of(season).summary
    if summary is None:
        return table_page(request, area.code)
    try:
        # Without a name here the bytes go again by themselves.
        arrived = arrived_from(request, "file", {Kind.XLSX, Kind.CSV})
        with TemporaryDirectory(prefix="ceping-summary-") as folder:
            path = Path(folder) / arrived.name
            path.write_bytes(place_of(arrived.sha256).read_bytes())
            read = take_in_summary(path, rules_of(season), summary, recommender=area.name)
    except Refused as refused:
        return table_page(request, area.code, refused.findings)
    if errors := errors_in(read.table.findings):
        return table_page(request, area.code, tuple(errors))
    return table_page(request, area.code, beside=_beside(season, area, read))


@require_POST
@door(Act.RECOMMEND)
def take_order(request: HttpRequest) -> HttpResponseBase:
    """The order of a file that was looked at becomes the order of the ranks."""
    at = timezone.now()
    area, season = area_and_season(request, at, request.POST.get("area", ""))
    order = [int(one) for one in request.POST.get("order", "").split(",") if one.isascii() and one.isdigit()]
    try:
        rank_entries(season=season, area=area, order=order, by=reader(request), at=at)
    except Refused as refused:
        return table_page(request, area.code, refused.findings)
    return redirect(f"{reverse('recommender:table')}?area={area.code}")


def table_page(
    request: HttpRequest,
    code: str,
    refused: Sequence[Finding] = (),
    *,
    beside: Mapping[str, Any] | None = None,
    scan: Sequence[Finding] = (),
) -> HttpResponseBase:
    """The page; with what was refused, a file beside the data, or what a scan differs in."""
    at = timezone.now()
    area, season = area_and_season(request, at, code, wanted=False)
    if season is None or rules_of(season).summary is None:
        return render(request, "recommender/table.html", {"area": area, "season": season, "nav_now": "table"})
    summary = rules_of(season).summary
    assert summary is not None  # noqa: S101 -- asked one line above
    labels = {column.id: column.label for column in summary.columns}
    issued, issues = issue_in_force(season, area), issues_of(season, area)
    rows: Sequence[Mapping[str, str]] = issued.rows if issued is not None else summary_rows(season, area)
    found = table_findings(season, area, rows) if issued is None else []
    closed = why_not_now(season, area, at) if issued is None else None
    before = _before(issues, issued)
    shown = {
        "area": area,
        "season": season,
        "nav_now": "table",
        "summary": summary,
        "labels": list(labels.values()),
        "rows": [[_shown(key, row.get(key, "")) for key in labels] for row in rows],
        "issued": issued,
        "issues": issues,
        "errors": [told(one) for one in errors_in(found)] + ([told(closed)] if closed is not None else []),
        "questions": [told(one) for one in found if one not in errors_in(found)],
        "today": timezone.localdate(at),
        "before": before,
        "changes": _told_changes(before.rows, rows, labels) if before is not None else [],
        "why_not_revoke": told(why_not_revoke(reader(request), issued, at)) if issued is not None else None,
        "refused": [told(one) for one in refused],
        "scan_findings": [told(one) for one in scan],
        "beside": beside,
        "typed": request.POST,
    }
    return render(request, "recommender/table.html", shown, status=409 if refused or scan else 200)


def _before(issues: Sequence[Issue], issued: Issue | None) -> Issue | None:
    """The table issued before this one, whether this one is issued already or not."""
    return next((one for one in issues if issued is None or one.number < issued.number), None)


def _shown(key: str, text: str) -> str:
    return masked(text) if key in _PHONES else text


def _beside(season: Season, area: Area, read: SummaryIntake) -> dict[str, Any]:
    """The file row by row beside the data: what differs, who is in only one, and the order it would make."""
    summary = rules_of(season).summary
    assert summary is not None  # noqa: S101 -- the caller asked
    labels = {column.id: column.label for column in summary.columns if column.kind != "order"}
    titles = {one.id: one.title for one in rules_of(season).header.categories}
    theirs = [dict(entry) | {"category": titles.get(entry["category"], entry["category"])} for entry in read.entries]
    ours, numbers = summary_rows(season, area), {}
    for putting in put_forward(season, area).defer("submission__report"):
        numbers[putting.entry.institution.name] = putting.entry_id
    order = [numbers[entry["name"]] for entry in theirs if entry["name"] in numbers]
    now = list(numbers.values())
    unmatched = len([entry for entry in theirs if entry["name"] not in numbers]) + len(set(now) - set(order))
    return {
        "file": read.table.file,
        "findings": [told(one) for one in read.table.findings],
        "changes": _told_changes(ours, theirs, labels),
        "order": ",".join(map(str, order)),
        "names": [entry["name"] for entry in theirs],
        "reordered": order != now,
        "unmatched": told(fault("recommend_order_unmatched", count=unmatched)) if unmatched else None,
    }


def _told_changes(
    old: Sequence[Mapping[str, str]], new: Sequence[Mapping[str, str]], labels: Mapping[str, str]
) -> list[RowChange]:
    """The changes with telephone numbers masked; two that show alike are said to differ in between."""
    phones = {labels[key] for key in _PHONES if key in labels}
    return [
        replace(one, cells=tuple((label, *_pair(label in phones, a, b)) for label, a, b in one.cells))
        for one in changes_since(old, new, labels)
    ]


def _pair(phone: bool, old: str, new: str) -> tuple[str, str]:  # noqa: FBT001 -- called once, above
    if not phone:
        return old, new
    hidden = masked(old), masked(new)
    return (hidden[0], f"{hidden[1]}（中间几位不同）") if hidden[0] == hidden[1] else hidden


def _day(text: str) -> date:
    found = day_of(text)
    if found is None:
        raise Refused(fault("recommend_not_a_day"))
    return found
