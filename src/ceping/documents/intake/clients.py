"""The client list (五、服务清单), or any other table of the form, out of a spreadsheet: all of it or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.report import Report
from ceping.core.report.answers import Row
from ceping.core.report.figures import derived, list_faults
from ceping.core.report.frame import Frame
from ceping.core.report.rows import faults_in_rows
from ceping.core.scheme.entry import Column, FormTable
from ceping.core.scheme.header import Period
from ceping.core.scheme.loading import Scheme
from ceping.documents.intake.calm import without_collecting
from ceping.documents.intake.headers import wanted_of
from ceping.documents.intake.tables import Located, Table, read_table

# One broken column says the same of every row; the first of them tell the story.
_MOST_OF_A_KIND = 100
# Without its column a cell cannot be checked, and every row would be told to lack it.
_HEADER_FAULTS = frozenset({"intake_header_missing", "intake_header_doubled"})


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read: the table with everything found, and its rows by column id, none when anything is wrong."""

    table: Table
    rows: tuple[Mapping[str, str], ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """Everything found."""
        return self.table.findings

    @property
    def taken(self) -> bool:
        """Whether the rows may be used."""
        return bool(self.rows) and not errors_in(self.findings)


@without_collecting()
def take_in(
    path: Path,
    scheme: Scheme,
    form_table: FormTable,
    *,
    report: Report | None = None,
    period: Period | None = None,
    sheet: str = "",
    encoding: str = "",
    confirmed: frozenset[str] = frozenset(),
) -> Intake:
    """The rows of the file as the form's table holds them, checked as a report's are.

    With `report` they are held against the rest of it: what it states, and the institution's own name.
    """
    table = read_table(path, wanted_of(form_table), sheet=sheet, encoding=encoding, confirmed=confirmed)
    if table.rows and not {one.code for one in table.findings} & _HEADER_FAULTS:
        known = {(one.row, one.column) for one in table.located if one.column}
        checked = _checked(table, scheme, form_table, report, period or scheme.header.period)
        fresh = [one for one in checked if not one.column or (one.row, one.column) not in known]
        table = replace(table, located=(*table.located, *fresh))
    table = replace(table, located=tuple(_bounded(table.located)))
    if errors_in(table.findings):
        return Intake(table)
    return Intake(table, tuple(row.cells for row in table.rows))


@dataclass(frozen=True, slots=True)
class _SheetFrame(Frame):
    """Names rows and cells as the spreadsheet does, and remembers which cell a place names."""

    table: Table
    form_table: FormTable
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)

    def row_place(self, table: FormTable, number: int, column: Column | None = None) -> str:  # noqa: ARG002 -- as Frame's
        """A row or a cell of the sheet."""
        key = column.id if column else ""
        place = self.table.place(number, key)
        self.cells[place] = (number, self.table.columns.get(key, 0))
        return place


def _checked(
    table: Table, scheme: Scheme, form_table: FormTable, report: Report | None, period: Period
) -> Iterator[Located]:
    rows = {row.number: row.cells for row in table.rows}
    # The rows stand at the numbers they have in the sheet, so that every check speaks of those.
    stood: Sequence[Row] = [rows.get(number, {}) for number in range(1, max(rows) + 1)]
    own = report or Report(scheme.label, "", "")
    whole = replace(own, tables={**own.tables, form_table.id: tuple(stood)})
    frame = _SheetFrame(whole, scheme.form, period, table.file, table, form_table)
    for finding in faults_in_rows(frame, form_table, rows):
        row, column = frame.cells.get(finding.place, (0, 0))
        yield Located(finding, row, column)
    counts = derived(whole, scheme.form)
    for figure in scheme.form.figures:
        if figure.table == form_table.id:
            for finding in list_faults(frame, figure, counts[figure.id]):
                row, column = frame.cells.get(finding.place, (0, 0))
                # A list may be taken in parts; whether it is long enough is asked of the report.
                yield Located(finding if column else replace(finding, level=Level.WARNING), row, column)


def _bounded(located: Sequence[Located]) -> Iterator[Located]:
    counts: dict[tuple[str, Level], int] = {}
    for one in located:
        kind = (one.finding.code, one.finding.level)
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= _MOST_OF_A_KIND:
            yield one
    for (code, level), count in counts.items():
        if count > _MOST_OF_A_KIND:
            file = located[0].finding.file
            more = fault("more_of_a_kind", file=file, level=level, count=count - _MOST_OF_A_KIND, kind=code)
            yield Located(more)
