"""A table out of a workbook or a CSV file: its header found by meaning, its rows as text, what is odd asked about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.names import is_blank
from ceping.documents.intake.headers import Header, Wanted, is_around, repeats
from ceping.documents.intake.tables_cells import Raw, cell_name, shown, taken
from ceping.documents.intake.tables_files import QUESTIONS, Paper, Sheet, open_file
from ceping.documents.intake.tables_oddities import Within, oddities
from ceping.documents.intake.tables_sheets import Choice, choose

__all__ = ["QUESTIONS", "Ignored", "Located", "Row", "Table", "Wanted", "read_table"]

_LONGEST_SHOWN = 40
_DATED = ("date", "instant")
_UNIT = re.compile(r"[(（]\s*(?:单位[:：])?([^()（）]{1,6})[)）]")
_UNITS = frozenset(
    {"元", "千元", "万元", "百万元", "亿元", "%", "‰", "个", "家", "人", "人次", "次", "项", "天", "月", "年", "小时"}
)


@dataclass(frozen=True, slots=True)
class Located:
    """A finding and the cell it is about, counted from 1; row 0 is the file, column 0 the whole row."""

    finding: Finding
    row: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet and its texts by column id, empty ones left out."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A row below the header that is no data: a total, a note, a header once more."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. `columns` hold the place of each found column, from 1; `above` the texts over the header.

    `sheet` is empty for a CSV file, `several` says that the workbook has more sheets. Nothing is missing from `rows`
    that is not in `ignored` or told by an error of `located`.
    """

    file: str
    sheet: str = ""
    several: bool = False
    header: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    above: tuple[str, ...] = ()
    located: tuple[Located, ...] = ()
    texts: Sequence[Sequence[Raw]] = ()

    @property
    def findings(self) -> list[Finding]:
        """Everything found."""
        return [one.finding for one in self.located]

    def place(self, number: int, key: str = "") -> str:
        """A row, or a cell in it, as people look for it: `工作表“名单” 第 12 行 手机（C12）`."""
        sheet = f"工作表“{self.sheet}” " if self.several else ""
        column = self.columns.get(key, 0)
        cell = f"（{cell_name(number, column)}）" if column and self.sheet else ""
        return f"{sheet}第 {number} 行 {self.labels.get(key, key)}{cell}".rstrip()

    def with_findings(self, findings: Sequence[Finding]) -> "Table":
        """The table with these findings beside its own, each on the row or cell that its place names."""
        cells = {
            self.place(row.number, key): (row.number, self.columns.get(key, 0))
            for row in (self.rows if findings else ())
            for key in ("", *self.labels)
        }
        located = (Located(one, *cells.get(one.place, (0, 0))) for one in findings)
        return replace(self, located=(*self.located, *located))


def read_table(
    path: Path,
    wanted: Sequence[Wanted],
    *,
    sheet: str = "",
    encoding: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> Table:
    """The table in the file, or a table without rows and why not: `errors_in(table.findings)` says which.

    `sheet` names the sheet of a workbook that has several; `encoding` is `gb18030` once the preview was looked at;
    `confirmed` are the answered of `QUESTIONS`.
    """
    file = path.name
    paper = open_file(path, wanted, encoding=encoding)
    if errors_in(paper.findings):
        return Table(file, located=tuple(Located(one) for one in paper.findings))
    choice = choose(paper, wanted, sheet=sheet, confirmed=confirmed, file=file)
    start = [Located(one) for one in (*paper.findings, *choice.findings)]
    if choice.sheet is None or choice.header is None:
        return Table(file, located=tuple(start))
    return _table(file, paper, choice, wanted, confirmed, start)


def _table(
    file: str,
    paper: Paper,
    choice: Choice,
    wanted: Sequence[Wanted],
    confirmed: frozenset[str],
    start: Sequence[Located],
) -> Table:
    sheet, header = choice.sheet, choice.header
    assert sheet is not None  # noqa: S101 -- the caller has looked; for the type checker
    assert header is not None  # noqa: S101 -- as above
    table = Table(
        file=file,
        sheet=sheet.name,
        several=len(paper.sheets) > 1,
        header=header.last + 1,
        columns={key: column + 1 for key, column in header.columns.items()},
        labels={one.id: one.label for one in wanted},
        above=tuple(text for row in sheet.rows[: header.first] for raw in row if (text := shown(raw))),
        texts=sheet.rows,
    )
    reader = _Reader(table, sheet, header, wanted)
    rows = tuple(reader.rows())
    within = Within(header, tuple(row.number - 1 for row in rows), file, table.place, confirmed)
    located = [*start, *reader.header_faults()]
    if paper.epoch_1904 and any(one.type in _DATED for one in wanted if one.id in header.columns):
        located.append(Located(fault("intake_epoch_1904", file=file, level=Level.WARNING)))
    located += [Located(*one) for one in oddities(sheet, within)]
    located += reader.located
    if not rows and not errors_in(one.finding for one in located):
        located.append(Located(fault("intake_no_rows", file=file, place=table.place(table.header))))
    return replace(table, rows=rows, ignored=tuple(reader.ignored), located=tuple(located))


class _Reader:
    """Walks the rows below the header and gathers what is wrong with their cells."""

    def __init__(self, table: Table, sheet: Sheet, header: Header, wanted: Sequence[Wanted]) -> None:
        self._table = table
        self._sheet = sheet
        self._header = header
        self._wanted = wanted
        self._columns = [
            (one.id, header.columns[one.id], one.type == "text", one) for one in wanted if one.id in header.columns
        ]
        self._names = {name for one in wanted for name in (one.label, *one.others)} | set(header.texts)
        found = header.columns.values()
        broken = [(row, column) for row, column, _ in sheet.errors]
        broken += [(row, column) for row, column, kept in sheet.formulas if not kept]
        # Such cells come as empty ones; a row with nothing else is still a row.
        self._broken_rows = {row for row, column in broken if column in found}
        self._filled = dict(sheet.merged_values(header)) if sheet.merges else {}
        # A single text over several columns is a title or a note, whatever it says.
        self._spread = {top for top, left, _, right in sheet.merges if sum(left <= one <= right for one in found) > 1}
        self.ignored: list[Ignored] = []
        self.located: list[Located] = []

    def rows(self) -> Iterator[Row]:
        """The rows of data; a row in which anything is wrong is among them, its finding is gathered."""
        header = self._header
        doubled = (column for columns in header.doubled.values() for column in columns)
        width = max((*header.columns.values(), *header.unknown, *doubled), default=-1) + 1
        for index, raws in enumerate(self._sheet.rows[header.last + 1 :], header.last + 1):
            cells = self._cells(index, raws)
            if self._is_data(index, raws, cells):
                self._check_width(index, raws, width)
                yield Row(index + 1, cells)

    def header_faults(self) -> Iterator[Located]:
        """Columns that are missing, doubled, of another unit, or not asked for."""
        table, header = self._table, self._header
        for one in self._wanted:
            place = table.place(table.header, one.id)
            if one.id in header.doubled:
                more = "、".join(self._named(column) for column in (header.columns[one.id], *header.doubled[one.id]))
                yield self._header_fault(
                    fault("intake_header_doubled", file=table.file, place=place, name=one.label, columns=more)
                )
            elif one.id in header.columns and (unit := _other_unit(header.texts[header.columns[one.id]], one.unit)):
                finding = fault(
                    "intake_header_unit", file=table.file, place=place, given=unit, name=one.label, unit=one.unit
                )
                yield Located(finding, table.header, header.columns[one.id] + 1)
            elif one.needed and one.id not in header.columns:
                texts = "、".join(text for text in header.texts if text)[:200]
                row = table.place(table.header)
                yield self._header_fault(
                    fault("intake_header_missing", file=table.file, place=row, name=one.shown, texts=texts)
                )
        for column in header.unknown:
            if not _is_order(header.texts[column]):
                name = self._named(column)
                place = table.place(table.header)
                yield Located(
                    fault("intake_header_unknown", file=table.file, place=place, level=Level.WARNING, name=name),
                    table.header,
                    column + 1,
                )

    def _header_fault(self, finding: Finding) -> Located:
        return Located(finding, self._table.header, 0)

    def _named(self, column: int) -> str:
        text = self._header.texts[column][:_LONGEST_SHOWN]
        where = cell_name(self._table.header, column + 1) if self._table.sheet else f"第 {column + 1} 列"
        return f"“{text}”（{where}）"

    def _cells(self, index: int, raws: Sequence[Raw]) -> dict[str, str]:
        cells: dict[str, str] = {}
        width = len(raws)
        for key, column, plain, wanted in self._columns:
            raw = raws[column] if column < width else ""
            if raw == "":
                raw = self._filled.get((index, column), "")
                if raw == "":
                    continue
            if plain and type(raw) is str and raw[0] != "#" and "+" not in raw:
                # What `taken` would answer for nearly every cell.
                text, code = raw.strip(), ""
            else:
                text, code = taken(wanted, raw)
            if code:
                self._tell(code, index, wanted, text)
            if text and not is_blank(text):
                cells[key] = text
        return cells

    def _is_data(self, index: int, raws: Sequence[Raw], cells: Mapping[str, str]) -> bool:
        # Most rows begin with a plain first cell and go on: only what is short or begins oddly is looked at again.
        if len(cells) > 2 and self._names.isdisjoint(cells.values()):
            first = raws[0] or next((raw for raw in raws if raw != ""), "")
            if not isinstance(first, str) or not is_around(first.strip(), len(cells)):
                return True
        texts = [shown(raw) for raw in raws]
        filled = [text for text in texts if text]
        broken = index in self._broken_rows
        if not filled and not broken:
            return False
        note = filled and (is_around(filled[0], len(filled)) or (len(filled) == 1 and index in self._spread))
        if note or (not cells and not broken):
            self._ignore(index, filled, told=bool(cells) or not _is_order_only(filled))
            return False
        again = repeats(texts, self._wanted, self._header)
        if again is None:
            self._ignore(index, filled, told=True)
            place = self._table.place(index + 1)
            self.located.append(Located(fault("intake_header_second", file=self._table.file, place=place), index + 1))
        elif again:
            self._ignore(index, filled, told=True)
        return again is False

    def _ignore(self, index: int, filled: Sequence[str], *, told: bool) -> None:
        while self.located and self.located[-1].row == index + 1:
            self.located.pop()
        if told:
            text = "".join(char if char.isprintable() else " " for char in " ".join(filled))
            self.ignored.append(Ignored(index + 1, text[: 2 * _LONGEST_SHOWN]))

    def _check_width(self, index: int, raws: Sequence[Raw], width: int) -> None:
        if self._sheet.name:
            return
        count = len(raws)
        while count > width and raws[count - 1] == "":
            count -= 1
        if count != width:
            place = self._table.place(index + 1)
            finding = fault("intake_ragged", file=self._table.file, place=place, cells=count, columns=width)
            self.located.append(Located(finding, index + 1))

    def _tell(self, code: str, index: int, wanted: Wanted, text: str) -> None:
        place = self._table.place(index + 1, wanted.id)
        finding = fault(code, file=self._table.file, place=place, given=text[:_LONGEST_SHOWN], name=wanted.label)
        self.located.append(Located(finding, index + 1, self._header.columns[wanted.id] + 1))


def _other_unit(text: str, unit: str) -> str:
    """The unit that a header names in brackets, when it is another than the column's."""
    found = _UNIT.search(text)
    given = found[1].strip() if found else ""
    return given if unit and given in _UNITS and given != unit else ""


def _is_order(text: str) -> bool:
    return text.strip() in {"序号", "编号", "序", "No", "No.", "NO", "行号"}


def _is_order_only(filled: Sequence[str]) -> bool:
    # A form prints its numbers in advance; a row with nothing else is an empty line.
    return len(filled) == 1 and filled[0].rstrip(".、").isdigit()
