"""Scores into rank and grade, with the trace: one institution's standing, then all of them in order."""

from ceping.core.results.ranking import Ranked, ranked
from ceping.core.results.robustness import rank_intervals
from ceping.core.results.standing import GateResult, ItemScore, Ruling, Standing, VetoResult, standing_of

__all__ = [
    "GateResult",
    "ItemScore",
    "Ranked",
    "Ruling",
    "Standing",
    "VetoResult",
    "rank_intervals",
    "ranked",
    "standing_of",
]
