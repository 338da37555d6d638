"""Tables of the form as grids people type into: a page of rows, under their groups, each cell with what is wrong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from ceping.core.scheme.entry import Column, FormTable, Group, Option
from ceping.core.scheme.form import FormFile
from ceping.stages.recommendation.models import Remark
from ceping.stages.report.models import Entry, Row
from ceping.stages.report.queries import Gap, Standing
from ceping.web.institution.fields import Mark, marks_of, mode_of
from ceping.web.institution.returned import Returned

ROWS = 50
# A paged table is looked through whole only for a search or for one page of its groups.
_ONLY = ("errors", "questions")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of which table: a page, or the page with row `row`, a search, or only rows with gaps."""

    table: str = ""
    page: int = 1
    row: int = 0
    words: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class CellShown:
    """One input: `state` is bad, ask, or nothing."""

    column: Column
    value: str
    options: tuple[tuple[str, str], ...]
    state: str
    mode: str


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row; `number` counts rows as findings do. Texts, since a page writes each number many times."""

    pk: str
    number: str
    revision: str
    cells: tuple[CellShown, ...]
    marks: tuple[Mark, ...]
    remarks: tuple[Remark, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading, a fixed group or a row of another table, or under none; new rows are given `fixed`."""

    key: str
    label: str
    rows: tuple[RowShown, ...]
    blank: tuple[CellShown, ...]
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table with one page of its rows.

    Of a returned report `open` says that rows can be added, `touched` that some rows can be changed.
    """

    table: FormTable
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    total: int
    found: int
    asked: Asked
    pages: int
    first: int
    errors: int
    questions: int
    marks: tuple[Mark, ...]
    figures: tuple[dict[str, Any], ...]
    remarks: tuple[Remark, ...]
    fresh: bool
    open: bool
    touched: bool

    @property
    def width(self) -> int:
        """How many cells a row has, with its number, its check and its button."""
        return len(self.columns) + 3

    @property
    def last(self) -> int:
        """The place of the last row shown, from 1."""
        return self.first + sum(len(section.rows) for section in self.sections) - 1


@dataclass(frozen=True, slots=True)
class _Held:
    """What all tables of a page are drawn from."""

    form: FormFile
    standing: Standing
    returned: Returned


def tables_shown(
    entry: Entry, form: FormFile, keys: Sequence[str], standing: Standing, asked: Asked, returned: Returned
) -> dict[str, TableShown]:
    """These tables by id: two queries and one more for each that is long."""
    standing_rows = entry.rows.filter(table__in=keys, removed_at=None)
    counts = dict(standing_rows.order_by().values_list("table").annotate(Count("pk")))
    short = [key for key in keys if counts.get(key, 0) <= ROWS or form.table_by_id[key].kind != "open"]
    rows: dict[str, list[tuple[int, Row]]] = {key: [] for key in keys}
    for row in standing_rows.filter(table__in=short).order_by("table", "position", "pk") if short else ():
        rows[row.table].append((len(rows[row.table]) + 1, row))
    listed = {
        key: list(dict.fromkeys(filter(None, (row.values.get(column, "") for _, row in rows[table]))))
        for key in keys
        for table, column in [_parent(form.table_by_id[key])]
        if table in rows
    }
    made, held = {}, _Held(form, standing, returned)
    for key in keys:
        mine = asked if asked.table == key else Asked(key)
        table, total = form.table_by_id[key], counts.get(key, 0)
        gaps = [gap for gap in standing.gaps if gap.spot.key == key and gap.spot.kind in ("row", "table")]
        found = _chosen(rows[key], gaps, mine) if key in short else _page_of(entry, key, gaps, mine, total)
        made[key] = _table(held, table, found, gaps, mine, total, listed.get(key, []))
    return made


Found = tuple[list[tuple[int, Row]], int, int]


def _page_of(entry: Entry, key: str, gaps: Sequence[Gap], asked: Asked, total: int) -> Found:
    """One page of rows with their numbers, the page, how many there are; only a search opens more of them."""
    rows = entry.rows.filter(table=key, removed_at=None).order_by("position", "pk")
    if asked.words:
        return _chosen(list(enumerate(rows, start=1)), gaps, asked)
    if asked.only in _ONLY:
        numbers = _numbers(gaps, asked.only)
        keys = list(rows.values_list("pk", flat=True))
        numbers = [number for number in numbers if number <= len(keys)]
        page = _bounded(asked, len(numbers), None)
        wanted = numbers[(page - 1) * ROWS : page * ROWS]
        by_key = {row.pk: row for row in rows.filter(pk__in=[keys[number - 1] for number in wanted])}
        return [(number, by_key[keys[number - 1]]) for number in wanted], page, len(numbers)
    page = _bounded(asked, total, asked.row or None)
    start = (page - 1) * ROWS
    return list(enumerate(rows[start : start + ROWS], start=start + 1)), page, total


def _chosen(rows: Sequence[tuple[int, Row]], gaps: Sequence[Gap], asked: Asked) -> Found:
    found = list(rows)
    if asked.words:
        found = [(n, row) for n, row in found if any(asked.words in str(text) for text in row.values.values())]
    if asked.only in _ONLY:
        numbers = set(_numbers(gaps, asked.only))
        found = [(n, row) for n, row in found if n in numbers]
    place = next((place for place, (number, _) in enumerate(found, start=1) if number == asked.row), None)
    page = _bounded(asked, len(found), place)
    return found[(page - 1) * ROWS : page * ROWS], page, len(found)


def _bounded(asked: Asked, count: int, place: int | None) -> int:
    """The page that is asked for, or the one with the row at `place`, within those there are; 0 asks for the last."""
    pages = max(1, -(-count // ROWS))
    wanted = (place - 1) // ROWS + 1 if place else asked.page or pages
    return min(max(1, wanted), pages)


def _numbers(gaps: Sequence[Gap], only: str) -> list[int]:
    return sorted({gap.spot.row for gap in gaps if gap.spot.kind == "row" and gap.stops == (only == "errors")})


def _table(
    held: _Held,
    table: FormTable,
    found: Found,
    gaps: Sequence[Gap],
    asked: Asked,
    total: int,
    listed: Sequence[str],
) -> TableShown:
    rows, page, count = found
    by_row: dict[int, list[Gap]] = {}
    for gap in gaps:
        if gap.spot.kind == "row":
            by_row.setdefault(gap.spot.row, []).append(gap)
    columns = tuple(column for column in table.columns if column.id not in _told_by_heads(table, rows, listed))
    opening = held.returned.opening
    shown = [
        (row.values, _row(table, columns, number, row, by_row.get(number, ()), listed, held.returned))
        for number, row in rows
    ]
    return TableShown(
        table=table,
        columns=columns,
        sections=tuple(_sections(table, columns, shown, listed)),
        total=total,
        found=count,
        asked=Asked(table.id, page, 0, asked.words, asked.only),
        pages=max(1, -(-count // ROWS)),
        first=(page - 1) * ROWS + 1 if count else 0,
        errors=len(_numbers(gaps, "errors")),
        questions=len(_numbers(gaps, "questions")),
        marks=marks_of(gap for gap in gaps if gap.spot.kind == "table"),
        figures=tuple(
            {
                "figure": figure,
                "count": held.standing.figures[figure.id],
                "short": figure.at_least - held.standing.figures[figure.id],
            }
            for figure in held.form.figures
            if figure.table == table.id and figure.at_least
        ),
        remarks=held.returned.at("table", table.id),
        fresh=not (asked.words or asked.only),
        open=opening.has(f"table:{table.id}"),
        touched=opening.has(f"table:{table.id}")
        or any(place.startswith(f"row:{table.id}/") for place in opening.places),
    )


def _told_by_heads(table: FormTable, rows: Sequence[tuple[int, Row]], listed: Sequence[str]) -> set[str]:
    """The columns that the headings above the rows already say; a row under none of them still has to say it itself."""
    column = _parent(table)[1]
    if not column:
        return {table.group_column}
    return {column} if listed and all(row.values.get(column, "") in listed for _, row in rows) else set()


def _sections(
    table: FormTable, columns: Sequence[Column], rows: Sequence[tuple[Any, RowShown]], listed: Sequence[str]
) -> Iterable[Section]:
    blank = tuple(CellShown(column, "", _options(table, column, listed), "", mode_of(column)) for column in columns)
    if table.kind == "open" or (table.kind == "repeated" and not listed):
        yield Section("", "", tuple(row for _, row in rows), blank)
        return
    column = table.group_column if table.kind == "grouped" else _parent(table)[1]
    heads = [(group.id, group.label) for group in table.groups] or [(name, name) for name in listed]
    known = {key for key, _ in heads}
    for key, label in heads:
        mine = tuple(row for values, row in rows if values.get(column, "") == key)
        filled = tuple(CellShown(c.column, key if c.column.id == column else "", c.options, "", c.mode) for c in blank)
        yield Section(key, label, mine, filled, ((column, key),))
    rest = tuple(row for values, row in rows if values.get(column, "") not in known)
    if rest:
        yield Section("", "未归类", rest, ())


def _row(
    table: FormTable,
    columns: Sequence[Column],
    number: int,
    row: Row,
    gaps: Sequence[Gap],
    listed: Sequence[str],
    returned: Returned,
) -> RowShown:
    states: dict[str, str] = {}
    for gap in gaps:
        if gap.stops or gap.spot.column not in states:
            states[gap.spot.column] = "bad" if gap.stops else "ask"
    cells = tuple(
        CellShown(
            column,
            str(row.values.get(column.id, "")),
            _options(table, column, listed),
            states.get(column.id, ""),
            mode_of(column),
        )
        for column in columns
    )
    writable = returned.opening.has(f"row:{table.id}/{row.pk}")
    noted = returned.at_row(row)
    return RowShown(str(row.pk), str(number), str(row.revision), cells, marks_of(gaps), noted, writable)


def _options(table: FormTable, column: Column, listed: Sequence[str]) -> tuple[tuple[str, str], ...]:
    if column.refers and column.refers == table.repeated_by:
        return tuple((name, name) for name in listed)
    known: Sequence[Option | Group] = table.groups if column.id == table.group_column else column.options
    return tuple((one.id, one.label) for one in known)


def _parent(table: FormTable) -> tuple[str, str]:
    """The table whose rows this one repeats under, and the column that names the row."""
    if table.kind != "repeated":
        return "", ""
    column = next(column.id for column in table.columns if column.refers == table.repeated_by)
    return table.repeated_by, column
