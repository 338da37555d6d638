"""What no season says and a paper must: who issues it, when, where objections go; and the panel's written opinions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from ceping.core.finding import Finding
from ceping.core.scheme.reading import Rows, Table, read_toml, table_of
from ceping.documents.forms.feedback import Opinion
from ceping.documents.forms.notice import USUAL, NoticeColumn
from ceping.folder.columns import Column, File
from ceping.folder.faults import Faults
from ceping.folder.tables import read_table
from ceping.folder.terms import Day

_MOST = 200


Url = Annotated[str, Field(max_length=_MOST, pattern=r"^https?://[!-~]+$")]
Words = Annotated[str, Field(min_length=1, max_length=_MOST)]


class Certificate(Table):
    """`[certificate]`: the issuer, the day, the address that a check code is put behind, and whom to give one."""

    issuer: Words
    issued_on: Day
    url: Url
    title: Annotated[str, Field(max_length=60)] = ""
    valid_until: Day | None = None
    grades: Rows[str] = ()


class Notice(Table):
    """`[notice]`: the issuer, the days of the notice, both counted, and where objections go."""

    issuer: Words
    issued_on: Day
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    channel: Annotated[str, Field(min_length=1, max_length=500)]
    number: Annotated[str, Field(max_length=60)] = ""
    url: Url | Literal[""] = ""
    columns: Rows[NoticeColumn] = Field(default=USUAL, min_length=1)
    grades: Rows[str] = ()


class WorkReport(Table):
    """`[work_report]`: the agency that signs it, the day, and what it wants to say in its own words."""

    agency: Words
    issued_on: Day
    organisation: Annotated[str, Field(max_length=20_000)] = ""
    problems: Annotated[str, Field(max_length=20_000)] = ""
    advice: Annotated[str, Field(max_length=20_000)] = ""


class Texts(Table):
    """The file as a whole; a paper whose part is missing cannot be made."""

    certificate: Certificate | None = None
    notice: Notice | None = None
    work_report: WorkReport | None = None


OPINIONS = (
    Column("uscc", ("统一社会信用代码", "信用代码"), "uscc"),
    Column("strengths", ("优势",), filled=False),
    Column("weaknesses", ("不足",), filled=False),
    Column("advice", ("建议", "改进建议"), filled=False),
)


def read_texts(path: Path | None) -> tuple[Texts, list[Finding]]:
    """The texts of the file, none without one; with findings they are not to be used."""
    if path is None:
        return Texts(), []
    data, findings = read_toml(path, file=path.name)
    if data is None:
        return Texts(), findings
    texts, findings = table_of(Texts, data, file=path.name)
    return texts or Texts(), findings


def read_opinions(path: Path | None, known: Mapping[str, object]) -> tuple[dict[str, Opinion], list[Finding]]:
    """The opinion on each institution by uscc; one on nobody of the season is an error."""
    if path is None:
        return {}, []
    faults = Faults()
    sheet = read_table(path.parent, File(path.name, OPINIONS, ("uscc",)), faults)
    if not sheet.present:
        faults.error("file_missing", path.name)
    for row in sheet:
        if row.get("uscc") not in known:
            faults.error("uscc_not_in_season", row.file, row.place("uscc"), uscc=row.get("uscc")[:40])
    found = {row.get("uscc"): Opinion(row.get("strengths"), row.get("weaknesses"), row.get("advice")) for row in sheet}
    return found, faults.findings
