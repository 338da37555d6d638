"""Handing in: what still stands against it, the commitment, one press; the receipt; taking back; what was changed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import segno
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.core.scheme.form import FormFile
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.report.access import why_not_withdraw
from ceping.stages.report.actions import ReportIncomplete, submit_report, withdraw_report
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import difference, standing_of
from ceping.stages.scheme.queries import rules_of
from ceping.web.institution.board import board_of, line_of
from ceping.web.institution.overview import overview
from ceping.web.institution.part import commitment_of
from ceping.web.institution.parts import pages_of
from ceping.web.institution.reach import own_entry, page_of, reader, said
from ceping.web.ui.door import door
from ceping.web.ui.numbered import arrived_at

# What the press itself answers: the name under the commitment stands in the same form.
_SIGNED_HERE = frozenset({"report_commitment_missing", "report_commitment_changed", "report_commitment_signer"})
_CATEGORIES = "categories"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.EDIT_REPORT)
def submit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything that stands against it, and the one press; the same press again leads to the same receipt."""
    at = arrived_at(request)
    entry = own_entry(request, pk)
    if request.method != "POST":
        return _page(request, entry)
    given = request.POST
    key = _key(given.get("key", ""))
    if key is None:
        return _page(request, entry, [fault("draft_press_unknown")])
    let_stand = [(code, place) for code, _, place in (one.partition("|") for one in given.getlist("stands"))]
    try:
        made = submit_report(
            entry=entry,
            key=key,
            category=given.get("category", ""),
            let_stand=let_stand,
            signer=given.get("signer", ""),
            by=reader(request),
            at=at,
        )
    except ReportIncomplete as incomplete:
        return _page(request, entry, incomplete.findings)
    except Refused as refused:
        return _page(request, entry, refused.findings)
    return redirect("institution:receipt", pk, made.number)


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def receipt(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The receipt of a submission: a number to read out, the server's time, the hash of what was handed in."""
    entry = own_entry(request, pk)
    made = _submission(entry, number)
    at = timezone.now()
    code = segno.make(f"{made.receipt} {made.report_sha256}", error="m", micro=False)
    shown = page_of(request, entry, at, "提交回执") | {
        "made": made,
        "category": _category(rules_of(entry.season).form, made.category),
        "qr": code.svg_data_uri(scale=4, border=2),
        "hash_groups": [made.report_sha256[start : start + 8] for start in range(0, 64, 8)],
        "why_not_withdraw": said(why_not_withdraw(reader(request), entry, at)),
        "earlier": entry.submissions.filter(number__lt=number).order_by("-number").defer("report").first(),
    }
    return render(request, "institution/receipt.html", shown)


@require_POST
@door(Act.EDIT_REPORT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The submission is taken back and the report is a draft again."""
    entry = own_entry(request, pk)
    try:
        withdraw_report(entry=entry, by=reader(request), at=timezone.now())
    except Refused as refused:
        return overview(request, entry, refused.findings)
    return redirect("institution:entry", pk)


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def changes(request: HttpRequest, pk: int, first: int, second: int) -> HttpResponseBase:
    """What the second submission changed against the first."""
    entry = own_entry(request, pk)
    one, two = _submission(entry, first), _submission(entry, second)
    told = difference(one, two)
    headings = list(dict.fromkeys(change.heading for change in told))
    shown = page_of(request, entry, timezone.now(), "两次提交的差别") | {
        "first": one,
        "second": two,
        "count": len(told),
        "groups": [(heading, [change for change in told if change.heading == heading]) for heading in headings],
    }
    return render(request, "institution/changes.html", shown)


def _page(request: HttpRequest, entry: Entry, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    rules, standing, at = rules_of(entry.season), standing_of(entry), timezone.now()
    names = {page.id: page.title for page in pages_of(rules.form)}
    waiting = [gap for gap in standing.gaps if gap.finding.code not in _SIGNED_HERE]
    ticked = set(request.POST.getlist("stands"))
    questions = [
        (line_of(entry, gap, names), value, value in ticked)
        for gap in waiting
        if not gap.stops
        for value in [f"{gap.finding.code}|{gap.finding.place}"]
    ]
    known = {finding.code for finding in (gap.finding for gap in standing.gaps)}
    shown: dict[str, Any] = page_of(request, entry, at, "提交自评报告") | {
        "board": board_of(entry, standing),
        "errors": [line_of(entry, gap, names) for gap in waiting if gap.stops],
        "questions": questions,
        "commitment": commitment_of(entry, rules.form),
        "categories": _ticked(entry, rules.form),
        "chosen": request.POST.get("category", entry.category),
        "signer": request.POST.get("signer", ""),
        # One press, one submission, however often it is sent; a page shown again keeps its key.
        "key": _key(request.POST.get("key", "")) or uuid4(),
        "refused": [said(finding) for finding in refused if finding.code not in known],
    }
    return render(request, "institution/submit.html", shown, status=409 if refused else 200)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ticked(entry: Entry, form: FormFile) -> list[tuple[str, str]]:
    """The categories the report ticks, of which one is entered for."""
    field = form.field_by_id.get(_CATEGORIES)
    answer = entry.answers.filter(field=_CATEGORIES).first() if field is not None else None
    ticked = answer.value if answer is not None and isinstance(answer.value, list) else []
    return [(option.id, option.label) for option in field.options if option.id in ticked] if field is not None else []


def _category(form: FormFile, key: str) -> str:
    field = form.field_by_id.get(_CATEGORIES)
    option = field.option(key) if field is not None else None
    return option.label if option is not None else key


def _submission(entry: Entry, number: int) -> Submission:
    found = entry.submissions.select_related("submitted_by", "entry__season__scheme").filter(number=number).first()
    if found is None:
        raise Http404
    return found
