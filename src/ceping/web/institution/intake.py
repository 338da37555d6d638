"""A list out of a spreadsheet file: looked at, shown, and taken whole; or given back marked up, nothing of it taken."""

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
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.scheme.entry import FormTable
from ceping.documents.inspection.kind import Kind
from ceping.documents.intake.clients import Intake, take_in
from ceping.documents.intake.markup import write_marked
from ceping.documents.intake.tables import QUESTIONS
from ceping.ground.files import actions as files
from ceping.ground.files.models import File
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Act
from ceping.stages.report.access import why_not_change
from ceping.stages.report.actions import add_rows
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import report_data, report_in, spots_in
from ceping.stages.scheme.queries import period_of, rules_of
from ceping.web.institution.reach import own_entry, page_of, reader, said
from ceping.web.ui.door import door

PURPOSE = "import"
_SHOWN, _MOST_TOLD, _ROOM = 8, 30, 20 * 1024 * 1024
_ASKS = {
    "intake_formulas": "formulas",
    "intake_merged": "merged",
    "intake_hidden_rows": "hidden",
    "intake_hidden_columns": "hidden",
    "intake_filtered": "hidden",
    "intake_sheet_hidden": "hidden",
}
# What the command line is told by an option, the page is told in a field of its own.
_HERE = {
    "intake_sheets_several": "请在下面写明收哪一个工作表",
    "intake_gb18030": "这一行读得通，请在下面打勾再看一次；读不通，请另存为“CSV UTF-8”",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.EDIT_REPORT, files=True)
def choose(request: HttpRequest, pk: int, table: str) -> HttpResponseBase:
    """Which file; once its bytes are safe, on to what is in it."""
    # The form's own token is read first, and the file with it: no connection waits for a slow sender.
    given = request.FILES.get("file") if request.method == "POST" else None
    entry = own_entry(request, pk)
    known = _table(entry, table)
    refused: tuple[Finding, ...] = ()
    if request.method == "POST":
        at, by = timezone.now(), reader(request)
        try:
            if why := why_not_change(by, entry, at, f"table:{table}"):
                raise NotAllowed(why)
            arrived = _arrived(given)
        except Refused as failed:
            refused = failed.findings
        else:
            file = files.add_file(arrived=arrived, purpose=PURPOSE, institution=entry.institution, by=by, at=at)
            return redirect("institution:intake", pk, table, file.token)
    shown = page_of(request, entry, timezone.now(), f"导入{known.title or '清单'}", f"table:{table}") | {
        "table": known,
        "columns": [column for column in known.columns if column.required],
        "refused": [said(finding) for finding in refused],
    }
    return render(request, "institution/import.html", shown, status=422 if refused else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Act.EDIT_REPORT)
def look(request: HttpRequest, pk: int, table: str, token: str) -> HttpResponseBase:
    """What the file holds and what would be taken; taken by the post of the same form, all of it or nothing."""
    entry = own_entry(request, pk)
    known, file = _table(entry, table), _file(request, entry, token)
    given = request.POST if request.method == "POST" else request.GET
    with _lying(file) as path:
        found = _read(entry, known, path, given)
    refused: tuple[Finding, ...] = ()
    if request.method == "POST" and given.get("take") and found.taken:
        try:
            instead = given.get("instead") == "yes"
            by, at = reader(request), timezone.now()
            add_rows(entry=entry, table=table, rows=found.rows, by=by, at=at, instead=instead)
        except Refused as failed:
            refused = failed.findings
        else:
            return redirect(_home(entry, table))
    errors = errors_in(found.findings)
    codes = {finding.code for finding in found.findings}
    told = [_told(finding) for finding in (*errors, *(one for one in found.findings if one.level is Level.WARNING))]
    shown = page_of(request, entry, timezone.now(), f"导入{known.title or '清单'}", f"table:{table}") | {
        "table": known,
        "file": file,
        "found": found,
        "errors": len(errors),
        "told": told[:_MOST_TOLD],
        "more": max(0, len(told) - _MOST_TOLD),
        "refused": [said(finding) for finding in refused],
        "columns": [(column.name, found.table.columns.get(column.id)) for column in known.columns],
        "rows": [[row.get(column.id, "") for column in known.columns] for row in found.rows[:_SHOWN]],
        "ignored": found.table.ignored,
        "standing": entry.rows.filter(table=table, removed_at=None).count(),
        "sheets": bool(codes & {"intake_sheets_several", "intake_sheet_unknown"}) or bool(given.get("sheet")),
        "sheet": given.get("sheet", ""),
        "gb18030": "intake_gb18030" in codes or given.get("encoding") == "gb18030",
        "encoding": given.get("encoding", ""),
        "questions": [
            (key, QUESTIONS[key], key in given.getlist("confirm"))
            for key in sorted(
                {_ASKS[code] for code in codes & _ASKS.keys()} | set(given.getlist("confirm")) & set(QUESTIONS)
            )
        ],
        "markable": bool(errors) and bool(found.table.texts),
    }
    return render(request, "institution/intake.html", shown, status=409 if refused else 200)


@never_cache
@require_safe
@door(Act.EDIT_REPORT)
def marked(request: HttpRequest, pk: int, table: str, token: str) -> HttpResponseBase:
    """The refused file with every fault on its cell, to mend and bring again."""
    entry = own_entry(request, pk)
    known, file = _table(entry, table), _file(request, entry, token)
    with _lying(file) as path:
        found = _read(entry, known, path, request.GET)
        if not errors_in(found.findings) or not found.table.texts:
            raise Http404
        out = path.with_name("marked.xlsx")
        write_marked(path, found.table, out)
        # Opened before its folder goes: the bytes stay readable until they are sent.
        opened = out.open("rb")
    answer = FileResponse(opened, as_attachment=True, filename=f"{Path(file.name).stem}（已标注）.xlsx")
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def _arrived(given: "UploadedFile[bytes] | None") -> files.Arrived:
    """The file through the one gate. Raises Refused."""
    if given is None:
        raise Refused(fault("import_no_file"))
    if (given.size or 0) > _ROOM:
        raise Refused(fault("file_bytes", file=given.name or "", most=f"{_ROOM >> 20} MB"))
    return files.take_in(given.chunks(), name=given.name or "", wanted={Kind.XLSX, Kind.CSV})


def _read(entry: Entry, table: FormTable, path: Path, given: Any) -> Intake:  # noqa: ANN401 -- a QueryDict, get or post
    # What else the report says is held against the list, but not the rows it may be going to take the place of.
    data = report_data(entry)
    data["tables"].pop(table.id, None)
    return take_in(
        path,
        rules_of(entry.season),
        table,
        report=report_in(data),
        period=period_of(entry.season),
        sheet=given.get("sheet", "").strip(),
        encoding="gb18030" if given.get("encoding") == "gb18030" else "",
        confirmed=frozenset(given.getlist("confirm")) & frozenset(QUESTIONS),
    )


@contextmanager
def _lying(file: File) -> Iterator[Path]:
    """A copy of the file under its own name, in a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="ceping-import-") as name:
        path = Path(name) / Path(file.name).name
        shutil.copyfile(files.bytes_of(file), path)
        yield path


def _table(entry: Entry, table: str) -> FormTable:
    known = rules_of(entry.season).form.table_by_id.get(table)
    if known is None:
        raise Http404
    return known


def _file(request: HttpRequest, entry: Entry, token: str) -> File:
    mine = File.objects.select_related("blob").filter(
        token=token, purpose=PURPOSE, institution=entry.institution, given_by=reader(request)
    )
    found = mine.first()
    if found is None:
        raise Http404
    return found


def _told(finding: Finding) -> dict[str, Any]:
    return {
        "stops": finding.level is Level.ERROR,
        "place": finding.place,
        "message": finding.message(),
        "remedy": _HERE.get(finding.code) or (_asks(finding.code) or finding.remedy()),
    }


def _asks(code: str) -> str:
    return f"确认无误的，请在下面勾选“{QUESTIONS[_ASKS[code]]}”；否则请改好文件再来" if code in _ASKS else ""


def _home(entry: Entry, table: str) -> str:
    part = spots_in(rules_of(entry.season)).part_of(f"table:{table}")
    return reverse("institution:part", args=[entry.pk, part]) + f"?t={table}&page=last#t-{table}"
