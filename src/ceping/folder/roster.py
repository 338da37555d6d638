"""Who takes part: institutions with their category, assessors, conflicts of interest, and who assesses what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ceping.core.uscc import faults_in_code
from ceping.folder.columns import ASSESSORS, ASSIGNMENTS, CONFLICTS_FILE, INSTITUTIONS, PINS
from ceping.folder.employers import Employed, employed_in, tell_near
from ceping.folder.intake import Institution, Intake
from ceping.folder.tables import Row, Sheet

OVERRIDABLE = ("uscc_check_digit", "uscc_check_digit_pilot", "uscc_organisation")
_FOLDER_NAME = re.compile(r"[0-9A-Z]{1,32}", re.ASCII)


def read_institutions(intake: Intake) -> dict[str, Institution]:
    """The institutions by uscc. Their list can never be missing: without it there is no season."""
    faults = intake.faults
    sheet = intake.roster = intake.sheet(INSTITUTIONS, needed=False)
    if not sheet.present:
        faults.error("season_file_missing", INSTITUTIONS.name)
        intake.roster = Sheet(blind=True)
    found: dict[str, Institution] = {}
    shops: dict[str, Row] = {}
    ranks: dict[tuple[str, str], Row] = {}
    for row in sheet:
        institution = _institution(intake, row)
        if institution is None:
            continue
        found[institution.uscc] = institution
        if institution.shop_id:
            earlier = shops.setdefault(institution.shop_id, row)
            if earlier is not row:
                faults.error(
                    "shop_shared", row.file, row.place("shop_id"), shop=row.get("shop_id"), first=earlier.number
                )
        if institution.rank and institution.recommender:
            earlier = ranks.setdefault((institution.recommender, institution.rank), row)
            if earlier is not row:
                faults.warn("rank_shared", row.file, row.place("rank"), rank=institution.rank, first=earlier.number)
    if sheet.present and not sheet.rows and not sheet.blind and not sheet.refused:
        faults.error("institutions_none", INSTITUTIONS.name)
    _check_folders(intake, found)
    return found


def _institution(intake: Intake, row: Row) -> Institution | None:
    faults, header = intake.faults, intake.scheme.header
    uscc = row.get("uscc")
    for finding in faults_in_code(uscc, file=row.file, place=row.place("uscc")):
        if finding.code not in OVERRIDABLE:
            faults.add([finding])
            return None
        faults.warn(finding.code, row.file, row.place("uscc"), **dict(finding.values))
    given = row.get("category")
    category = next((one.id for one in header.categories if given in (one.id, one.title)), "")
    if not category:
        known = "、".join(f"{one.id}（{one.title}）" for one in header.categories)
        faults.error("category_unknown", row.file, row.place("category"), given=given, known=known)
    recommender = row.get("recommender")
    if recommender and header.recommenders and recommender not in header.recommenders:
        known = "、".join(header.recommenders)
        faults.warn("recommender_unknown", row.file, row.place("recommender"), given=recommender, known=known)
    return Institution(uscc, row.get("name"), category, recommender, row.get("rank"), row.get("shop_id"), row)


def _check_folders(intake: Intake, institutions: Mapping[str, Institution]) -> None:
    folder = intake.folder / "institutions"
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        known = path.name in institutions or intake.roster.may_hold(path.name)
        if not known and not path.name.startswith("."):
            intake.faults.error("institution_folder_foreign", f"institutions/{path.name[:40]}", uscc=path.name[:40])


class Assessors:
    """The assessors of a season by id."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.rows = {row.get("assessor_id"): row for row in sheet}

    def known(self, intake: Intake, row: Row) -> bool:
        """Whether the row's assessor may be one: told when not, taken on trust when assessors.csv cannot say."""
        assessor = row.get("assessor_id")
        if assessor in self.rows or not self._sheet.present or self._sheet.may_hold(assessor):
            return True
        intake.faults.error("assessor_unknown", row.file, row.place("assessor_id"), assessor=assessor)
        return False


@dataclass(frozen=True, slots=True)
class Assignments:
    """Who assesses what: the assessors by item of each institution, and the pairs kept apart by a conflict."""

    assessors: Assessors
    sheet: Sheet
    by_item: Mapping[tuple[str, str], Mapping[str, Row]]
    conflicts: frozenset[tuple[str, str]]


def read_assignments(intake: Intake) -> Assignments:
    """Assessors, conflicts and assignments, held against each other and against how many the rules ask for."""
    needed = intake.needs.marks
    assessors = Assessors(intake.sheet(ASSESSORS, needed=needed))
    conflicts, near = _conflicts(intake, assessors)
    judges = {item.key: item.judge for item in intake.scheme.scored if item.judge is not None}
    sheet = intake.sheet(ASSIGNMENTS, needed=needed)
    by_item: dict[tuple[str, str], dict[str, Row]] = {}
    loads: dict[str, set[str]] = {}
    for row in sheet:
        institution, assessor, item = intake.known(row), row.get("assessor_id"), row.get("indicator_id")
        good = judged_item(intake, row) and assessors.known(intake, row) and institution is not None
        if not good:
            continue
        if (assessor, row.get("uscc")) in conflicts:
            place = row.place("assessor_id")
            intake.faults.error("assignment_conflicted", row.file, place, assessor=assessor, uscc=row.get("uscc"))
        by_item.setdefault((row.get("uscc"), item), {})[assessor] = row
        loads.setdefault(assessor, set()).add(row.get("uscc"))
    _check_pins(intake, assessors, conflicts, by_item if sheet.present and not sheet.blind else None)
    for uscc in intake.institutions if sheet.present and not sheet.blind else ():
        for key, judge in judges.items():
            count = len(by_item.get((uscc, key), {}))
            if judge is not None and count < judge.raters:
                values = {"count": count, "raters": judge.raters}
                intake.faults.missing("raters_short", ASSIGNMENTS.name, f"{uscc} {key}", of=uscc, **values)
    assigned = [one for one in near if one.uscc in loads.get(one.assessor, ())]
    tell_near(assigned, (), assessors.rows, intake.faults)
    for assessor, usccs in loads.items():
        person = assessors.rows.get(assessor)
        most = person.get("load_max") if person is not None else ""
        if person is not None and most and len(usccs) > int(most):
            intake.faults.warn(
                "load_exceeded", person.file, person.place("load_max"), assessor=assessor, load=len(usccs), most=most
            )
    return Assignments(assessors, sheet, by_item, conflicts)


def _check_pins(
    intake: Intake,
    assessors: Assessors,
    conflicts: frozenset[tuple[str, str]],
    by_item: Mapping[tuple[str, str], Mapping[str, Row]] | None,
) -> None:
    """Who was put on an institution by hand has no conflict there and is assigned to it."""
    for row in intake.sheet(PINS, needed=False):
        assessor, uscc, item = row.get("assessor_id"), row.get("uscc"), row.get("indicator_id")
        if intake.known(row) is None or not assessors.known(intake, row):
            continue
        if (assessor, uscc) in conflicts:
            values = {"assessor": assessor, "uscc": uscc, "why": "conflicts.csv"}
            intake.faults.error("pin_conflicted", row.file, row.place("assessor_id"), **values)
        elif item and not judged_item(intake, row):
            continue
        elif by_item is not None and not any(
            assessor in people for (of, key), people in by_item.items() if of == uscc and item in ("", key)
        ):
            intake.faults.warn("pin_unassigned", row.file, row.place("assessor_id"), assessor=assessor, uscc=uscc)


def _conflicts(intake: Intake, assessors: Assessors) -> tuple[frozenset[tuple[str, str]], list[Employed]]:
    """The pairs kept apart, and those whose names are too near to say nothing and which nobody has settled."""
    standing: set[tuple[str, str]] = set()
    cleared: set[tuple[str, str]] = set()
    for row in intake.sheet(CONFLICTS_FILE, needed=False):
        if intake.known(row) is None or not assessors.known(intake, row):
            continue
        pair = (row.get("assessor_id"), row.get("uscc"))
        (cleared if row.get("kind") == "cleared" else standing).add(pair)
        if row.get("kind") == "cleared" and not row.get("reason"):
            intake.faults.error("cleared_without_reason", row.file, row.place("reason"))
    employers = {who: row.get("employer") for who, row in assessors.rows.items()}
    names = {uscc: one.name for uscc, one in intake.institutions.items()}
    employed = list(employed_in(employers, names))
    same = {(one.assessor, one.uscc) for one in employed if one.how == "same"}
    near = [one for one in employed if one.how == "near" and (one.assessor, one.uscc) not in standing | cleared]
    return frozenset((standing | same) - cleared), near


def judged_item(intake: Intake, row: Row) -> bool:
    """Whether assessors mark the row's item; an unknown one and one that is computed are told."""
    key = row.get("indicator_id")
    item = intake.scheme.item(key)
    if item is None:
        known = "、".join(one.key for one in intake.scheme.scored if one.judge is not None)
        intake.faults.error("indicator_unknown", row.file, row.place("indicator_id"), given=key, known=known)
    elif item.judge is None:
        intake.faults.error("indicator_unjudged", row.file, row.place("indicator_id"), given=key, title=item.title)
    return item is not None and item.judge is not None
