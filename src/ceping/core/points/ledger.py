"""Quantities into points, points into totals, totals into levels."""

from collections.abc import Sequence
from typing import NamedTuple

from ceping.core.scheme.points import LevelRow, PointsFile, PointsRule

NO_LEVEL = "none"


class Entry(NamedTuple):
    """One line of the ledger: what was counted before the cap, and the points it gives."""

    shop_id: str
    rule_id: str
    quantity: int
    points: int


class Total(NamedTuple):
    """A shop's points with its level; `none` and 0 below the first level."""

    shop_id: str
    points: int
    level: str
    level_rank: int


def points_of(rule: PointsRule, quantity: int) -> int:
    """Quantity times the rule's points, at most its cap."""
    product = quantity * rule.points
    return product if rule.cap is None else min(product, rule.cap)


def entries_of(points: PointsFile, shop_id: str, quantities: Sequence[int]) -> list[Entry]:
    """The shop's lines in the scheme's rule order; what was never counted has no line."""
    return [
        Entry(shop_id, rule.rule_id, quantity, points_of(rule, quantity))
        for rule, quantity in zip(points.rules, quantities, strict=True)
        if quantity > 0
    ]


def total_of(points: PointsFile, shop_id: str, entries: Sequence[Entry]) -> Total:
    """The sum of the shop's lines and the level it reaches."""
    total = sum(entry.points for entry in entries)
    row = level_of(points, total)
    return Total(shop_id, total, NO_LEVEL, 0) if row is None else Total(shop_id, total, row.level, row.rank)


def level_of(points: PointsFile, total: int) -> LevelRow | None:
    """The level of so many points, or None below the first."""
    reached = None
    for row in points.levels:
        if row.least <= total:
            reached = row
    return reached


def next_level(points: PointsFile, total: int) -> LevelRow | None:
    """The level above that of so many points, or None on the highest."""
    return next((row for row in points.levels if row.least > total), None)


def level_name(points: PointsFile, level: str, rank: int) -> str:
    """A level as people say it, such as `3 星级`; the scheme's word for none."""
    names = {name.level: name.name for name in points.level_names}
    return points.no_level_name if level == NO_LEVEL else f"{rank} {names[level]}"
