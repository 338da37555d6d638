"""Why a shop has its points: every rule, what was counted, what it gave, and how far the next level is."""

from collections.abc import Iterable
from dataclasses import dataclass

from ceping.core.points.ledger import Entry, Total, level_name, level_of, next_level, points_of
from ceping.core.scheme.points import PointsFile, PointsRule


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule, counted or not; `lost` is what the cap took."""

    rule: PointsRule
    quantity: int
    points: int
    lost: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """A shop's rules in the scheme's order, its total and level, and what is missing to the next level."""

    shop_id: str
    lines: list[RuleLine]
    total: int
    level: str
    next_level: str | None
    distance: int


def explain(points: PointsFile, total: Total, ledger: Iterable[Entry]) -> Explanation:
    """The explanation of one shop's total; `ledger` may hold the lines of other shops as well."""
    counted = {entry.rule_id: entry.quantity for entry in ledger if entry.shop_id == total.shop_id}
    lines = []
    for rule in points.rules:
        quantity = counted.get(rule.rule_id, 0)
        given = points_of(rule, quantity)
        lines.append(RuleLine(rule, quantity, given, quantity * rule.points - given))
    here = level_of(points, total.points)
    above = next_level(points, total.points)
    return Explanation(
        total.shop_id,
        lines,
        total.points,
        level_name(points, here.level, here.rank) if here else points.no_level_name,
        level_name(points, above.level, above.rank) if above else None,
        above.least - total.points if above else 0,
    )
