"""The least and the most a rule can give, whatever it reads: what makes an unreachable item visible before a season."""

from decimal import Decimal

from ceping.core.exact import product, quotient, rounded, total
from ceping.core.scheme.rules import Choose, Count, Deduct, Flag, Judge, Peer, Period, Ratio, Rule, Sum, Tier, Weighted

Bounds = tuple[Decimal, Decimal]
ZERO = Decimal(0)
_WIDEST = 46


def bounds_of(rule: Rule) -> Bounds:
    """The least and the most points, rounded as the rule's own points are."""
    least, most = _unrounded(rule)
    return _printed(least, rule.places), _printed(most, rule.places)


def _printed(value: Decimal, places: int) -> Decimal:
    # A faulty `full` can make a number too wide to have decimals left; the fault is told elsewhere.
    return value if value.adjusted() + places >= _WIDEST else rounded(value, places)


def _unrounded(rule: Rule) -> Bounds:  # noqa: PLR0911 -- one return a kind
    match rule:
        case Count():
            return _count(rule)
        case Tier():
            given = [rule.default, *(step.points for step in rule.steps), *(choice.points for choice in rule.choices)]
            return min(given), max(given)
        case Ratio():
            return ZERO, max(rule.points, ZERO)
        case Flag():
            return min(rule.points, rule.otherwise), max(rule.points, rule.otherwise)
        case Judge():
            return ZERO, rule.max
        case Deduct():
            return rule.floor, max(rule.start, rule.floor)
        case Sum():
            return _sum(rule)
        case Weighted():
            return _weighted(rule)
        case Peer():
            alone = rule.alone or ZERO
            return min(alone, ZERO), max(rule.points, alone)
        case Period():
            return _period(rule)
        case Choose():
            parts = [bounds_of(part) for part in rule.parts]
            return min(least for least, _ in parts), max(most for _, most in parts)


def _count(rule: Count) -> Bounds:
    # Nothing counted gives nothing, brought within the limits; from there points only grow, or only fall.
    nothing = max(rule.floor, min(rule.cap, ZERO))
    if rule.points == 0:
        return nothing, nothing
    return (nothing, max(rule.cap, rule.floor)) if rule.points > 0 else (rule.floor, nothing)


def _sum(rule: Sum) -> Bounds:
    parts = [bounds_of(part) for part in rule.parts]
    least, most = total(part[0] for part in parts), total(part[1] for part in parts)
    if rule.cap is not None:
        least, most = min(least, rule.cap), min(most, rule.cap)
    if rule.floor is not None:
        least, most = max(least, rule.floor), max(most, rule.floor)
    return least, most


def _period(rule: Period) -> Bounds:
    parts = [bounds_of(part) for part in rule.parts]
    least, most = min(part[0] for part in parts), max(part[1] for part in parts)
    if rule.missing == "zero":
        least, most = min(least, ZERO), max(most, ZERO)
    match rule.combine:
        case "sum":
            # A dropped period adds nothing, as one counted as zero does.
            refused = rule.missing == "refuse"
            least = total(part[0] if refused else min(part[0], ZERO) for part in parts)
            most = total(part[1] if refused else max(part[1], ZERO) for part in parts)
        case "mean" if rule.missing == "refuse":
            least = quotient(total(part[0] for part in parts), Decimal(len(parts)))
            most = quotient(total(part[1] for part in parts), Decimal(len(parts)))
        case "growth":
            least, most = ZERO, max(rule.points or ZERO, ZERO)
    return (least, most) if rule.cap is None else (min(least, rule.cap), min(most, rule.cap))


def _weighted(rule: Weighted) -> Bounds:
    reach = [(*bounds_of(part.rule), part.weight, part.full) for part in rule.parts]
    lows = [quotient(product(least, weight), full) for least, _, weight, full in reach]
    highs = [quotient(product(most, weight), full) for _, most, weight, full in reach]
    if rule.missing == "zero":
        return total(min(low, ZERO) for low in lows), total(max(high, ZERO) for high in highs)
    if rule.missing == "rescale":
        # One part alone may have to stand for all.
        whole = total(part.weight for part in rule.parts)
        ends = [(quotient(product(a, whole), full), quotient(product(b, whole), full)) for a, b, _, full in reach]
        return min(low for low, _ in ends), max(high for _, high in ends)
    return total(lows), total(highs)
