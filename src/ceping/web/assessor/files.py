"""Files of a report before its assessor: in the viewer all desks share, behind assessment's own access."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ceping.ground.files.models import File
from ceping.ground.people.roles import Role
from ceping.stages.assessment.queries import attachments_of
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries import last_submission
from ceping.web.assessor.reach import opened
from ceping.web.ui import viewer
from ceping.web.ui.door import door


@require_safe
@door(Role.ASSESSOR, writes_on_get=True)
def look(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The file in the viewer; the look is recorded."""
    entry, file = _file(request, pk, token)
    listed = attachments_of(entry, last_submission(entry))
    shelf = viewer.Shelf(
        title="核定与材料",
        back=reverse("assessor:verify", args=[pk]),
        picture=lambda number, size: reverse("assessor:picture", args=[pk, token, number, size]),
        download=reverse("assessor:download", args=[pk, token]),
        others=tuple(
            (one.short, reverse("assessor:file", args=[pk, one.token]), one.token == token)
            for one in listed
            if one.token
        ),
        context={"season": entry.season, "nav_now": "marking"},
    )
    return viewer.look(request, file, shelf)


@require_safe
@door(Role.ASSESSOR)
def picture(request: HttpRequest, pk: int, token: str, number: int, size: str) -> HttpResponseBase:
    """One page as a picture with the reader's name across it."""
    _, file = _file(request, pk, token)
    return viewer.picture(request, file, number, size)


@require_safe
@door(Role.ASSESSOR, writes_on_get=True)
def download(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The file as it came; recorded."""
    _, file = _file(request, pk, token)
    return viewer.download(request, file)


def _file(request: HttpRequest, pk: int, token: str) -> tuple[Entry, File]:
    """The file, if it is part of the submission that is judged. Raises Http404 for any other."""
    entry = opened(request, pk, timezone.now()).entry
    found = Attachment.objects.filter(entry=entry, file__token=token).select_related("file__blob").first()
    submission = last_submission(entry)
    if submission is None or found is None:
        raise Http404
    if found.file.blob.sha256 not in {one.get("sha256") for one in submission.report.get("attachments", ())}:
        raise Http404
    return entry, found.file
