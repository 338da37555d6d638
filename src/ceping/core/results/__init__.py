"""Scores into rank and grade, with the trace: one institution's standing, then all of them in order."""

from ceping.core.results.grading import Step, after_quotas, grade_of
from ceping.core.results.ranking import Ranked, ranked
from ceping.core.results.robustness import Firmness, Setting, Tried, firmness
from ceping.core.results.standing import (
    BonusScore,
    GateResult,
    ItemScore,
    Ruling,
    Standing,
    VetoResult,
    eligible_by_gates,
    standing_of,
)

__all__ = [
    "BonusScore",
    "Firmness",
    "GateResult",
    "ItemScore",
    "Ranked",
    "Ruling",
    "Setting",
    "Standing",
    "Step",
    "Tried",
    "VetoResult",
    "after_quotas",
    "eligible_by_gates",
    "firmness",
    "grade_of",
    "ranked",
    "standing_of",
]
