"""A sealed PDF that comes back, held against the one that was issued: by text where it has some, else by its QR codes.

Page by page: one whose scan carries a text layer is compared by its text, one that is a picture by its code, and a page
with neither only by its place. What was done with each page is part of the answer. Nothing here is a verdict.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np

from ceping.core.finding import Finding, Level, fault
from ceping.documents.codes import can_read_codes, code_in
from ceping.documents.confined import MB, Limits, run
from ceping.documents.pictures import MOST_PAGES
from ceping.documents.refusal import Refused

_TASK = "ceping.documents.scans:read_pages"
_LIMITS = Limits(cpu_seconds=600, memory_bytes=3000 * MB, wall_seconds=900)
_DPI, _LONGEST = 200, 3400
_AROUND = 12
# A stamp or a page number that some scanners add is no text layer.
_LEAST_TEXT = 10
_MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page: its text without white space, the text of its QR code (None: none found), whether codes were sought."""

    text: str
    code: str | None
    sought: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """How each page was compared (`text`, `code`, `blank` or `unread`), and what was found."""

    ways: tuple[str, ...]
    findings: tuple[Finding, ...]


def compare_sealed(issued: Path, sealed: Path, *, file: str = "") -> Comparison:
    """The sealed file held against the issued one, both read in a child; raises Refused for an unreadable one."""
    theirs = _read(sealed, codes=True, always=False)
    pictured = any(len(page.text) < _LEAST_TEXT for page in theirs)
    ours = _read(issued, codes=pictured, always=True)
    if len(ours) != len(theirs):
        found = fault("sealed_pages_differ", file=file, issued=len(ours), count=len(theirs))
        return Comparison((), (found,))
    ways, findings = [], []
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True), 1):
        way, found_here = _compared(one, other, number, file)
        ways.append(way)
        findings += found_here
    if any(way in ("code", "unread") for way in ways) and not all(page.sought for page in theirs):
        findings.append(fault("sealed_without_codes", file=file, level=Level.WARNING))
    findings.append(_told(ways, file))
    return Comparison(tuple(ways), tuple(findings))


def _compared(one: PageRead, other: PageRead, number: int, file: str) -> tuple[str, list[Finding]]:
    place = f"第 {number} 页"
    if len(other.text) >= _LEAST_TEXT:
        return "text", list(_text_faults(one.text, other.text, place, file))
    if not one.text and one.code is None:
        return "blank", []
    if not other.sought:
        return "unread", []
    if other.code is None or one.code is None:
        return "unread", [fault("sealed_code_unread", file=file, place=place, level=Level.WARNING)]
    if other.code != one.code:
        return "code", [fault("sealed_code_differs", file=file, place=place, found=other.code[:80])]
    return "code", []


def _text_faults(ours: str, theirs: str, place: str, file: str) -> Iterator[Finding]:
    if ours == theirs:
        return
    matched = SequenceMatcher(None, ours, theirs, autojunk=False)
    changes = [change for change in matched.get_opcodes() if change[0] != "equal"]
    what, start, end, first, last = changes[0]
    if len(changes) == 1 and what == "insert":
        # A seal that carries text, or a number a scanner stamped, changes nothing of what was issued.
        added = theirs[first:last][:80]
        yield fault("sealed_text_added", file=file, place=place, level=Level.WARNING, sealed=added)
        return
    left = ours[max(0, start - _AROUND) : end + _AROUND][:80]
    right = theirs[max(0, first - _AROUND) : last + _AROUND][:80]
    told = {"count": len(changes), "issued": left, "sealed": right}
    yield fault("sealed_text_differs", file=file, place=place, level=Level.WARNING, **told)


def _told(ways: Sequence[str], file: str) -> Finding:
    pages = {way: _listed([number for number, one in enumerate(ways, 1) if one == way]) for way in set(ways)}
    text, code, unread = (pages.get(way, "无") for way in ("text", "code", "unread"))
    return fault("sealed_compared", file=file, level=Level.WARNING, text=text, codes=code, unread=unread)


def _listed(numbers: list[int]) -> str:
    """Runs of pages as people write them: 1–3、5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = [f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs[:_MOST_LISTED]]
    return f"第 {'、'.join(shown)}{' …' if len(runs) > _MOST_LISTED else ''} 页"


def _read(path: Path, *, codes: bool, always: bool) -> list[PageRead]:
    found: list[dict[str, Any]] = run(_TASK, path, {"codes": codes, "always": always}, limits=_LIMITS)
    return [PageRead(**one) for one in found]


def read_pages(path: Path, *, codes: bool, always: bool) -> list[dict[str, Any]]:
    """Of each page of a PDF its text and, when asked for, its code; made to be called in a child. Raises Refused."""
    import pypdfium2 as pdfium  # noqa: PLC0415 -- what only compares needs none of it

    sought = codes and can_read_codes()
    try:
        document = pdfium.PdfDocument(path)
        if len(document) > MOST_PAGES:
            raise Refused("scan_many_pages", {"count": str(len(document)), "most": str(MOST_PAGES)})
        document.init_forms()
        pages = []
        for number in range(len(document)):
            page = document[number]
            text = _text(page)
            # A page that can be compared by its text needs no code, and reading one takes most of a second.
            code = _code(page) if sought and (len(text) < _LEAST_TEXT or always) else None
            pages.append({"text": text, "code": code, "sought": sought})
            page.close()
    except pdfium.PdfiumError as error:
        raise Refused("scan_pdf_locked" if "password" in str(error).lower() else "scan_pdf_broken") from error
    return pages


def _text(page: Any) -> str:  # noqa: ANN401 -- the library carries no types
    layer = page.get_textpage()
    text = unicodedata.normalize("NFKC", layer.get_text_range())
    layer.close()
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf"))


def _code(page: Any) -> str | None:  # noqa: ANN401 -- as above
    width, height = page.get_size()
    # A sheet larger than A3 is drawn smaller.
    scale = min(_DPI / 72, _LONGEST / max(width, height, 1))
    return code_in(np.asarray(page.render(scale=scale).to_pil().convert("L")))
