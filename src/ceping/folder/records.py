"""The bytes of a CSV file into records of cells: encoding, quotes, lengths and limits, with memory bounded."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ceping.core.finding import Finding, fault

LONGEST_CELL = 32_767  # what a spreadsheet holds in one cell
LONGEST_RECORD = 131_072  # in bytes; the csv module's own limit of one cell is never met
MOST_LINES = 500_000
_CHUNK = 1 << 20
UTF8, GB18030 = "utf-8", "gb18030"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number as a spreadsheet counts rows, header and blank rows included, and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The physical lines of one record: the text, None when it is too long to be kept; where its open quote began."""

    text: str | None
    line: int
    quote_line: int | None


def read_records(path: Path, *, file: str, encoding: str = UTF8) -> tuple[list[Record], list[Finding]]:
    """Every record that is not blank, with what is wrong with the bytes; `encoding` is what other than UTF-8 may be.

    A file that is UTF-8 is read as UTF-8 whatever `encoding` says, so that a folder may hold both.
    """
    try:
        with path.open("rb") as stream:
            found, faults = _survey(stream, file, encoding)
            if faults:
                return [], faults
            stream.seek(0)
            return _records(stream, file, found)
    except OSError as error:
        return [], [fault("file_unreadable", file=file, reason=error.strerror or str(error))]


def _survey(stream: BinaryIO, file: str, encoding: str) -> tuple[str, list[Finding]]:
    """The encoding of the whole file, or what makes it no text: read once in pieces, nothing kept."""
    decoders = {name: codecs.getincrementaldecoder(name)() for name in (UTF8, GB18030)}
    wrong_at: dict[str, int] = {}
    line, nul_at, first = 1, 0, b""
    while chunk := stream.read(_CHUNK):
        first = first or chunk[:4]
        if not nul_at and b"\0" in chunk:
            nul_at = line + chunk.count(b"\n", 0, chunk.index(b"\0"))
        for name, decoder in decoders.items():
            if name not in wrong_at:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError as error:
                    wrong_at[name] = line + chunk.count(b"\n", 0, error.start)
        line += chunk.count(b"\n")
    for name, decoder in decoders.items():
        if name not in wrong_at and _cut_short(decoder):
            wrong_at[name] = line
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "", [fault("file_utf16", file=file)]
    if nul_at:
        return "", [fault("file_nul", file=file, place=_at(nul_at))]
    if line > MOST_LINES:
        return "", [fault("file_too_long", file=file, lines=line, most=MOST_LINES)]
    if UTF8 not in wrong_at:
        return UTF8, []
    if GB18030 in wrong_at:
        return "", [fault("file_not_utf8", file=file, place=_at(wrong_at[UTF8]))]
    if encoding == GB18030:
        return GB18030, []
    return "", [fault("file_gb18030", file=file, place=_at(wrong_at[UTF8]))]


def _cut_short(decoder: codecs.IncrementalDecoder) -> bool:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return True
    return False


def _at(line: int) -> str:
    return f"第 {line} 行"


def _records(stream: BinaryIO, file: str, encoding: str) -> tuple[list[Record], list[Finding]]:
    records: list[Record] = []
    faults: list[Finding] = []
    if stream.read(3) != codecs.BOM_UTF8:
        stream.seek(0)
    for number, lines in enumerate(_joined(stream, encoding), 1):
        if lines.quote_line is not None:
            faults.append(fault("quote_open", file=file, place=_at(lines.quote_line)))
            continue
        if lines.text is None:
            faults.append(fault("cell_too_long", file=file, place=_at(number), most=LONGEST_CELL))
            continue
        try:
            cells = _cells(lines.text)
        except csv.Error:
            faults.append(fault("quote_stray", file=file, place=_at(lines.line)))
            continue
        for column, cell in enumerate(cells, 1) if len(lines.text) > LONGEST_CELL else ():
            if len(cell) > LONGEST_CELL:
                place = f"{_at(number)}第 {column} 列"
                faults.append(fault("cell_too_long", file=file, place=place, most=LONGEST_CELL))
        if any(cell and not cell.isspace() for cell in cells):
            records.append(Record(number, cells))
    return records, faults


def _cells(text: str) -> list[str]:
    if '"' not in text and "\r" not in text:
        return text.split(",")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len(rows) > 1:
        # A stray quote or a bare carriage return made several rows of one.
        raise csv.Error
    return rows[0] if rows else []


def _joined(stream: BinaryIO, encoding: str) -> Iterator[_Lines]:
    """The lines of each record: a record goes on while a quote is open; what is too long is read over, not kept."""
    parts: list[bytes] = []
    size, line, first, quote_line, open_quote, too_long = 0, 1, 1, 1, False, False
    while piece := stream.readline(_CHUNK):
        size += len(piece)
        if piece.count(b'"') % 2:
            open_quote = not open_quote
            quote_line = line
        too_long = too_long or size > LONGEST_RECORD
        if too_long:
            parts.clear()
        else:
            parts.append(piece)
        if not piece.endswith(b"\n"):
            continue
        line += 1
        if open_quote:
            continue
        yield _Lines(None if too_long else _text(parts, encoding), first, None)
        parts.clear()
        size, first, too_long = 0, line, False
    if size:
        text = None if too_long or open_quote else _text(parts, encoding)
        yield _Lines(text, first, quote_line if open_quote else None)


def _text(parts: list[bytes], encoding: str) -> str:
    return b"".join(parts).decode(encoding).removesuffix("\n").removesuffix("\r")
