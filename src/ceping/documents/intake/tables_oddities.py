"""What in a workbook cannot be taken as it looks: formulas, error cells, merged cells, hidden rows and columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ceping.core.finding import Finding, fault
from ceping.documents.intake.headers import Header
from ceping.documents.intake.tables_cells import cell_name
from ceping.documents.intake.tables_files import Sheet

_SHOWN = 5
# One broken column makes the same finding in every row.
_MOST_OF_A_KIND = 200
Found = tuple[Finding, int, int]


@dataclass(frozen=True)
class Within:
    """The part of the sheet that counts: the found columns and the rows of data; what is odd elsewhere is no matter.

    `rows` are counted from 0; `place` names a row and a column id.
    """

    header: Header
    rows: Sequence[int]
    file: str
    place: Callable[[int, str], str]
    confirmed: frozenset[str]

    @cached_property
    def ids(self) -> dict[int, str]:
        """The column ids by their column."""
        return {column: key for key, column in self.header.columns.items()}

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The rows, to be looked up."""
        return frozenset(self.rows)

    def holds(self, row: int, column: int) -> bool:
        """Whether the cell is one that is taken."""
        return column in self.ids and row in self.numbers


def oddities(sheet: Sheet, within: Within) -> Iterator[Found]:
    """Faults of single cells, then the questions nobody has answered yet; with row and column from 1."""
    yield from _cells(sheet, within)
    for question, found in (
        ("formulas", _formulas(sheet, within)),
        ("merged", _merged(sheet, within)),
        ("hidden", _hidden_rows(sheet, within)),
        ("hidden", _hidden_columns(sheet, within)),
    ):
        if question not in within.confirmed:
            yield from found


def _cells(sheet: Sheet, within: Within) -> Iterator[Found]:
    count = 0
    for row, column, text in sheet.errors:
        if within.holds(row, column) and count < _MOST_OF_A_KIND:
            count += 1
            place = within.place(row + 1, within.ids[column])
            yield fault("intake_cell_error", file=within.file, place=place, given=text), row + 1, column + 1
    for row, column, kept in sheet.formulas:
        if not kept and within.holds(row, column) and count < _MOST_OF_A_KIND:
            count += 1
            place = within.place(row + 1, within.ids[column])
            yield fault("intake_formula_blank", file=within.file, place=place), row + 1, column + 1


def _formulas(sheet: Sheet, within: Within) -> Iterator[Found]:
    found = [(row, column) for row, column, kept in sheet.formulas if kept and within.holds(row, column)]
    if found:
        row, column = found[0]
        cells = _some(found)
        yield _asked(fault("intake_formulas", file=within.file, count=len(found), cells=cells), row, column)


def _merged(sheet: Sheet, within: Within) -> Iterator[Found]:
    found = [
        (top, left)
        for top, left, bottom, right in sheet.merges
        if any(within.holds(row, column) for row, column in _corners(top, left, bottom, right))
    ]
    if found:
        row, column = found[0]
        cells = _some(found)
        yield _asked(fault("intake_merged", file=within.file, count=len(found), cells=cells), row, column)


def _corners(top: int, left: int, bottom: int, right: int) -> Iterable[tuple[int, int]]:
    # A merged cell that touches the data does so in its first row or its last.
    return ((row, column) for row in {top, bottom} for column in range(left, min(right, left + 64) + 1))


def _hidden_rows(sheet: Sheet, within: Within) -> Iterator[Found]:
    found = [row for row in sheet.hidden_rows if row in within.numbers]
    if found:
        rows = "、".join(str(row + 1) for row in found[:_SHOWN]) + ("……" if len(found) > _SHOWN else "")
        if sheet.filtered:
            finding = fault("intake_filtered", file=within.file, count=len(found), rows=rows)
        else:
            finding = fault("intake_hidden_rows", file=within.file, count=len(found), rows=rows)
        yield _asked(finding, found[0], -1)


def _hidden_columns(sheet: Sheet, within: Within) -> Iterator[Found]:
    found = [column for column in within.ids if any(low <= column <= high for low, high in sheet.hidden_columns)]
    if found:
        names = "、".join(within.header.texts[column][:20] for column in sorted(found)[:_SHOWN])
        yield _asked(fault("intake_hidden_columns", file=within.file, names=names), within.header.last, min(found))


def _some(cells: Sequence[tuple[int, int]]) -> str:
    shown = [cell_name(row + 1, column + 1) for row, column in cells[:_SHOWN]]
    return "、".join(shown) + ("……" if len(cells) > _SHOWN else "")


def _asked(finding: Finding, row: int, column: int) -> Found:
    return finding, row + 1, column + 1
