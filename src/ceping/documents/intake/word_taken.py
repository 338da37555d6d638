"""What was taken out of a file for each field and each row, still as it was typed, with what was noticed on the way."""

from dataclasses import dataclass, field

from ceping.core.finding import Finding, Level, fault
from ceping.core.report.answers import Report
from ceping.core.report.frame import Frame
from ceping.core.scheme.entry import Column, FormField, FormTable
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.header import Period
from ceping.documents.intake.word_flow import Line, Used

LONGEST = 60


@dataclass(slots=True)
class Piece:
    """What was typed for a field, cell by cell. `hint` is what the form prints there, `place` where it was found."""

    cells: list[tuple[Line, ...]] = field(default_factory=list)
    hint: str = ""
    place: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of all cells, one under another."""
        return tuple(line for cell in self.cells for line in cell)

    @property
    def filled(self) -> list[tuple[Line, ...]]:
        """The cells that say something."""
        return [cell for cell in self.cells if any(not line.blank for line in cell)]


@dataclass(slots=True)
class RawRow:
    """A row as typed: lines by column, the group its first cell names, and what it stands under (部门)."""

    cells: dict[str, tuple[Line, ...]]
    group: str = ""
    owner: str = ""
    spread: list[str] = field(default_factory=list)

    def text(self, column: str) -> str:
        """The text of a column."""
        return "\n".join(line.text for line in self.cells.get(column, ()))


@dataclass(slots=True)
class Taken:
    """The harvest of one file."""

    form: FormFile
    file: str
    period: Period
    used: Used = field(default_factory=Used)
    fields: dict[str, list[Piece]] = field(default_factory=dict)
    rows: dict[str, list[RawRow]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    refusals: list[Finding] = field(default_factory=list)

    @property
    def frame(self) -> Frame:
        """What names places as the checks of a report do."""
        return Frame(Report("", "", ""), self.form, self.period, self.file)

    def field_place(self, entry: FormField) -> str:
        """A field as people find it."""
        return self.frame.field_place(entry)

    def table_place(self, table: FormTable) -> str:
        """A table as people find it."""
        return self.frame.table_place(table)

    def row_place(self, table: FormTable, number: int, column: Column | None = None) -> str:
        """A row, or a cell in it, by its number in report.json."""
        return self.frame.row_place(table, number, column)

    def put(self, entry: FormField, lines: tuple[Line, ...], *, hint: str = "", place: str = "") -> None:
        """These lines are an answer of the field; what a second place of it says is held against the first."""
        self.used.take(*lines)
        pieces = self.fields.setdefault(entry.id, [])
        if not pieces or pieces[-1].place != place:
            pieces.append(Piece(hint=hint, place=place))
        pieces[-1].cells.append(lines)

    def say_left(self, text: str, place: str) -> None:
        """The text is neither a printed word nor an answer."""
        self.findings.append(fault("word_unread", file=self.file, place=place, level=Level.WARNING, given=shown(text)))


def shown(text: str) -> str:
    """The text in one line, short enough for a sentence, without what would steer a terminal."""
    flat = " ".join("".join(char if char.isprintable() else " " for char in text[: LONGEST * 20]).split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST] + "…"


def listed(texts: list[str], most: int = 5) -> str:
    """The first of the texts, quoted, and how many more there are."""
    told = "、".join(f"“{shown(one)}”" for one in texts[:most])
    return told if len(texts) <= most else f"{told}…"
