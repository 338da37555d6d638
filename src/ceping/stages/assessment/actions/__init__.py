"""Changes of assessment: people and conflicts, draws and assignments, marks and sheets, differences, values."""

from ceping.stages.assessment.actions.assigning import assign_by_hand, assign_rows, end_assignments
from ceping.stages.assessment.actions.differences import adjudicate, ask_third
from ceping.stages.assessment.actions.draws import draw_assignments
from ceping.stages.assessment.actions.marks import change_mark, give_mark, take_marks
from ceping.stages.assessment.actions.people import (
    Particulars,
    add_assessor,
    clear_conflict,
    declare_all,
    declare_conflict,
    detect_conflicts,
    remove_assessor,
)
from ceping.stages.assessment.actions.photos import add_photo, remove_photo
from ceping.stages.assessment.actions.practice import mark_case, write_case
from ceping.stages.assessment.actions.reopening import reopen_marks
from ceping.stages.assessment.actions.shared import Stale
from ceping.stages.assessment.actions.sheets import finish_sheet, write_opinion
from ceping.stages.assessment.actions.typed import Typed
from ceping.stages.assessment.actions.verifying import check_evidence, choices_of, confirm_false, set_verified

__all__ = [
    "Particulars",
    "Stale",
    "Typed",
    "add_assessor",
    "add_photo",
    "adjudicate",
    "ask_third",
    "assign_by_hand",
    "assign_rows",
    "change_mark",
    "check_evidence",
    "choices_of",
    "clear_conflict",
    "confirm_false",
    "declare_all",
    "declare_conflict",
    "detect_conflicts",
    "draw_assignments",
    "end_assignments",
    "finish_sheet",
    "give_mark",
    "mark_case",
    "remove_assessor",
    "remove_photo",
    "reopen_marks",
    "set_verified",
    "take_marks",
    "write_case",
    "write_opinion",
]
