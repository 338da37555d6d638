"""An issued summary table: as PDF and Excel, its sealed scan compared and kept, and taken back with a reason."""

import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, errors_in
from ceping.documents.excel_form import form_book
from ceping.documents.fonts.faces import faces_from
from ceping.documents.forms.summary import summary_document, summary_sheet
from ceping.documents.inspection.kind import Kind
from ceping.documents.pdf import to_pdf
from ceping.documents.refusal import Refused as Unreadable
from ceping.documents.scans import compare_sealed
from ceping.documents.sheet import Document, Marks
from ceping.ground.files.actions import add_file
from ceping.ground.files.store import place_of
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.access import why_not_scan
from ceping.stages.recommendation.actions import attach_scan, note_export, revoke_issue
from ceping.stages.recommendation.models import Issue
from ceping.stages.recommendation.queries import issues_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.reach import area_and_season, arrived_from, attached, reader
from ceping.web.recommender.table import table_page
from ceping.web.ui import viewer
from ceping.web.ui.door import door

PURPOSE = "summary_scan"
# No error of a scan as such, but of this one: its words are those of another table.
_OTHER = frozenset({"sealed_text_differs"})


@require_POST
@door(Act.RECOMMEND)
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The table for the seal, or for further work: whole telephone numbers leave with it, so the reason is asked."""
    area, issue = _issue(request, number)
    kind = "xlsx" if request.POST.get("kind") == "xlsx" else "pdf"
    try:
        note_export(
            season=issue.season,
            area=area,
            what=f"summary_table_{kind}",
            count=len(issue.rows),
            phones=True,
            reason=request.POST.get("reason", ""),
            by=reader(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return table_page(request, area.code, refused.findings)
    name = f"推荐汇总表_{area.name}_第{issue.number}版.{kind}"
    return attached(pdf_of(issue) if kind == "pdf" else book_of(issue), name)


@require_POST
@door(Act.RECOMMEND, files=True)
def scan(request: HttpRequest, number: int) -> HttpResponseBase:
    """The sealed scan: held against what was issued, and kept; one that differs only once a person says so."""
    area, issue = _issue(request, number)
    user = reader(request)
    try:
        if why := why_not_scan(user, issue):
            return table_page(request, area.code, (why,))
        arrived = arrived_from(request, "scan", {Kind.PDF})
        found = _compared(issue, place_of(arrived.sha256), arrived.name)
        stops = [one for one in found if one in errors_in(found) or one.code in _OTHER]
        if stops and request.POST.get("all_the_same") != "yes":
            return table_page(request, area.code, scan=found)
        at = timezone.now()
        kept = add_file(
            arrived=replace(arrived, notes=(*arrived.notes, *found)),
            purpose=PURPOSE,
            institution=None,
            by=user,
            at=at,
        )
        attach_scan(issue=issue, scan=kept, by=user, at=at)
    except Refused as refused:
        return table_page(request, area.code, refused.findings)
    return redirect(_table(area))


@require_POST
@door(Act.RECOMMEND)
def revoke(request: HttpRequest, number: int) -> HttpResponseBase:
    """The issued table no longer counts; ranks and decisions are open again."""
    area, issue = _issue(request, number)
    try:
        revoke_issue(issue=issue, reason=request.POST.get("reason", ""), by=reader(request), at=timezone.now())
    except Refused as refused:
        return table_page(request, area.code, refused.findings)
    return redirect(_table(area))


@require_safe
@door(Act.RECOMMEND, writes_on_get=True)
def look(request: HttpRequest, number: int) -> HttpResponseBase:
    """The sealed scan in the viewer; the look is recorded."""
    area, issue = _issue(request, number)
    if issue.scan is None:
        raise Http404
    asked = f"?area={area.code}"
    shelf = viewer.Shelf(
        title="推荐汇总表",
        back=_table(area),
        picture=lambda leaf, size: reverse("recommender:scan_picture", args=[number, leaf, size]) + asked,
        download=reverse("recommender:scan_download", args=[number]) + asked,
        context={"season": issue.season, "nav_now": "table"},
    )
    return viewer.look(request, issue.scan, shelf)


@require_safe
@door(Act.RECOMMEND)
def picture(request: HttpRequest, number: int, leaf: int, size: str) -> HttpResponseBase:
    """One page of the scan."""
    _, issue = _issue(request, number)
    if issue.scan is None:
        raise Http404
    return viewer.picture(request, issue.scan, leaf, size)


@require_safe
@door(Act.RECOMMEND, writes_on_get=True)
def download(request: HttpRequest, number: int) -> HttpResponseBase:
    """The scan as it came; recorded."""
    _, issue = _issue(request, number)
    if issue.scan is None:
        raise Http404
    return viewer.download(request, issue.scan)


def pdf_of(issue: Issue) -> bytes:
    """The issued table as PDF, the same bytes every time: number and hash in the corner of each page."""
    faces, _ = faces_from(os.environ)
    return to_pdf(_document(issue), faces)


def book_of(issue: Issue) -> bytes:
    """The issued table as a workbook."""
    rules = rules_of(issue.season)
    if rules.summary is None:
        raise Http404
    sheet = summary_sheet(rules, rules.summary, issue.rows, recommender=issue.area.name, filled_on=issue.filled_on)
    return form_book([sheet], title=_document(issue).title, dated=issue.filled_on)


def _document(issue: Issue) -> Document:
    rules = rules_of(issue.season)
    if rules.summary is None:
        raise Http404
    made = summary_document(rules, rules.summary, issue.rows, recommender=issue.area.name, filled_on=issue.filled_on)
    number = f"HZ-{issue.filled_on.year}-{issue.area.code}-{issue.number}"
    marks = Marks(number, issue.sha256, f"CEPING:{number}:{issue.sha256}".upper())
    return replace(made, dated=issue.filled_on, marks=marks)


def _compared(issue: Issue, sealed: Path, name: str) -> list[Finding]:
    with TemporaryDirectory(prefix="ceping-table-") as folder:
        ours = Path(folder) / "issued.pdf"
        ours.write_bytes(pdf_of(issue))
        try:
            return list(compare_sealed(ours, sealed, file=name).findings)
        except Unreadable as unreadable:
            raise Refused(Finding(unreadable.code, file=name, values=tuple(unreadable.values.items()))) from None


def _issue(request: HttpRequest, number: int) -> tuple[Area, Issue]:
    """The own area's issued table of that number, taken back or not. Raises Http404."""
    asked = request.POST.get("area", "") or request.GET.get("area", "")
    area, season = area_and_season(request, timezone.now(), asked)
    found = next((one for one in issues_of(season, area) if one.number == number), None)
    if found is None:
        raise Http404
    return area, found


def _table(area: Area) -> str:
    return f"{reverse('recommender:table')}?area={area.code}"
