"""The tables of the report as grids: open rows, rows under fixed groups, a table for each department, the checklist."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from ceping.core.names import is_blank
from ceping.core.report.answers import Report, Row
from ceping.core.scheme.entry import Column, FormTable
from ceping.core.scheme.form import FormFile
from ceping.documents.forms.report_answer import plain, printed_cell, tidy
from ceping.documents.forms.report_width import column_wanted, least, shares
from ceping.documents.sheet import Align, Cell, Grid
from ceping.documents.width import room

_LEFT = ("text", "long_text", "email")
_CHECKLIST = (12, 88)


def grids_of(form: FormFile, table: FormTable, report: Report, *, blank: bool) -> Iterator[Grid]:
    """The table as one grid, or as one for each row of the table it repeats with.

    A table without rows shows those that the empty form prints when `blank`, else a single one.
    """
    count = max(table.blank_rows if blank else 1, 1)
    if table.kind == "repeated":
        yield from _repeated(form, table, report, count)
    elif table.kind == "grouped":
        yield _grouped(table, report)
    else:
        rows = [row for _, row in report.filled_rows(table)]
        yield _open(table, rows, count)


def checklist_grid(form: FormFile, report: Report) -> Grid:
    """The attachments asked for; under each item stand the names of the files that were attached for it."""
    checklist = form.checklist
    names: dict[int | None, list[str]] = defaultdict(list)
    numbers = {item.number for item in checklist.items}
    for one in report.attachments:
        until = f"（有效期至{_day(one.valid_until)}）" if not is_blank(one.valid_until) else ""
        names[one.item if one.item in numbers else None].append(tidy(PurePosixPath(one.file).name + until))
    columns = max(len(checklist.headers), 2)
    rows = [tuple(_over(columns, [Cell(text, "label", align="center") for text in checklist.headers]))]
    for item in checklist.items:
        rows += _item_rows(str(item.number), item.text, names.get(item.number, ()), columns)
    if names.get(None):
        rows += _item_rows("—", "其他附件", names[None], columns)
    widths = _CHECKLIST if columns == 2 else shares([room(text) for text in checklist.headers])
    return Grid(widths, tuple(rows), header=1)


def _item_rows(number: str, text: str, files: Sequence[str], columns: int) -> Iterator[tuple[Cell, ...]]:
    # The official words keep a cell of their own, so that they stay as they were printed.
    last = columns - 1
    yield (
        Cell(number, "label", rows=2 if files else 1, align="center"),
        Cell(text, "label", columns=last, align="left"),
    )
    if files:
        yield (Cell("\n".join(files), "value", columns=last, align="left"),)


def _open(table: FormTable, rows: Sequence[Row], blank: int) -> Grid:
    columns = _printed(table)
    filled = [tuple(_cells(table, columns, row)) for row in rows] or [_blank(columns)] * blank
    return Grid(_widths(table, columns, rows), (_headings(columns), *filled), header=1)


def _grouped(table: FormTable, report: Report) -> Grid:
    columns, groups = _printed(table), {group.id: group.label for group in table.groups}
    under: dict[str, list[Row]] = {key: [] for key in groups}
    for _, row in report.filled_rows(table):
        # A group nobody knows is a fault of the report; a draft still shows its rows, after the others.
        under.setdefault(row.get(table.group_column, ""), []).append(row)
    rows: list[tuple[Cell, ...]] = [_headings(columns)]
    for key, found in under.items():
        label = groups.get(key, tidy(key))
        for number, row in enumerate(found or [{}]):
            cells = list(_cells(table, columns, row))
            place = next(index for index, column in enumerate(columns) if column.id == table.group_column)
            cells[place : place + 1] = (
                [Cell(label, "label", rows=len(found) or 1, align="center")] if not number else []
            )
            rows.append(tuple(cells))
    every = [{**row, table.group_column: ""} for found in under.values() for row in found]
    widest = max((room(label) for label in groups.values()), default=0)
    return Grid(_widths(table, columns, every, {table.group_column: min(widest, 16)}), tuple(rows), header=1)


def _repeated(form: FormFile, table: FormTable, report: Report, blank: int) -> Iterator[Grid]:
    parent = form.table_by_id[table.repeated_by]
    link = next(column for column in table.columns if column.refers == parent.id)
    columns = [column for column in _printed(table) if column is not link]
    owners: dict[str, Row] = {row.get(link.id, ""): row for _, row in report.filled_rows(parent)}
    under: dict[str, list[Row]] = defaultdict(list)
    for _, row in report.filled_rows(table):
        key = row.get(link.id, "")
        owners.setdefault(key, {link.id: key})
        under[key].append(row)
    across = max(len(columns), 2)
    widths = _widths(table, columns, [row for rows in under.values() for row in rows])
    if len(widths) < across:
        widths = shares([room(parent.columns[0].label), 40])
    for key, owner in (owners or {"": {}}).items():
        heads = [
            (
                Cell(column.label, "label", align="center"),
                Cell(printed_cell(parent, column, owner), columns=across - 1, align="left"),
            )
            for column in _printed(parent)
        ]
        filled = [tuple(_over(across, _cells(table, columns, row))) for row in under[key]]
        empty = [tuple(_over(across, _blank(columns)))] * (1 if owners else blank)
        headings = tuple(_over(across, _headings(columns)))
        yield Grid(widths, (*heads, headings, *(filled or empty)), header=len(heads) + 1)


def _printed(table: FormTable) -> list[Column]:
    return [column for column in table.columns if not column.joins]


def _headings(columns: Sequence[Column]) -> tuple[Cell, ...]:
    return tuple(Cell(column.label, "label", align="center") for column in columns)


def _blank(columns: Sequence[Column]) -> tuple[Cell, ...]:
    return tuple(Cell("", align=_align(column)) for column in columns)


def _cells(table: FormTable, columns: Sequence[Column], row: Row) -> Iterator[Cell]:
    for column in columns:
        yield Cell(printed_cell(table, column, row), align=_align(column))


def _align(column: Column) -> Align:
    return "left" if column.type in _LEFT else "center"


def _over(across: int, cells: Iterable[Cell]) -> Iterator[Cell]:
    """The cells of a row; the last reaches over the columns left."""
    *others, last = cells
    yield from others
    yield Cell(last.text, last.role, columns=across - len(others), align=last.align)


def _widths(
    table: FormTable, columns: Sequence[Column], rows: Sequence[Row], fixed: dict[str, int] | None = None
) -> tuple[int, ...]:
    fixed = fixed or {}
    subject = next((column.id for column in columns if column.type == "text" and column.id not in fixed), "")
    return shares(
        [
            fixed.get(column.id)
            or column_wanted(column, [printed_cell(table, column, row) for row in rows], subject=column.id == subject)
            for column in columns
        ],
        [fixed.get(column.id) or least(column) for column in columns],
    )


def _day(text: str) -> str:
    return plain(Column(id="day", label="", type="date"), text)
