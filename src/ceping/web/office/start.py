"""Accounts in bulk: a list of institutions looked at, shown, and taken whole; the slips are given out this once."""

import base64
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.documents.fonts.faces import faces_from
from ceping.documents.forms.slips import slips_document
from ceping.documents.inspection.kind import Kind
from ceping.documents.intake.institutions import COLUMNS, ListIntake, take_in_institutions
from ceping.documents.intake.markup import write_marked
from ceping.documents.intake.tables import QUESTIONS
from ceping.documents.pdf import to_pdf
from ceping.flow.start import BEGINNING, Started, differences_from_known, start_season
from ceping.ground.files import actions as files
from ceping.ground.files.models import File
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area
from ceping.ground.people.roles import Role
from ceping.stages.scheme.models import Season
from ceping.web.office.accounts import key_of
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PURPOSE = "start"
_SHOWN, _MOST_TOLD, _ROOM = 8, 30, 20 * 1024 * 1024


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.SECURITY_OFFICER, files=True)
def choose(request: HttpRequest) -> HttpResponseBase:
    """Which season and which file; once its bytes are safe, on to what is in it."""
    given = request.FILES.get("file") if request.method == "POST" else None
    refused: tuple[Finding, ...] = ()
    if request.method == "POST":
        season = _season(request.POST.get("season", ""))
        try:
            arrived = _arrived(given)
        except Refused as failed:
            refused = failed.findings
        else:
            at = timezone.now()
            file = files.add_file(arrived=arrived, purpose=PURPOSE, institution=None, by=reader(request), at=at)
            return redirect("office:start_list", season.pk, file.token)
    shown = {
        "nav_now": "start",
        "seasons": list(Season.objects.filter(state__in=BEGINNING)),
        "columns": COLUMNS,
        "refused": in_words(refused),
    }
    return render(request, "office/start.html", shown, status=422 if refused else 200)


@never_cache
@require_safe
@door(Role.SECURITY_OFFICER)
def look(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """What is in the file: everything that is wrong, or what would be taken."""
    season, file = _season(str(pk)), _file(request, token)
    return _page(request, season, file, _read(file, request.GET))


@never_cache
@require_POST
@door(Role.SECURITY_OFFICER)
@fresh_login
def take(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The list is taken, all of it or nothing; the page after it holds the slips, and nothing else does.

    They are drawn once everything is done: hundreds take seconds, for which nobody else's acts should wait. Whoever
    loses them takes the list `again`.
    """
    season, file = _season(str(pk)), _file(request, token)
    found = _read(file, request.POST)
    if not found.taken:
        return _page(request, season, file, found, status=409)
    at, again = timezone.now(), request.POST.get("again") == "yes"
    try:
        done = start_season(season=season, lines=found.lines, by=reader(request), at=at, again=again)
    except Refused as refused:
        return _page(request, season, file, found, refused, status=409)
    shown = {"nav_now": "start", "season": season, "file": file, "done": done, "slips": _slips(season, done)}
    return render(request, "office/started.html", shown)


@never_cache
@require_safe
@door(Role.SECURITY_OFFICER)
def marked(request: HttpRequest, pk: int, token: str) -> HttpResponseBase:
    """The refused file with every fault on its cell, to mend and bring again."""
    _season(str(pk))
    file = _file(request, token)
    with _lying(file) as path:
        found = _taken_in(path, request.GET)
        if not errors_in(found.table.findings) or not found.table.texts:
            raise Http404
        out = path.with_name("marked.xlsx")
        write_marked(path, found.table, out)
        copy = io.BytesIO(out.read_bytes())
    answer = FileResponse(copy, as_attachment=True, filename=f"{Path(file.name).stem}（已标注）.xlsx")
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def _page(
    request: HttpRequest,
    season: Season,
    file: File,
    found: ListIntake,
    refused: Refused | None = None,
    *,
    status: int = 200,
) -> HttpResponseBase:
    given = request.POST if request.method == "POST" else request.GET
    findings = found.table.findings
    codes = {finding.code for finding in findings}
    errors = errors_in(findings)
    warnings = [one for one in findings if one.level is Level.WARNING]
    told = [*errors, *warnings, *differences_from_known(found.lines)]
    shown = {
        "nav_now": "start",
        "season": season,
        "file": file,
        "found": found,
        "errors": len(errors),
        "told": [
            {"stops": one.level is Level.ERROR, "place": one.place, "message": one.message(), "remedy": one.remedy()}
            for one in told[:_MOST_TOLD]
        ],
        "more": max(0, len(told) - _MOST_TOLD),
        "refused": in_words(refused.findings) if refused else [],
        "rows": found.lines[:_SHOWN],
        "letters": sum(bool(line.email) for line in found.lines),
        "asked": given,
        "sheets": bool(codes & {"intake_sheets_several", "intake_sheet_unknown"}) or bool(given.get("sheet")),
        "gb18030": "intake_gb18030" in codes or given.get("encoding") == "gb18030",
        "questions": [(key, words, key in given.getlist("confirm")) for key, words in QUESTIONS.items()],
        "asks": any(one.code.startswith(_ASKING) for one in findings) or bool(given.getlist("confirm")),
        "markable": bool(errors) and bool(found.table.texts),
    }
    return render(request, "office/start_list.html", shown, status=status)


_ASKING = ("intake_formulas", "intake_merged", "intake_hidden", "intake_filtered", "intake_sheet_hidden")


def _slips(season: Season, done: Started) -> str:
    """The slips as a link that holds its own file: their links are stored nowhere. Empty when there are none."""
    if not done.slips:
        return ""
    faces, _ = faces_from(os.environ)
    data = to_pdf(slips_document(season.title, done.slips, dated=timezone.localdate()), faces)
    return f"data:application/pdf;base64,{base64.b64encode(data).decode('ascii')}"


def _arrived(given: "UploadedFile[bytes] | None") -> files.Arrived:
    """The file through the one gate. Raises Refused."""
    if given is None:
        raise Refused(fault("import_no_file"))
    if (given.size or 0) > _ROOM:
        raise Refused(fault("file_bytes", file=given.name or "", most=f"{_ROOM >> 20} MB"))
    return files.take_in(given.chunks(), name=given.name or "", wanted={Kind.XLSX, Kind.CSV})


def _read(file: File, given: Any) -> ListIntake:  # noqa: ANN401 -- a QueryDict, get or post
    with _lying(file) as path:
        return _taken_in(path, given)


def _taken_in(path: Path, given: Any) -> ListIntake:  # noqa: ANN401 -- as above
    return take_in_institutions(
        path,
        list(Area.objects.values_list("name", flat=True)),
        sheet=given.get("sheet", "").strip(),
        encoding="gb18030" if given.get("encoding") == "gb18030" else "",
        confirmed=frozenset(given.getlist("confirm")) & frozenset(QUESTIONS),
    )


@contextmanager
def _lying(file: File) -> Iterator[Path]:
    """A copy of the file under its own name, in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="ceping-start-") as name:
        path = Path(name) / Path(file.name).name
        shutil.copyfile(files.bytes_of(file), path)
        yield path


def _season(number: str) -> Season:
    found = Season.objects.select_related("scheme").prefetch_related("phases").filter(pk=key_of(number)).first()
    if found is None:
        raise Http404
    return found


def _file(request: HttpRequest, token: str) -> File:
    mine = File.objects.select_related("blob").filter(token=token, purpose=PURPOSE, given_by=reader(request))
    found = mine.first()
    if found is None:
        raise Http404
    return found
