"""Every question about recommendation: an area's entries and ranks, gates, what is shared, the summary table."""

from ceping.stages.recommendation.queries.areas import (
    QuotaLine,
    decision_on,
    entries_of,
    put_forward,
    quota_for,
    quotas_of,
    return_in_force,
    returns_of,
    submitted_of,
    unsettled,
)
from ceping.stages.recommendation.queries.doubles import Double, doubles_in, shared_files
from ceping.stages.recommendation.queries.gates import Told, told_by, told_by_each, unmet_words
from ceping.stages.recommendation.queries.table import (
    RowChange,
    changes_since,
    issue_in_force,
    issues_of,
    summary_rows,
    table_findings,
)

__all__ = [
    "Double",
    "QuotaLine",
    "RowChange",
    "Told",
    "changes_since",
    "decision_on",
    "doubles_in",
    "entries_of",
    "issue_in_force",
    "issues_of",
    "put_forward",
    "quota_for",
    "quotas_of",
    "return_in_force",
    "returns_of",
    "shared_files",
    "submitted_of",
    "summary_rows",
    "table_findings",
    "told_by",
    "told_by_each",
    "unmet_words",
    "unsettled",
]
