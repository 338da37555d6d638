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
    Peer,
    Period,
    Ratio,
    Rule,
    Sum,
    Tier,
    Weighted,
    parts_of,
    rules_in,
)

Metrics = Mapping[str, Metric]


def metrics_in(rule: Rule) -> set[str]:
    """The ids of every metric the rule or a part of it reads."""
    named = {name for inner in rules_in(rule) for name in _named_by(inner)}
    flags = [inner.when for inner in rules_in(rule) if isinstance(inner, Flag)]
    return named | {comparison.metric for when in flags for comparison in comparisons_in(when)}


def _named_by(rule: Rule) -> tuple[str, ...]:
    """The metrics a rule names by itself; those of a flag's condition are in the condition."""
    match rule:
        case Count() | Tier() | Ratio() | Peer():
            return (rule.metric,)
        case Deduct():
            return tuple(violation.metric for violation in rule.violations)
        case Choose() if rule.by:
            return (rule.by,)
    return ()


def evidence_in(rule: Rule) -> set[int]:
    """The numbers of the checklist items that prove a condition of the rule or of a part of it."""
    return {number for inner in rules_in(rule) if isinstance(inner, Flag) for number in inner.evidence}


def rule_faults(rule: Rule, *, full: Decimal, metrics: Metrics, file: str, place: str) -> Iterator[Finding]:
    """The faults of an item's rule and all its parts; `full` is what the item says the rule gives at most."""
    named = {name for inner in rules_in(rule) for name in _named_by(inner)}
    for name in sorted(named - set(metrics)):
        yield fault("reference_dangling", file=file, place=f"{place}.rule", name=name, kind="量")
    judges = [inner for inner in rules_in(rule) if isinstance(inner, Judge)]
    if len(judges) > 1:
        yield fault("judge_twice", file=file, place=f"{place}.rule", count=len(judges))
    yield from _inner_faults(rule, metrics, file, f"{place}.rule")
    least, most = bounds_of(rule)
    yield from _reach_faults(most, full, file, place)
    if least < 0:
        yield fault("points_negative", file=file, place=place, least=short_text_of(least))


def _reach_faults(most: Decimal, full: Decimal, file: str, place: str) -> Iterator[Finding]:
    if most < full:
        yield fault("full_unreachable", file=file, place=place, most=short_text_of(most), full=short_text_of(full))
    if most > full:
        yield fault("full_exceeded", file=file, place=place, most=short_text_of(most), full=short_text_of(full))


def _inner_faults(rule: Rule, metrics: Metrics, file: str, place: str) -> Iterator[Finding]:
    yield from _kind_faults(rule, metrics, file, place)
    yield from _rounding_faults(rule, file, place)
    parts = parts_of(rule)
    names = [part.id for part in parts]
    for index, part in enumerate(parts, 1):
        at = f"{place}.parts[{index}]"
        if not part.id:
            yield fault("part_without_id", file=file, place=at)
        elif names.count(part.id) > 1:
            yield fault("id_repeated", file=file, place=at, id=part.id, count=names.count(part.id))
        yield from _inner_faults(part, metrics, file, at)


def _kind_faults(rule: Rule, metrics: Metrics, file: str, place: str) -> Iterator[Finding]:
    yield from _limit_faults(rule, file, place)
    match rule:
        case Count() | Peer():
            yield from _number_wanted(rule.metric, metrics, file, place)
        case Ratio():
            yield from _number_wanted(rule.metric, metrics, file, place)
            if rule.target <= 0:
                yield fault("target_not_positive", file=file, place=place, target=short_text_of(rule.target))
            if rule.inverse and not (rule.slope_below is None and rule.slope_above is None):
                yield fault("ratio_unclear", file=file, place=place)
        case Tier():
            yield from _tier_faults(rule, metrics, file, place)
        case Flag():
            yield from predicate_faults(rule.when, metrics, file=file, place=f"{place}.when")
        case Judge() if CONTEXT.remainder(rule.max, rule.step):
            yield fault(
                "step_off_max", file=file, place=place, max=short_text_of(rule.max), step=short_text_of(rule.step)
            )
        case Deduct():
            for violation in rule.violations:
                yield from _number_wanted(violation.metric, metrics, file, place)
        case Period() if (rule.combine == "growth") != (rule.points is not None):
            yield fault("growth_points_unclear", file=file, place=place)
        case Weighted():
            for index, part in enumerate(rule.parts, 1):
                yield from _reach_faults(bounds_of(part.rule)[1], part.full, file, f"{place}.parts[{index}]")
        case Choose() if rule.by and rule.by in metrics and metrics[rule.by].type == "number":
            yield fault("metric_not_word", file=file, place=place, metric=rule.by)


def _limit_faults(rule: Rule, file: str, place: str) -> Iterator[Finding]:
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
        yield fault("cap_below_floor", file=file, place=place, cap=short_text_of(cap), floor=short_text_of(floor))


def _number_wanted(name: str, metrics: Metrics, file: str, place: str) -> Iterator[Finding]:
    metric = metrics.get(name)
    if metric is not None and metric.type != "number":
        yield fault("metric_not_number", file=file, place=place, metric=name)


def _tier_faults(rule: Tier, metrics: Metrics, file: str, place: str) -> Iterator[Finding]:
    if bool(rule.steps) == bool(rule.choices):
        yield fault("tier_unclear", file=file, place=place)
    if rule.steps:
        yield from _number_wanted(rule.metric, metrics, file, place)
    edges = [(step.at, step.edge) for step in rule.steps]
    for at, edge in dict.fromkeys(edges):
        if edges.count((at, edge)) > 1:
            yield fault("step_repeated", file=file, place=place, at=short_text_of(at))
    words = [choice.value for choice in rule.choices]
    for word in dict.fromkeys(words):
        if words.count(word) > 1:
            yield fault("step_repeated", file=file, place=place, at=word)


def predicate_faults(predicate: Predicate, metrics: Metrics, *, file: str, place: str) -> Iterator[Finding]:
    """Comparisons with a metric that is not there, or of words by size, or of a number with a word."""
    for comparison in comparisons_in(predicate):
        metric = metrics.get(comparison.metric)
        if metric is None:
            yield fault("reference_dangling", file=file, place=place, name=comparison.metric, kind="量")
            continue
        worded = isinstance(comparison.value, str)
        by_size = comparison.op not in ("==", "!=")
        # The word of a choice may look like a number, so that only its size cannot be asked for.
        if worded if metric.type == "number" else by_size:
            yield fault("comparison_mixed", file=file, place=place, metric=comparison.metric, value=comparison.value)
        elif metric.type == "yes_no" and comparison.value not in ("yes", "no"):
            yield fault("choice_unknown", file=file, place=place, given=comparison.value, known="yes、no")


def _rounding_faults(rule: Rule, file: str, place: str) -> Iterator[Finding]:
    for points in _points_given(rule):
        if len(short_text_of(points).partition(".")[2]) > rule.places:
            yield fault(
                "rounding_loses",
                file=file,
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
        case Peer():
            given = [rule.points] if rule.alone is None else [rule.points, rule.alone]
        case Period():
            given = [limit for limit in (rule.points, rule.cap) if limit is not None]
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
