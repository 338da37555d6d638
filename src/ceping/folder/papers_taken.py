"""Filled sheets on their way back into one table of a season: what each holds, what stays, what would be lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ceping.core.exact import NotANumber, decimal_of
from ceping.core.finding import Finding, errors_in, fault
from ceping.documents.intake.tables import Table
from ceping.folder.calling import instant_of
from ceping.folder.columns import Column, File
from ceping.folder.faults import Faults
from ceping.folder.tables import Row, read_table

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the sheets are to be read: the name of the sheet, the encoding of a CSV file, what was confirmed."""

    sheet: str = ""
    encoding: str = ""
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Taken:
    """One filled sheet: everything found, whose it is (one or none), and its rows, none when anything is wrong."""

    table: Table
    whose: str = ""
    rows: Sequence[Cells] = ()

    @property
    def findings(self) -> list[Finding]:
        """Everything found."""
        return self.table.findings

    @property
    def refused(self) -> bool:
        """Whether anything keeps the rows out."""
        return bool(errors_in(self.findings))


@dataclass(frozen=True, slots=True)
class Merged:
    """The whole new table: its columns and rows; `kept` of them were there before and are of nobody's sheet now."""

    columns: Sequence[str] = ()
    rows: Sequence[Cells] = ()
    kept: int = 0
    findings: Sequence[Finding] = ()


def merged(
    out: Path, file: File, taken: Mapping[Path, Taken], *, by: str, also: Sequence[str] = (), replacing: bool = False
) -> Merged:
    """The rows of all sheets, and those that stood in `out` of others than whose sheets these are.

    `by` is the column that says whose a row is, `also` are columns beside those of the file. What stood there of
    somebody whose sheet is among these must be in it unchanged, unless `replacing`: nothing is lost in silence. With an
    error among the findings there are no rows.
    """
    faults = Faults()
    former = read_table(out.parent, replace(file, name=out.name), faults)
    findings = errors_in(faults.findings)
    if not findings and not replacing:
        findings = _losses(file, former.rows, taken, by)
    if findings:
        return Merged(findings=findings)
    whose = {one.whose for one in taken.values()}
    kept = [row.cells for row in former if row.get(by) not in whose]
    rows = [*kept, *(row for one in taken.values() for row in one.rows)]
    names = dict.fromkeys((*(column.name for column in file.columns), *also, *(one for one in former.columns if one)))
    return Merged([*names], sorted(rows, key=lambda row: _order(file, row)), len(kept))


def _losses(file: File, former: Sequence[Row], taken: Mapping[Path, Taken], by: str) -> list[Finding]:
    findings = []
    for path, one in taken.items():
        now = {tuple(row.get(name, "") for name in file.key): row for row in one.rows}
        lost = []
        for row in former:
            key = tuple(row.get(name) for name in file.key)
            if row.get(by) == one.whose and not _same(file, row.cells, now.get(key, {})):
                lost.append(" ".join(text for name, text in zip(file.key, key, strict=True) if name != by))
        if lost:
            told = fault("sheet_rows_lost", file=path.name, place=one.whose, count=len(lost), first=lost[0])
            findings.append(told)
    return findings


def _same(file: File, one: Cells, other: Cells) -> bool:
    return all(
        _plain(file.column(name), one.get(name, "")) == _plain(file.column(name), other.get(name, ""))
        for name in {*one, *other}
    )


def _plain(column: Column | None, text: str) -> object:
    """The cell so that two writings of the same number or moment are equal."""
    if not text or column is None:
        return text
    try:
        match column.type:
            case "number":
                return decimal_of(text)
            case "instant":
                return instant_of(text)
    except (NotANumber, ValueError):
        return text
    return text


def _order(file: File, row: Cells) -> tuple[tuple[int, str], ...]:
    # The tenth attempt stands behind the second.
    whole = {column.name for column in file.columns if column.type == "whole"}
    return tuple((int(row.get(name) or 0), "") if name in whole else (0, row.get(name, "")) for name in file.key)
