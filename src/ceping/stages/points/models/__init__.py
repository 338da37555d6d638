"""Rows of points, by what they are about."""

from ceping.stages.points.models.decision import Adoption, Held, Signal, Voiding
from ceping.stages.points.models.feed import Call, Delivery, Hook, Token
from ceping.stages.points.models.log import DayCount, Event, Facts, Follower, LedgerEntry, Progress, Standing
from ceping.stages.points.models.recount import Recount

__all__ = [
    "Adoption",
    "Call",
    "DayCount",
    "Delivery",
    "Event",
    "Facts",
    "Follower",
    "Held",
    "Hook",
    "LedgerEntry",
    "Progress",
    "Recount",
    "Signal",
    "Standing",
    "Token",
    "Voiding",
]
