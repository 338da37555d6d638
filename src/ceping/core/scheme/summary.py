"""summary.toml: the table in which a recommender puts institutions forward, as the official text prints it."""

from typing import Literal

from pydantic import Field

from ceping.core.finding import Finding, fault
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.reading import Rows, Table


class SummaryColumn(Table):
    """A column and where its text comes from: the order of printing, the entry, a report field, or the profile."""

    id: str
    label: str
    kind: Literal["order", "entry", "field", "profile"]
    key: str = ""


class SummaryFile(Table):
    """summary.toml as a whole. `annex` and `title` share the first cell, one a line."""

    annex: str
    title: str
    line: str
    columns: Rows[SummaryColumn] = Field(alias="column", min_length=1)


def summary_faults(summary: SummaryFile, form: FormFile, *, file: str) -> list[Finding]:
    """Columns that name the same id, or a field the form does not have."""
    findings: list[Finding] = []
    seen: set[str] = set()
    for number, column in enumerate(summary.columns, start=1):
        place = f"column[{number}]"
        if column.id in seen:
            findings.append(fault("form_id_repeated", file=file, place=place, given=column.id))
        seen.add(column.id)
        if column.kind == "field" and column.key not in form.field_by_id:
            findings.append(fault("form_reference_dangling", file=file, place=place, given=column.key))
    return findings
