"""What can be entered in a report: fields, and tables with their columns and groups."""

from functools import cached_property
from typing import Literal

from pydantic import Field

from ceping.core.scheme.reading import Exact, Rows, Table

EntryType = Literal[
    "text", "long_text", "integer", "decimal", "date", "yes_no", "choice", "multi_choice", "phone", "email", "uscc"
]
# `in_period`: on a day of the period. `before_period`: earlier than its first day. `in_progress`: one day or
# `start/end`, of which some part lies in the period.
DateRule = Literal["", "in_period", "before_period", "in_progress"]


class Option(Table):
    """One choice: what is stored, and the official words."""

    id: str
    label: str


class When(Table):
    """A condition on the report: a field has one answer, or a table has a row filled in (in one of these groups)."""

    field: str = ""
    answer: str = Field(default="", alias="is")
    table: str = ""
    groups: Rows[str] = ()


class Entry(Table):
    """What one input takes. `required` stops submission while empty, `asked` only asks.

    `label` is the official text, `short` what people call it when that is long; `mobile` is for 手机 columns.
    `least` and `most` bound a number, `places` its decimals, `characters` the length of a text as people count it.
    """

    id: str
    label: str
    type: EntryType
    short: str = ""
    help: str = ""
    unit: str = ""
    options: Rows[Option] = ()
    required: bool = False
    asked: bool = False
    required_when: When | None = None
    least: Exact | None = None
    most: Exact | None = None
    places: int = Field(default=0, ge=0, le=6)
    characters: int = Field(default=0, ge=0)
    dates: DateRule = ""
    mobile: bool = False

    @property
    def name(self) -> str:
        """What people call it: `short`, or the first line of the label."""
        return self.short or self.label.partition("\n")[0]

    def option(self, key: str) -> Option | None:
        """The option of that id."""
        return next((option for option in self.options if option.id == key), None)


class Override(Table):
    """A fault that a person may let pass: with a reason in this field and a file under this checklist item."""

    reason: str
    item: int


class FormField(Entry):
    """One answer. `identity` names what of the institution stands here when the answers do not repeat it."""

    identity: Literal["", "uscc", "name"] = ""
    override: Override | None = None


class Column(Entry):
    """One input of a row.

    `joins` names the column in whose printed cell it stands, after a stroke; `refers` the table whose column of the
    same id lists its values; `apart` asks about two rows that hold the same.
    """

    joins: str = ""
    refers: str = ""
    apart: bool = False


class Group(Table):
    """A fixed row of the form that several rows may be entered under."""

    id: str
    label: str
    required_when: When | None = None
    dates: DateRule = ""


class FormTable(Table):
    """A table: `open` rows, rows under fixed groups (`grouped`), or one table per row of another (`repeated`).

    Rows of a grouped table name their group in the column `group_column`; rows of a repeated one name the row of
    `repeated_by` they belong to in the column `repeated_by.column`. `blank_rows` is what the empty form prints.
    """

    id: str
    title: str
    kind: Literal["open", "grouped", "repeated"] = "open"
    columns: Rows[Column] = Field(alias="column", min_length=1)
    group_column: str = ""
    groups: Rows[Group] = Field(default=(), alias="group")
    repeated_by: str = ""
    blank_rows: int = Field(default=0, ge=0)
    asked: bool = False
    required_when: When | None = None

    @cached_property
    def column_ids(self) -> frozenset[str]:
        """The ids of its columns."""
        return frozenset(column.id for column in self.columns)

    def column(self, key: str) -> Column | None:
        """The column of that id."""
        return next((column for column in self.columns if column.id == key), None)

    def group(self, key: str) -> Group | None:
        """The group of that id."""
        return next((group for group in self.groups if group.id == key), None)
