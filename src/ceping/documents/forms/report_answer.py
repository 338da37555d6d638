"""One answer as the form prints it: boxes ticked, dates in Chinese, units beside numbers, two inputs in one cell."""

import re
from collections.abc import Sequence

from ceping.core.names import is_blank
from ceping.core.report.answers import Answer, Row, missing
from ceping.core.report.values import day_in
from ceping.core.scheme.entry import Column, Entry, FormTable, Option

_CHOICES = ("choice", "multi_choice", "yes_no")
_NUMBERS = ("integer", "decimal")
_BOX = re.compile("[□■]([^□■\n]*)")
_BOXES_IN_A_LINE = 20
# What no file format of an office can hold.
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�")


def tidy(text: str) -> str:
    r"""The text as every format can hold it: lines end with `\n` alone, no control characters, no space at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ILLEGAL).rstrip()


def printed(entry: Entry, answer: Answer, *, shown: str = "", options: Sequence[Option] = ()) -> str:
    """What stands in the cell of a field.

    `shown` is what the empty form prints there: boxes, a unit, a hint. It stays while nothing is answered.
    """
    if entry.type in _CHOICES:
        return _boxes(shown, options or entry.options, answer)
    if missing(answer):
        return shown
    text = plain(entry, answer)
    return f"{text} {entry.unit}" if entry.unit and entry.unit == shown.strip() else text


def plain(entry: Entry, answer: Answer, options: Sequence[Option] = ()) -> str:
    """The answer alone, without what the form prints around it."""
    if missing(answer):
        return ""
    if not isinstance(answer, str):
        return "、".join(_label(entry, options, key) for key in answer)
    if entry.type in _CHOICES:
        return _label(entry, options, answer)
    return tidy(_chinese_date(answer) if entry.type == "date" else answer)


def printed_cell(table: FormTable, column: Column, row: Row) -> str:
    """What stands in a cell of a row: the column's own value, and after a stroke that of the column which joins it."""
    text = plain(column, row.get(column.id, ""))
    for other in table.columns:
        if other.joins == column.id and not is_blank(row.get(other.id, "")):
            text += f"/{plain(other, row[other.id])}{other.unit}"
    return text


def unit_beside(entry: Entry) -> str:
    """The unit a value cell shows, unless the label already names it."""
    return "" if entry.unit and entry.unit in entry.label else entry.unit


def _label(entry: Entry, options: Sequence[Option], key: str) -> str:
    # An option nobody knows is a fault of the report; a draft still shows what was written.
    return next((one.label for one in (*options, *entry.options) if one.id == key), tidy(key))


def _boxes(shown: str, options: Sequence[Option], answer: Answer) -> str:
    keys = () if missing(answer) else (answer,) if isinstance(answer, str) else answer
    labels = [next((one.label for one in options if one.id == key), tidy(key)) for key in keys]
    if "□" not in shown:
        narrow = sum(len(one.label) for one in options) <= _BOXES_IN_A_LINE
        shown = ("      " if narrow else "\n").join(f"□{one.label}" for one in options)
    met: set[str] = set()

    def tick(match: re.Match[str]) -> str:
        label = match[1].strip()
        met.add(label)
        return f"{'■' if label in labels else '□'}{match[1]}"

    text = _BOX.sub(tick, shown)
    return "\n".join((text, *(f"■{label}" for label in labels if label not in met)))


def _chinese_date(text: str) -> str:
    days = [day_in(part.strip()) for part in text.split("/")]
    known = [f"{day.year}年{day.month}月{day.day}日" for day in days if day is not None]
    return "至".join(known) if len(known) == len(days) <= 2 else text
