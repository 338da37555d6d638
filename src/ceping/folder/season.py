"""A season folder read whole and checked whole: the entries that may be evaluated, or every finding at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ceping.core.evaluation import Entry, Settings
from ceping.core.names import normalised
from ceping.core.report import Report
from ceping.core.scheme.loading import Scheme
from ceping.folder.calling import Calling, read_calling
from ceping.folder.columns import FILES, SPECIALISED
from ceping.folder.faults import Faults
from ceping.folder.intake import Institution, Intake, Rows
from ceping.folder.manifest import PACKAGE_NAMES, is_package
from ceping.folder.marking import Marking, read_marking
from ceping.folder.needs import Needs
from ceping.folder.public import CUMULATIVE, LEDGER, POINTS, TOTALS
from ceping.folder.public import FORMS as PUBLIC_FORMS
from ceping.folder.records import UTF8
from ceping.folder.reports import Reports, read_reports
from ceping.folder.roster import read_assignments, read_institutions
from ceping.folder.rulings import read_decisions, read_evidence, read_external, read_history, read_verified
from ceping.folder.shops import FORMS, Shops, read_shops
from ceping.folder.stored import read_given
from ceping.folder.tables import Sheet
from ceping.folder.terms import NAME, Terms, read_terms


@dataclass(frozen=True)
class Season:
    """A season as its files say, without its points; `faults` keep what was found, also what stops nothing.

    `sheets` are its tables by file; `pseudonyms` those of its assessors by id, under which marks stand in the entries.
    """

    folder: Path
    terms: Terms
    scheme: Scheme
    needs: Needs
    faults: Faults
    institutions: Mapping[str, Institution]
    shops: Shops
    entries: tuple[Entry, ...]
    rows: Rows
    sheets: Mapping[str, Sheet]
    pseudonyms: Mapping[str, str]
    reports: Mapping[str, Report]

    @property
    def settings(self) -> Settings:
        """Seeds and weights as an evaluation wants them."""
        seeds, declared = self.terms.seeds, self.terms.eligibility
        return Settings(
            seeds.clients, seeds.robustness, self.terms.weights, None if declared is None else declared.share
        )

    @property
    def inputs(self) -> list[Path]:
        """The files that were read, attachments apart."""
        names = [NAME, *(file.name for file in FILES)]
        if self.terms.pseudonymised:
            names = [NAME, *PUBLIC_FORMS, LEDGER.name, TOTALS.name, CUMULATIVE.name]
        found = [path for name in names if (path := self.folder / name).is_file()]
        if self.shops.events is not None:
            found.append(self.shops.events)
        reports = (self.folder / "institutions" / uscc / "report.json" for uscc in sorted(self.institutions))
        return [*found, *(path for path in reports if path.is_file())]


def read_season(
    folder: Path,
    *,
    allow_missing: bool = False,
    encoding: str = UTF8,
    scheme_folder: Path | None = None,
    instead: Scheme | None = None,
) -> tuple[Season | None, Faults]:
    """The season with what was found; None when its terms or scheme cannot be read. It stops when `faults.stops`.

    `instead` is a scheme to read it under in place of its own.
    """
    faults = Faults(allow_missing)
    if not folder.is_dir():
        faults.error("season_folder_absent", "", str(folder))
        return None, faults
    found = read_terms(folder, faults, scheme_folder=scheme_folder, instead=instead)
    if found is None:
        return None, faults
    terms, scheme = found
    _check_names(folder, faults, pseudonymised=terms.pseudonymised)
    intake = Intake(folder, terms, scheme, Needs(scheme), faults, encoding)
    _check_seeds(intake)
    intake.institutions = read_institutions(intake)
    reports = read_reports(intake)
    marking = read_marking(intake, read_assignments(intake))
    calling = read_calling(intake, reports.clients)
    shops = read_shops(intake)
    entries = _entries(intake, reports, marking, calling)
    season = Season(
        folder,
        terms,
        scheme,
        intake.needs,
        faults,
        intake.institutions,
        shops,
        entries,
        rows=intake.rows,
        sheets=intake.sheets,
        pseudonyms=intake.pseudonyms,
        reports=reports.reports,
    )
    return season, faults


def _check_names(folder: Path, faults: Faults, *, pseudonymised: bool) -> None:
    known = {NAME, "institutions", *(file.name for file in FILES), *(f"events.{form}" for form in FORMS)}
    if pseudonymised:
        known = {NAME, *PUBLIC_FORMS, POINTS}
    if is_package(folder):
        known |= PACKAGE_NAMES
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith("."):
            faults.warn("file_unread", path.name[:80])


def _check_seeds(intake: Intake) -> None:
    seeds = intake.terms.seeds
    for key, seed, needed in (("clients", seeds.clients, intake.needs.calls), ("robustness", seeds.robustness, True)):
        if needed and not seed:
            intake.faults.error("seed_missing", NAME, f"seeds.{key}", key=key)


def _entries(intake: Intake, reports: Reports, marking: Marking, calling: Calling) -> tuple[Entry, ...]:
    verified, external, decisions = read_verified(intake), read_external(intake), read_decisions(intake)
    evidence = read_evidence(intake, reports.attachments)
    listed = _listed(intake)
    history = read_history(intake)
    given = read_given(intake) if intake.terms.pseudonymised else {}
    entries = []
    for uscc in sorted(intake.institutions):
        institution, report = intake.institutions[uscc], reports.reports.get(uscc)
        entries.append(
            Entry(
                uscc=uscc,
                name=institution.name,
                category=institution.category,
                answers=dict(report.answers) if report is not None else {},
                tables=report.tables if report is not None else {},
                verified=verified.get(uscc, {}),
                evidence=evidence.get(uscc, ()),
                external=external.get(uscc, {}),
                listed=listed,
                client_keys=calling.keys.get(uscc, ()),
                draw=calling.draws.get(uscc),
                calls=calling.calls.get(uscc, {}),
                marks=marking.marks.get(uscc, {}),
                adjudications=marking.adjudications.get(uscc, {}),
                decisions=decisions.get(uscc, ()),
                past_grades=history.get(uscc, ()),
                given=given.get(uscc, {}),
            )
        )
    return tuple(entries)


def _listed(intake: Intake) -> frozenset[str] | None:
    """The official list as it stood in the season's period; None when the season has none."""
    sheet = intake.sheet(SPECIALISED, needed=False)
    if not sheet.present:
        return None
    start, end = intake.terms.start.isoformat(), intake.terms.end.isoformat()
    return frozenset(
        normalised(row.get("name"))
        for row in sheet
        if (row.get("valid_from") or start) <= end and (row.get("valid_to") or end) >= start
    )
