"""How the official form is laid out: cover, parts and their blocks, commitment, checklist, derived figures."""

import hashlib
from typing import Annotated, Literal

from pydantic import Field

from ceping.core.scheme.entry import When
from ceping.core.scheme.reading import Rows, Table


class Cell(Table):
    """A cell of a grid: official text, the field answered in it, or both (the text is what the empty form shows)."""

    text: str = ""
    field: str = ""
    span: int = Field(default=1, ge=1)


class TextBlock(Table):
    """A paragraph of the official form."""

    kind: Literal["text"]
    role: Literal["heading", "note", "requirement", "instruction"]
    text: str


class GridBlock(Table):
    """Label and value cells; the spans of every row add up to `columns`."""

    kind: Literal["grid"]
    columns: int = Field(ge=1, le=24)
    rows: Rows[Rows[Cell]] = Field(min_length=1)


class TableBlock(Table):
    """Where a table stands."""

    kind: Literal["table"]
    table: str


class FieldsBlock(Table):
    """Fields that the official form leaves to free text under the paragraph before."""

    kind: Literal["fields"]
    fields: Rows[str] = Field(min_length=1)


class CommitmentBlock(Table):
    """Where the truth commitment stands."""

    kind: Literal["commitment"]


class ChecklistBlock(Table):
    """Where the checklist of attachments stands."""

    kind: Literal["checklist"]


Block = Annotated[
    TextBlock | GridBlock | TableBlock | FieldsBlock | CommitmentBlock | ChecklistBlock, Field(discriminator="kind")
]


class Part(Table):
    """A part of the report, from its heading to the next."""

    id: str
    heading: str
    blocks: Rows[Block] = Field(alias="block", min_length=1)


class CoverLine(Table):
    """A line of the cover; `seal` asks for the institution's seal beside it."""

    text: str
    field: str = ""
    seal: bool = False


class Cover(Table):
    """The cover, line by line."""

    lines: Rows[CoverLine] = Field(alias="line", min_length=1)


class ChecklistItem(Table):
    """An attachment asked for: always, on a condition, or unless a field explains its absence.

    `least` counts attachments that differ in content.
    """

    number: int = Field(ge=1)
    text: str
    required: bool = False
    required_when: When | None = None
    or_field: str = ""
    least: int = Field(default=1, ge=1)


class Checklist(Table):
    """The attachments asked for, under the two headings of their table."""

    headers: Rows[str] = Field(min_length=1)
    items: Rows[ChecklistItem] = Field(alias="item", min_length=1)
    scan_suffixes: Rows[str] = ()
    picture_suffixes: Rows[str] = ()


class Commitment(Table):
    """The truth commitment. `signer` is the field that names who has to accept it."""

    title: str
    clauses: Rows[str] = Field(min_length=1)
    signature: Rows[str]
    signer: str

    @property
    def text(self) -> str:
        """Title and clauses, one a line: what is shown, accepted and hashed."""
        return "\n".join((self.title, *self.clauses))

    @property
    def sha256(self) -> str:
        """SHA-256 of `text` in UTF-8, in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


class Supplement(Table):
    """What notes of the form ask for without a cell of its own; printed after part `after`, only when filled."""

    title: str
    after: str
    fields: Rows[str] = ()
    tables: Rows[str] = ()


class Relation(Table):
    """The first number is part of the second and not greater."""

    part: str
    whole: str


class Figure(Table):
    """A number derived from a table: its filled rows, or the different names in a column.

    It stands beside the stated figure `within` and is not greater; `at_least` is what the form asks for;
    `excluding_self` leaves out the institution's own name.
    """

    id: str
    label: str
    table: str
    distinct: str = ""
    within: str = ""
    at_least: int = Field(default=0, ge=0)
    excluding_self: bool = False
    unit: str = ""
