"""Where shops stand: points, level and icon, the ledger, points by rule and day, what brings the next level."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ceping.core.points import (
    Entry,
    Explanation,
    Window,
    entries_of,
    explain,
    level_name,
    points_of,
    quantities_of,
    total_of,
)
from ceping.core.scheme.points import Flag, PointsRule, ShareAtLeast, YearsSince
from ceping.stages.points.models import LedgerEntry, Standing
from ceping.stages.points.queries.counted import facts_on, shop_in, tallies_now, tally_in
from ceping.stages.points.queries.rules import Rules, rules_in_force


@dataclass(frozen=True, slots=True)
class Stand:
    """A shop's cumulative points and level as posted; `name` is the level as people say it.

    The icon of a level is `level` (`none`, `star`, `diamond`, `crown`) drawn `rank` times.
    """

    shop: str
    points: int
    level: str
    rank: int
    name: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Advice:
    """How one rule could bring points: those of one unit more, and how many units make the next level (0: none).

    `left` is what its cap still lets through, None without a cap.
    """

    rule: PointsRule
    each: int
    needed: int
    left: int | None


def standing_of(shops: Collection[str]) -> dict[str, Stand]:
    """Points and level by shop, in one question; a shop without an event or facts has none and 0 points."""
    words = rules_in_force().points
    found = {
        one.shop: Stand(
            one.shop, one.points, one.level, one.level_rank, level_name(words, one.level, one.level_rank), one.as_of
        )
        for one in Standing.objects.filter(shop__in=shops).defer("balances")
    }
    nothing = level_name(words, "none", 0)
    return {shop: found.get(shop) or Stand(shop, 0, "none", 0, nothing, None) for shop in shops}


def ledger_of(shop: str) -> QuerySet[LedgerEntry]:
    """The shop's ledger, the newest line first."""
    return LedgerEntry.objects.filter(standing__shop=shop).select_related("corrects").order_by("-pk")


def explanation_of(shop: str, window: Window | None = None) -> Explanation | None:
    """Each rule of the shop with what it counts; cumulative as posted, or in a window. None for an unknown shop."""
    standing = Standing.objects.filter(shop=shop).first()
    if standing is None:
        return None
    rules = rules_in_force()
    if window is None:
        entries = [Entry(shop, rule, *balance) for rule, balance in standing.balances.items()]
    else:
        entries = entries_in(rules, standing, window)
    return explain(rules.points, total_of(rules.points, shop, entries), entries)


def entries_in(rules: Rules, standing: Standing, window: Window) -> list[Entry]:
    """What the rules count for the shop in the window, of all that was posted; the facts are those of its last day."""
    facts = facts_on([standing.pk], window.end).get(standing.pk)
    if facts is None:
        return []
    now = window.start is None and window.end == standing.as_of
    tally = (
        tallies_now(rules.points, [standing.pk], window.end)[standing.pk]
        if now
        else tally_in(rules.points, standing, window)
    )
    counted = quantities_of(rules.points, shop_in(facts, standing.shop), tally, window.end)
    return entries_of(rules.points, standing.shop, counted)


def advice_of(shop: str) -> list[Advice]:
    """What the shop can still earn by, the rule that is nearest to the next level first."""
    told = explanation_of(shop)
    if told is None:
        return []
    found = []
    for line in told.lines:
        rule = line.rule
        most = 1 if isinstance(rule.measure, Flag | ShareAtLeast) else None
        if isinstance(rule.measure, YearsSince) or (most is not None and line.quantity >= most):
            continue
        each = points_of(rule, line.quantity + 1) - line.points
        if each <= 0:
            continue
        left = rule.cap - line.points if rule.cap is not None else None
        needed = -(-told.distance // rule.points) if left is None or left >= told.distance else 0
        found.append(Advice(rule, each, needed if most is None or needed <= most else 0, left))
    return sorted(found, key=lambda one: (one.needed == 0, one.needed))
