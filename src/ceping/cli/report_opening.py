"""A report.json and the scheme it was written for, opened as every command on reports opens them."""

from dataclasses import dataclass
from pathlib import Path

from ceping.core.finding import Finding, errors_in, fault
from ceping.core.report import Report, read_report_file
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import shipped_folders


@dataclass(frozen=True, slots=True)
class Opened:
    """A report with its scheme, and what is wrong with its shape; one of them None when nothing can be said of it."""

    report: Report | None
    scheme: Scheme | None
    findings: list[Finding]


def opened(path: Path, scheme: str) -> Opened:
    """The report in a file; its scheme by `scheme`, a name or a folder, else by what the report itself names."""
    report, findings = read_report_file(path, file=path.name)
    if report is None:
        return Opened(None, None, findings)
    if not scheme and report.scheme.partition("@")[0] not in {label.partition("@")[0] for label in shipped_folders()}:
        # What a report names is no path: only --scheme opens a folder.
        known = "、".join(shipped_folders())
        unknown = fault("scheme_unknown", file=path.name, place="scheme", name=report.scheme[:60], known=known)
        return Opened(report, None, [*findings, unknown])
    rules, faults = load(scheme or report.scheme)
    return Opened(report, rules, findings if rules is not None else [*findings, *errors_in(faults)])
