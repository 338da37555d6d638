"""The bytes of a CSV file into rows of texts: encoding, separator, quotes and limits, each fault with its line."""

import codecs
import contextlib
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ceping.core.finding import Finding, Level, fault
from ceping.documents.intake.tables_marks import MOST_ROWS

LONGEST_CELL = 131_072
_MOST_BYTES = 64 * 1024 * 1024
_CHUNK = 1 << 20
_TITLES = 200
_SAMPLE = 64 * 1024
_PREVIEW = 60
# A file without one Chinese character and with so many question marks once had them.
_LOST = 5
GB18030 = "gb18030"
_SEPARATORS = {",": "逗号", ";": "分号", "\t": "制表符", "|": "竖线"}


@dataclass(frozen=True, slots=True)
class Texts:
    """The rows of the file as texts, blank ones included, and what was noticed on the way."""

    rows: list[list[str]]
    findings: list[Finding]


def read_csv(path: Path, *, file: str, encoding: str, fitting: Callable[[list[list[str]]], int]) -> Texts:
    """The rows, or none and why not; `fitting` says how many wanted columns a first few rows show.

    `encoding` is what other than UTF-8 the file may be: nothing, or gb18030 once somebody has looked at the preview.
    """
    data, faults = _bytes(path, file)
    if faults:
        return Texts([], faults)
    text, faults = _decoded(data, file, encoding)
    if text is None:
        return Texts([], faults)
    separator = _separator(text, fitting)
    rows, faults = _rows(text, separator, file)
    if not faults and separator != ",":
        name = _SEPARATORS[separator]
        faults = [fault("intake_separator", file=file, level=Level.WARNING, found=name)]
    return Texts(rows, faults)


def _bytes(path: Path, file: str) -> tuple[bytes, list[Finding]]:
    chunks: list[bytes] = []
    lines = size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if not chunks and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return b"", [fault("intake_utf16", file=file)]
            if b"\0" in chunk:
                line = lines + chunk.count(b"\n", 0, chunk.index(b"\0")) + 1
                return b"", [fault("intake_nul", file=file, place=f"第 {line} 行")]
            lines += chunk.count(b"\n")
            size += len(chunk)
            if lines > MOST_ROWS + _TITLES:
                return b"", [fault("intake_too_many_rows", file=file, most=f"{MOST_ROWS:,}")]
            if size > _MOST_BYTES:
                return b"", [fault("intake_too_large", file=file, most=f"{_MOST_BYTES >> 20} MB")]
            chunks.append(chunk)
    return b"".join(chunks), []


def _decoded(data: bytes, file: str, encoding: str) -> tuple[str | None, list[Finding]]:
    try:
        text = data.decode("utf-8-sig")
        if text.isascii() and text.count("??") >= _LOST:
            return None, [fault("intake_question_marks", file=file, preview=text.strip()[:_PREVIEW].splitlines()[0])]
        return text, []  # noqa: TRY300 -- short enough to be read at once
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        text = data.decode(GB18030)
    except UnicodeDecodeError:
        return None, [fault("intake_not_utf8", file=file, place=f"第 {line} 行")]
    if encoding == GB18030:
        return text, []
    lines = text.splitlines()
    preview = next((one for one in lines if not one.isascii()), "")[:_PREVIEW]
    return None, [fault("intake_gb18030", file=file, place=f"第 {line} 行", preview=preview)]


def _separator(text: str, fitting: Callable[[list[list[str]]], int]) -> str:
    """The separator with which most columns are recognised; the comma when none is better."""
    sample = text[:_SAMPLE]

    def recognised(separator: str) -> int:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        rows: list[list[str]] = []
        # What was read until a fault is enough to choose by; the fault is told when the whole is read.
        with contextlib.suppress(csv.Error):
            rows.extend([cell.strip() for cell in row] for row in reader)
        return fitting(rows)

    return max(_SEPARATORS, key=recognised)


def _rows(text: str, separator: str, file: str) -> tuple[list[list[str]], list[Finding]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    begun = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return rows, []
        except csv.Error as error:
            place = f"第 {begun + 1} 行"
            # A record of several lines that does not end well is a quote nobody closed.
            if "field larger" in str(error) and reader.line_num - begun <= 1:
                return [], [fault("intake_cell_long", file=file, place=place, most=f"{LONGEST_CELL:,}")]
            if reader.line_num - begun > 1 or "unexpected end" in str(error):
                return [], [fault("intake_quote_open", file=file, place=place)]
            return [], [fault("intake_quote_stray", file=file, place=place)]
        # The reader's own limit is one for the whole process, and others set it.
        if any(len(cell) > LONGEST_CELL for cell in row):
            place = f"第 {begun + 1} 行"
            return [], [fault("intake_cell_long", file=file, place=place, most=f"{LONGEST_CELL:,}")]
        rows.append(row)
        begun = reader.line_num
