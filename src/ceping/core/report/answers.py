"""A report as values: what an institution answered, listed, attached and promised; missing is absent, never zero."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ceping.core.names import is_blank
from ceping.core.scheme.entry import FormTable, When
from ceping.core.scheme.form import FormFile

Answer = str | tuple[str, ...]
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file: the checklist item and the indicators it proves, its hash, and the last day it is in force."""

    file: str
    item: int | None = None
    sha256: str = ""
    indicators: tuple[str, ...] = ()
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who accepted the truth commitment, which text, and when (ISO with its zone)."""

    text_sha256: str
    accepted_by: str
    accepted_at: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report.json. `answers` hold text, or several option ids; a row holds text by column id."""

    scheme: str
    uscc: str
    name: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    acceptance: Acceptance | None = None

    def answer(self, form: FormFile, key: str) -> Answer:
        """The answer of a field, empty when missing; the institution's own code and name stand in for theirs."""
        given = self.answers.get(key, "")
        if not missing(given):
            return given
        identity = form.field_by_id[key].identity if key in form.field_by_id else ""
        return {"uscc": self.uscc, "name": self.name}.get(identity, "")

    def filled_rows(self, table: FormTable) -> Iterator[tuple[int, Row]]:
        """The rows with anything in them beside their fixed group, each with its number as people count rows."""
        for number, row in enumerate(self.tables.get(table.id, ()), start=1):
            for key, value in row.items():
                if key != table.group_column and not is_blank(value):
                    yield number, row
                    break

    def meets(self, form: FormFile, when: When | None) -> bool:
        """Whether the condition holds; no condition does not."""
        if when is None:
            return False
        if when.field:
            answer = self.answer(form, when.field)
            return when.answer in answer if isinstance(answer, tuple) else when.answer == answer
        table = form.table_by_id[when.table]
        rows = (row for _, row in self.filled_rows(table))
        return any(not when.groups or row.get(table.group_column, "") in when.groups for row in rows)


def missing(answer: Answer) -> bool:
    """Whether nothing was answered: nothing to be seen, or no option."""
    return is_blank(answer) if isinstance(answer, str) else not answer
