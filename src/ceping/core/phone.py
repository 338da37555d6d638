"""Telephone numbers: which kind is it, what is doubtful about it, and how it is shown without being told."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, Level, fault

_TABLE = Path(__file__).parent / "tables" / "phone.toml"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2010: 0x2D, 0x2013: 0x2D, 0x2014: 0x2D}
_NOT_WRITTEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_COUNTRY = re.compile(r"(?:\+|00)?86-?(?=(?:1[3-9][0-9-]{9,11}|0[0-9-]{9,})$)", re.ASCII)
_MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
_HOTLINE = re.compile(r"[48]00[0-9]{7}", re.ASCII)
_LANDLINE = re.compile(r"(0[0-9]{2,3})-?([2-9][0-9]{6,7})(?:(?:-|转|EXT\.?|#)([0-9]{1,6}))?", re.ASCII)
_LOCAL = re.compile(r"[2-9][0-9]{6,7}(?:-[0-9]{1,6})?", re.ASCII)
_LONGEST = 40
_SHORT_AREA = 3
# Numbers are given out in ranges of ten thousand: seven digits name one.
_RANGE_DIGITS = 7
_DOUBTS = {
    "virtual": "phone_virtual",
    "data": "phone_data",
    "satellite": "phone_satellite",
    "unassigned": "phone_unassigned",
    "landline": "phone_landline",
    "hotline": "phone_hotline",
}


class Kind(StrEnum):
    """What a number reaches: a person, a desk, or a service desk."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    HOTLINE = "hotline"


def normalised(text: str) -> str:
    """The number in half width, without spaces and without the country code; a mobile also without dashes.

    A landline comes out as `021-58881234` or `021-58881234-801`; what is no number comes out merely tidied.
    """
    if _MOBILE.fullmatch(text):
        return text
    tidy = _NOT_WRITTEN.sub("", text.translate(_HALF_WIDTH)).upper().replace("(", "").replace(")", "-")
    tidy = _COUNTRY.sub("", tidy.strip("-"), count=1)
    digits = tidy.replace("-", "")
    if _MOBILE.fullmatch(digits) or _HOTLINE.fullmatch(digits):
        return digits
    parts = _landline(tidy)
    return "-".join(part for part in parts if part) if parts else tidy


def kind_of(text: str) -> Kind | None:
    """Mobile, landline with area code, or 400/800 hotline; None for anything else."""
    number = normalised(text)
    if _MOBILE.fullmatch(number):
        return Kind.MOBILE
    if _HOTLINE.fullmatch(number):
        return Kind.HOTLINE
    return Kind.LANDLINE if _landline(number) else None


def faults_in_phone(text: str, *, mobile_wanted: bool, file: str = "", place: str = "") -> list[Finding]:
    """What is wrong or doubtful: no number at all is an error, a landline in a mobile column and odd ranges warn."""
    number = normalised(text)
    if not number:
        return [fault("phone_blank", file=file, place=place)]
    kind = Kind.MOBILE if _MOBILE.fullmatch(number) else kind_of(number)
    if kind is None:
        code = "phone_area_missing" if _LOCAL.fullmatch(number) else "phone_malformed"
        shown = "".join(char if char.isprintable() else "\ufffd" for char in number[:_LONGEST])
        return [fault(code, file=file, place=place, given=shown)]
    if kind is Kind.MOBILE:
        notice = _notice(number[:_RANGE_DIGITS])
        return [_doubt(notice, file, place, number)] if notice else []
    return [_doubt(kind.value, file, place, number)] if mobile_wanted else []


def is_plain_mobile(text: str) -> bool:
    """Whether the text is a mobile number as it is stored, of which there is nothing to say."""
    return _MOBILE.fullmatch(text) is not None and not _notice(text[:_RANGE_DIGITS])


def masked(text: str) -> str:
    """`138****1234`: what may be shown without a reason; a landline keeps its area, anything else shows nothing."""
    number = normalised(text)
    if not number:
        return ""
    if kind_of(number) is Kind.MOBILE:
        return f"{number[:3]}****{number[-4:]}"
    parts = _landline(number)
    return f"{parts[0]}****{parts[1][-4:]}" if parts else "****"


def _landline(number: str) -> tuple[str, str, str] | None:
    match = _LANDLINE.fullmatch(number)
    if match is None:
        return None
    digits = re.sub(r"[^0-9].*", "", number.replace("-", "", 1))
    # 02158881234 splits after three digits, 051288881234 after four: the area decides, not the dash.
    area_length = _SHORT_AREA if digits[:3] in _table()["landline"]["short_areas"] else _SHORT_AREA + 1
    area, line = digits[:area_length], digits[area_length:]
    pattern = r"[2-9][0-9]{7}" if area_length == _SHORT_AREA else r"[2-9][0-9]{6,7}"
    return (area, line, match[3] or "") if re.fullmatch(pattern, line) else None


@lru_cache(maxsize=1 << 12)
def _notice(number: str) -> str:
    return next((name for name, prefixes in _notices() if number.startswith(prefixes)), "")


def _doubt(about: str, file: str, place: str, given: str) -> Finding:
    return fault(_DOUBTS[about], file=file, place=place, level=Level.WARNING, given=given)


@cache
def _notices() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(prefixes)) for name, prefixes in _table()["notice"].items())


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
