"""What a season's folder says of each institution put forward: the rows of the recommenders' summary tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ceping.core.finding import Finding, Level
from ceping.core.scheme.loading import Scheme
from ceping.documents.forms.report_answer import plain
from ceping.folder.columns import INSTITUTIONS
from ceping.folder.faults import Faults
from ceping.folder.intake import Institution, Intake
from ceping.folder.needs import Needs
from ceping.folder.records import UTF8
from ceping.folder.reports import read_reports
from ceping.folder.roster import read_institutions
from ceping.folder.terms import read_terms


def recommended_in(
    folder: Path, *, scheme_folder: Path | None = None, encoding: str = UTF8
) -> tuple[Scheme | None, list[dict[str, str]], list[Finding]]:
    """The scheme, a row for each institution by column of its summary table, and what is wrong; no rows with an error.

    What the form asks of the profile stands in institutions.csv, where it may be left out. Of warnings only those on
    the list of institutions are told; the others belong to the reports.
    """
    faults = Faults(allow_missing=True)
    found = read_terms(folder, faults, scheme_folder=scheme_folder)
    if found is None:
        return None, [], faults.findings
    terms, scheme = found
    intake = Intake(folder, terms, scheme, Needs(scheme), faults, encoding)
    intake.institutions = read_institutions(intake)
    reports = read_reports(intake).reports
    told = [one for one in faults.findings if one.level is Level.ERROR or one.file == INSTITUTIONS.name]
    if faults.stops or scheme.summary is None:
        return scheme, [], told
    rows = []
    for institution in intake.institutions.values():
        row = {"uscc": institution.uscc, "recommender": institution.recommender, "rank": institution.rank}
        report = reports.get(institution.uscc)
        for column in scheme.summary.columns:
            field = scheme.form.field_by_id.get(column.key) if column.kind == "field" else None
            if column.kind == "entry":
                row[column.id] = _of_roster(institution, column.key)
            elif column.kind == "profile":
                row[column.id] = institution.row.get(column.key)
            elif field is not None and report is not None:
                row[column.id] = plain(field, report.answer(scheme.form, field.id))
        rows.append(row)
    return scheme, rows, told


def by_recommender(rows: Sequence[Mapping[str, str]]) -> dict[str, list[Mapping[str, str]]]:
    """The rows of each recommender by their ranks, those without one after them as they came."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault(row.get("recommender", ""), []).append(row)
    return {who: sorted(of, key=_rank) for who, of in found.items()}


def _rank(row: Mapping[str, str]) -> tuple[bool, int]:
    rank = row.get("rank", "")
    return not rank.isdecimal(), int(rank) if rank.isdecimal() else 0


def _of_roster(institution: Institution, key: str) -> str:
    return {"name": institution.name, "category": institution.category, "recommender": institution.recommender}.get(
        key, ""
    )
