"""A filled Word form, or last year's report, beside the draft: what is ticked is taken at once and can be undone."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ceping.core.finding import fault
from ceping.documents.inspection.kind import Kind
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.ground.work.models import State
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.report.actions.taking import take_offered, undo_taking
from ceping.stages.report.models import Entry, Taking
from ceping.stages.report.queries.offered import Offer, earlier_submission, offers, taken_places
from ceping.stages.report.queries.opening import opening_now, opening_of
from ceping.stages.report.tasks import READ_WORD, about, take_word
from ceping.web.institution.reach import own_entry, page_of, reader, said
from ceping.web.institution.uploads import take_file
from ceping.web.ui.door import door

_KEPT = 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.EDIT_REPORT, files=True)
def word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where a Word form is sent in, and those sent in before are found again."""
    entry, at = own_entry(request, pk), timezone.now()
    refused: Sequence[Any] = ()
    if request.method == "POST":
        try:
            upload = request.FILES.get("file")
            if upload is None:
                raise Refused(fault("evidence_no_file"))  # noqa: TRY301 -- told as every other refusal is
            arrived = take_file(upload, wanted=(Kind.DOCX,))
            job = take_word(entry=entry, arrived=arrived, by=reader(request), at=at)
            return redirect("institution:word-read", pk, job.token)
        except Refused as found:
            refused = [said(finding) for finding in found.findings]
    shown = page_of(request, entry, at, "从 Word 导入") | {
        "refused": refused,
        "jobs": list(jobs_about(about(entry), READ_WORD)[:_KEPT]),
        "takings": _takings(entry),
    }
    return render(request, "institution/word.html", shown, status=422 if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.EDIT_REPORT)
def word_read(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """How far the reading is; then what was read beside the draft, to be ticked and taken."""
    entry = own_entry(request, pk)
    job = job_about(about(entry), token)
    if job is None or job.kind != READ_WORD:
        raise Http404
    name = str(job.given["name"])
    if job.state != State.DONE:
        shown = page_of(request, entry, timezone.now(), name) | {"job": job, "name": name}
        return render(request, "institution/word_waiting.html", shown)
    source = {"kind": "word", "name": name, "findings": job.findings, "again": reverse("institution:word", args=[pk])}
    return _beside(request, entry, source, job.result["report"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.EDIT_REPORT)
def prefill(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was handed in the season before, beside the draft; where there was none, a page that says so."""
    entry = own_entry(request, pk)
    last = earlier_submission(entry)
    if last is None:
        shown = page_of(request, entry, timezone.now(), "用上年度的内容")
        return render(request, "institution/prefill_none.html", shown)
    source = {"kind": "season", "name": last.entry.season.title, "findings": [], "again": ""}
    return _beside(request, entry, source, last.report)


@require_POST
@door(Act.EDIT_REPORT)
def undo(request: HttpRequest, pk: int, taking: int) -> HttpResponseBase:
    """What stood before it was taken stands again."""
    entry = own_entry(request, pk)
    try:
        stayed = undo_taking(entry=entry, taking=taking, by=reader(request), at=timezone.now())
    except Refused as refused:
        shown = page_of(request, entry, timezone.now(), "从 Word 导入") | {
            "refused": [said(finding) for finding in refused.findings],
            "jobs": list(jobs_about(about(entry), READ_WORD)[:_KEPT]),
            "takings": _takings(entry),
        }
        return render(request, "institution/word.html", shown, status=422)
    kept = f"。这些地方后来又改过，保留现在的：{'、'.join(stayed)}" if stayed else ""
    messages.success(request, f"已撤销，恢复到采用之前的内容{kept}")
    return redirect("institution:word", pk)


def _beside(request: HttpRequest, entry: Entry, source: Mapping[str, Any], data: Mapping[str, Any]) -> HttpResponseBase:
    at, refused = timezone.now(), []
    if request.method == "POST":
        chosen = dict(one.rpartition("|")[::2] for one in request.POST.getlist("take"))
        try:
            take_offered(
                entry=entry,
                source=source["kind"],
                name=source["name"],
                data=data,
                chosen=chosen,
                by=reader(request),
                at=at,
            )
            messages.success(request, f"已采用 {len(chosen)} 项，可在本页撤销")
            return redirect("institution:word", entry.pk)
        except Refused as found:
            refused = [said(finding) for finding in found.findings]
    found_offers = offers(entry, data)
    shown = page_of(request, entry, at, source["name"]) | {
        "source": source,
        "refused": refused,
        "parts": _by_part(found_offers),
        "new": sum(one.state == "new" for one in found_offers),
        "differs": sum(one.state == "differs" for one in found_offers),
        "same": sum(one.state == "same" for one in found_offers),
        "closed": _closed(entry, found_offers),
        "ticked": {one.rpartition("|")[0] for one in request.POST.getlist("take")},
    }
    return render(request, "institution/offers.html", shown, status=422 if refused else 200)


def _closed(entry: Entry, found: Sequence[Offer]) -> set[str]:
    """What is offered for a place that was not returned."""
    opening = opening_now(entry)
    return {one.key for one in found if not opening.has(one.key)}


def _takings(entry: Entry) -> list[tuple[Taking, bool]]:
    """What was taken lately, and whether it can be undone: not where a place of it was not returned."""
    opening = opening_of(entry)
    return [
        (one, all(opening.has(place) for place in taken_places(one)))
        for one in entry.takings.select_related("taken_by")[:_KEPT]
    ]


def _by_part(found: Sequence[Offer]) -> list[tuple[str, list[Offer]]]:
    headings = list(dict.fromkeys(one.heading for one in found))
    return [(heading, [one for one in found if one.heading == heading]) for heading in headings]
