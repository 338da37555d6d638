"""report.json read strictly: bytes into JSON without surprises, JSON into a report, every fault of its shape named."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from ceping.core.finding import Finding, fault
from ceping.core.report.answers import Report
from ceping.core.report.shape import Numeral, Shape

LARGEST = 16 * 1024 * 1024
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class _NoSuchNumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


def read_report_file(path: Path, *, file: str) -> tuple[Report | None, list[Finding]]:
    """The report in a file with the faults of its shape, or None and why it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return None, [fault("report_too_large", file=file, limit=LARGEST // 1024 // 1024)]
        data = path.read_bytes()
    except FileNotFoundError:
        return None, [fault("file_missing", file=file)]
    except OSError as error:
        return None, [fault("file_unreadable", file=file, reason=error.strerror or str(error))]
    except ValueError as error:
        # A NUL in the path itself.
        return None, [fault("file_unreadable", file=file, reason=str(error))]
    return read_report_bytes(data, file=file)


def read_report_bytes(data: bytes, *, file: str = "report.json") -> tuple[Report | None, list[Finding]]:
    """As `read_report_file`, for the bytes of one file."""
    if len(data) > LARGEST:
        return None, [fault("report_too_large", file=file, limit=LARGEST // 1024 // 1024)]
    text, findings = _decoded(data, file)
    if text is None:
        return None, findings
    value, findings = _parsed(text, file)
    if findings:
        return None, findings
    if not isinstance(value, Mapping):
        return None, [fault("report_not_an_object", file=file)]
    return read_report(value, file=file)


def read_report(data: Mapping[str, Any], *, file: str = "report.json") -> tuple[Report | None, list[Finding]]:
    """The report in a JSON object with what is wrong with its shape; None when it cannot be read as a report at all.

    A number or true where text is wanted is kept as its text beside the finding, so that it is not also missing.
    """
    shape = Shape(file)
    report = shape.report(data)
    return (None if shape.unreadable else report), shape.findings


def _decoded(data: bytes, file: str) -> tuple[str | None, list[Finding]]:
    if data.startswith(_UTF16):
        return None, [fault("report_utf16", file=file)]
    if b"\x00" in data:
        return None, [fault("report_nul", file=file, place=_line(data, data.index(b"\x00")))]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        place = _line(data, error.start)
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None, [fault("file_not_utf8", file=file, place=place)]
    return None, [fault("report_gb18030", file=file, place=place)]


def _parsed(text: str, file: str) -> tuple[object, list[Finding]]:
    repeated: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            repeated.extend(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return table

    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=_refuse, parse_float=Numeral, parse_int=Numeral)
    except _NoSuchNumber as error:
        return None, [fault("report_no_such_number", file=file, given=str(error))]
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 个字符"
        return None, [fault("report_json_malformed", file=file, place=place, reason=error.msg)]
    except RecursionError:
        return None, [fault("report_too_deep", file=file)]
    return value, [fault("report_key_repeated", file=file, place=_shown(name), key=_shown(name)) for name in repeated]


def _refuse(name: str) -> NoReturn:
    raise _NoSuchNumber(name)


def _line(data: bytes, offset: int) -> str:
    count = data.count(b"\n", 0, offset) + 1
    return f"第 {count} 行"


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in text[:40])
