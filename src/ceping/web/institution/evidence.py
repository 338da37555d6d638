"""Evidence under the ten items: what is asked for, there and missing; files added, described, taken out, restored."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import fault
from ceping.core.scheme.loading import Scheme
from ceping.folder.attachments_matching import suggestion
from ceping.ground.files.actions import EVIDENCE, Arrived
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Act
from ceping.ground.work.queries import under_way
from ceping.stages.report.access import closed_finding
from ceping.stages.report.actions import evidence as actions
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import standing_of
from ceping.stages.report.queries.evidence import Document, document_of, documents_of, removed_from, versions_of
from ceping.stages.report.queries.opening import document_open, item_place, opening_now
from ceping.stages.report.tasks import SETTLE, about, take_evidence
from ceping.stages.scheme.queries import rules_of
from ceping.web.institution.evidence_shown import indicator_names, items_shown
from ceping.web.institution.reach import own_entry, page_of, reader, said
from ceping.web.institution.returned import returned_of
from ceping.web.institution.uploads import Busy, is_raw, take_body, take_file
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of

_CRUMB = "资料清单"
_REMOVED_SHOWN = 50
_TAKES = ".jpg,.jpeg,.png,.tif,.tiff,.bmp,.webp,.heic,.pdf,.docx,.xlsx,.mp4,.mov"


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ten items with their documents."""
    return _page(request, own_entry(request, pk))


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def one(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """One document: its name, item, indicators, expiry, pages and earlier versions."""
    entry = own_entry(request, pk)
    return _one(request, entry, _document(entry, attachment))


@require_POST
@door(Act.EDIT_REPORT, files=True)
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Files come in: one as the body itself, answered in JSON, or several of a form; a bad one loses no other."""
    entry, at = own_entry(request, pk), timezone.now()
    rules = rules_of(entry.season)
    if is_raw(request):
        try:
            arrived = take_body(request, wanted=EVIDENCE)
            return JsonResponse(_taken(request, entry, rules, arrived, request.GET, at))
        except Refused as refused:
            told = [said(finding) for finding in refused.findings]
            status = 503 if isinstance(refused, Busy) else 403 if isinstance(refused, NotAllowed) else 422
            return JsonResponse({"findings": told}, status=status)
    outcomes: list[dict[str, Any]] = []
    for upload in request.FILES.getlist("files"):
        try:
            outcomes.append(_taken(request, entry, rules, take_file(upload, wanted=EVIDENCE), request.POST, at))
        except Refused as refused:
            outcomes.append({"name": upload.name, "findings": [said(finding) for finding in refused.findings]})
    if not outcomes:
        outcomes = [{"name": "", "findings": [said(fault("evidence_no_file"))]}]
    if all("findings" not in outcome for outcome in outcomes):
        return redirect("institution:evidence", pk)
    return _page(request, entry, outcomes, status=422)


@require_POST
@door(Act.EDIT_REPORT)
def describe(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The document is called, sorted, linked and dated as the form says."""
    entry, given = own_entry(request, pk), request.POST

    def change(at: datetime) -> HttpResponseBase:
        item = given.get("item", "")
        described = actions.Described(
            int(item) if item.isascii() and item.isdigit() and len(item) < 4 else None,
            given.get("content", ""),
            given.getlist("indicators"),
            _day(given.get("valid_until", "")),
        )
        by = reader(request)
        actions.describe_evidence(entry=entry, attachment=attachment, said=described, by=by, at=at)
        return redirect("institution:evidence", pk)

    return _changed(request, entry, attachment, change)


@require_POST
@door(Act.EDIT_REPORT)
def remove(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The document is taken out; it stays under 已移除."""
    entry, by = own_entry(request, pk), reader(request)

    def change(at: datetime) -> HttpResponseBase:
        actions.remove_evidence(entry=entry, attachment=attachment, by=by, at=at)
        return redirect("institution:evidence", pk)

    return _changed(request, entry, attachment, change)


@require_POST
@door(Act.EDIT_REPORT)
def restore(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The document stands again."""
    entry, by = own_entry(request, pk), reader(request)

    def change(at: datetime) -> HttpResponseBase:
        actions.restore_evidence(entry=entry, attachment=attachment, by=by, at=at)
        return redirect("institution:evidence", pk)

    return _changed(request, entry, attachment, change)


def _changed(
    request: HttpRequest, entry: Entry, attachment: int, change: Callable[[datetime], HttpResponseBase]
) -> HttpResponseBase:
    """The change, or the page it came from with why it was refused."""
    try:
        return change(timezone.now())
    except Refused as refused:
        told = [said(finding) for finding in refused.findings]
        document = document_of(entry, attachment)
        if document is None:
            return _page(request, entry, [{"name": "", "findings": told}], status=422)
        return _one(request, entry, document, told, status=422)


def _taken(
    request: HttpRequest,
    entry: Entry,
    rules: Scheme,
    arrived: Arrived,
    given: QueryDict,
    at: datetime,
) -> dict[str, Any]:
    """The file stands among the evidence; its item is the one chosen, or the one its name suggests."""
    chosen, replaces = given.get("item", ""), given.get("replaces", "")
    reason = ""
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 4:
        item: int | None = int(chosen)
    else:
        guess = suggestion(arrived.name, rules.form.checklist.items, institution=entry.institution.name)
        item, reason = (guess.item, guess.reason) if guess is not None and chosen != "none" else (None, "")
        if item is not None and not opening_now(entry).has(item_place(item)):
            item, reason = None, f"第 {item} 项没有退回，先放在未归入清单的材料里"
    old = int(replaces) if replaces.isascii() and replaces.isdigit() and len(replaces) < 16 else None
    made, new = take_evidence(
        entry=entry,
        arrived=arrived,
        item=item,
        indicators=given.getlist("indicators"),
        replaces=old,
        by=reader(request),
        at=at,
    )
    return {
        "name": made.name,
        "item": made.item,
        "new": new,
        "reason": reason,
        "sha256": arrived.sha256,
        "notes": [said(note) for note in arrived.notes],
        "url": reverse("institution:document", args=[entry.pk, made.pk]),
    }


def _page(
    request: HttpRequest, entry: Entry, outcomes: list[dict[str, Any]] | None = None, *, status: int = 200
) -> HttpResponseBase:
    rules, standing, documents = rules_of(entry.season), standing_of(entry), documents_of(entry)
    returned, removed = returned_of(entry, standing), removed_from(entry)[:_REMOVED_SHOWN]
    items = items_shown(rules, documents, standing, returned)
    every = [document.first for found in documents.values() for document in found]
    missing = [shown for shown in items if shown.errors]
    shown = page_of(request, entry, timezone.now(), _CRUMB) | {
        "title": f"资料清单还缺 {len(missing)} 项" if missing else "资料清单已备齐",
        "items": items,
        "loose": documents.get(None, []),
        "names": indicator_names(rules),
        "count": sum(len(found) for found in documents.values()),
        "removed": removed,
        # What was handed in and not returned; the rest of a row says who may change it.
        "fixed": {page.pk for page in (*every, *removed) if not document_open(entry, returned.opening, page)},
        "settling": under_way(about(entry), SETTLE).count(),
        "outcomes": outcomes or [],
        "takes": ",".join(
            f".{suffix}" for suffix in ("jpg", "jpeg", "png", "pdf", "docx", "xlsx", "tif", "mp4", "mov")
        ),
    }
    return render(request, "institution/evidence.html", shown, status=status)


def _one(
    request: HttpRequest,
    entry: Entry,
    document: Document,
    refused: Sequence[Any] = (),
    *,
    status: int = 200,
) -> HttpResponseBase:
    rules = rules_of(entry.season)
    shown = page_of(request, entry, timezone.now(), document.name) | {
        "document": document,
        "items": rules.form.checklist.items,
        "indicators": list(indicator_names(rules).items()),
        "versions": versions_of(entry).get(document.first.pk, []),
        "refused": refused,
    }
    opening = opening_now(entry)
    shown["closed_items"] = {
        one.number for one in rules.form.checklist.items if not opening.has(item_place(one.number))
    }
    if shown["writable"] and not document_open(entry, opening, document.first):
        closed = closed_finding(entry, item_place(document.first.item))
        shown |= {"writable": False, "why_not": said(closed)}
    shown["crumbs"] = [
        *shown["crumbs"][:-1],
        (_CRUMB, reverse("institution:evidence", args=[entry.pk])),
        (document.name, ""),
    ]
    return render(request, "institution/document.html", shown, status=status)


def _document(entry: Entry, attachment: int) -> Document:
    found = document_of(entry, attachment)
    if found is None:
        raise Http404
    return found


def _day(text: str) -> date | None:
    """The day, or None for nothing. Raises Refused for what is none."""
    if not text.strip():
        return None
    found = day_of(text)
    if found is None:
        raise Refused(fault("evidence_day_unfit", given=text[:40]))
    return found
