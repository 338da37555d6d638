"""The reports of a season: one institution's each, checked as a submission is, held against institutions.csv."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ceping.core.finding import Finding, Level
from ceping.core.names import normalised
from ceping.core.report import Report, distinct_clients, faults_in, read_report_file
from ceping.core.scheme.header import Period
from ceping.folder.intake import Institution, Intake
from ceping.folder.roster import OVERRIDABLE

# How many clients there are is answered by the gate, with its waiver; a report that falls short is still evaluated.
_GATED = ("report_list_short",)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Reports:
    """By institution its report, and the distinct clients of it in list order."""

    reports: Mapping[str, Report]
    clients: Mapping[str, Sequence[str]]

    @property
    def attachments(self) -> Mapping[str, frozenset[str]]:
        """The files each report lists."""
        return {uscc: frozenset(one.file for one in report.attachments) for uscc, report in self.reports.items()}


def read_reports(intake: Intake) -> Reports:
    """Every report there is; an institution without one is told when rules read reports, unless none are kept."""
    reports: dict[str, Report] = {}
    clients: dict[str, Sequence[str]] = {}
    for institution in () if intake.terms.pseudonymised else intake.institutions.values():
        file = f"institutions/{institution.uscc}/report.json"
        path = intake.folder / file
        if not path.is_file():
            if intake.needs.report:
                intake.faults.missing("report_missing", file, of=institution.uscc, name=institution.name[:60])
            continue
        report, found = read_report_file(path, file=file)
        intake.faults.add(found)
        if report is None:
            continue
        _check(intake, institution, report, file)
        reports[institution.uscc] = report
        if intake.scheme.verification is not None:
            frame = intake.scheme.verification.frame
            found_rows = distinct_clients(report, table=frame.table, column=frame.column)
            clients[institution.uscc] = [row[frame.column] for row in found_rows]
    return Reports(reports, clients)


def _check(intake: Intake, institution: Institution, report: Report, file: str) -> None:
    terms = intake.terms
    period = Period.model_validate({"from": terms.start, "to": max(terms.start, terms.end)})
    intake.faults.add(weighed(one) for one in faults_in(report, intake.scheme, period, file=file))
    error = intake.faults.error
    if report.uscc != institution.uscc:
        error("report_differs", file, "institution.uscc", given=report.uscc[:40], listed=institution.uscc)
    if normalised(report.name) != normalised(institution.name):
        error("report_differs", file, "institution.name", given=report.name[:60], listed=institution.name[:60])
    _check_category(intake, institution, report)
    _check_attachments(intake, report, file)


def weighed(finding: Finding) -> Finding:
    """The fault of a report as a season weighs it: what a gate or a licence answers stops nothing."""
    return replace(finding, level=Level.WARNING) if finding.code in (*_GATED, *OVERRIDABLE) else finding


def _check_category(intake: Intake, institution: Institution, report: Report) -> None:
    titles = {category.id: category.title for category in intake.scheme.header.categories}
    for field in intake.scheme.form.fields:
        if field.type == "multi_choice" and {option.id for option in field.options} == set(titles):
            ticked = report.answer(intake.scheme.form, field.id)
            chosen = (ticked,) if isinstance(ticked, str) else ticked
            if institution.category and institution.category not in chosen:
                names = "、".join(titles.get(one, one) for one in chosen if one) or "—"
                row, values = institution.row, {"given": titles.get(institution.category, "")}
                intake.faults.error("category_unticked", row.file, row.place("category"), **values, ticked=names)


def _check_attachments(intake: Intake, report: Report, file: str) -> None:
    folder = (intake.folder / file).parent / "attachments"
    for attachment in report.attachments:
        name = attachment.file.removeprefix("attachments/")
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "/" or ".." in parts or "\0" in name:
            continue  # the report's own check has said so
        path = folder / name
        place = f"attachments {name[:80]}"
        if not path.is_file():
            intake.faults.warn("attachment_absent", file, place, given=name[:80])
        elif attachment.sha256 and _sha256(path) != attachment.sha256:
            intake.faults.error("attachment_changed", file, place, given=name[:80])


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
