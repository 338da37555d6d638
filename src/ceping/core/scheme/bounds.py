"""The least and the most a rule can give, whatever it reads: what makes an unreachable item visible before a season."""

from decimal import Decimal

from ceping.core.exact import product, quotient, total
from ceping.core.scheme.rules import Choose, Count, Deduct, Flag, Judge, Ratio, Rule, Sum, Tier, Weighted

Bounds = tuple[Decimal, Decimal]


def bounds_of(rule: Rule) -> Bounds:
    """The least and the most points, before rounding."""
    match rule:
        case Count():
            ends = (rule.floor, rule.cap) if rule.points >= 0 else (rule.floor, max(rule.floor, Decimal(0)))
            return min(ends), max(ends)
        case Tier():
            given = [rule.default, *(step.points for step in rule.steps), *(choice.points for choice in rule.choices)]
            return min(given), max(given)
        case Ratio():
            return Decimal(0), rule.points
        case Flag():
            return min(rule.points, rule.otherwise), max(rule.points, rule.otherwise)
        case Judge():
            return Decimal(0), rule.max
        case Deduct():
            return rule.floor, rule.start
        case Sum():
            return _sum(rule)
        case Weighted():
            most = total(product(quotient(bounds_of(p.rule)[1], p.full), p.weight) for p in rule.parts)
            least = total(product(quotient(bounds_of(p.rule)[0], p.full), p.weight) for p in rule.parts)
            return least, most
        case Choose():
            parts = [bounds_of(part) for part in rule.parts]
            return min(least for least, _ in parts), max(most for _, most in parts)


def _sum(rule: Sum) -> Bounds:
    parts = [bounds_of(part) for part in rule.parts]
    least, most = total(part[0] for part in parts), total(part[1] for part in parts)
    if rule.cap is not None:
        least, most = min(least, rule.cap), min(most, rule.cap)
    if rule.floor is not None:
        least, most = max(least, rule.floor), max(most, rule.floor)
    return least, most
