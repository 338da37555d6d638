"""The one entrance for a file from outside: what it is, under which name it is shown, and whether it may be read on.

Size, hash and name are taken here; everything that must understand a byte of the file happens in a child with limits.
The same bytes always get the same answer, whoever brings them.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.documents import confined
from ceping.documents.inspection.kind import PICTURES, SUFFIXES, Kind, kind_of
from ceping.documents.inspection.names import name_findings, shown_name, suffix_of
from ceping.documents.refusal import Refused

MB = 1024 * 1024
# By kind, in bytes: a whole scanned report is the largest PDF, a season's attachments the largest ZIP.
_MOST_OF_ALL = 200 * MB
MOST_BYTES = {Kind.CSV: 100 * MB, Kind.PDF: 100 * MB} | dict.fromkeys(PICTURES, 50 * MB)
_LOOKED_INTO = PICTURES | {Kind.ZIP, Kind.PDF, Kind.PARQUET}
_PACKAGE_SUFFIXES = ("docx", "xlsx", "docm", "xlsm", "doc", "xls", "wps", "et")
# Programs export text under these names and call it a workbook.
_TABLES = ("xlsx", "xls", "et")
_TEXTS = (Kind.CSV, Kind.JSONL)
_NO_TEXTS = frozenset(suffix for kind, suffixes in SUFFIXES.items() if kind not in _TEXTS for suffix in suffixes) | {
    *_PACKAGE_SUFFIXES
}
# What can be used nowhere, each with its own advice.
_ADVICE = {
    Kind.MACRO: "file_macro",
    Kind.LOCKED_OFFICE: "file_password",
    Kind.OLD_WORD: "file_old_word",
    Kind.OLD_EXCEL: "file_old_excel",
    Kind.BINARY_EXCEL: "file_old_excel",
    Kind.OLD_OFFICE: "file_old_office",
    Kind.TEMPLATE: "file_template",
    Kind.SLIDES: "file_slides",
    Kind.OPEN_DOCUMENT: "file_open_document",
    Kind.OFD: "file_ofd",
    Kind.ARCHIVE: "file_archive",
    Kind.MARKUP: "file_markup",
    Kind.PROGRAM: "file_program",
    Kind.OTHER: "file_unknown",
}
_TASK = "ceping.documents.inspection.content:look"
_PIECE = MB


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file as it is: `kind` by its bytes, `size` in bytes, `sha256` in hex, `name` safe to show, what was found.

    It may be read on when `accepted`; questions (warnings) are for a person.
    """

    kind: Kind
    size: int
    sha256: str
    name: str
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """No finding stops the work."""
        return not errors_in(self.findings)


def inspect(
    path: Path, *, name: str | None = None, wanted: Collection[Kind], limits: confined.Limits = confined.LIMITS
) -> Inspected:
    """What the file at `path` is; `name` is how it was called where it came from, `wanted` are the kinds taken here.

    Never raises for what is in the file. OSError where `path` cannot be read at all.
    """
    given = path.name if name is None else name
    shown = shown_name(given)
    size, sha256 = _measured(path)
    findings = name_findings(given)
    kind = kind_of(path)
    if not size:
        findings.append(fault("file_empty", file=shown))
    elif size > _most_bytes(kind):
        findings.append(fault("file_bytes", file=shown, most=f"{_most_bytes(kind) // MB} MB"))
    else:
        kind, inside = _looked(path, kind, shown, limits)
        findings += [*_fitness(kind, shown, wanted, whole=not errors_in(inside)), *inside]
    return Inspected(kind, size, sha256, shown, tuple(findings))


def _looked(path: Path, kind: Kind, shown: str, limits: confined.Limits) -> tuple[Kind, list[Finding]]:
    if kind not in _LOOKED_INTO:
        return kind, []
    try:
        answer = confined.run(_TASK, path, limits=limits)
    except Refused as refused:
        return kind, [confined.as_finding(refused, file=shown)]
    return Kind(answer["kind"]), [
        Finding(code, shown, place, tuple((key, value) for key, value in values), Level(level))
        for code, place, values, level in answer["findings"]
    ]


def _fitness(kind: Kind, shown: str, wanted: Collection[Kind], *, whole: bool) -> Iterator[Finding]:
    """Whether this kind may come here at all, and under this suffix."""
    suffix = suffix_of(shown)
    if kind is Kind.ZIP and suffix in _PACKAGE_SUFFIXES:
        # Of a broken one nobody knows whether it was a package; what is broken is told.
        if whole:
            yield fault("file_plain_zip", file=shown, suffix=suffix)
    elif kind in _ADVICE:
        yield fault(_ADVICE[kind], file=shown)
    elif kind in _TEXTS and suffix in _NO_TEXTS:
        # Any text without a control character may be a table; under such a name nobody meant one.
        yield fault("file_text_table" if suffix in _TABLES else "file_text", file=shown, suffix=suffix)
    elif kind not in wanted:
        kinds = "、".join(sorted(one.value for one in wanted))
        told = "txt" if kind in _TEXTS and suffix not in SUFFIXES[kind] else kind.value
        yield fault("file_unwanted", file=shown, kind=told, wanted=kinds)
    elif suffix and suffix not in SUFFIXES[kind]:
        # Telephones and messengers save any picture as .jpg; it is converted by what it is.
        if kind in PICTURES and any(suffix in SUFFIXES[other] for other in PICTURES):
            yield fault("file_suffix_picture", file=shown, level=Level.WARNING, suffix=suffix, kind=kind.value)
        else:
            yield fault("file_suffix", file=shown, suffix=suffix, kind=kind.value)


def _most_bytes(kind: Kind) -> int:
    return MOST_BYTES.get(kind, _MOST_OF_ALL)


def _measured(path: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            digest.update(piece)
    return size, digest.hexdigest()
