"""A form to be printed, filled in and signed in a spreadsheet: title, table, lines below; reproducible bytes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

from ceping.documents.excel import storable
from ceping.documents.width import room

Value = str | int | Decimal | date | None
Look = Literal["annex", "title", "line", "note"]
_CREATED_AT = time()
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_A4 = 9
_LONGEST_LIST = 255
# Points: the least height of a line by its look, that of each of its lines, and the most a row may have. A seal wants
# room upon the line with the date.
_HEIGHTS: dict[Look, int] = {"annex": 22, "title": 36, "line": 48, "note": 20}
_PITCH: dict[Look, int] = {"annex": 22, "title": 28, "line": 18, "note": 16}
_ROW_LINE, _ROW_MORE, _MOST = 15, 5, 400


@dataclass(frozen=True, slots=True)
class Above:
    """A line over the whole width of the table, above or below it."""

    text: str
    look: Look = "note"


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column: its label, its width in characters, and whether somebody fills it in.

    `choices` are the only texts a filled cell may hold; a `number` is kept as one, everything else as text.
    """

    label: str
    width: int
    align: Literal["left", "center", "right"] = "left"
    open: bool = False
    choices: tuple[str, ...] = ()
    number: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CellRule:
    """What one cell may hold: its row among the rows, its column, and the choices, or from 0 to `most` without any."""

    row: int
    column: int
    choices: tuple[str, ...]
    most: Decimal
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet. `locked` protects all but the open columns, without a password; `row_height` points are the least."""

    name: str
    above: tuple[Above, ...]
    columns: tuple[FormColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    below: tuple[Above, ...] = ()
    rules: tuple[CellRule, ...] = ()
    locked: bool = False
    landscape: bool = True
    row_height: int = 0


def form_book(sheets: Sequence[FormSheet], *, title: str, dated: date) -> bytes:
    """The workbook: header frozen and repeated, one page wide on A4, texts as texts and numbers as numbers."""
    kept = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(kept, options)
    created = datetime.combine(dated, _CREATED_AT)
    book.set_properties({"title": title[:255], "author": "测评", "created": created})
    formats = _Formats(book)
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name[:31]), sheet, formats)
    book.close()
    return kept.getvalue()


class _Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 -- the library carries no types
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **settings: Any) -> Any:  # noqa: ANN401 -- as above
        key = tuple(sorted(settings.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(settings)
        return self._made[key]

    def line(self, look: Look) -> Any:  # noqa: ANN401 -- as above
        fonts = {"annex": ("黑体", 14), "title": ("黑体", 18), "line": ("仿宋", 12), "note": ("仿宋", 11)}
        name, size = fonts[look]
        align = "center" if look == "title" else "left"
        return self.get(font_name=name, font_size=size, align=align, valign="vcenter", text_wrap=True)

    def header(self) -> Any:  # noqa: ANN401 -- as above
        look = {"font_name": "黑体", "font_size": 11, "border": 1, "bg_color": "#EDEDED"}
        return self.get(**look, align="center", valign="vcenter", text_wrap=True)

    def cell(self, column: FormColumn, value: Value) -> Any:  # noqa: ANN401 -- as above
        plain = {"font_name": "仿宋", "font_size": 11, "valign": "vcenter", "text_wrap": True, "border": 1}
        settings: dict[str, Any] = {**plain, "align": column.align, "locked": not column.open}
        if column.open:
            settings["bg_color"] = "#FFFBE6"
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            places = max(-exponent, 0) if isinstance(exponent, int) else 0
            settings["num_format"] = "0." + "0" * places if places else "0"
        elif isinstance(value, date):
            settings["num_format"] = "yyyy-mm-dd"
        elif isinstance(value, int):
            settings["num_format"] = "0"
        elif not (column.open and column.number):
            # A number typed into an open number column stays one; everything else is text and keeps its zeros.
            settings["num_format"] = "@"
            settings["quote_prefix"] = isinstance(value, str) and value.startswith(_RISKY)
        return self.get(**settings)


def _write(page: Any, sheet: FormSheet, formats: _Formats) -> None:  # noqa: ANN401 -- as above
    last = len(sheet.columns) - 1
    width = sum(column.width for column in sheet.columns)
    for row, above in enumerate(sheet.above):
        _line(page, row, last, above, formats, width)
    top = len(sheet.above)
    page.set_row(top, 30)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(top, index, storable(column.label), formats.header())
    for row, values in enumerate(sheet.rows, top + 1):
        page.set_row(row, _height(sheet, values))
        for index, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            _cell(page, row, index, value, formats.cell(column, value))
    end = top + len(sheet.rows)
    for index, column in enumerate(sheet.columns):
        _allow(page, top + 1, end, index, column)
    for rule in sheet.rules:
        row = top + 1 + rule.row
        bounds = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": rule.most}
        allowed = _of_list(rule.choices, rule.hint) if rule.choices else {**bounds, **_told(rule.hint)}
        page.data_validation(row, rule.column, row, rule.column, allowed)
    for row, below in enumerate(sheet.below, end + 1):
        _line(page, row, last, below, formats, width)
    _print_setup(page, sheet, top, end + len(sheet.below))


def _line(page: Any, row: int, last: int, above: Above, formats: _Formats, width: int) -> None:  # noqa: ANN401 -- as above
    look, text = formats.line(above.look), storable(above.text)
    if last:
        page.merge_range(row, 0, row, last, text, look)
    # A cell that is merged keeps the kind of its text; written again, so that it is never taken for a formula.
    page.write_string(row, 0, text, look)
    lines = sum(max(1, -(-room(line) // max(width, 1))) for line in text.split("\n"))
    page.set_row(row, min(max(_HEIGHTS[above.look], _PITCH[above.look] * lines), _MOST))


def _height(sheet: FormSheet, values: Sequence[Value]) -> int:
    """High enough for the longest cell: not every program finds the height of wrapped lines by itself."""
    lines = [
        sum(max(1, -(-room(line) // max(column.width - 1, 1))) for line in value.split("\n"))
        for column, value in zip(sheet.columns, values, strict=True)
        if isinstance(value, str)
    ]
    return min(max(sheet.row_height, _ROW_LINE * max(lines, default=1) + _ROW_MORE), _MOST)


def _cell(page: Any, row: int, column: int, value: Value, look: Any) -> None:  # noqa: ANN401 -- as above
    if value is None or value == "":
        page.write_blank(row, column, None, look)
    elif isinstance(value, str):
        page.write_string(row, column, storable(value), look)
    elif isinstance(value, date):
        page.write_datetime(row, column, datetime.combine(value, _CREATED_AT), look)
    else:
        page.write_number(row, column, value, look)


def _allow(page: Any, first: int, end: int, index: int, column: FormColumn) -> None:  # noqa: ANN401 -- as above
    if end < first or not column.open:
        return
    if column.choices or column.hint:
        page.data_validation(first, index, end, index, _of_list(column.choices, column.hint))


def _of_list(choices: Sequence[str], hint: str) -> dict[str, Any]:
    # A list longer than the format allows would be dropped in silence; such cells are checked when taken in.
    if not choices or len(",".join(choices)) > _LONGEST_LIST:
        return {"validate": "any", **_told(hint)}
    return {"validate": "list", "source": list(choices), **_told(hint)}


def _told(hint: str) -> dict[str, Any]:
    told: dict[str, Any] = {"error_title": "不在允许的范围内", "error_message": (hint or "请按填表说明填写。")[:255]}
    return {**told, "input_title": "填写", "input_message": hint[:255]} if hint else told


def _print_setup(page: Any, sheet: FormSheet, top: int, end: int) -> None:  # noqa: ANN401 -- as above
    page.freeze_panes(top + 1, 0)
    page.set_paper(_A4)
    if sheet.landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.print_area(0, 0, end, len(sheet.columns) - 1)
    page.center_horizontally()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.set_footer("&C— &P —")
    if sheet.locked:
        page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
