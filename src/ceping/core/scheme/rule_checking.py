"""What is wrong inside one rule: metrics it cannot read, points it can never give, steps nobody can reach."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ceping.core.exact import CONTEXT, short_text_of
from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.bounds import bounds_of
from ceping.core.scheme.metrics import Metric
from ceping.core.scheme.predicates import Predicate, comparisons_in
from ceping.core.scheme.rules import (
    Choose,
    Count,
    Deduct,
    Flag,
    Judge,
    Ratio,
    Rule,
    Sum,
    Tier,
    Weighted,
    parts_of,
    rules_in,
)

FILE = "indicators.toml"
Metrics = Mapping[str, Metric]


def metrics_in(rule: Rule) -> set[str]:
    """The ids of every metric the rule or a part of it reads."""
    names: set[str] = set()
    for inner in rules_in(rule):
        match inner:
            case Count() | Tier() | Ratio():
                names.add(inner.metric)
            case Flag():
                names |= {comparison.metric for comparison in comparisons_in(inner.when)}
            case Deduct():
                names |= {violation.metric for violation in inner.violations}
            case Choose() if inner.by:
                names.add(inner.by)
    return names


def evidence_in(rule: Rule) -> set[int]:
    """The numbers of the checklist items that prove a condition of the rule or of a part of it."""
    return {number for inner in rules_in(rule) if isinstance(inner, Flag) for number in inner.evidence}


def rule_faults(rule: Rule, *, full: Decimal, metrics: Metrics, place: str) -> Iterator[Finding]:
    """The faults of an item's rule and all its parts; `full` is what the item says the rule gives at most."""
    for name in sorted(metrics_in(rule) - set(metrics)):
        yield fault("reference_dangling", file=FILE, place=f"{place}.rule", name=name, kind="量")
    judges = [inner for inner in rules_in(rule) if isinstance(inner, Judge)]
    if len(judges) > 1:
        yield fault("judge_twice", file=FILE, place=f"{place}.rule", count=len(judges))
    yield from _inner_faults(rule, metrics, f"{place}.rule")
    least, most = bounds_of(rule)
    yield from _reach_faults(most, full, place)
    if least < 0:
        yield fault("points_negative", file=FILE, place=place, least=short_text_of(least))


def _reach_faults(most: Decimal, full: Decimal, place: str) -> Iterator[Finding]:
    if most < full:
        yield fault("full_unreachable", file=FILE, place=place, most=short_text_of(most), full=short_text_of(full))
    if most > full:
        yield fault("full_exceeded", file=FILE, place=place, most=short_text_of(most), full=short_text_of(full))


def _inner_faults(rule: Rule, metrics: Metrics, place: str) -> Iterator[Finding]:
    yield from _kind_faults(rule, metrics, place)
    yield from _rounding_faults(rule, place)
    parts = parts_of(rule)
    names = [part.id for part in parts]
    for index, part in enumerate(parts, 1):
        at = f"{place}.parts[{index}]"
        if not part.id:
            yield fault("part_without_id", file=FILE, place=at)
        elif names.count(part.id) > 1:
            yield fault("id_repeated", file=FILE, place=at, id=part.id, count=names.count(part.id))
        yield from _inner_faults(part, metrics, at)


def _kind_faults(rule: Rule, metrics: Metrics, place: str) -> Iterator[Finding]:
    yield from _limit_faults(rule, place)
    match rule:
        case Count():
            yield from _number_wanted(rule.metric, metrics, place)
        case Ratio():
            yield from _number_wanted(rule.metric, metrics, place)
            if rule.target <= 0:
                yield fault("target_not_positive", file=FILE, place=place, target=short_text_of(rule.target))
            if rule.inverse and not (rule.slope_below is None and rule.slope_above is None):
                yield fault("ratio_unclear", file=FILE, place=place)
        case Tier():
            yield from _tier_faults(rule, metrics, place)
        case Flag():
            yield from predicate_faults(rule.when, metrics, file=FILE, place=f"{place}.when")
        case Judge() if CONTEXT.remainder(rule.max, rule.step):
            yield fault(
                "step_off_max", file=FILE, place=place, max=short_text_of(rule.max), step=short_text_of(rule.step)
            )
        case Deduct():
            for violation in rule.violations:
                yield from _number_wanted(violation.metric, metrics, place)
        case Weighted():
            for index, part in enumerate(rule.parts, 1):
                yield from _reach_faults(bounds_of(part.rule)[1], part.full, f"{place}.parts[{index}]")
        case Choose() if rule.by and rule.by in metrics and metrics[rule.by].type == "number":
            yield fault("metric_not_word", file=FILE, place=place, metric=rule.by)


def _limit_faults(rule: Rule, place: str) -> Iterator[Finding]:
    match rule:
        case Count() | Sum():
            floor, cap = rule.floor, rule.cap
        case Deduct():
            floor, cap = rule.floor, rule.start
        case Judge() if rule.coefficient is not None:
            floor, cap = rule.coefficient.least, rule.coefficient.most
        case _:
            return
    if cap is not None and floor is not None and cap < floor:
        yield fault("cap_below_floor", file=FILE, place=place, cap=short_text_of(cap), floor=short_text_of(floor))


def _number_wanted(name: str, metrics: Metrics, place: str) -> Iterator[Finding]:
    metric = metrics.get(name)
    if metric is not None and metric.type != "number":
        yield fault("metric_not_number", file=FILE, place=place, metric=name)


def _tier_faults(rule: Tier, metrics: Metrics, place: str) -> Iterator[Finding]:
    if bool(rule.steps) == bool(rule.choices):
        yield fault("tier_unclear", file=FILE, place=place)
    if rule.steps:
        yield from _number_wanted(rule.metric, metrics, place)
    edges = [(step.at, step.edge) for step in rule.steps]
    for at, edge in dict.fromkeys(edges):
        if edges.count((at, edge)) > 1:
            yield fault("step_repeated", file=FILE, place=place, at=short_text_of(at))
    words = [choice.value for choice in rule.choices]
    for word in dict.fromkeys(words):
        if words.count(word) > 1:
            yield fault("step_repeated", file=FILE, place=place, at=word)


def predicate_faults(predicate: Predicate, metrics: Metrics, *, file: str, place: str) -> Iterator[Finding]:
    """Comparisons with a metric that is not there, or of words by size, or of a number with a word."""
    for comparison in comparisons_in(predicate):
        metric = metrics.get(comparison.metric)
        if metric is None:
            if file != FILE:
                yield fault("reference_dangling", file=file, place=place, name=comparison.metric, kind="量")
            continue
        worded = isinstance(comparison.value, str)
        by_size = comparison.op not in ("==", "!=")
        # The word of a choice may look like a number, so that only its size cannot be asked for.
        if worded if metric.type == "number" else by_size:
            yield fault("comparison_mixed", file=file, place=place, metric=comparison.metric, value=comparison.value)
        elif metric.type == "yes_no" and comparison.value not in ("yes", "no"):
            yield fault("choice_unknown", file=file, place=place, given=comparison.value, known="yes、no")


def _rounding_faults(rule: Rule, place: str) -> Iterator[Finding]:
    for points in _points_given(rule):
        if len(short_text_of(points).partition(".")[2]) > rule.places:
            yield fault(
                "rounding_loses",
                file=FILE,
                place=place,
                level=Level.WARNING,
                points=short_text_of(points),
                places=rule.places,
            )


def _points_given(rule: Rule) -> tuple[Decimal, ...]:
    match rule:
        case Count():
            given = [rule.points, rule.floor, rule.cap]
        case Tier():
            given = [rule.default, *(step.points for step in rule.steps), *(choice.points for choice in rule.choices)]
        case Ratio():
            given = [rule.points]
        case Flag():
            given = [rule.points, rule.otherwise]
        case Judge():
            given = [rule.max]
        case Deduct():
            given = [rule.start, rule.floor, *(violation.points for violation in rule.violations)]
        case Sum():
            given = [limit for limit in (rule.floor, rule.cap) if limit is not None]
        case _:
            given = []
    return tuple(dict.fromkeys(given))
