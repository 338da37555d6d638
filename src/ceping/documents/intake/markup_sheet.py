"""Faults drawn into a workbook: a first sheet that lists them, a comment and a colour on each faulty cell."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ceping.documents.excel import storable

TITLE = "问题清单"
MADE_BY = "ceping-marked"
_AUTHOR = "ceping"
_HEADERS = ("行", "列", "原因", "怎么改", "原来的内容", "轻重")
_WIDTHS = (8, 22, 48, 56, 28, 8)
_LEVELS = {"error": "错误", "warning": "提醒"}
_COLOURS = {"error": "FFC7CE", "warning": "FFEB9C"}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_COMMENT = 1000
_LINE_HEIGHT = 15
_COMMENT_WIDTH, _COMMENT_LINE = 320, 22
# Fixed, so that two runs over one file give one copy.
_MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(<)")
_MOMENT = rb"\g<1>2021-01-01T00:00:00Z\g<2>"
_ZIP_DATE = (2021, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Mark:
    """One fault for the list, and for a cell where it has one; counted from 1, row 0 is the file, column 0 a row."""

    row: int
    column: int
    label: str
    level: str
    message: str
    remedy: str


def mark(book: Workbook, page: Worksheet, marks: Sequence[Mark], *, first_column: int, notice: Sequence[str]) -> None:
    """The list stands first, each faulty cell has its colour and its comment; `notice` is what stands above the list.

    What concerns a whole row is put on its `first_column`.
    """
    by_cell: dict[tuple[int, int], list[Mark]] = {}
    for one in marks:
        if one.row:
            by_cell.setdefault((one.row, one.column or first_column), []).append(one)
    texts = {at: _shown(page.cell(*at).value) for at in by_cell}
    for (row, column), found in by_cell.items():
        _mark_cell(page.cell(row, column), found)
    _list(book, page, marks, texts, first_column, notice)


def cleared(book: Workbook) -> None:
    """What an earlier marking left is gone: its list, its comments, its colours."""
    for page in list(book.worksheets):
        if page.title.startswith(TITLE) and str(page["A1"].value or "").startswith(TITLE):
            book.remove(page)
            continue
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == _AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def put(cell: Cell, text: str) -> None:
    """The text stands in the cell as text, whatever it begins with."""
    cell.value = storable(text)
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(_RISKY):
        cell.quotePrefix = True


def packed(book: Workbook) -> bytes:
    """The workbook's file: the same bytes for the same workbook, whenever it is made."""
    raw = io.BytesIO()
    book.properties.category = MADE_BY
    book.save(raw)
    done = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MODIFIED.sub(_MOMENT, content)
            info = zipfile.ZipInfo(entry.filename, _ZIP_DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, content)
    return done.getvalue()


def _mark_cell(cell: Any, found: Sequence[Mark]) -> None:  # noqa: ANN401 -- a cell under a merged one is another class
    worst = "error" if any(one.level == "error" for one in found) else "warning"
    cell.fill = PatternFill("solid", fgColor=_COLOURS[worst])
    if not isinstance(cell, Cell):
        return
    lines = [f"{_LEVELS[one.level]}：{one.message}\n→ {one.remedy}" for one in found]
    if cell.comment is not None:
        lines.append(f"（原有批注）{cell.comment.text}")
    text = storable("\n".join(lines))[:_LONGEST_COMMENT]
    comment = Comment(text, _AUTHOR, width=_COMMENT_WIDTH, height=_COMMENT_LINE * (2 + len(text) // 20))
    cell.comment = comment


def _list(
    book: Workbook,
    page: Worksheet,
    marks: Sequence[Mark],
    texts: Mapping[tuple[int, int], str],
    first_column: int,
    notice: Sequence[str],
) -> None:
    listed = book.create_sheet(TITLE, 0)
    for number, sentence in enumerate(notice, start=1):
        put(listed.cell(number, 1), sentence)
        listed.cell(number, 1).font = Font(bold=number == 1, size=14 if number == 1 else 11)
        listed.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(_HEADERS))
        listed.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="center")
        listed.row_dimensions[number].height = 26 if number == 1 else 34
    top = len(notice) + 1
    for column, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), start=1):
        put(listed.cell(top, column), header)
        listed.cell(top, column).font = Font(bold=True)
        listed.cell(top, column).fill = PatternFill("solid", fgColor="DDEBF7")
        listed.column_dimensions[chr(64 + column)].width = width
    for line, one in enumerate(marks, start=top + 1):
        at = (one.row, one.column or first_column)
        _list_line(listed, line, one, texts.get(at, "") if one.column else "")
        if one.row:
            first: Any = listed.cell(line, 1)
            first.value = one.row
            first.number_format = "0"
            place = f"{quote_sheetname(page.title)}!{page.cell(*at).coordinate}"
            first.hyperlink = Hyperlink(ref="", location=place)
            first.font = Font(underline="single", color="0563C1")
    listed.freeze_panes = f"A{top + 1}"
    listed.page_setup.orientation = "landscape"
    listed.page_setup.fitToHeight = 0
    listed.sheet_properties.pageSetUpPr.fitToPage = True
    listed.print_title_rows = f"{top}:{top}"
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is listed
    book.active = 0


def _list_line(listed: Worksheet, line: int, one: Mark, given: str) -> None:
    cells = ("", one.label, one.message, one.remedy, given, _LEVELS[one.level])
    edge = Side("hair", color="7F7F7F")
    for column, text in enumerate(cells, start=1):
        cell = listed.cell(line, column)
        put(cell, text)
        cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True)
        cell.border = Border(bottom=edge)
    listed.cell(line, len(cells)).fill = PatternFill("solid", fgColor=_COLOURS[one.level])
    # Not every program makes a row as high as its text.
    lines = max(-(-room(text) // (width - 1)) for text, width in zip(cells, _WIDTHS, strict=True))
    listed.row_dimensions[line].height = _LINE_HEIGHT * max(lines, 1) + 3


def room(text: str) -> int:
    """How many half-width characters wide a text is."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _shown(value: object) -> str:
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    return "" if value is None else str(value)[:200]
