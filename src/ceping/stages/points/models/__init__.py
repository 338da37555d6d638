"""Rows of points, by what they are about."""

from ceping.stages.points.models.decision import Adoption, Held, Signal, Voiding
from ceping.stages.points.models.feed import Call, Delivery, Hook, Token
from ceping.stages.points.models.log import DayCount, Event, Facts, Follower, LedgerEntry, Progress, Standing

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
    "Signal",
    "Standing",
    "Token",
    "Voiding",
]
