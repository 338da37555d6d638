"""What changed between two submissions of one institution, for whoever reads the second."""

from ceping.core.report.comparing import Change, changes_between
from ceping.stages.report.models import Submission
from ceping.stages.report.queries.draft import report_in
from ceping.stages.scheme.queries import rules_of


def difference(first: Submission, second: Submission) -> tuple[Change, ...]:
    """Every field, row and file in which `second` differs from `first`, in the order and words of the form.

    Both are of one entry; access is the caller's question, as it is for the submissions themselves.
    """
    if first.entry_id != second.entry_id:
        raise ValueError("two submissions of different entries")
    form = rules_of(first.entry.season).form
    return changes_between(report_in(first.report), report_in(second.report), form)
