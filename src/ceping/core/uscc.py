"""The unified social credit code (统一社会信用代码): is it one, what is wrong with it, who registered it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stdnum.cn.uscc import calc_check_digit

from ceping.core.finding import Finding, fault

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_TABLE = Path(__file__).parent / "tables" / "uscc.toml"
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NOT_WRITTEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff-]+")
# What a spreadsheet makes of 18 digits: scientific notation, or 15 digits kept and zeros after them.
_MANGLED = re.compile(r"[1-9](?:\.[0-9]+)?E\+?[0-9]{1,2}|[1-9][0-9]{14}000|[1-9][0-9]{17}\.0+", re.ASCII)
_SLIPS = str.maketrans("OI", "01")
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Registration:
    """What the first two characters say; `kind` is empty where the standard leaves the pair open."""

    authority: str
    kind: str


def normalised(text: str) -> str:
    """The code in half width and capitals, without spaces, dashes and invisible characters; idempotent."""
    return _NOT_WRITTEN.sub("", text.translate(_HALF_WIDTH)).upper()


def is_valid(code: str) -> bool:
    """Whether the text, as it stands, is a code with both its check characters right (GB 32100, GB 11714)."""
    return not faults_in_code(code) and code == normalised(code)


def organisation_check(body: str) -> str:
    """The ninth character of an organisation code from its eight (GB 11714-1997)."""
    total = sum(int(char, 36) * weight for char, weight in zip(body, _BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def suggestion(text: str) -> str:
    """The valid code meant when O was typed for 0 or I for 1; empty when that does not make one."""
    code = normalised(text)
    mended = code.translate(_SLIPS)
    return mended if mended != code and is_valid(mended) else ""


def registration_of(code: str) -> Registration | None:
    """Who registered the institution and as what, from the first two characters; None for no known authority."""
    authority = _table()["authority"].get(code[:1])
    return None if authority is None else Registration(authority, _table()["kind"].get(code[:2], ""))


def faults_in_code(text: str, *, file: str = "", place: str = "") -> list[Finding]:
    """What is wrong with a code as written; at most one finding, the first that makes the later ones meaningless.

    `uscc_check_digit`, `uscc_check_digit_pilot` and `uscc_organisation` may be overridden with the licence and a
    reason: pilot codes exist whose check character fails. Every other fault means that it is no code at all.
    """
    code = normalised(text)
    if not code:
        return [fault("uscc_blank", file=file, place=place)]
    if _MANGLED.fullmatch(code) and not _checks(code):
        return [fault("uscc_mangled", file=file, place=place, given=_short(code))]
    if len(code) != LENGTH:
        return [fault("uscc_length", file=file, place=place, given=_short(code), length=len(code))]
    foreign = "".join(sorted(set(code) - set(ALPHABET)))
    if foreign:
        meant = suggestion(code)
        name = "uscc_slip" if meant else "uscc_alphabet"
        return [fault(name, file=file, place=place, given=_short(code), foreign=_short(foreign), meant=meant)]
    if not code[2:8].isdigit():
        return [fault("uscc_region", file=file, place=place, given=code, region=code[2:8])]
    return _check_faults(code, file, place)


def _check_faults(code: str, file: str, place: str) -> list[Finding]:
    organisation_right = organisation_check(code[8:16]) == code[16]
    if calc_check_digit(code[:17]) == code[17]:
        if organisation_right:
            return []
        return [fault("uscc_organisation", file=file, place=place, given=code, organisation=code[8:17])]
    name = "uscc_check_digit_pilot" if organisation_right else "uscc_check_digit"
    return [fault(name, file=file, place=place, given=code, last=code[17])]


def _checks(code: str) -> bool:
    return (
        len(code) == LENGTH and set(code) <= set(ALPHABET) and code[2:8].isdigit() and not _check_faults(code, "", "")
    )


def _short(code: str) -> str:
    shown = "".join(char if char.isprintable() else "\ufffd" for char in code[: LENGTH * 2])
    return shown if len(code) <= LENGTH * 2 else shown + "…"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
