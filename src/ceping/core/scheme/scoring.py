"""What each rule kind answers: a rule and values into points, with the trace of how the number came out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.exact import CONTEXT, product, quotient, rounded, short_text_of, text_of, total
from ceping.core.scheme.bounds import bounds_of
from ceping.core.scheme.predicates import answer
from ceping.core.scheme.rules import (
    Choose,
    Count,
    Deduct,
    Flag,
    Judge,
    Peer,
    Period,
    Ratio,
    Rule,
    Sum,
    Tier,
    Weighted,
)
from ceping.core.scheme.values import Input, MetricValue, Peers, Values

ZERO = Decimal(0)
_MANY = 48
_BEYOND = Decimal(10) ** _MANY


@dataclass(frozen=True, slots=True)
class Node:
    """One number of a trace: what gave it, what it read, its parts, and the value before and after rounding.

    `unrounded` is shown without trailing zeros, so that `7.50` and `7.5` in a file give one trace. `points`
    None is missing, with the reason in `note`.
    """

    id: str
    rule: str
    points: Decimal | None
    unrounded: Decimal | None
    inputs: tuple[Input, ...] = ()
    parts: tuple["Node", ...] = ()
    clause: str = ""
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The node as results.json keeps it; numbers are text decimals, empty parts are left out."""
        shown: dict[str, object] = {"node": self.id, "rule": self.rule}
        if self.inputs:
            shown["inputs"] = [entry.as_json() for entry in self.inputs]
        if self.parts:
            shown["parts"] = [part.as_json() for part in self.parts]
        shown["unrounded"] = None if self.unrounded is None else short_text_of(self.unrounded)
        shown["result"] = None if self.points is None else text_of(self.points)
        if self.clause:
            shown["clause"] = self.clause
        if self.note:
            shown["note"] = self.note
        return shown


@dataclass(frozen=True, slots=True)
class _Result:
    """A rule's answer before rounding."""

    value: Decimal | None
    inputs: tuple[Input, ...] = ()
    parts: tuple[Node, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule stands: the item it scores, the name of its node, and the clause it falls under."""

    item: str
    name: str
    clause: str


def score(rule: Rule, values: Values, *, item: str, path: str = "", clause: str = "") -> Node:
    """The rule's points over these values; `item` is the key under which marks are given, `path` names the node.

    A rule that names no clause of its own stands under `clause`, as a part stands under that of the whole.
    """
    place = _Place(item, path or item, rule.clause or clause)
    result = _KINDS[type(rule)](rule, values, place)
    points = None if result.value is None else rounded(result.value, rule.places)
    return Node(place.name, rule.kind, points, result.value, result.inputs, result.parts, place.clause, result.note)


def _missing(*values: MetricValue) -> str:
    return "缺少" + "、".join(dict.fromkeys(value.metric for value in values if _number(value) is None))


def _number(value: MetricValue) -> Decimal | None:
    return value.value if isinstance(value.value, Decimal) else None


def _within(value: Decimal, floor: Decimal | None, cap: Decimal | None) -> Decimal:
    if cap is not None and value > cap:
        value = cap
    return floor if floor is not None and value < floor else value


def _count(rule: Count, values: Values, _place: _Place) -> _Result:
    value = values.metric(rule.metric)
    number = _number(value)
    if number is None:
        return _Result(None, (value.as_input(),), note=_missing(value))
    units = _units(max(CONTEXT.subtract(number, rule.free), ZERO), rule.every)
    return _Result(_within(product(units, rule.points), rule.floor, rule.cap), (value.as_input(),), note=value.note)


def _units(counted: Decimal, every: Decimal) -> Decimal:
    # More units than there are digits lie beyond every cap, which alone counts then.
    return CONTEXT.divide_int(counted, every) if counted.adjusted() - every.adjusted() < _MANY else _BEYOND


def _tier(rule: Tier, values: Values, _place: _Place) -> _Result:
    value = values.metric(rule.metric)
    if value.value is None:
        return _Result(None, (value.as_input(),), note=_missing(value))
    if rule.choices:
        chosen = next((choice.points for choice in rule.choices if choice.value == str(value.value)), rule.default)
        return _Result(chosen, (value.as_input(),), note=value.note)
    number = _number(value)
    if number is None:
        return _Result(None, (value.as_input(),), note=_missing(value))
    reached = [step for step in rule.steps if _reached(step.at, step.edge, number, rule.direction)]
    if not reached:
        return _Result(rule.default, (value.as_input(),), note=value.note)
    # Of two steps at one edge the exclusive one lies further out, whichever way the table runs.
    higher = rule.direction == "higher"
    furthest = max(reached, key=lambda step: (step.at if higher else step.at.copy_negate(), step.edge == "exclusive"))
    return _Result(furthest.points, (value.as_input(),), note=value.note)


def _reached(at: Decimal, edge: str, number: Decimal, direction: str) -> bool:
    if number == at:
        return edge == "inclusive"
    return number > at if direction == "higher" else number < at


def _ratio(rule: Ratio, values: Values, _place: _Place) -> _Result:
    value = values.metric(rule.metric)
    number = _number(value)
    if number is None:
        return _Result(None, (value.as_input(),), note=_missing(value))
    if rule.slope_below is not None or rule.slope_above is not None:
        gap = CONTEXT.subtract(number, rule.target)
        slope = (rule.slope_above if gap > 0 else rule.slope_below) or ZERO
        points = CONTEXT.subtract(rule.points, product(gap.copy_abs(), slope))
    elif rule.inverse:
        points = rule.points if number <= 0 else quotient(product(rule.target, rule.points), number)
    else:
        # Multiplied first: a third of 0.03 is then exactly 0.01.
        points = quotient(product(number, rule.points), rule.target)
    return _Result(_within(points, ZERO, rule.points), (value.as_input(),), note=value.note)


def _flag(rule: Flag, values: Values, _place: _Place) -> _Result:
    answered = answer(rule.when, values)
    if answered.holds is None:
        missing = "、".join(dict.fromkeys(entry.name for entry in answered.inputs if entry.value is None))
        return _Result(None, answered.inputs, note=f"缺少{missing}")
    notes = "；".join(dict.fromkeys(entry.note for entry in answered.inputs if entry.note))
    return _Result(rule.points if answered.holds else rule.otherwise, answered.inputs, note=notes)


def _judge(rule: Judge, values: Values, place: _Place) -> _Result:
    judged = values.judged.get(place.item)
    if judged is None or judged.mark is None:
        return _Result(None, judged.inputs if judged else (), note=(judged.note if judged else "") or "缺少打分")
    return _Result(_within(judged.mark, ZERO, rule.max), judged.inputs, note=judged.note)


def _deduct(rule: Deduct, values: Values, _place: _Place) -> _Result:
    read = [values.metric(violation.metric) for violation in rule.violations]
    inputs = tuple(value.as_input() for value in read)
    losses: dict[tuple[str, int], list[Decimal]] = {}
    for index, (violation, value) in enumerate(zip(rule.violations, read, strict=True)):
        number = _number(value)
        if number is None:
            return _Result(None, inputs, note=_missing(*read))
        group = (violation.group, 0) if rule.largest_only and violation.group else ("", index)
        losses.setdefault(group, []).append(product(number, violation.points))
    lost = total(max(group) if rule.largest_only else total(group) for group in losses.values())
    return _Result(_within(CONTEXT.subtract(rule.start, lost), rule.floor, rule.start), inputs)


def _sum(rule: Sum, values: Values, place: _Place) -> _Result:
    parts = _scored(rule.parts, values, place)
    points = [part.points for part in parts if part.points is not None]
    if len(points) < len(parts):
        return _Result(None, parts=parts, note=_missing_parts(parts))
    return _Result(_within(total(points), rule.floor, rule.cap), parts=parts)


def _weighted(rule: Weighted, values: Values, place: _Place) -> _Result:
    parts = _scored([part.rule for part in rule.parts], values, place)
    present = [(part, node.points) for part, node in zip(rule.parts, parts, strict=True) if node.points is not None]
    if len(present) < len(parts) and (rule.missing == "refuse" or (rule.missing == "rescale" and not present)):
        return _Result(None, parts=parts, note=_missing_parts(parts))
    reached = total(quotient(product(points, part.weight), part.full) for part, points in present)
    if rule.missing == "rescale":
        whole = total(part.weight for part in rule.parts)
        reached = quotient(product(reached, whole), total(part.weight for part, _ in present))
    return _Result(reached, parts=parts, note=_missing_parts(parts) if len(present) < len(parts) else "")


def _choose(rule: Choose, values: Values, place: _Place) -> _Result:
    parts = _scored(rule.parts, values, place)
    if rule.by:
        declared = values.metric(rule.by)
        word = None if declared.value is None else str(declared.value)
        chosen = [part for part, inner in zip(parts, rule.parts, strict=True) if inner.id == word]
        if not chosen:
            return _Result(None, (declared.as_input(),), parts, note=f"未选定：{rule.by}")
        return _Result(chosen[0].points, (declared.as_input(),), parts, note=chosen[0].note)
    points = [part.points for part in parts if part.points is not None]
    unknown = [bounds_of(inner)[1] for part, inner in zip(parts, rule.parts, strict=True) if part.points is None]
    # A missing part is not nothing: the best is known only where that part could not have been better.
    if not points or (unknown and max(unknown) > max(points)):
        return _Result(None, parts=parts, note=_missing_parts(parts))
    return _Result(max(points), parts=parts, note=_missing_parts(parts))


def _period(rule: Period, values: Values, place: _Place) -> _Result:
    parts = _scored(rule.parts, values, place)
    missing = _missing_parts(parts) if any(part.points is None for part in parts) else ""
    if missing and rule.missing == "refuse":
        return _Result(None, parts=parts, note=missing)
    points = [part.points if part.points is not None else ZERO for part in parts]
    if rule.missing == "drop":
        points = [part.points for part in parts if part.points is not None]
    if not points or (rule.combine == "growth" and len(points) < len(parts)):
        return _Result(None, parts=parts, note=missing)
    if rule.combine == "growth" and points[0] <= 0:
        return _Result(None, parts=parts, note="首期不大于零，无法计算增长")
    return _Result(_within(_combined(rule, points), None, rule.cap), parts=parts, note=missing)


def _combined(rule: Period, points: Sequence[Decimal]) -> Decimal:
    match rule.combine:
        case "sum":
            return total(points)
        case "mean":
            return quotient(total(points), Decimal(len(points)))
        case "best":
            return max(points)
        case "worst":
            return min(points)
        case "latest":
            return points[-1]
        case "growth":
            most = rule.points or ZERO
            grown = CONTEXT.subtract(points[-1], points[0])
            return _within(quotient(product(grown, most), points[0]), ZERO, most)


def _peer(rule: Peer, values: Values, _place: _Place) -> _Result:
    value = values.metric(rule.metric)
    number, peers = _number(value), values.peers.get((rule.metric, rule.among))
    if number is None or peers is None:
        return _Result(None, (value.as_input(),), note=_missing(value) if number is None else "没有可比的机构")
    inputs = (value.as_input(), *peers.as_inputs(rule.metric))
    if peers.count <= 1 and rule.alone is not None:
        return _Result(rule.alone, inputs, note="没有可比的机构")
    share = _peer_share(rule, number, peers)
    if share is None:
        return _Result(None, inputs, note="最好的数值不大于零，无法相除")
    over, under = share
    return _Result(_within(quotient(product(over, rule.points), under), ZERO, rule.points), inputs)


def _peer_share(rule: Peer, number: Decimal, peers: Peers) -> tuple[Decimal, Decimal] | None:
    """The share of the points as a fraction, divided last; None when nothing can be divided."""
    higher = rule.direction == "higher"
    best, worst = (peers.most, peers.least) if higher else (peers.least, peers.most)
    better, others = Decimal(peers.above if higher else peers.below), Decimal(peers.count - 1)
    whole = Decimal(1), Decimal(1)
    match rule.method:
        case "min_max":
            span = CONTEXT.subtract(best, worst)
            return (CONTEXT.subtract(number, worst), span) if span else whole
        case "of_best":
            if number == best:
                return whole
            upper, lower = (number, best) if higher else (best, number)
            return (upper, lower) if lower > 0 else None
        case "rank":
            return (CONTEXT.subtract(others, better), others) if others > 0 else whole
        case "percentile":
            return CONTEXT.subtract(Decimal(peers.count), better), Decimal(peers.count)


def _scored(rules: Sequence[Rule], values: Values, place: _Place) -> tuple[Node, ...]:
    return tuple(
        score(part, values, item=place.item, path=f"{place.name}/{part.id or index}", clause=place.clause)
        for index, part in enumerate(rules, 1)
    )


def _missing_parts(parts: Sequence[Node]) -> str:
    return "；".join(dict.fromkeys(part.note for part in parts if part.points is None))


# One row a kind; mypy cannot see that a key's type is its function's first argument.
_KINDS: dict[type, Callable[..., _Result]] = {
    Count: _count,
    Tier: _tier,
    Ratio: _ratio,
    Flag: _flag,
    Judge: _judge,
    Deduct: _deduct,
    Sum: _sum,
    Weighted: _weighted,
    Choose: _choose,
    Period: _period,
    Peer: _peer,
}
