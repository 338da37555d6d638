"""Plain sheets into an Excel file that is the same bytes every time and whose cells are never taken for formulas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from ceping.documents.excel_page import Page

Formats = dict[str | tuple[str, int], Any]
Value = str | int | Decimal | date | bool | None

# Fixed, so that two runs over one input give one file.
_CREATED = datetime(2021, 1, 1)  # noqa: DTZ001 -- the file format knows no zone
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")
_WIDEST, _NARROWEST = 60, 6
_MOST_PLACES = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, an optional line of notice on top, headers, rows."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Value]]
    notice: str = ""


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str) -> None:
    """The workbook stands at `path`: headers frozen and filtered, widths by content, numbers and dates as such."""
    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(path, options)
    book.set_properties({"title": title, "author": "", "created": _CREATED})
    formats = _formats(book)
    for sheet in sheets:
        _write_sheet(book.add_worksheet(sheet.name, worksheet_class=Page), sheet, formats)
    book.close()


def storable(text: str) -> str:
    """The text as a cell may hold it: no character the format forbids, no longer than a cell."""
    if text.isprintable() and len(text) <= _LONGEST:
        return text
    return text.translate(_ILLEGAL).encode("utf-8", "replace").decode("utf-8")[:_LONGEST]


def _formats(book: Any) -> Formats:  # noqa: ANN401 -- the library carries no types
    line = {"valign": "top", "text_wrap": True}
    decimals: Formats = {
        ("places", places): book.add_format({**line, "num_format": "0." + "0" * places if places else "0"})
        for places in range(_MOST_PLACES + 1)
    }
    return decimals | {
        "notice": book.add_format({"bold": True, "font_color": "#9C5700"}),
        "header": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True}),
        "text": book.add_format({**line, "num_format": "@"}),
        # The mark a person sets by typing an apostrophe first: text it stays, also after somebody edits the cell.
        "quoted": book.add_format({**line, "num_format": "@", "quote_prefix": True}),
        "whole": book.add_format({**line, "num_format": "0"}),
        "date": book.add_format({**line, "num_format": "yyyy-mm-dd"}),
    }


def _write_sheet(page: Any, sheet: Sheet, formats: Formats) -> None:  # noqa: ANN401 -- the library carries no types
    top = 1 if sheet.notice else 0
    take, text, quoted = page.take, formats["text"], formats["quoted"]
    page.reserve(top + 1 + len(sheet.rows), max(map(len, (sheet.headers, *sheet.rows))))
    if sheet.notice:
        take(0, 0, storable(sheet.notice), formats["notice"])
    for column, header in enumerate(sheet.headers):
        take(top, column, storable(header), formats["header"])
        page.set_column(column, column, _width(sheet, column))
    for line, row in enumerate(sheet.rows, top + 1):
        for column, value in enumerate(row):
            # Nearly every cell is a text, and there may be a million of them.
            if isinstance(value, str):
                if value:
                    take(line, column, storable(value), quoted if value[0] in _RISKY else text)
            elif value is not None:
                _write(page, line, column, value, formats)
    page.freeze_panes(top + 1, 0)
    if sheet.rows:
        page.autofilter(top, 0, top + len(sheet.rows), len(sheet.headers) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _write(page: Any, line: int, column: int, value: int | Decimal | date, formats: Formats) -> None:  # noqa: ANN401 -- as above
    if isinstance(value, bool):
        page.take(line, column, "是" if value else "否", formats["text"])
    elif isinstance(value, int):
        page.write_number(line, column, value, formats["whole"])
    elif isinstance(value, Decimal):
        page.write_number(line, column, value, formats["places", _places(value)])
    else:
        page.write_datetime(line, column, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return min(max(-exponent, 0), _MOST_PLACES) if isinstance(exponent, int) else 0


def _width(sheet: Sheet, column: int) -> int:
    """Wide enough for the header and the first hundred cells; a Chinese character takes the room of two."""
    texts = [str(row[column]) for row in sheet.rows[:100] if column < len(row) and row[column] is not None]
    widest = max((_room(text) for text in (sheet.headers[column], *texts)), default=0)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


def _room(text: str) -> int:
    return max((sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.split("\n")), default=0)
