"""A workbook into plain rows, in the child process: calamine reads the values, `tables_marks` what it leaves out."""

import contextlib
import gc
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from ceping.documents.intake.tables_marks import Marks, count_rows, marks_of
from ceping.documents.refusal import Refused

# A spreadsheet keeps 15 digits of a number; what is longer has lost its end.
_EXACT = 10**15
# Day 60 of the calendar from 1900 never was; days up to it are off by one, and no list of this trade is that old.
_FIRST_DAY = date(1900, 3, 1)
_HALF = timedelta(milliseconds=500)
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, NotImplementedError, RuntimeError)
# What a cell becomes: a text as text, a whole number as int, anything else as its kind and its text.
Raw = str | int | list[str]


def measure(path: Path) -> None:
    """Raises Refused when a sheet has more rows than are read; whatever else is wrong is left to the inspection."""
    with contextlib.suppress(*_BROKEN), zipfile.ZipFile(path) as archive:
        count_rows(archive)


def read(path: Path) -> dict[str, Any]:
    """Every sheet: its name, its rows from the first of the sheet on, and its marks; JSON-able.

    A cell is a text, an int (a whole number), or `[kind, text]`: `n` other number, `long` a number too long to be
    exact, `p` percent as shown, `d` day, `t` moment or time, `early` a day before 1900-03-01, `b` yes or no.
    Raises Refused.
    """
    # The process ends with this answer: a million cells looked through again and again for nothing cost a fifth.
    gc.disable()
    try:
        with zipfile.ZipFile(path) as archive:
            marks, epoch_1904 = marks_of(archive)
        sheets = list(_sheets(path, marks))
    except PasswordError:
        raise Refused("file_password") from None
    except (CalamineError, ParseError, *_BROKEN) as error:
        raise Refused("file_broken", detail=type(error).__name__) from None
    return {"sheets": sheets, "epoch_1904": epoch_1904}


def _sheets(path: Path, marks: Sequence[Marks]) -> Any:  # noqa: ANN401 -- an iterator of JSON objects
    with CalamineWorkbook.from_path(path) as book:
        by_name = {one.name: one for one in marks}
        for sheet in book.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            one = by_name.get(sheet.name) or Marks(sheet.name)
            percents = {tuple(at) for at in one.percents}
            rows = [
                [value if type(value) is str else _cell(value) for value in row]
                for row in book.get_sheet_by_name(sheet.name).iter_rows()
            ]
            for row, column in percents:
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = _percent(rows[row][column])
            yield {**one.as_json(), "rows": _trimmed(rows), "percents": []}


def _cell(value: object) -> Raw:
    match value:
        case str():
            return value
        case bool():
            return ["b", "是" if value else "否"]
        case float() | int():
            return _number(value)
        case datetime() if value.time() == time(0):
            return _day(value.date())
        case datetime():
            # A fraction of a day has no exact minute: 09:30 may come as 09:29:59.996.
            return ["t", (value + _HALF).isoformat(sep=" ", timespec="seconds")]
        case date():
            return _day(value)
        case time() | timedelta():
            return ["t", str(value)]
    return ""


def _number(value: float) -> Raw:
    if not -_EXACT < value < _EXACT:
        return ["long", f"{value:.6G}"]
    if value == int(value):
        return int(value)
    # Fifteen digits are what the spreadsheet shows: 0.1 + 0.2 is 0.3 there.
    return ["n", format(Decimal(f"{value:.15g}"), "f")]


def _day(day: date) -> Raw:
    return ["d", day.isoformat()] if day >= _FIRST_DAY else ["early", day.isoformat()]


def _percent(cell: Raw) -> Raw:
    if isinstance(cell, int):
        return ["p", f"{cell * 100}%"]
    if isinstance(cell, list) and cell[0] == "n":
        shown = format((Decimal(cell[1]) * 100).normalize(), "f")
        return ["p", f"{shown}%"]
    return cell


def _trimmed(rows: list[list[Raw]]) -> list[list[Raw]]:
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    return rows
