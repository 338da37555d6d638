"""Every question about reports: who reads which, the draft as a report, what it lacks, its receipts, what changed."""

from ceping.stages.report.queries.difference import difference
from ceping.stages.report.queries.draft import (
    COMMITMENT,
    content_sha256,
    entries_readable,
    findings_for,
    last_submission,
    own_entries,
    report_data,
    report_in,
)
from ceping.stages.report.queries.standing import Gap, Standing, numbered, spots_in, standing_of

__all__ = [
    "COMMITMENT",
    "Gap",
    "Standing",
    "content_sha256",
    "difference",
    "entries_readable",
    "findings_for",
    "last_submission",
    "numbered",
    "own_entries",
    "report_data",
    "report_in",
    "spots_in",
    "standing_of",
]
