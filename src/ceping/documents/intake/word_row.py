"""Tables of a file read row by row: which row is a heading, names a department, holds labels, or is data of a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ceping.core.finding import Level, fault
from ceping.core.scheme.entry import Column, FormTable
from ceping.documents.intake.word_flow import Box, Grid, Line
from ceping.documents.intake.word_label import after, key
from ceping.documents.intake.word_official import Official
from ceping.documents.intake.word_taken import RawRow, Taken, listed

Row = tuple[Box, ...]
# A shorter one may well say the same twice.
_FEWEST_DOUBLED = 3


@dataclass(slots=True)
class Open:
    """The table whose rows are being read: its columns where the file has them, its group and department so far."""

    table: FormTable
    header: Row
    columns: Mapping[int, Column]
    grid: Grid
    group: str = ""
    owner: str = ""
    strange: dict[int, list[str]] = field(default_factory=dict)


class Tables:
    """Reads the tables of the form wherever they stand; one reader for the whole file."""

    def __init__(self, official: Official, taken: Taken) -> None:
        self.official, self.taken = official, taken
        self.open: Open | None = None
        self._met: dict[str, int] = {}
        self._owner = ""
        self._owners: list[str] = []

    @property
    def met(self) -> frozenset[str]:
        """The tables whose heading row was found."""
        return frozenset(self._met)

    def close(self) -> None:
        """What comes next is no more of the table before: words stand between."""
        if self.open is not None:
            self._say_strange(self.open)
        self.open = None

    def turns(self, row: Row, grid: Grid) -> bool:
        """Whether the row is the heading of a table or the name of a department; then what follows belongs to it."""
        return self._heading(row, grid) or self._names_owner(row)

    def data(self, row: Row, grid: Grid) -> bool:
        """Whether the row was taken as one of the open table."""
        return self.open is not None and self._data(row, grid, self.open)

    def say_owner(self, text: str, line: Line) -> bool:
        """A line above a table that names its department, as `部门名称：服务部`."""
        for table in self.official.shown_tables:
            column = self._parent_column(table)
            for label in () if column is None else self.official.headings_of(table, column):
                rest = after(text, label)
                if rest is not None and rest.lstrip()[:1] in (":", "："):
                    self.taken.used.take(line)
                    self._own(table, rest.lstrip()[1:].strip())
                    return True
        return False

    def owners(self) -> list[str]:
        """The departments named, in order, each once."""
        return list(dict.fromkeys(self._owners))

    def finish(self) -> None:
        """Tables that the form prints always and the file has not are refused."""
        self.close()
        for table in self.official.shown_tables:
            if self._met.get(table.id, 0) > 1 and _is_doubled(self.taken.rows[table.id]):
                told = fault("word_table_doubled", file=self.taken.file, place=self.taken.table_place(table))
                self.taken.refusals += [] if told in self.taken.refusals else [told]
            if table.id in self.official.required_tables and table.id not in self._met:
                names = "、".join(column.name for column in table.columns if not column.joins)
                place = self.taken.table_place(table)
                self.taken.refusals.append(fault("word_table_missing", file=self.taken.file, place=place, names=names))

    # ── a heading row ────────────────────────────────────────────────────

    def _heading(self, row: Row, grid: Grid) -> bool:
        fits = [(len(columns), -place, table, columns) for place, table, columns in self._fits(row)]
        if not fits:
            return False
        _, _, table, columns = max(fits, key=lambda one: one[:2])
        again = table.id in self._met
        same = self.open is not None and self.open.table is table
        if again and table.kind != "repeated" and not same:
            place = self.taken.table_place(table)
            self.taken.refusals.append(fault("word_table_doubled", file=self.taken.file, place=place))
        if same and self.open is not None and self.open.grid is not grid and table.kind != "repeated":
            self._say_joined(table)
        if self.open is not None:
            self._say_strange(self.open)
        group = self.open.group if same and self.open is not None else ""
        self._met[table.id] = self._met.get(table.id, 0) + 1
        self.taken.rows.setdefault(table.id, [])
        self.open = Open(table, row, columns, grid, group=group, owner=self._owner if table.repeated_by else "")
        if not again:
            self._say_missing(table, columns)
        for at, box in enumerate(row):
            self.taken.used.take(*box.lines)
            if at not in columns and not box.blank:
                self.open.strange[at] = [box.text]
        return True

    def _fits(self, row: Row) -> Iterator[tuple[int, FormTable, dict[int, Column]]]:
        """The tables whose headings this row may be: half of them at least, and more than there are strange words."""
        texts = {place: key(box.text) for place, box in enumerate(row) if not box.blank and box.origin is None}
        if self.official.column_words.isdisjoint(texts.values()):
            return
        for order, table in enumerate(self.official.shown_tables):
            columns: dict[int, Column] = {}
            for place, text in texts.items():
                free = (one for one in table.columns if one not in columns.values())
                found = next((one for one in free if text in self.official.headings_of(table, one)), None)
                if found is not None:
                    columns[place] = found
            link = self._parent_column(table)
            wanted = [one for one in table.columns if not one.joins and one is not link]
            hits = [one for one in columns.values() if one in wanted]
            enough = len(hits) * 2 >= len(wanted) and (len(hits) > 1 or len(wanted) == 1)
            if enough and len(columns) > len(texts) - len(columns):
                yield order, table, columns

    def _say_missing(self, table: FormTable, columns: Mapping[int, Column]) -> None:
        link = self._parent_column(table)
        for column in table.columns:
            if not column.joins and column is not link and column not in columns.values():
                place = self.taken.table_place(table)
                self.taken.findings.append(
                    fault("word_column_missing", file=self.taken.file, place=place, name=column.name)
                )

    def _say_joined(self, table: FormTable) -> None:
        place = self.taken.table_place(table)
        self.taken.findings.append(fault("word_table_joined", file=self.taken.file, place=place, level=Level.WARNING))

    def _say_strange(self, table: Open) -> None:
        for heading, *texts in table.strange.values():
            if not texts:
                self.taken.say_left(heading, self.taken.table_place(table.table))
            else:
                self.taken.findings.append(
                    fault(
                        "word_column_unknown",
                        file=self.taken.file,
                        place=self.taken.table_place(table.table),
                        level=Level.WARNING,
                        name=heading,
                        count=len(texts),
                        given=listed(texts),
                    )
                )
        table.strange = {}

    # ── the name of a department ─────────────────────────────────────────

    def _parent_column(self, table: FormTable) -> Column | None:
        return next((one for one in table.columns if table.repeated_by and one.refers == table.repeated_by), None)

    def _names_owner(self, row: Row) -> bool:
        filled = [box for box in row if not box.blank]
        if not filled:
            return False
        for table in self.official.shown_tables:
            column = self._parent_column(table)
            if column is None:
                continue
            labels = self.official.headings_of(table, column)
            if key(filled[0].text) in labels and len(filled) <= 2:
                self.taken.used.take(*(line for box in filled for line in box.lines))
                self._own(table, " ".join(box.text.strip() for box in filled[1:]))
                return True
            if len(filled) == 1 and len(filled[0].shown) == 1 and self.say_owner(filled[0].text, filled[0].shown[0]):
                return True
        return False

    def _own(self, table: FormTable, name: str) -> None:
        if self.open is not None and self.open.table is table:
            self._say_strange(self.open)
            # What follows are rows of another department, or the heading row again.
            self.open.owner = name
        self._owner = name
        if name:
            self._owners.append(name)

    # ── data ─────────────────────────────────────────────────────────────

    def _data(self, row: Row, grid: Grid, table: Open) -> bool:
        if grid is not table.grid:
            if len(row) != len(table.header):
                return all(box.blank for box in row)
            self._say_joined(table.table)
            table.grid = grid
        if all(box.blank for box in row):
            return True
        raw = RawRow({}, owner=table.owner)
        boxes = list(self._placed(row, table))
        if boxes and all(len(places) == len(table.header) > 1 for _, places in boxes):
            # One cell across the whole table is a note or a total, no row.
            return False
        for box, places in boxes:
            self._put(box, places, table, raw)
        group = self._group(table, raw)
        if group is None:
            return True
        raw.group = table.group = group
        if any(line.text.strip() for lines in raw.cells.values() for line in lines):
            self.taken.rows[table.table.id].append(raw)
        return True

    def _placed(self, row: Row, table: Open) -> Iterator[tuple[Box, list[int]]]:
        """Each box with the headings it stands under."""
        if len(row) == len(table.header):
            yield from ((box, [place]) for place, box in enumerate(row) if not box.blank)
            return
        for box in row:
            if not box.blank:
                shared = {
                    place: min(box.right, head.right) - max(box.left, head.left)
                    for place, head in enumerate(table.header)
                }
                most = max(shared.values())
                full = [place for place, head in enumerate(table.header) if shared[place] == head.right - head.left]
                yield box, full or [next(place for place, one in shared.items() if one == most)]

    def _put(self, box: Box, places: list[int], table: Open, raw: RawRow) -> None:
        self.taken.used.take(*box.lines)
        known = [place for place in places if place in table.columns]
        if not known:
            if places[0] in table.strange and box.origin is None:
                table.strange[places[0]].append(box.text)
            elif box.origin is None:
                table.strange.setdefault(places[0], [""]).append(box.text)
            return
        column = table.columns[known[0]]
        raw.cells[column.id] = (*raw.cells.get(column.id, ()), *box.shown)
        if len(known) > 1 or (box.origin is not None and column.id != table.table.group_column):
            raw.spread.append(column.id)

    def _group(self, table: Open, raw: RawRow) -> str | None:
        """The id of the row's group: what its cell says, or that of the row above; None when nobody knows it."""
        if table.table.kind != "grouped":
            return ""
        lines = raw.cells.pop(table.table.group_column, ())
        text = "\n".join(line.text for line in lines)
        if not text.strip() and (table.group or not raw.cells):
            return table.group
        for group in table.table.groups:
            if key(group.label) == key(text):
                return group.id
        if raw.cells:
            told = [line.text for cells in raw.cells.values() for line in cells if not line.blank]
            self.taken.findings.append(
                fault(
                    "word_group_unknown",
                    file=self.taken.file,
                    place=self.taken.table_place(table.table),
                    name=text.strip()[:40],
                    given=listed(told),
                )
            )
        elif text.strip():
            self.taken.say_left(text, self.taken.table_place(table.table))
        return None


def _is_doubled(rows: Sequence[RawRow]) -> bool:
    """Whether the second half says row by row what the first says: the table was pasted twice, not continued."""
    half = len(rows) // 2
    if len(rows) % 2 or half < _FEWEST_DOUBLED:
        return False
    return [_said(row) for row in rows[:half]] == [_said(row) for row in rows[half:]]


def _said(row: RawRow) -> tuple[str, str, dict[str, str]]:
    return row.group, row.owner, {column: row.text(column).strip() for column in row.cells}
