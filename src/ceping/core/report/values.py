"""One answer held against what its field or column takes: type, length, bounds, options, dates in the period."""

import re
from datetime import date
from decimal import Decimal

from ceping.core.exact import NotANumber, decimal_of, short_text_of
from ceping.core.finding import Finding, Level, fault
from ceping.core.names import count_characters, hidden_in
from ceping.core.phone import faults_in_phone, is_plain_mobile
from ceping.core.report.frame import Findings
from ceping.core.scheme.entry import DateRule, Entry, Option
from ceping.core.scheme.header import Period
from ceping.core.uscc import faults_in_code

LONGEST = {"text": 500, "long_text": 20_000}
LONGEST_OTHER = 100
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_OTHER_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", re.ASCII)
_EXPONENT = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,12})?[eE][+-]?[0-9]{1,2}", re.ASCII)
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def faults_in_value(
    entry: Entry, text: str, *, options: tuple[Option, ...], rule: DateRule, period: Period, file: str, place: str
) -> Findings:
    """What is wrong with a single answer that is not blank; a text too long is not looked into any further."""
    limit = LONGEST.get(entry.type, LONGEST_OTHER)
    if len(text) > limit:
        yield fault("report_too_long", file=file, place=place, count=len(text), limit=limit)
        return
    if hidden := hidden_in(text):
        yield fault("report_hidden_characters", file=file, place=place, level=Level.WARNING, hidden=hidden)
    if entry.type in ("text", "long_text"):
        yield from _length_faults(entry, text, file, place)
    elif entry.type in ("integer", "decimal"):
        yield from _number_faults(entry, text, file, place)
    elif entry.type == "date":
        yield from _date_faults(rule, text, period, file, place)
    elif entry.type in ("choice", "yes_no", "multi_choice"):
        yield from _option_faults(options, text, file, place)
    elif entry.type == "phone":
        yield from faults_in_phone(text, mobile_wanted=entry.mobile, file=file, place=place)
    elif entry.type == "uscc":
        yield from faults_in_code(text, file=file, place=place)
    elif _EMAIL.fullmatch(text.strip()) is None:
        yield fault("report_email_malformed", file=file, place=place, given=_shown(text))


def is_plainly_right(entry: Entry, text: str) -> bool:
    """Whether nothing is wrong with the answer at first sight, as with nearly every cell of a list of 100 000 rows.

    False leaves it to `faults_in_value`.
    """
    if entry.type == "phone":
        return is_plain_mobile(text)
    return entry.type in LONGEST and not entry.characters and len(text) <= LONGEST[entry.type] and text.isprintable()


def number_in(text: str) -> Decimal | None:
    """The exact number, None when the text is missing or no plain decimal."""
    try:
        return decimal_of(text)
    except NotANumber:
        return None


def day_in(text: str) -> date | None:
    """The day, None unless written as 2021-05-01."""
    if _ISO.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _length_faults(entry: Entry, text: str, file: str, place: str) -> Findings:
    if not entry.characters:
        return
    count = count_characters(text)
    if count > entry.characters:
        yield fault("report_too_long", file=file, place=place, count=count, limit=entry.characters)


def _number_faults(entry: Entry, text: str, file: str, place: str) -> Findings:
    number = number_in(text)
    if number is None:
        meant = _number_meant(text)
        if meant:
            yield fault("report_number_otherwise", file=file, place=place, given=_shown(text), meant=meant)
        else:
            yield fault("not_a_number", file=file, place=place, given=_shown(text))
        return
    places = entry.places if entry.type == "decimal" else 0
    if number != number.to_integral_value() and -_exponent(number) > places:
        yield fault("report_too_fine", file=file, place=place, given=text, places=places)
    if entry.least is not None and number < entry.least:
        yield fault(
            "report_below", file=file, place=place, given=text, limit=short_text_of(entry.least), unit=entry.unit
        )
    if entry.most is not None and number > entry.most:
        yield fault(
            "report_above", file=file, place=place, given=text, limit=short_text_of(entry.most), unit=entry.unit
        )


def _number_meant(text: str) -> str:
    # Shown back and never taken silently: full width, spaces, a plus, an exponent of a spreadsheet.
    plain = "".join(text.translate(_HALF_WIDTH).split()).removeprefix("+")
    if _EXPONENT.fullmatch(plain):
        plain = format(Decimal(plain), "f")
    number = number_in(plain)
    return "" if number is None else short_text_of(number)


def _exponent(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _date_faults(rule: DateRule, text: str, period: Period, file: str, place: str) -> Findings:
    first, stroke, last = text.partition("/")
    days = [day_in(part) for part in ((first, last) if stroke and rule == "in_progress" else (text,))]
    start, end = days[0], days[-1]
    if start is None or end is None:
        yield _date_malformed(text, file, place)
        return
    opens, closes = period.start.isoformat(), period.end.isoformat()
    if start > end:
        yield fault("report_dates_crossed", file=file, place=place, given=text)
    elif rule == "in_period" and not period.start <= start <= period.end:
        yield fault("report_date_outside", file=file, place=place, given=text, start=opens, end=closes)
    elif rule == "before_period" and start >= period.start:
        yield fault("report_date_late", file=file, place=place, given=text, start=opens)
    elif rule == "in_progress" and (start > period.end or end < period.start):
        # One early day may be the beginning of what still goes on; only a stated end settles it.
        level = Level.ERROR if stroke or start > period.end else Level.WARNING
        yield fault("report_not_in_progress", file=file, place=place, level=level, given=text, start=opens, end=closes)


def _date_malformed(text: str, file: str, place: str) -> Finding:
    match = _OTHER_DATE.fullmatch("".join(text.translate(_HALF_WIDTH).split()))
    if match is not None:
        meant = f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
        if day_in(meant) is not None:
            return fault("report_date_otherwise", file=file, place=place, given=_shown(text), meant=meant)
    return fault("report_date_malformed", file=file, place=place, given=_shown(text))


def _option_faults(options: tuple[Option, ...], text: str, file: str, place: str) -> Findings:
    if text not in {option.id for option in options}:
        known = "、".join(f"{option.id}（{option.label}）" for option in options)
        yield fault("report_option_unknown", file=file, place=place, given=_shown(text), known=known)


def _shown(text: str) -> str:
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text[:40])
    return shown if len(text) <= 40 else shown + "…"
