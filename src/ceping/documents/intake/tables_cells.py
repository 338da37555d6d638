"""One cell as its column wants it: digits as text, days as ISO, choices as ids; or what a spreadsheet did to it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from ceping.core.phone import kind_of
from ceping.documents.intake.headers import Wanted, plain_of

# What reading gives: a text, a whole number, or a kind and a text (see `tables_book.read`).
Raw = str | int | list[str]
# A cell that may be taken, or the code of what is wrong with it; both with the text to show.
Taken = tuple[str, str]

_MANGLED = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,3}", re.ASCII)
_ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_COMMA = re.compile(r"-?[0-9][0-9.]*,[0-9]+", re.ASCII)
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)
_INSTANT = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日T ]([0-9]{1,2})[:时点]([0-9]{1,2})分?(?::?([0-9]{1,2})秒?)?",
    re.ASCII,
)
_DAY_LENGTH = 10
_NUMBERS = ("integer", "decimal")
_CHOICES = ("choice", "yes_no", "multi_choice")
# A number of nine or ten digits in a telephone column was one of ten or more that began with 0.
_CUT_PHONE = (9, 11)


def taken(wanted: Wanted, raw: Raw) -> Taken:
    """The text of the cell and "", or the text to show and the code of its fault."""
    if isinstance(raw, str):
        return _text(wanted, raw)
    if isinstance(raw, int):
        return _whole(wanted, raw)
    kind, text = raw
    match kind:
        case "long":
            return text, "intake_mangled"
        case "early":
            return text, "intake_date_early"
        case "p":
            return (text.removesuffix("%") if wanted.unit == "%" and wanted.type in _NUMBERS else text), ""
        case "d" | "t":
            if wanted.type == "instant":
                return _instant(text), ""
            # A column of days has no use for the time of day that stands behind one.
            day = text[:_DAY_LENGTH] if _DATE.fullmatch(text[:_DAY_LENGTH]) else ""
            return (day, "") if wanted.type == "date" and day else (text, "intake_date_here")
        case "b":
            return _choice(wanted, text) if wanted.type in _CHOICES else text, ""
    return text, ""


def shown(raw: Raw) -> str:
    """The cell as people see it, for headers, titles and notes."""
    return raw.strip() if isinstance(raw, str) else str(raw) if isinstance(raw, int) else raw[1]


def cell_name(row: int, column: int) -> str:
    """The cell as a spreadsheet names it; both counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _whole(wanted: Wanted, number: int) -> Taken:
    text = str(number)
    if wanted.type == "phone" and len(text) in range(*_CUT_PHONE) and kind_of("0" + text) is not None:
        return text, "intake_zero_lost"
    return text, ""


def _text(wanted: Wanted, raw: str) -> Taken:
    text = raw.strip()
    if not text:
        return "", ""
    if text[0] == "#" and text.upper() in _ERRORS:
        return text, "intake_cell_error"
    if "+" in text and _MANGLED.fullmatch(text):
        return text, "intake_mangled"
    kind = wanted.type
    if kind in ("text", "long_text", "phone"):
        return text, ""
    if kind in _NUMBERS:
        if "," in text and _COMMA.fullmatch(text):
            return text, "intake_comma"
        return (text.removesuffix("%").rstrip() if wanted.unit == "%" else text), ""
    if kind == "date":
        return _date(text), ""
    if kind == "instant":
        return _instant(text), ""
    if kind in _CHOICES:
        return _choice(wanted, text), ""
    return text, ""


@lru_cache(maxsize=1 << 14)
def _date(text: str) -> str:
    """Year, month and day in any of the usual writings as 2021-05-01; anything else unchanged."""
    found = _DATE.fullmatch("".join(text.split()))
    if found is None:
        return text
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return text


@lru_cache(maxsize=1 << 14)
def _instant(text: str) -> str:
    """Day and time in any of the usual writings as 2022-02-09T09:30, seconds only where told; all else unchanged."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _INSTANT.fullmatch(re.sub(r"\s*([-/.年月日:时点分])\s*", r"\1", plain))
    if found is None:
        return text
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
        instant = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 -- as written, without a zone
    except ValueError:
        return text
    return instant.isoformat(timespec="seconds" if instant.second else "minutes")


def _choice(wanted: Wanted, text: str) -> str:
    return _words(wanted).get(plain_of(text), text)


@lru_cache(maxsize=64)
def _words(wanted: Wanted) -> Mapping[str, str]:
    return {plain_of(word): option.id for option in wanted.options for word in (option.label, option.id)}
