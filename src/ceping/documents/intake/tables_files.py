"""A spreadsheet file opened: what kind it is by its bytes, its sheets as plain rows, read where it can do no harm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, fault
from ceping.documents import confined
from ceping.documents.inspection.entrance import Inspected, inspect
from ceping.documents.inspection.kind import Kind, kind_of
from ceping.documents.intake.headers import Header, Wanted, find_header
from ceping.documents.intake.tables_cells import Raw
from ceping.documents.intake.tables_csv import read_csv

# What a person may be asked about a workbook, and what the answer means.
QUESTIONS: Mapping[str, str] = {
    "formulas": "公式单元格按上次保存时算出的值取",
    "merged": "竖向合并的单元格，合并的每一行都取同一个值",
    "hidden": "隐藏的行、列和筛掉的行照样取，隐藏的工作表不取",
}
# An honest workbook of three million cells takes the inspection longer than a picture does.
_LOOK = confined.Limits(cpu_seconds=6)
_LARGE = 6 * 1024 * 1024
_LIMITS = confined.Limits(
    cpu_seconds=12, memory_bytes=500 * 1024 * 1024, wall_seconds=60, answer_bytes=256 * 1024 * 1024
)
_TEXTS = ("csv", "txt", "tsv")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet from its first row on, and what is odd in it (as in `tables_marks.Marks`); a CSV file is one, unnamed."""

    rows: Sequence[Sequence[Raw]]
    name: str = ""
    hidden: bool = False
    formulas: Sequence[tuple[int, int, bool]] = ()
    errors: Sequence[tuple[int, int, str]] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[tuple[int, int]] = ()
    merges: Sequence[tuple[int, int, int, int]] = ()
    filtered: bool = False

    def merged_values(self, header: Header) -> Iterator[tuple[tuple[int, int], Raw]]:
        """What the cells under a merged one hold, row by row, in the found columns below the header."""
        for top, left, bottom, _ in self.merges:
            if top > header.last and left in header.columns.values() and top < len(self.rows):
                row = self.rows[top]
                value = row[left] if left < len(row) else ""
                yield from (((below, left), value) for below in range(top + 1, min(bottom + 1, len(self.rows))))


@dataclass(frozen=True, slots=True)
class Paper:
    """The sheets of a file; without any the findings say why."""

    sheets: Sequence[Sheet] = ()
    findings: Sequence[Finding] = field(default=())
    epoch_1904: bool = False


def open_file(path: Path, wanted: Sequence[Wanted], *, encoding: str) -> Paper:
    """The file as sheets: a CSV file is read here, a workbook inspected and read in child processes with limits."""
    file = path.name
    try:
        if _is_text(path):
            return _open_text(path, wanted, encoding)
        if path.stat().st_size > _LARGE:
            # Counting rows is quicker than looking at every part, and this is what is wrong with most large files.
            confined.run("ceping.documents.intake.tables_book:measure", path)
        looked = inspect(path, wanted={Kind.XLSX, Kind.CSV}, limits=_LOOK)
        return _open_book(path, looked) if looked.accepted else Paper(findings=looked.findings)
    except confined.Refused as refused:
        return Paper(findings=[confined.as_finding(refused, file=file)])
    except FileNotFoundError:
        return Paper(findings=[fault("file_missing", file=file)])
    except (OSError, ValueError) as error:
        # ValueError: a NUL in the path itself.
        reason = getattr(error, "strerror", None) or str(error)
        return Paper(findings=[fault("file_unreadable", file=file, reason=reason)])


def _is_text(path: Path) -> bool:
    # A text that is broken is told by its line, which the inspection does not know; an empty one it does.
    kinds = {Kind.CSV, Kind.OTHER} if path.suffix.lower().removeprefix(".") in _TEXTS else {Kind.CSV}
    return path.stat().st_size > 0 and kind_of(path) in kinds


def _open_text(path: Path, wanted: Sequence[Wanted], encoding: str) -> Paper:
    if path.suffix.lower().removeprefix(".") not in _TEXTS:
        return Paper(findings=inspect(path, wanted={Kind.XLSX, Kind.CSV}).findings)
    read = read_csv(path, file=path.name, encoding=encoding, fitting=lambda rows: _recognised(rows, wanted))
    return Paper([Sheet(read.rows)], read.findings)


def _recognised(rows: Sequence[Sequence[str]], wanted: Sequence[Wanted]) -> int:
    header = find_header(rows, wanted)
    return len(header.columns) if header else 0


def _open_book(path: Path, looked: Inspected) -> Paper:
    try:
        read = confined.run("ceping.documents.intake.tables_book:read", path, limits=_LIMITS)
    except confined.Refused as refused:
        return Paper(findings=[confined.as_finding(refused, file=path.name)])
    return Paper([_sheet(one) for one in read["sheets"]], looked.findings, epoch_1904=read["epoch_1904"])


def _sheet(given: Mapping[str, Any]) -> Sheet:
    return Sheet(
        rows=given["rows"],
        name=given["name"],
        hidden=given["hidden"],
        formulas=[(row, column, kept) for row, column, kept in given["formulas"]],
        errors=[(row, column, text) for row, column, text in given["errors"]],
        hidden_rows=given["hidden_rows"],
        hidden_columns=[(first, last) for first, last in given["hidden_columns"]],
        merges=[(top, left, bottom, right) for top, left, bottom, right in given["merges"]],
        filtered=given["filtered"],
    )
