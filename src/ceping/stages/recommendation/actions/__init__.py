"""Changes of recommendation: returns, decisions, ranks, quotas, issued tables; through `flow` where an entry moves."""

from ceping.stages.recommendation.actions.decisions import note_decision, undo_decision
from ceping.stages.recommendation.actions.issuing import attach_scan, issue_table, note_export, revoke_issue
from ceping.stages.recommendation.actions.ranks import move_rank, rank_entries, set_quota
from ceping.stages.recommendation.actions.returns import MOST_ANSWER, Note, answer_remark, note_return, settle_remark

__all__ = [
    "MOST_ANSWER",
    "Note",
    "answer_remark",
    "attach_scan",
    "issue_table",
    "move_rank",
    "note_decision",
    "note_export",
    "note_return",
    "rank_entries",
    "revoke_issue",
    "set_quota",
    "settle_remark",
    "undo_decision",
]
