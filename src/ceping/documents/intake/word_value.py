"""What was typed into a cell as a value of its type: changed only where it can mean one thing, and that is said."""

import re
from dataclasses import dataclass
from datetime import date

from ceping.core.exact import NotANumber, decimal_of
from ceping.core.scheme.entry import DateRule, Entry
from ceping.core.uscc import normalised as normalised_code

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: 0x2E, 0x2014: 0x2D, 0x2013: 0x2D}
_THOUSANDS = r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
_PLAIN = r"-?[0-9]+(?:\.[0-9]+)?"
_AMOUNT = re.compile(rf"\+?(?P<number>{_THOUSANDS}|{_PLAIN})(?P<unit>[^0-9.,]*)")
_DAY = r"([0-9]{4})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})[日号]?"
_ONE_DAY = re.compile(_DAY)
_TWO_DAYS = re.compile(rf"{_DAY}(?:[-~/]{{1,2}}|至|到){_DAY}")
_EIGHT_DIGITS = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"[0-9]{4}[年./-][0-9]{1,2}月?")
_CHINESE_DAY = re.compile(
    r"[〇零○一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号]?"
)
_NUMERALS = {char: str(place) for place, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_NOTHING = frozenset(("/", "//", "-", "--", "---", "无", "暂无", "没有"))
_JOINED = re.compile(r"(?P<head>.*?)\s*[/／]\s*(?P<count>[0-9０-９,，]+)\s*(?P<unit>[^0-9０-９/／]*)", re.DOTALL)
_TAIL = re.compile(
    r"(?P<head>.*?)[\s,，、:：(（]*(?P<count>[0-9０-９]+)\s*(?P<unit>[^0-9０-９/／)）]*)[)）]?", re.DOTALL
)
_INDENT = " \t\u3000\xa0"


@dataclass(frozen=True, slots=True)
class Value:
    """A value as report.json holds it.

    `tidied` says that it is not how it was typed though it means the same; `doubt` is the code of what could not be
    read, and then the value is what was typed.
    """

    text: str = ""
    tidied: bool = False
    doubt: str = ""


def typed(text: str) -> str:
    """The text as somebody typed it: line by line without the spaces that indent it, without empty lines around."""
    lines = [line.strip(_INDENT) for line in text.replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n")


def says_nothing(text: str) -> bool:
    """Whether a cell was crossed out, or says that there is none."""
    return _even(text) in _NOTHING


def value_of(entry: Entry, text: str, *, unit: str = "", rule: DateRule = "") -> Value:
    """The value of a typed text. `unit` is what the form itself prints in the cell; `rule` that of a date."""
    given = typed(text)
    if not given:
        return Value()
    if entry.type in ("integer", "decimal"):
        return _number(entry, given, unit)
    if entry.type == "date":
        return _date(given, rule)
    if entry.type == "uscc":
        code = normalised_code(given)
        return Value(code, tidied=code != given)
    if entry.type == "email":
        address = _even(given)
        return Value(address, tidied=address != given) if "@" in address else Value(given)
    return Value(given)


def joined(entry: Entry, text: str) -> tuple[str, Value, str]:
    """Two answers typed into one cell: the text, the number after its stroke, and the code of a doubt.

    `entry` is the number's. A number without a stroke is taken when it has the unit of the entry, and that is said.
    """
    given = typed(text)
    if match := _JOINED.fullmatch(given):
        if _is_unit(match["unit"], entry.unit):
            return typed(match["head"]), _number(entry, match["count"] + match["unit"], match["unit"]), ""
        return given, Value(), "word_joined_unclear"
    match = _TAIL.fullmatch(given)
    if match is None:
        return given, Value(), "word_joined_unclear" if re.search("[0-9０-９]", given) else ""
    head = match["head"].strip(_INDENT)
    if _is_unit(match["unit"], entry.unit) and (not head or (match["unit"] and not _hedged(head))):
        return head, _number(entry, match["count"] + match["unit"], match["unit"]), "word_joined_split"
    return given, Value(), "word_joined_unclear"


def _hedged(head: str) -> bool:
    return bool(re.search(r"[0-9０-９]|[约近超达余多第至到\-~～]$", head))


def _number(entry: Entry, given: str, printed: str) -> Value:
    match = _AMOUNT.fullmatch(_even(given))
    if match is None or not _is_unit(match["unit"], entry.unit, printed):
        # A stroke crosses the cell out; 无 may mean zero or nothing.
        crossed = says_nothing(given) and not given.endswith(("无", "有"))
        return Value(tidied=True) if crossed else Value(given, doubt="word_number_unclear")
    number = match["number"].replace(",", "")
    try:
        decimal_of(number)
    except NotANumber:
        return Value(given, doubt="word_number_unclear")
    alone = given.removesuffix(printed).strip(_INDENT) if printed else given
    return Value(number, tidied=number != alone)


def _date(given: str, rule: DateRule) -> Value:
    even = _even(given)
    if even in _NOTHING:
        return Value(tidied=True)
    if _CHINESE_DAY.fullmatch(even):
        day = _iso(*(_counted(part) for part in re.split("[年月日号]", even)[:3]))
        return Value(day, tidied=True) if day else Value(given, doubt="word_date_unclear")
    if match := _TWO_DAYS.fullmatch(even):
        days = [_iso(*match.groups()[:3]), _iso(*match.groups()[3:])]
        if all(days) and rule == "in_progress":
            return Value("/".join(days))
        return Value(given, doubt="word_date_unclear" if not all(days) else "word_date_two")
    match = _ONE_DAY.fullmatch(even) or _EIGHT_DIGITS.fullmatch(even)
    if match is not None and (day := _iso(*match.groups())):
        return Value(day, tidied=even.isdigit())
    return Value(given, doubt="word_date_no_day" if _MONTH.fullmatch(even) else "word_date_unclear")


def _iso(*parts: str) -> str:
    try:
        return date(*(int(part) for part in parts)).isoformat()
    except (ValueError, TypeError):
        return ""


def _counted(text: str) -> str:
    """Chinese numerals as digits: by place as in 二〇二一, or by tens as in 二十三."""
    if "十" not in text:
        return "".join(_NUMERALS.get(char, "x") for char in text)
    tens, _, ones = text.partition("十")
    return str(int(_NUMERALS.get(tens or "一", "0")) * 10 + int(_NUMERALS.get(ones or "〇", "0")))


def _even(text: str) -> str:
    return "".join(text.translate(_HALF_WIDTH).split())


def _is_unit(text: str, *units: str) -> bool:
    """Whether the text is one of the units; 台（套） may be written 台, 套 or 台套."""
    given = _even(text)
    known = {""}
    for unit in map(_even, units):
        parts = [part for part in re.split(r"[()]", unit) if part]
        known |= {unit, "".join(parts), *parts}
    return given in known
