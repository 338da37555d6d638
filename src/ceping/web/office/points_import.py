"""Files of shops and events brought in: the same checks as the command, and a list of every row that was not taken."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.bulk.request import Encoding
from ceping.core.finding import Finding, fault
from ceping.documents.inspection.kind import Kind
from ceping.flow.points_desk import ABOUT, IMPORT, ask_to_import
from ceping.ground.files.actions import Arrived, take_in
from ceping.ground.files.models import File
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.ground.work.actions import call_off
from ceping.ground.work.models import Job, State
from ceping.ground.work.queries import job_about, jobs_about
from ceping.stages.points.states import Outcome
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.points_words import code_word, tabs_for
from ceping.web.ui import viewer
from ceping.web.ui.door import door

_SHOWN, _MOST_FILES = 10, 20
_WANTED = frozenset({Kind.CSV, Kind.JSONL, Kind.PARQUET})


@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.OVERSEE_SHOPS, files=True)
def page(request: HttpRequest) -> HttpResponseBase:
    """What was brought in and is being taken; a form sent is looked at here and taken in beside the page."""
    if request.method != "POST":
        return _page(request)
    asked = request.POST
    try:
        shops = _arrived(request.FILES.get("shops"))
        events = _events(request.FILES.getlist("events"))
        encoding = Encoding.GB18030 if asked.get("encoding") == Encoding.GB18030 else Encoding.UTF8
        ask_to_import(shops=shops, events=events, encoding=encoding, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, refused.findings)
    messages.success(request, "文件已收到，后台正在收进；可以离开本页")
    return redirect("office:points_import")


@require_POST
@door(Act.OVERSEE_SHOPS)
def stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """The import is called off; what was taken by then stays."""
    call_off(job=_job(token), at=timezone.now())
    messages.success(request, "已停下；停下以前收进的事件保留，同一文件可以再导入，不会重复计")
    return redirect("office:points_import")


@require_safe
@door(Act.OVERSEE_SHOPS, writes_on_get=True)
def rejected(request: HttpRequest, token: str) -> HttpResponseBase:
    """The list of what was not taken, as a file; who fetched it is kept."""
    job = _job(token)
    key = job.result.get("file") if job.state == State.DONE else None
    found = File.objects.select_related("blob").filter(pk=key).first() if key is not None else None
    if found is None:
        raise Http404
    return viewer.download(request, found)


def _job(token: str) -> Job:
    job = job_about(ABOUT, token)
    if job is None or job.kind != IMPORT:
        raise Http404
    return job


def _arrived(given: "UploadedFile[bytes] | None") -> Arrived | None:
    """The file through the one gate. Raises Refused."""
    return take_in(given.chunks(), name=given.name or "", wanted=_WANTED) if given is not None else None


def _events(given: "list[UploadedFile[bytes]]") -> list[Arrived]:
    """The files of events, in order. Raises Refused, also for too many."""
    if len(given) > _MOST_FILES:
        raise Refused(fault("points_files_many", place="events", most=_MOST_FILES))
    return [one for one in map(_arrived, given) if one is not None]


def _page(request: HttpRequest, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    jobs = list(jobs_about(ABOUT, IMPORT).select_related("asked_by")[:_SHOWN])
    shown = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), ("导入文件", "")],
        "tabs": tabs_for(reader(request), "points_import"),
        "jobs": [_told(one) for one in jobs],
        "going": any(not one.over for one in jobs),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/points_import.html", shown, status=422 if refused else 200)


def _told(job: Job) -> dict[str, Any]:
    """One import in words: its files, how far it is, what came of it, the first rows that were not taken."""
    result = job.result if job.state == State.DONE else {}
    counts = result.get("outcomes", {})
    return {
        "job": job,
        "names": job.given.get("names", []),
        "shops": result.get("shops", 0),
        "outcomes": [(one.label, counts.get(one.value, 0)) for one in Outcome if counts.get(one.value)],
        "listed": result.get("listed", 0),
        "has_file": result.get("file") is not None,
        "first": [(*row[:4], code_word(row[4]), row[4]) for row in result.get("first", []) if len(row) > 4],
    }
