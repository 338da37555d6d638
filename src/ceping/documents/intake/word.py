"""A filled official form in Word taken in: the file read in a child process with limits, the answer as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import shipped_folders
from ceping.core.scheme.whole import Scheme
from ceping.documents.confined import Limits, Refused, as_finding, run
from ceping.documents.inspection.entrance import inspect
from ceping.documents.inspection.kind import Kind
from ceping.documents.intake.word_body import flow_of
from ceping.documents.intake.word_chapter import headings_met
from ceping.documents.intake.word_flow import Flow
from ceping.documents.intake.word_official import Official
from ceping.documents.intake.word_reading import Reading, read

# Long lists of clients on slow machines; what would do harm was refused by the inspection in less.
_LIMITS = Limits(cpu_seconds=6)
_TASK = "ceping.documents.intake.word:read_file"


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a file: report.json as data, or None when it was refused; the scheme it was read by; findings."""

    report: dict[str, Any] | None
    scheme: str
    findings: tuple[Finding, ...]


def take_in(path: Path, *, scheme: str = "") -> Intake:
    """The report in a Word file from outside. `scheme` names its form; without it the shipped form it is like."""
    try:
        inspected = inspect(path, wanted=(Kind.DOCX,))
    except FileNotFoundError:
        return Intake(None, scheme, (fault("file_missing", file=path.name),))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Intake(None, scheme, (fault("file_unreadable", file=path.name, reason=reason),))
    if inspected.kind is Kind.PDF:
        return Intake(None, scheme, (fault("word_is_pdf", file=path.name),))
    if not inspected.accepted:
        return Intake(None, scheme, inspected.findings)
    try:
        told = run(_TASK, path, {"scheme": scheme, "file": path.name}, limits=_LIMITS)
    except Refused as refused:
        return Intake(None, scheme, (as_finding(refused, file=path.name),))
    return Intake(told["report"], told["scheme"], (*inspected.findings, *map(_finding, told["findings"])))


def read_file(path: Path, *, scheme: str, file: str) -> dict[str, Any]:
    """As `take_in`, in this very process and as JSON: what the child runs."""
    flow = flow_of(path.read_bytes())
    whole, findings = load(scheme) if scheme else _like(flow, file)
    if whole is None:
        return {"report": None, "scheme": scheme, "findings": [_plain(one) for one in errors_in(findings)]}
    reading: Reading = read(flow, whole, file=file)
    return {"report": reading.report, "scheme": scheme or whole.label, "findings": [*map(_plain, reading.findings)]}


def _like(flow: Flow, file: str) -> tuple[Scheme | None, list[Finding]]:
    """The shipped scheme with the most headings in common, the newest of equals; None when none shares half of them."""
    best: list[tuple[int, int, int, Scheme]] = []
    for place, label in enumerate(shipped_folders()):
        whole, _ = load(label)
        if whole is not None:
            met, wanted = headings_met(flow, Official(whole.form))
            if met * 2 >= wanted:
                best.append((met * 100 // wanted, met, place, whole))
    if not best:
        return None, [fault("word_form_unknown", file=file, known="、".join(shipped_folders()))]
    return max(best, key=lambda one: one[:3])[3], []


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "file": finding.file,
        "place": finding.place,
        "level": finding.level.value,
        "values": dict(finding.values),
    }


def _finding(told: Mapping[str, Any]) -> Finding:
    values = tuple((str(name), str(value)) for name, value in told["values"].items())
    return Finding(told["code"], told["file"], told["place"], values, Level(told["level"]))
