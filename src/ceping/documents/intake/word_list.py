"""The rows of each table as report.json holds them: values by column, groups, departments, two answers in one cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.entry import Column, FormTable
from ceping.documents.intake.word_answer import CHOICES, chosen, doubts, struck_in
from ceping.documents.intake.word_flow import Line
from ceping.documents.intake.word_taken import LONGEST, RawRow, Taken, shown
from ceping.documents.intake.word_value import Value, joined, says_nothing, typed, value_of

_FEW = 3
_LINED = ("date", "phone", "integer", "decimal", "email")
Row = dict[str, str]


def tables_of(taken: Taken, owners: list[str]) -> dict[str, list[Row]]:
    """The rows by table in the order of the form; `owners` are the departments that were named."""
    tables: dict[str, list[Row]] = {}
    for table in taken.form.tables:
        rows = _Rows(table, taken).read()
        if rows:
            tables[table.id] = rows
    for table in taken.form.tables:
        link = next((one for one in table.columns if table.repeated_by and one.refers == table.repeated_by), None)
        if link is not None:
            named = [*owners, *(row[link.id] for row in tables.get(table.id, []) if row.get(link.id))]
            parents = [{link.id: name} for name in dict.fromkeys(named)]
            if parents and table.repeated_by not in tables:
                tables[table.repeated_by] = parents
            if any(not row.get(link.id) for row in tables.get(table.id, [])):
                place = taken.table_place(table)
                taken.findings.append(fault("word_owner_missing", file=taken.file, place=place, name=link.name))
    return {table.id: tables[table.id] for table in taken.form.tables if table.id in tables}


@dataclass(slots=True)
class _Rows:
    """Reads the rows of one table; what is said of many rows is said once."""

    table: FormTable
    taken: Taken
    _tidied: dict[str, list[tuple[int, str, Value]]] = field(default_factory=dict)
    _merged: dict[str, list[int]] = field(default_factory=dict)
    _none: list[str] = field(default_factory=list)

    def read(self) -> list[Row]:
        rows: list[Row] = []
        for raw in self.taken.rows.get(self.table.id, []):
            for one in self._divided(raw, len(rows) + 1):
                if self._says_none(one):
                    group = self.table.group(one.group)
                    self._none.append(group.label if group is not None else "/")
                else:
                    rows.append(self._row(one, len(rows) + 1))
        self._say()
        return rows

    def _row(self, raw: RawRow, number: int) -> Row:
        row: Row = {}
        link = next((one for one in self.table.columns if self.table.repeated_by and one.refers), None)
        for column in self.table.columns:
            if column.id == self.table.group_column:
                row[column.id] = raw.group
            elif column is link and not raw.text(column.id).strip():
                row[column.id] = raw.owner
            elif column.id in raw.cells and not (column.joins and column.joins in raw.cells and column.id in row):
                row.update(self._cell(column, raw, number))
        for name in raw.spread:
            self._merged.setdefault(name, []).append(number)
        return {name: text for name, text in row.items() if text}

    def _cell(self, column: Column, raw: RawRow, number: int) -> Row:
        place, lines = self.taken.row_place(self.table, number, column), raw.cells[column.id]
        if column.type in CHOICES:
            ids, findings = chosen(column, lines, column.options, file=self.taken.file, place=place)
            self.taken.findings += findings
            return {column.id: "".join(ids[:1])}
        given = typed(raw.text(column.id))
        if struck := struck_in(lines):
            self.taken.findings.append(self._warn("word_struck", place, shown(struck)))
        other = next((one for one in self.table.columns if one.joins == column.id), None)
        if other is not None and other.id not in raw.cells:
            return self._both(column, other, given, number)
        group = self.table.group(raw.group)
        rule = group.dates if group is not None and group.dates else column.dates
        value = value_of(column, given, rule=rule)
        self._tell(column, number, given, value)
        return {column.id: value.text}

    def _both(self, column: Column, other: Column, given: str, number: int) -> Row:
        text, value, code = joined(other, given)
        if code:
            place = self.taken.row_place(self.table, number, column)
            self.taken.findings.append(self._warn(code, place, shown(given)))
        self._tell(other, number, given, value)
        return {column.id: text, other.id: value.text}

    def _tell(self, column: Column, number: int, given: str, value: Value) -> None:
        if value.doubt:
            place = self.taken.row_place(self.table, number, column)
            self.taken.findings += doubts(value, given, file=self.taken.file, place=place)
        elif value.tidied:
            self._tidied.setdefault(column.id, []).append((number, given, value))

    def _divided(self, raw: RawRow, number: int) -> Iterator[RawRow]:
        """One row, or several when every cell that was filled holds as many lines, one below the other."""
        lined = {name: [line for line in lines if not line.blank] for name, lines in raw.cells.items()}
        counts = {len(lines) for lines in lined.values() if lines}
        typed_so = any(len(lined.get(column.id, [])) > 1 and column.type in _LINED for column in self.table.columns)
        if counts != {1} and len(counts) == 1 and typed_so:
            count = counts.pop()
            place = self.taken.row_place(self.table, number)
            self.taken.findings.append(
                fault("word_row_divided", file=self.taken.file, place=place, level=Level.WARNING, count=count)
            )
            for at in range(count):
                cells: dict[str, tuple[Line, ...]] = {
                    name: (lines[at],) if lines else () for name, lines in lined.items()
                }
                yield RawRow(cells, raw.group, raw.owner, raw.spread)
            return
        yield raw

    def _says_none(self, raw: RawRow) -> bool:
        texts = [raw.text(name) for name in raw.cells]
        return all(says_nothing(text) for text in texts if text.strip())

    def _warn(self, code: str, place: str, given: str) -> Finding:
        return fault(code, file=self.taken.file, place=place, level=Level.WARNING, given=given)

    def _say(self) -> None:
        for name, told in self._tidied.items():
            column = self.table.column(name)
            for number, given, value in told if len(told) <= _FEW else []:
                place = self.taken.row_place(self.table, number, column)
                self.taken.findings += doubts(value, given, file=self.taken.file, place=place)
            if len(told) > _FEW and column is not None:
                number, given, value = told[0]
                self.taken.findings.append(
                    fault(
                        "word_values_tidied",
                        file=self.taken.file,
                        place=f"{self.taken.table_place(self.table)} {column.name}",
                        level=Level.WARNING,
                        count=len(told),
                        row=number,
                        given=shown(given),
                        meant=shown(value.text),
                    )
                )
        for name, rows in self._merged.items():
            column = self.table.column(name)
            place = f"{self.taken.table_place(self.table)} {column.name if column else ''}"
            numbers = "、".join(map(str, rows))[:LONGEST]
            self.taken.findings.append(
                fault("word_cells_merged", file=self.taken.file, place=place, level=Level.WARNING, rows=numbers)
            )
        if self._none:
            self.taken.findings.append(
                fault(
                    "word_row_none",
                    file=self.taken.file,
                    place=self.taken.table_place(self.table),
                    level=Level.WARNING,
                    count=len(self._none),
                    given="、".join(dict.fromkeys(self._none))[:LONGEST],
                )
            )
