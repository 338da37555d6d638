"""What public pages share: the record behind an address or no page at all, a file for anybody, findings in words."""

from collections.abc import Iterable

from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase

from ceping.core.finding import Finding
from ceping.ground.files.actions import bytes_of
from ceping.ground.files.models import File
from ceping.stages.publication.models import Notice, Release
from ceping.stages.publication.states import NoticeState

_OUT = (NoticeState.PUBLISHED, NoticeState.REPLACED)


def notice_at(pk: int) -> Notice:
    """A notice that went out, in force or replaced. Raises Http404 for any other."""
    rows = Notice.objects.select_related("season__scheme", "pdf__blob", "word__blob", "corrects", "release")
    found = rows.prefetch_related("season__phases").filter(pk=pk, state__in=_OUT).first()
    if found is None:
        raise Http404
    return found


def release_at(pk: int) -> Release:
    """A published result, in force or replaced. Raises Http404 for any other."""
    rows = Release.objects.select_related("season__scheme", "notice__computation")
    found = rows.prefetch_related("season__phases").filter(pk=pk, state__in=_OUT).first()
    if found is None:
        raise Http404
    return found


def given_out(file: File, content_type: str) -> HttpResponseBase:
    """The file for anybody, to be saved and never opened within this site."""
    answer = FileResponse(bytes_of(file).open("rb"), as_attachment=True, filename=file.name, content_type=content_type)
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # What went out never changes.
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def told(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Each finding and what to do."""
    return [(one.message(), one.remedy()) for one in findings]
