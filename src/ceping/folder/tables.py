"""One strict door for the CSV files of a season: headers, cells, keys; every fault with file, row and column."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ceping.core.exact import NotANumber, decimal_of
from ceping.core.names import hidden_in
from ceping.core.uscc import faults_in_code
from ceping.core.uscc import normalised as normalised_code
from ceping.folder.columns import Column, File
from ceping.folder.faults import Faults
from ceping.folder.records import UTF8, Record, read_records

_MANGLED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{1,3}", re.ASCII | re.IGNORECASE)
_CODE = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]{1,128}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
_SEPARATORS = {";": "分号", "\t": "制表符", "|": "竖线", "；": "全角分号", "，": "全角逗号"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row whose cells are as their columns want them; empty cells are left out."""

    file: str
    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell's text, empty when missing."""
        return self.cells.get(column, "")

    def place(self, column: str = "") -> str:
        """The row, and the column when one is named, as people look for it."""
        return f"第 {self.number} 行 {column}".rstrip()

    @property
    def source(self) -> str:
        """File and row as a trace names them."""
        return f"{self.file}:{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The good rows of one file and its header; `present` says whether the file is there at all.

    `refused` are the keys of rows that were told wrong; `blind` says that a row's key, or the file, could not be read.
    """

    rows: Sequence[Row] = ()
    columns: Sequence[str] = ()
    present: bool = False
    refused: frozenset[tuple[str, ...]] = frozenset()
    blind: bool = False

    def may_hold(self, *key: str) -> bool:
        """Whether a row of this key may stand in the file although it is not among the good ones."""
        return self.blind or key in self.refused

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def read_table(folder: Path, file: File, faults: Faults, *, encoding: str = UTF8) -> Sheet:
    """The rows of this file; a row with a wrong cell is told and left out, so that one fault is told once."""
    path = folder / file.name
    if not path.is_file():
        return Sheet()
    records, wrong = read_records(path, file=file.name, encoding=encoding)
    faults.add(wrong)
    if not records:
        if not wrong:
            faults.error("header_absent", file.name, known="、".join(column.name for column in file.columns))
        return Sheet(present=True, blind=True)
    header = _header(records[0], file, faults)
    if header is None:
        return Sheet(present=True, blind=True)
    checks = _Cells(file, faults)
    rows = [row for record in records[1:] if (row := checks.row_of(record, header)) is not None]
    columns = [name for name in header if name]
    good, doubled = _without_doubles(rows, file, faults)
    refused = frozenset(checks.refused | doubled)
    return Sheet(good, columns, present=True, refused=refused, blind=checks.blind or bool(wrong))


def _header(record: Record, file: File, faults: Faults) -> list[str] | None:
    known = "、".join(column.name for column in file.columns)
    cells = [cell.strip() for cell in record.cells]
    if len(cells) == 1 and (separator := next((sign for sign in _SEPARATORS if sign in cells[0]), "")):
        faults.error("separator_wrong", file.name, _place(record), found=_SEPARATORS[separator])
        return None
    names: list[str] = []
    good = True
    for position, cell in enumerate(cells, 1):
        name = file.named(cell) if cell else ""
        place = f"{_place(record)}第 {position} 列"
        if name is None:
            faults.error("header_unknown", file.name, place, given=_short(cell), known=known)
        elif name and name in names:
            faults.error("header_doubled", file.name, place, given=_short(cell), name=name)
        good = good and name is not None and not (name and name in names)
        names.append(name or "")
    for column in file.columns:
        if column.needed and column.name not in names:
            faults.error("header_missing", file.name, _place(record), name=column.name, chinese=column.chinese[0])
            good = False
    return names if good else None


def _place(record: Record) -> str:
    return f"第 {record.number} 行"


class _Cells:
    """The cells of one file, checked by the type of their column; verdicts on repeated texts are kept."""

    def __init__(self, file: File, faults: Faults) -> None:
        self._file = file
        self._faults = faults
        self._columns = {column.name: column for column in file.columns}
        self._filled = [column.name for column in file.columns if column.filled]
        self._seen: dict[tuple[str, str], str] = {}
        self.refused: set[tuple[str, ...]] = set()
        self.blind = False

    def row_of(self, record: Record, header: Sequence[str]) -> Row | None:
        """The row, or None when any of its cells is wrong."""
        name = self._file.name
        if len(record.cells) != len(header):
            self._faults.error("row_ragged", name, _place(record), cells=len(record.cells), columns=len(header))
            self.blind = True
            return None
        cells: dict[str, str] = {}
        wrong: set[str] = set()
        for column_name, raw in zip(header, record.cells, strict=True):
            text = raw.strip()
            if not text:
                continue
            if not column_name:
                self._faults.error("header_blank", name, _place(record), given=_short(text))
                wrong.add(column_name)
                continue
            value = self._seen.get((column_name, text)) or self._value(record, column_name, text)
            if value is None:
                wrong.add(column_name)
            cells[column_name] = value or ""
        for column in self._filled:
            if column not in cells:
                self._faults.error("cell_empty", name, f"{_place(record)} {column}", name=column)
                wrong.add(column)
        if not wrong:
            return Row(name, record.number, cells)
        if wrong & set(self._file.key):
            self.blind = True
        self.refused.add(tuple(cells.get(column, "") for column in self._file.key))
        return None

    def _value(self, record: Record, name: str, text: str) -> str | None:
        column = self._columns.get(name) or Column(name, (), "code", filled=False)
        place = f"{_place(record)} {name}"
        value, code, values = cell_value(column, text)
        if code:
            self._faults.error(code, self._file.name, place, given=_short(text), name=name, **values)
            return None
        # The same codes stand in thousands of rows; one copy of each is kept.
        if len(text) <= 64:
            self._seen[name, text] = value
        return value


def cell_value(column: Column, text: str) -> tuple[str, str, dict[str, str]]:
    """The cell's text as its column wants it; or the code of what is wrong with it, with the values of that text."""
    if _MANGLED.fullmatch(text) and column.type in ("code", "uscc"):
        return "", "code_mangled", {}
    if hidden := hidden_in(text):
        return "", "cell_hidden", {"hidden": hidden[:60]}
    match column.type:
        case "code":
            return (text, "", {}) if _CODE.fullmatch(text) else ("", "code_malformed", {})
        case "uscc":
            mangled = any(finding.code == "uscc_mangled" for finding in faults_in_code(text))
            return ("", "code_mangled", {}) if mangled else (normalised_code(text), "", {})
        case "number":
            return _number(text)
        case "whole":
            return (text, "", {}) if _WHOLE.fullmatch(text) else ("", "cell_not_whole", {})
        case "date":
            return (text, "", {}) if _is_date(text) else ("", "cell_not_date", {})
        case "instant":
            return (text, "", {}) if _INSTANT.fullmatch(text) and _is_instant(text) else ("", "cell_not_instant", {})
        case "choice":
            return _choice(column.words or {}, text)
    return text, "", {}


def _number(text: str) -> tuple[str, str, dict[str, str]]:
    try:
        decimal_of(text)
    except NotANumber:
        return "", "cell_not_number", {}
    return text, "", {}


def _choice(words: Mapping[str, str], text: str) -> tuple[str, str, dict[str, str]]:
    chosen = next((word for word, chinese in words.items() if text in (word, chinese)), None)
    if chosen is not None:
        return chosen, "", {}
    return "", "cell_choice", {"known": "、".join(f"{word}（{chinese}）" for word, chinese in words.items())}


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_instant(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _without_doubles(rows: Sequence[Row], file: File, faults: Faults) -> tuple[list[Row], set[tuple[str, ...]]]:
    doubled: set[tuple[str, ...]] = set()
    first: dict[tuple[str, ...], int] = {}
    kept: list[Row] = []
    for row in rows:
        key = tuple(row.get(column) for column in file.key)
        earlier = first.setdefault(key, row.number)
        if earlier == row.number:
            kept.append(row)
        else:
            doubled.add(key)
            shown = "，".join(f"{column} {_short(text)}" for column, text in zip(file.key, key, strict=True))
            faults.error("row_doubled", file.name, row.place(), key=shown, first=earlier)
    return kept, doubled


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
