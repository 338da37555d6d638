"""Marks and adjudications: allowed by the rule, given by those assigned, complete, and settled where they differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from ceping.core.assessment import Adjudication, Mark, adjudication_due, difference, mark_faults
from ceping.core.exact import decimal_of, short_text_of
from ceping.core.scheme.rules import Judge
from ceping.folder.columns import ADJUDICATIONS, MARKS
from ceping.folder.intake import Intake
from ceping.folder.pseudonym import pseudonyms
from ceping.folder.roster import Assignments, judged_item
from ceping.folder.tables import Row, Sheet

Items = Mapping[str, Mapping[str, list[Mark]]]


@dataclass(frozen=True, slots=True)
class Marking:
    """By institution and item, the marks and the adjudication."""

    marks: Items
    adjudications: Mapping[str, Mapping[str, Adjudication]]


def read_marking(intake: Intake, assignments: Assignments) -> Marking:
    """All marks and adjudications that may count."""
    judges = {item.key: item.judge for item in intake.scheme.scored if item.judge is not None}
    sheet = intake.sheet(MARKS, needed=intake.needs.marks)
    named = (row.get("assessor_id") for table in (assignments.sheet, sheet) for row in table)
    intake.pseudonyms = pseudonyms([*assignments.assessors.rows, *named])
    marks: dict[str, dict[str, list[Mark]]] = {}
    blank: set[tuple[str, str, str]] = set()
    spoiled: set[tuple[str, str]] = set()
    for row in sheet:
        uscc, item, assessor = row.get("uscc"), row.get("indicator_id"), row.get("assessor_id")
        known = intake.known(row) is not None
        judge = judges.get(item) if judged_item(intake, row) else None
        if not (assignments.assessors.known(intake, row) and known) or judge is None:
            continue
        _check_right(intake, assignments, row)
        if not row.get("mark"):
            blank.add((uscc, item, assessor))
            values = {"uscc": uscc, "item": item, "assessor": assessor}
            intake.faults.missing("mark_missing", row.file, row.place("mark"), of=uscc, **values)
            continue
        who = intake.pseudonyms[assessor]
        mark = _mark(row, who, intake.place(row, item, who))
        for code, values in _faults_of(intake, judge, mark):
            spoiled.add((uscc, item))
            intake.faults.error(code, row.file, row.place(_COLUMN_OF.get(code, "mark")), **values)
        marks.setdefault(uscc, {}).setdefault(item, []).append(mark)
    if sheet.present:
        _check_complete(intake, assignments, sheet, marks, blank)
    return Marking(marks, _adjudications(intake, assignments, marks, judges, spoiled))


_COLUMN_OF = {
    "coefficient_unasked": "coefficient",
    "coefficient_missing": "coefficient",
    "coefficient_out_of_band": "coefficient",
    "reason_missing": "reason",
}


def _faults_of(intake: Intake, judge: Judge, mark: Mark) -> list[tuple[str, dict[str, str]]]:
    """Why the mark is not allowed; a pseudonymised season keeps no reasons, so none is asked for."""
    kept_back = "reason_missing" if intake.terms.pseudonymised else ""
    return [(code, values) for code, values in mark_faults(judge, mark) if code != kept_back]


def _mark(row: Row, who: str, source: str) -> Mark:
    coefficient = decimal_of(row.get("coefficient")) if row.get("coefficient") else None
    return Mark(who, decimal_of(row.get("mark")), coefficient, row.get("reason"), source)


def _check_right(intake: Intake, assignments: Assignments, row: Row) -> None:
    uscc, item, assessor = row.get("uscc"), row.get("indicator_id"), row.get("assessor_id")
    place = row.place("assessor_id")
    if (assessor, uscc) in assignments.conflicts:
        intake.faults.error("mark_conflicted", row.file, place, assessor=assessor, uscc=uscc)
    assigned = assignments.by_item.get((uscc, item), {})
    known = assignments.sheet.present and not assignments.sheet.may_hold(uscc, item, assessor)
    if known and assessor not in assigned:
        intake.faults.error("mark_unassigned", row.file, place, assessor=assessor, uscc=uscc, item=item)


def _check_complete(
    intake: Intake, assignments: Assignments, sheet: Sheet, marks: Items, blank: set[tuple[str, str, str]]
) -> None:
    for (uscc, item), assessors in assignments.by_item.items():
        given = {mark.assessor for mark in marks.get(uscc, {}).get(item, ())}
        for assessor in sorted(one for one in assessors if intake.pseudonyms.get(one) not in given):
            if (uscc, item, assessor) not in blank and not sheet.may_hold(uscc, item, assessor):
                place = f"{uscc} {item} {assessor}"
                values = {"uscc": uscc, "item": item, "assessor": assessor}
                intake.faults.missing("mark_missing", MARKS.name, place, of=uscc, **values)


def _adjudications(
    intake: Intake,
    assignments: Assignments,
    marks: Items,
    judges: Mapping[str, Judge | None],
    spoiled: set[tuple[str, str]],
) -> Mapping[str, Mapping[str, Adjudication]]:
    found: dict[str, dict[str, Adjudication]] = {}
    sheet = intake.sheet(ADJUDICATIONS, needed=intake.needs.adjudications)
    for row in sheet:
        uscc, item = row.get("uscc"), row.get("indicator_id")
        known = intake.known(row) is not None
        judge = judges.get(item) if judged_item(intake, row) else None
        if not known or judge is None:
            continue
        source = intake.place(row, item)
        adjudication = Adjudication(decimal_of(row.get("mark")), row.get("by"), row.get("reason"), source)
        found.setdefault(uscc, {})[item] = adjudication
        plain = judge.model_copy(update={"coefficient": None})
        ruled = Mark(row.get("by"), adjudication.mark, None, row.get("reason"))
        for code, values in _faults_of(intake, plain, ruled):
            intake.faults.error(code, row.file, row.place("mark"), **values)
        if (row.get("by"), uscc) in assignments.conflicts:
            intake.faults.error("mark_conflicted", row.file, row.place("by"), assessor=row.get("by"), uscc=uscc)
        given = marks.get(uscc, {}).get(item, [])
        if given and (uscc, item) not in spoiled and not adjudication_due(judge, given):
            gap = short_text_of(difference(given))
            intake.faults.error("adjudication_undue", row.file, row.place(), uscc=uscc, item=item, gap=gap)
    for uscc, items in marks.items() if sheet.present else ():
        for item, given in items.items():
            judge = judges.get(item)
            if judge is not None and adjudication_due(judge, given) and item not in found.get(uscc, {}):
                if sheet.may_hold(uscc, item) or (uscc, item) in spoiled:
                    continue
                values = {"gap": short_text_of(difference(given)), "limit": short_text_of(judge.difference_limit or 0)}
                intake.faults.missing("adjudication_missing", ADJUDICATIONS.name, f"{uscc} {item}", of=uscc, **values)
    return found
