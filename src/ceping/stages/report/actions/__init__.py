"""Every change of a report: the draft, evidence, handing in, paper copies."""

from ceping.stages.report.actions.draft import (
    Conflict,
    Saved,
    accept_commitment,
    add_rows,
    remove_row,
    restore_row,
    save_answer,
    save_row,
)
from ceping.stages.report.actions.moves import move_entry
from ceping.stages.report.actions.paper import Seen, receive_paper, undo_paper
from ceping.stages.report.actions.submit import ReportIncomplete, submit_report, withdraw_report
from ceping.stages.report.actions.told import tell_entry

__all__ = [
    "Conflict",
    "ReportIncomplete",
    "Saved",
    "Seen",
    "accept_commitment",
    "add_rows",
    "move_entry",
    "receive_paper",
    "remove_row",
    "restore_row",
    "save_answer",
    "save_row",
    "submit_report",
    "tell_entry",
    "undo_paper",
    "withdraw_report",
]
