"""The self-evaluation report (自评报告): whether it is complete and within bounds, and what its lists come to."""

from collections.abc import Iterator

from ceping.core.finding import Finding, fault
from ceping.core.report.answers import Acceptance, Attachment, Report
from ceping.core.report.attachments import attachment_faults, commitment_faults
from ceping.core.report.fields import field_faults
from ceping.core.report.figures import derived, distinct_clients, figure_faults
from ceping.core.report.frame import Frame
from ceping.core.report.reading import read_report, read_report_bytes, read_report_file
from ceping.core.report.rows import table_faults
from ceping.core.scheme.header import Period
from ceping.core.scheme.loading import Scheme

__all__ = [
    "Acceptance",
    "Attachment",
    "Report",
    "derived",
    "distinct_clients",
    "faults_in",
    "read_report",
    "read_report_bytes",
    "read_report_file",
]


def faults_in(report: Report, scheme: Scheme, period: Period, *, file: str = "report.json") -> list[Finding]:
    """Everything that keeps the report from being submitted (errors) and all that a person should look at (warnings).

    Places are named as on the form; the order follows the form and does not depend on the order of keys.
    """
    frame = Frame(report, scheme.form, period, file)
    return list(_faults(frame, scheme))


def _faults(frame: Frame, scheme: Scheme) -> Iterator[Finding]:
    if frame.report.scheme not in (scheme.id, scheme.label):
        given = frame.report.scheme[:60]
        yield fault("report_other_scheme", file=frame.file, place="scheme", given=given, wanted=scheme.label)
    yield from field_faults(frame)
    yield from table_faults(frame)
    yield from figure_faults(frame)
    indicators = {item.leaf.id for item in scheme.scored} | {item.key for item in scheme.scored}
    yield from attachment_faults(frame, frozenset(indicators))
    yield from commitment_faults(frame)
