"""A call sheet that a caller filled in, taken back: rows as calls.csv has them, checked by the list and the draw."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ceping.core import uscc
from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.names import normalised
from ceping.core.scheme.entry import Option
from ceping.core.scheme.verification import VerificationFile
from ceping.documents.forms.calls import CLIENT_NAME, LABELS, PRINTED, TITLE
from ceping.documents.intake import tables
from ceping.documents.intake.headers import Wanted
from ceping.folder.calling import check_calls
from ceping.folder.columns import CALLS, CLIENTS, INSTITUTIONS, MODES, Column
from ceping.folder.faults import Faults
from ceping.folder.intake import Intake
from ceping.folder.papers import Sources
from ceping.folder.papers_taken import Reading, Taken
from ceping.folder.tables import Row, Sheet, cell_value

BY = "uscc"
_NAME = "name"
# A row with none of these is an attempt nobody made.
_FILLED_IN = ("at", "mode", "disposition")


@dataclass(frozen=True, slots=True)
class _SheetRow(Row):
    """A row that names its place as the sheet does."""

    table: tables.Table

    def place(self, column: str = "") -> str:
        """The row, or the cell, with the name of the sheet's column."""
        return self.table.place(self.number, column)


def calls_from_sheet(path: Path, sources: Sources, reading: Reading | None = None) -> Taken:
    """The calls of one institution's sheet; attempts nobody made are passed over.

    The season's scheme has calls. None is taken with an error among the findings: by the cells, by the client list
    (whose names stand on the sheet too), by the answers and outcomes the scheme knows, and by the draw.
    """
    table_of_calls = sources.season.scheme.verification
    assert table_of_calls is not None  # noqa: S101 -- the caller has looked; for the type checker
    reading = reading or Reading()
    table = tables.read_table(
        path, _wanted(table_of_calls), sheet=reading.sheet, encoding=reading.encoding, confirmed=reading.confirmed
    )
    if errors_in(table.findings):
        return Taken(table)
    strange = list(_strange(table, sources))
    if strange:
        return Taken(table.with_findings(strange))
    questions = [question.id for question in table_of_calls.questions]
    sheet, wrong = _calls(table, questions)
    whose = _whose(table.rows[0])
    table = table.with_findings([*wrong, *_checked(table, sheet, whose, sources)])
    return Taken(table) if errors_in(table.findings) else Taken(table, whose, [row.cells for row in sheet])


def _wanted(verification: VerificationFile) -> tuple[Wanted, ...]:
    choices: Mapping[str, Sequence[Option]] = {
        "mode": [Option(id=word, label=chinese) for word, chinese in MODES.items()],
        "disposition": [Option(id=one.code, label=one.title) for one in verification.dispositions],
        **{
            one.id: [Option(id=given.code, label=given.title) for given in one.options]
            for one in verification.questions
        },
    }
    found = []
    for column in CALLS.columns:
        options = tuple(choices.get(column.name, ()))
        others = tuple(name for name in column.chinese if name != LABELS[column.name])
        wanted = Wanted(column.name, LABELS[column.name], others, "choice" if options else "text", options=options)
        found.append(replace(wanted, type="instant") if column.type == "instant" else wanted)
    for number, question in enumerate(verification.questions, 1):
        options = tuple(choices[question.id])
        others = (f"第{number}题", question.text)
        found.append(Wanted(question.id, question.id, others, "choice" if options else "text", options=options))
    printed = (Wanted(_NAME, CLIENT_NAME, needed=False), *(Wanted(name, name, needed=False) for name in PRINTED))
    return (*found, *printed)


def _strange(table: tables.Table, sources: Sources) -> Iterator[Finding]:
    """What shows that this is no sheet of this season, or the sheets of several institutions in one."""
    title = sources.season.terms.title
    for text in table.above:
        if text.endswith(TITLE) and text != f"{title}{TITLE}":
            given = text.removesuffix(TITLE)[:60]
            yield fault("call_sheet_of_another", file=table.file, given=given or "（没有写）", title=title)
    names = sorted({_whose(row) for row in table.rows})
    if len(names) > 1:
        yield fault("call_sheet_of_several", file=table.file, names="、".join(name or "（空）" for name in names)[:100])


def _whose(row: tables.Row) -> str:
    return uscc.normalised(row.cells.get(BY, ""))


def _calls(table: tables.Table, questions: Sequence[str]) -> tuple[Sheet, list[Finding]]:
    """The calls that were made, those apart of which a cell is wrong or that stand there twice, and what is wrong."""
    rows: list[_SheetRow] = []
    faults = Faults()
    refused: set[tuple[str, ...]] = set()
    first: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        if not any(name in row.cells for name in (*_FILLED_IN, *questions)):
            continue
        cells = {name: text for name in questions if (text := row.cells.get(name))}
        wrong = False
        for column in CALLS.columns:
            value, finding = _value(table, row, column)
            cells[column.name] = value
            if finding is not None:
                wrong = True
                faults.add([finding])
        key = tuple(cells[name] for name in CALLS.key)
        earlier = first.setdefault(key, row.number)
        if not wrong and earlier != row.number:
            wrong = True
            told = f"{cells['client_key']} 第 {cells['attempt']} 次"
            faults.error("call_sheet_twice", table.file, table.place(row.number), key=told, first=earlier)
        if wrong:
            refused.add(key)
        else:
            rows.append(_SheetRow(table.file, row.number, cells, table))
    return Sheet(rows, present=True, refused=frozenset(refused)), faults.findings


def _value(table: tables.Table, row: tables.Row, column: Column) -> tuple[str, Finding | None]:
    text, place = row.cells.get(column.name, ""), table.place(row.number, column.name)
    if not text:
        return "", fault("cell_empty", file=table.file, place=place, name=LABELS[column.name])
    value, code, values = cell_value(column, text)
    if not code:
        return value, None
    if code == "cell_not_instant":
        return "", fault("call_sheet_time", file=table.file, place=place, given=text[:40])
    told = {"given": text[:40], "name": LABELS[column.name], **values}
    return "", Finding(code, table.file, place, tuple(told.items()))


def _checked(table: tables.Table, sheet: Sheet, whose: str, sources: Sources) -> list[Finding]:
    """What the season says of these calls; the names printed on the sheet must be those of its list."""
    season, file = sources.season, table.file
    if not sheet.rows and not sheet.refused:
        return [fault("call_sheet_blank", file=file, place=whose, level=Level.WARNING)]
    frame = season.sheets.get(CLIENTS.name, Sheet())
    listed = {row.get("client_key"): row.get("name") for row in frame if row.get("uscc") == whose}
    names = {row.number: row.cells.get(_NAME, "") for row in table.rows}
    roster = season.sheets.get(INSTITUTIONS.name, Sheet())
    faults = Faults(allow_missing=True)
    for row in sheet:
        key, given = row.get("client_key"), names[row.number]
        if given and key in listed and normalised(given) != normalised(listed[key]):
            values = {"key": key, "given": given[:60], "listed": listed[key][:60]}
            faults.error("call_sheet_client", file, row.place("client_key"), **values)
    intake = Intake(
        season.folder, season.terms, season.scheme, season.needs, faults, "", season.institutions, roster=roster
    )
    check_calls(intake, frame, sheet, {whose})
    return [replace(one, file=file) for one in faults.findings]
