"""What others ask of points: where a shop stands and why, its ledger, its days, what brings it on."""

from ceping.stages.points.queries.daily import DayPoints, points_by_rule_and_day
from ceping.stages.points.queries.log import waits
from ceping.stages.points.queries.rules import Rules, rules_in_force
from ceping.stages.points.queries.standing import (
    Advice,
    Stand,
    advice_of,
    entries_in,
    explanation_of,
    ledger_of,
    standing_of,
)

__all__ = [
    "Advice",
    "DayPoints",
    "Rules",
    "Stand",
    "advice_of",
    "entries_in",
    "explanation_of",
    "ledger_of",
    "points_by_rule_and_day",
    "rules_in_force",
    "standing_of",
    "waits",
]
