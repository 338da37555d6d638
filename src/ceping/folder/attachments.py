"""Whose attachments lie in a folder: those of every institution of a season, or of one institution alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.report import Attachment, Report, read_report_file
from ceping.core.scheme.header import Period
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import shipped_folders
from ceping.folder.faults import Faults
from ceping.folder.intake import Intake
from ceping.folder.needs import Needs
from ceping.folder.records import UTF8
from ceping.folder.roster import read_institutions
from ceping.folder.terms import NAME, read_terms

REPORT, ATTACHMENTS = "report.json", "attachments"
# What systems and programs leave beside people's files.
_LEFT = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_MOST_FILES = 2000


@dataclass(frozen=True, slots=True)
class Holding:
    """The attachments of one institution: `folder` is where they lie, `names` the files there by their path in order.

    `where` is the folder as findings name it; `report` is None when there is none or it cannot be read.
    """

    uscc: str
    name: str
    folder: Path
    where: str
    names: tuple[str, ...]
    report_path: Path
    report: Report | None

    def listed(self, name: str) -> tuple[Attachment, ...]:
        """What the report says of a file; a file may prove several items."""
        found = self.report.attachments if self.report is not None else ()
        return tuple(one for one in found if one.file.removeprefix(f"{ATTACHMENTS}/") == name)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The holdings with the scheme they are held against; without a scheme nothing could be read."""

    scheme: Scheme | None
    holdings: tuple[Holding, ...]
    findings: tuple[Finding, ...]
    season: bool = False
    title: str = ""
    period: Period | None = None


def gather(place: Path, *, scheme: str = "", scheme_folder: Path | None = None, encoding: str = UTF8) -> Gathered:
    """The holdings of a season folder, or of an institution's folder with its attachments; everything that is wrong.

    `scheme` names a shipped scheme for a folder whose report names none.
    """
    if (place / NAME).is_file():
        return _of_season(place, scheme_folder, encoding)
    return _of_institution(place, scheme, scheme_folder)


def _of_season(place: Path, scheme_folder: Path | None, encoding: str) -> Gathered:
    faults = Faults()
    found = read_terms(place, faults, scheme_folder=scheme_folder)
    if found is None:
        return Gathered(None, (), tuple(faults.findings), season=True)
    terms, scheme = found
    intake = Intake(place, terms, scheme, Needs(scheme), faults, encoding)
    institutions = read_institutions(intake)
    holdings, findings = [], list(faults.findings)
    for uscc in sorted(institutions):
        folder = place / "institutions" / uscc
        held, told = _holding(folder, f"institutions/{uscc}", uscc, institutions[uscc].name)
        holdings.append(held)
        findings += told
    period = Period.model_validate({"from": terms.start, "to": max(terms.start, terms.end)})
    return Gathered(scheme, tuple(holdings), tuple(findings), season=True, title=terms.title, period=period)


def _of_institution(place: Path, label: str, scheme_folder: Path | None) -> Gathered:
    if not place.is_dir():
        return Gathered(None, (), (fault("attachments_folder_absent", file=str(place)),))
    held, findings = _holding(place, "", "", "")
    if held.report is not None:
        label = label or held.report.scheme
    known = shipped_folders()
    if scheme_folder is None and label.partition("@")[0] not in {one.partition("@")[0] for one in known}:
        code = "attachments_scheme_unnamed"
        return Gathered(None, (), (*findings, fault(code, given=label[:60] or "—", known="、".join(known))))
    scheme, faults = load(label if scheme_folder is None else f"{scheme_folder}/")
    if scheme is None:
        return Gathered(None, (), (*findings, *errors_in(faults)))
    return Gathered(scheme, (held,), tuple(findings), title=held.name, period=scheme.header.period)


def _holding(folder: Path, where: str, uscc: str, name: str) -> tuple[Holding, list[Finding]]:
    prefix = f"{where}/" if where else ""
    path = folder / REPORT
    report: Report | None = None
    findings: list[Finding] = []
    if path.is_file():
        report, findings = read_report_file(path, file=f"{prefix}{REPORT}")
        if report is not None:
            uscc, name = uscc or report.uscc, name or report.name
    inner = folder / ATTACHMENTS
    if not where and not inner.is_dir():
        # Somebody's folder of scans, without any of the season's order.
        inner, prefix = folder, ""
        names = list(_files(inner, skip=(REPORT,)))
    else:
        prefix += f"{ATTACHMENTS}/"
        names = list(_files(inner, skip=()))
    for one in names:
        if (inner / one).is_symlink():
            findings.append(fault("attachment_link", file=f"{prefix}{one}"))
    if len(names) > _MOST_FILES:
        findings.append(fault("attachments_many", file=prefix.rstrip("/"), count=len(names), most=_MOST_FILES))
    plain = tuple(one for one in names[:_MOST_FILES] if not (inner / one).is_symlink())
    return Holding(uscc, name, inner, prefix.rstrip("/"), plain, path, report), findings


def _files(folder: Path, *, skip: Sequence[str]) -> Iterator[str]:
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "~$")) or part.lower() in _LEFT for part in parts)
        if path.is_file() and not hidden and parts != tuple(skip):
            yield "/".join(parts)


def listing_faults(held: Holding) -> Iterator[Finding]:
    """Files the report lists that are not there; the hash of one that is there is compared by who reads it."""
    for one in held.report.attachments if held.report is not None else ():
        name = one.file.removeprefix(f"{ATTACHMENTS}/")
        if name not in held.names:
            file = f"{held.where.removesuffix(ATTACHMENTS)}{REPORT}"
            yield fault("attachment_absent", file=file, place=name[:80], level=Level.WARNING, given=name[:80])
