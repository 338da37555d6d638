"""What others ask of points: where a shop stands and why, its ledger, its days, what brings it on."""

from ceping.stages.points.queries.daily import DayPoints, points_by_rule_and_day
from ceping.stages.points.queries.keys import token_by
from ceping.stages.points.queries.log import waiting_count, waits
from ceping.stages.points.queries.rules import Rules, rules_in_force
from ceping.stages.points.queries.shops import facts_of, is_run_here, shop_of_id, shops_after
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
    "facts_of",
    "is_run_here",
    "ledger_of",
    "points_by_rule_and_day",
    "rules_in_force",
    "shop_of_id",
    "shops_after",
    "standing_of",
    "token_by",
    "waiting_count",
    "waits",
]
