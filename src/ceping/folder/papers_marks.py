"""A mark sheet that an assessor filled in offline, taken back: rows as marks.csv has them, each checked by its rule."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ceping.core.assessment import Mark, mark_faults
from ceping.core.exact import NotANumber, decimal_of, short_text_of
from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.scheme.rules import Judge
from ceping.documents.forms.marks import COEFFICIENT, MARK, REASON
from ceping.documents.intake.headers import Wanted
from ceping.documents.intake.tables import Row, Table, read_table
from ceping.folder.papers import Sources
from ceping.folder.papers_made import asked_of
from ceping.folder.papers_taken import Reading, Taken

BY = "assessor_id"
COLUMNS = ("uscc", "indicator_id", BY, "mark", "coefficient", "reason")
_WANTED = (
    Wanted("uscc", "统一社会信用代码", ("信用代码",)),
    Wanted("indicator_id", "指标编号"),
    Wanted(BY, "专家编号"),
    Wanted("mark", MARK, ("分数", "得分")),
    Wanted("coefficient", COEFFICIENT, needed=False),
    Wanted("reason", REASON, ("原因",), needed=False),
    # What is printed beside, to be read by people.
    *(Wanted(name, name, needed=False) for name in ("机构名称", "指标名称", "指标说明", "评分要点", "评分范围")),
)
_COLUMN_OF = {
    "coefficient_unasked": "coefficient",
    "coefficient_missing": "coefficient",
    "coefficient_out_of_band": "coefficient",
    "reason_missing": "reason",
}


def marks_from_sheet(path: Path, sources: Sources, reading: Reading | None = None) -> Taken:
    """The marks of one sheet in its order, none with an error among the findings; what is left blank is told.

    A row must be of one assessor alone and of what that assessor was assigned.
    """
    rules = {(one.uscc, one.scored.key, who): one.judge for who, asked in asked_of(sources).items() for one in asked}
    return marks_by_rules(path, rules, reading)


def marks_by_rules(path: Path, rules: Mapping[tuple[str, str, str], Judge], reading: Reading | None = None) -> Taken:
    """As `marks_from_sheet`; `rules` are those of what was assigned, by credit code, item and assessor's id."""
    reading = reading or Reading()
    table = read_table(path, _WANTED, sheet=reading.sheet, encoding=reading.encoding, confirmed=reading.confirmed)
    if errors_in(table.findings):
        return Taken(table)
    own = sorted({row.cells.get(BY, "") for row in table.rows})
    findings: list[Finding] = []
    if len(own) > 1:
        findings.append(fault("mark_sheet_of_two", file=path.name, names="、".join(own)[:100]))
    seen: dict[tuple[str, ...], int] = {}
    rows, blank = [], 0
    for row in table.rows:
        key = tuple(row.cells.get(name, "") for name in COLUMNS[:3])
        first = seen.setdefault(key, row.number)
        judge = rules.get((key[0], key[1], key[2]))
        if first != row.number:
            findings.append(fault("mark_sheet_twice", file=path.name, place=table.place(row.number), first=first))
        elif judge is None:
            uscc, item, who = (text[:40] for text in key)
            place = table.place(row.number)
            findings.append(fault("mark_sheet_unassigned", file=path.name, place=place, uscc=uscc, item=item, who=who))
        elif "mark" not in row.cells:
            blank += 1
        else:
            found, faults = _mark(table, row, judge)
            findings += faults
            rows.append(found)
    missing = sum(1 for key in rules if key[2] in own and key not in seen)
    if blank or missing:
        findings.append(fault("mark_sheet_blank", file=path.name, level=Level.WARNING, count=blank + missing))
    table = table.with_findings(findings)
    return Taken(table) if errors_in(findings) else Taken(table, own[0], rows)


def _mark(table: Table, row: Row, judge: Judge) -> tuple[dict[str, str], list[Finding]]:
    found = {name: row.cells.get(name, "") for name in COLUMNS}
    numbers = {}
    for name in ("mark", "coefficient"):
        try:
            numbers[name] = decimal_of(found[name]) if found[name] else None
        except NotANumber:
            place = table.place(row.number, name)
            return found, [fault("cell_not_number", file=table.file, place=place, given=found[name][:40])]
    mark = numbers["mark"]
    if mark is None:
        return found, []
    given = Mark(found["assessor_id"], mark, numbers["coefficient"], found["reason"])
    found |= {name: short_text_of(number) for name, number in numbers.items() if number is not None}
    return found, list(_faults(table, row, judge, given))


def _faults(table: Table, row: Row, judge: Judge, mark: Mark) -> Iterator[Finding]:
    for code, values in mark_faults(judge, mark):
        place = table.place(row.number, _COLUMN_OF.get(code, "mark"))
        yield Finding(code, table.file, place, tuple(values.items()))
