"""A block copied out of Excel or WPS: which column goes where is shown first, and taken when the reader says so."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ceping.core.finding import Finding, fault
from ceping.core.names import is_blank
from ceping.core.scheme.entry import FormTable
from ceping.documents.intake.headers import find_header, wanted_of
from ceping.documents.intake.tables_cells import taken
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Act
from ceping.stages.report.access import why_closed
from ceping.stages.report.actions import add_rows
from ceping.stages.report.actions.draft import MOST_ROWS
from ceping.stages.scheme.queries import rules_of
from ceping.web.institution.reach import clock, own_entry, reader, said
from ceping.web.ui.door import door

_SHOWN = 8
_MOST_TEXT = 4 * 1024 * 1024
_MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Block:
    """Pasted rows without blank ones, the column each goes into (empty: none), whether the first rows were a header."""

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    header: tuple[str, ...]


@require_POST
@door(Act.EDIT_REPORT)
def paste(request: HttpRequest, pk: int, table: str) -> HttpResponseBase:
    """What goes where, as a fragment; with `take` the rows stand in the table and JSON says how many."""
    entry, at, given = own_entry(request, pk), timezone.now(), request.POST
    known = rules_of(entry.season).form.table_by_id.get(table)
    context = {"entry": entry, "table": table, "text": given.get("text", ""), "fixed": given.get("fixed", "")}
    if known is None:
        return _refused(request, context, [fault("draft_table_unknown", given=table[:60])], 404)
    if why := why_closed(entry, f"table:{table}"):
        return _refused(request, context, [why], 403)
    if is_blank(given.get("text", "")) and not given.get("take"):
        return render(request, "institution/paste.html", context)
    try:
        block = block_of(given.get("text", ""), known, start=given.get("column", ""))
    except Refused as refused:
        return _refused(request, context, refused.findings, 422)
    columns = tuple(given.getlist("to")) or block.columns
    rows, told = rows_of(block, columns, known, fixed=given.get("fixed", ""))
    if given.get("take"):
        instead = given.get("instead") == "yes"
        try:
            made = add_rows(entry=entry, table=table, rows=rows, by=reader(request), at=at, instead=instead)
        except NotAllowed as refused:
            return _refused(request, context, refused.findings, 403)
        except Refused as refused:
            return _refused(request, context, refused.findings, 422)
        return JsonResponse({"added": len(made), "saved": clock(at)})
    names = [
        (column.id, column.name) for column in known.columns if column.id != known.group_column or not context["fixed"]
    ]
    context |= {
        "count": len(rows),
        "standing": entry.rows.filter(table=table, removed_at=None).count(),
        "width": range(len(columns)),
        "heads": [
            (block.header[place] if place < len(block.header) else "", column) for place, column in enumerate(columns)
        ],
        "names": names,
        "rows": block.rows[:_SHOWN],
        "more": max(0, len(block.rows) - _SHOWN),
        "told": [(finding.place, finding.message(), finding.remedy()) for finding in told[:_MOST_TOLD]],
        "told_more": max(0, len(told) - _MOST_TOLD),
    }
    return render(request, "institution/paste.html", context)


def block_of(text: str, table: FormTable, *, start: str = "") -> Block:
    """The rows of the text, its header recognised by meaning, else its columns by position from column `start` on.

    Raises Refused for nothing, for too much, and for text that is no block of cells.
    """
    if is_blank(text):
        raise Refused(fault("paste_empty"))
    if len(text) > _MOST_TEXT or "\0" in text:
        raise Refused(fault("paste_unreadable", most=MOST_ROWS))
    try:
        lines = [tuple(cell.strip() for cell in line) for line in csv.reader(io.StringIO(text), delimiter="\t")]
    except csv.Error:
        raise Refused(fault("paste_unreadable", most=MOST_ROWS)) from None
    lines = [line for line in lines if not all(is_blank(cell) for cell in line)]
    wanted = wanted_of(table)
    header = find_header(lines, wanted)
    width = max(len(line) for line in lines)
    if header is not None:
        place = {column: key for key, column in header.columns.items()}
        columns = tuple(place.get(number, "") for number in range(width))
        rows, head = lines[header.last + 1 :], header.texts
    else:
        keys = [column.id for column in table.columns if column.id != table.group_column]
        first = keys.index(start) if start in keys else 0
        columns = tuple(keys[first + number] if first + number < len(keys) else "" for number in range(width))
        rows, head = lines, ()
    if not rows:
        raise Refused(fault("paste_empty"))
    if len(rows) > MOST_ROWS:
        raise Refused(fault("draft_too_many_rows", most=MOST_ROWS, given=len(rows)))
    return Block(tuple(rows), columns, tuple(head))


def rows_of(
    block: Block, columns: Sequence[str], table: FormTable, *, fixed: str = ""
) -> tuple[list[dict[str, str]], list[Finding]]:
    """The rows as the table holds them; a cell that a spreadsheet spoilt is left empty and told.

    `fixed` is the group, or the row of another table, that rows without one belong to. A column that is named twice is
    taken once.
    """
    wanted = {one.id: one for one in wanted_of(table)}
    parent = [one.id for one in table.columns if one.refers and one.refers == table.repeated_by]
    grouped = table.group_column or next(iter(parent), "")
    given = {grouped: fixed} if grouped and fixed else {}
    rows, told = [], []
    for number, line in enumerate(block.rows, start=1):
        cells: dict[str, str] = {}
        for key, text in zip(columns, line, strict=False):
            if key not in wanted or key in cells:
                continue
            value, code = taken(wanted[key], text)
            if code:
                place = f"第 {number} 行 {wanted[key].label}"
                told.append(fault(code, place=place, given=value[:40], name=wanted[key].label))
            elif value and not is_blank(value):
                cells[key] = value
        if cells:
            rows.append(given | cells)
    return rows, told


def _refused(
    request: HttpRequest, context: dict[str, object], findings: Sequence[Finding], status: int
) -> HttpResponseBase:
    return render(
        request, "institution/paste.html", context | {"refused": [said(one) for one in findings]}, status=status
    )
