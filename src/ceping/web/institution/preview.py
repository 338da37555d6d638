"""The report printed beside the page: the draft with its mark at any time, a submission with number, hash and QR."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.files.models import File
from ceping.ground.people.roles import Act
from ceping.ground.work.actions import call_off
from ceping.ground.work.models import OVER, Job, State
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import report_data
from ceping.stages.report.queries.draft import report_sha256
from ceping.stages.report.tasks import PRINT, about, ask_to_print
from ceping.web.institution.reach import own_entry, page_of, reader
from ceping.web.ui.door import door

_KEPT = 10


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was printed, and what can be."""
    entry = own_entry(request, pk)
    jobs = list(jobs_about(about(entry), PRINT)[:_KEPT])
    tokens = [token for job in jobs if job.state == State.DONE for token in job.result["files"]]
    files = {file.token: file for file in File.objects.select_related("blob").filter(token__in=tokens)}
    submissions = list(entry.submissions.defer("report").order_by("-number"))
    now = report_sha256(report_data(entry))
    shown = page_of(request, entry, timezone.now(), "预览与打印") | {
        "printed": [_shown(job, files, now) for job in jobs],
        "submissions": submissions,
        "current": next((one for one in submissions if one.withdrawn_at is None), None),
        "waiting": any(not job.over for job in jobs),
    }
    return render(request, "institution/preview.html", shown)


@require_POST
@door(Act.EDIT_REPORT)
def ask(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Printing is asked for: the draft, or the submission of `number`; what lies ready or goes on is not made again."""
    entry, given = own_entry(request, pk), request.POST.get("number", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else None
    if given and (number is None or not entry.submissions.filter(number=number).exists()):
        raise Http404
    if _ready(entry, number) is None:
        ask_to_print(entry=entry, submission=number, by=reader(request), at=timezone.now())
    return redirect("institution:preview", pk)


@require_POST
@door(Act.EDIT_REPORT)
def cancel(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """Work about the report that is not wanted any more."""
    entry = own_entry(request, pk)
    job = job_about(about(entry), token)
    if job is None:
        raise Http404
    call_off(job=job, at=timezone.now())
    return redirect("institution:preview", pk)


def _ready(entry: Entry, number: int | None) -> Job | None:
    """Work that is under way or done for this very content."""
    now = report_sha256(report_data(entry)) if number is None else ""
    for job in jobs_about(about(entry), PRINT)[:_KEPT]:
        usable = job.state not in OVER or job.state == State.DONE
        if usable and job.given.get("submission") == number and job.given.get("sha256") == now:
            return job
    return None


def _shown(job: Job, files: dict[str, File], now: str) -> dict[str, Any]:
    made = [files[token] for token in job.result.get("files", ()) if token in files]
    draft = job.given.get("submission") is None
    return {
        "job": job,
        "number": job.given.get("submission"),
        "files": [(file, file.name.rpartition(".")[2].upper()) for file in made],
        "old": draft and job.state == State.DONE and job.result["sha256"] != now,
        "sha256": job.result.get("sha256", ""),
    }
