"""What a refused spreadsheet goes back as: a copy with every fault on its cell, and a first sheet that lists them."""

import contextlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ceping.core.finding import Level
from ceping.documents import confined
from ceping.documents.intake.markup_sheet import MADE_BY, TITLE, Mark, mark, packed, put, room
from ceping.documents.intake.tables import Table
from ceping.documents.intake.tables_cells import shown

# Above that a copy of everything is slow to make and slow to open; then only the faulty rows are copied.
_MOST_CELLS = 200_000
_MOST_MARKS = 2_000
_MB = 1024 * 1024
_LIMITS = confined.Limits(cpu_seconds=40, memory_bytes=900 * _MB, wall_seconds=120, written_bytes=100 * _MB)
_WIDEST, _NARROWEST = 40, 8
_ROW_HEADER = "原行号"


def write_marked(path: Path, table: Table, out: Path) -> None:
    """The marked-up copy of the file at `path` stands at `out`, whole or not at all.

    A workbook keeps its other sheets and its looks; a CSV file becomes a workbook of texts. Of a very large file only
    the faulty rows are copied, with their numbers. Raises `confined.Refused` when the workbook cannot be copied.
    """
    marks = list(_marks(table))
    notice = _notice(table, marks)
    first = min(table.columns.values(), default=1)
    cells = sum(len(row) for row in table.texts)
    with whole(out) as draft:
        if table.sheet and cells <= _MOST_CELLS:
            options = {
                "out": str(draft),
                "sheet": table.sheet,
                "marks": [asdict(one) for one in marks[:_MOST_MARKS]],
                "first_column": first,
                "notice": notice,
                "formulas": any(one.finding.code == "intake_formula_blank" for one in table.located),
            }
            confined.run("ceping.documents.intake.markup_book:copy", path, options, limits=_LIMITS)
        else:
            draft.write_bytes(_copied(table, marks[:_MOST_MARKS], first, notice, all_rows=cells <= _MOST_CELLS))


def is_marked(path: Path) -> bool:
    """Whether the file is a marked-up copy made here, which a newer one may take the place of."""
    try:
        with zipfile.ZipFile(path) as archive:
            core = archive.read("docProps/core.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return MADE_BY.encode() in core


def _marks(table: Table) -> Iterator[Mark]:
    names = {column: table.labels.get(key, key) for key, column in table.columns.items()}
    ordered = sorted(table.located, key=lambda one: (one.finding.level is Level.WARNING, one.row, one.column))
    for one in ordered:
        label = names.get(one.column, "") if one.column else ("" if one.row else one.finding.place)
        level = one.finding.level.value
        yield Mark(one.row, one.column, label, level, one.finding.message(), one.finding.remedy())


def _notice(table: Table, marks: Sequence[Mark]) -> list[str]:
    errors = sum(one.level == "error" for one in marks)
    told = f"“{table.file}”共有 {errors} 处错误、{len(marks) - errors} 处提醒；有错误时一行也没有收。"
    if len(marks) > _MOST_MARKS:
        told += f"这里列出前 {_MOST_MARKS:,} 处。"
    how = "点“行”里的数字可以跳到那一格；红色是错误，黄色是提醒，鼠标停在格上能看到怎么改。改好后可以直接提交这个文件。"
    return [TITLE, told, how]


def _copied(table: Table, marks: Sequence[Mark], first: int, notice: Sequence[str], *, all_rows: bool) -> bytes:
    """A workbook of texts made anew: all rows, or the header and the faulty ones with their numbers in front."""
    book = Workbook()
    page = book.active
    page.title = table.sheet or "原表"
    if all_rows:
        for number, row in enumerate(table.texts, start=1):
            for column, raw in enumerate(row, start=1):
                if text := shown(raw):
                    put(page.cell(number, column), text)
        _fit(page)
        mark(book, page, marks, first_column=first, notice=notice)
        return packed(book)
    faulty = sorted({one.row for one in marks if one.row > table.header})
    lines = {number: line for line, number in enumerate((table.header, *faulty), start=1)}
    for number, line in lines.items():
        put(page.cell(line, 1), _ROW_HEADER if number == table.header else str(number))
        for column, raw in enumerate(table.texts[number - 1], start=2):
            if text := shown(raw):
                put(page.cell(line, column), text)
    _fit(page)
    moved = [
        Mark(lines.get(one.row, 0), one.column + 1 if one.column else 1, one.label, one.level, one.message, one.remedy)
        for one in marks
    ]
    more = "文件很大，这里只有表头和有问题的行，原来的行号在第一列；请在原来的文件里改。"
    mark(book, page, moved, first_column=1, notice=[*notice[:2], more])
    return packed(book)


def _fit(page: Worksheet) -> None:
    for cells in page.iter_cols(max_row=60):
        widest = max((room(str(cell.value or "")) for cell in cells), default=0)
        page.column_dimensions[cells[0].column_letter].width = min(max(widest + 2, _NARROWEST), _WIDEST)


@contextlib.contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A place beside `out` to write to, which becomes `out` when all went well, else is gone."""
    out.absolute().parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{out.name[:80]}.", dir=out.absolute().parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o644)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
