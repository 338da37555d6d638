"""What is wrong with a scheme's metrics: sources that lead nowhere, values nothing gives, circles, idle ones."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from ceping.core.exact import short_text_of
from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.metrics import (
    FromCalls,
    FromDistinct,
    FromExternal,
    FromField,
    FromListed,
    FromRows,
    FromShop,
    FromSum,
    Metric,
    Run,
    Source,
)
from ceping.core.scheme.predicates import Comparison, Predicate, comparisons_in
from ceping.core.scheme.references import dangling
from ceping.core.scheme.rule_checking import metrics_in, predicate_faults
from ceping.core.scheme.values import Which
from ceping.core.scheme.whole import Scheme

FILE = "indicators.toml"


def metric_faults(scheme: Scheme) -> Iterator[Finding]:
    """The faults of every metric, in the order of the file."""
    metrics = scheme.indicators.metrics
    read = metrics_read(scheme) | {part for metric in metrics.values() for part in metric.derived_from}
    for name, metric in metrics.items():
        place = f"metric.{name}"
        yield from _source_faults(scheme, metric, place)
        yield from _derivation_faults(metrics, name, place)
        given = {which for which, _ in metric.sources()}
        if not metric.derived_from and metric.use not in given and metric.use is not Which.VERIFIED:
            yield fault("metric_without_source", file=FILE, place=place, which=metric.use.value)
        if metric.least is not None and metric.most is not None and metric.most < metric.least:
            cap, lowest = short_text_of(metric.most), short_text_of(metric.least)
            yield fault("cap_below_floor", file=FILE, place=place, cap=cap, floor=lowest)
        if name not in read:
            yield fault("metric_unused", file=FILE, place=place, level=Level.WARNING)
    yield from _circle_faults(metrics)


def metrics_read(scheme: Scheme) -> set[str]:
    """The metrics that rules, bonus items and conditions name; what those are worked out from is not among them."""
    read = {name for item in scheme.scored for name in metrics_in(item.item.rule)}
    if scheme.outcome.bonus is not None:
        read |= {name for item in scheme.outcome.bonus.items for name in metrics_in(item.rule)}
    for predicate in _predicates(scheme):
        read |= {comparison.metric for comparison in comparisons_in(predicate)}
    return read


def _predicates(scheme: Scheme) -> Iterator[Predicate]:
    yield from (gate.when for gate in scheme.outcome.gates)
    yield from (veto.when for veto in scheme.outcome.vetoes if veto.when is not None)
    yield from (ceiling.when for ceiling in scheme.outcome.ceilings)
    yield from (condition for direct in scheme.outcome.any_of for condition in direct.any_of)


def _derivation_faults(metrics: Mapping[str, Metric], name: str, place: str) -> Iterator[Finding]:
    metric = metrics[name]
    ways = [way for way in ("quotient", "growth", "run") if getattr(metric, way) is not None]
    if len(ways) > 1:
        yield fault("derivation_unclear", file=FILE, place=place, ways="、".join(ways))
    for which, _ in metric.sources() if ways else ():
        yield fault("derived_with_source", file=FILE, place=place, which=which.value, way=ways[0])
    for name_of_part in dict.fromkeys(metric.derived_from):
        part = metrics.get(name_of_part)
        if part is None:
            yield dangling(FILE, f"{place}.{ways[0]}", name_of_part, "量")
        elif part.use is not metric.use:
            own, asked = part.use.value, metric.use.value
            yield fault("derived_use_differs", file=FILE, place=place, part=name_of_part, own=own, which=asked)
        elif part.type != "number" and metric.run is None:
            yield fault("metric_not_number", file=FILE, place=f"{place}.{ways[0]}", metric=name_of_part)
    if ways and metric.type != "number":
        yield fault("metric_type_wrong", file=FILE, place=place, which=ways[0], given="number", type=metric.type)
    if metric.run is not None:
        yield from _run_faults(metrics, metric.run, f"{place}.run")


def _run_faults(metrics: Mapping[str, Metric], run: Run, place: str) -> Iterator[Finding]:
    for part in dict.fromkeys(run.of):
        if part in metrics:
            comparison = Comparison(metric=part, op=run.op, value=run.value)
            yield from predicate_faults(comparison, metrics, file=FILE, place=place)


def _circle_faults(metrics: Mapping[str, Metric]) -> Iterator[Finding]:
    """Each circle once, at the first metric of the file that lies on it."""
    known = {name: [part for part in metric.derived_from if part in metrics] for name, metric in metrics.items()}
    try:
        TopologicalSorter(known).prepare()
    except CycleError:
        told: set[str] = set()
        for name in known:
            circle = _circle(known, name) if name not in told else []
            told |= set(circle)
            if circle:
                yield fault("metric_circle", file=FILE, place=f"metric.{name}", circle=" → ".join(circle))


def _circle(parts: Mapping[str, Sequence[str]], start: str) -> list[str]:
    """The way from a metric back to itself, or nothing; walked without recursion, so that no depth is too deep."""
    came_from: dict[str, str] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for part in parts[here]:
            if part == start:
                way = [start, here]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1] if here != start else [start, start]
            if part not in came_from:
                came_from[part] = here
                waiting.append(part)
    return []


def _source_faults(scheme: Scheme, metric: Metric, place: str) -> Iterator[Finding]:
    for which, source in metric.sources():
        at = f"{place}.{which.value}"
        given = _type_given(scheme, source)
        if given and metric.type not in _TYPES.get(given, ()):
            yield fault("metric_type_wrong", file=FILE, place=at, which=which.value, given=given, type=metric.type)
        match source:
            case FromField():
                if source.field not in scheme.form.field_by_id:
                    yield dangling(FILE, at, source.field, "字段")
            case FromRows() | FromDistinct() | FromSum() | FromListed():
                yield from _column_faults(scheme, source, at)
            case FromShop():
                yield from _shop_faults(scheme, source, at)
            case FromCalls():
                if which is not Which.VERIFIED:
                    yield fault("calls_not_verified", file=FILE, place=at)
                if scheme.verification is None:
                    yield fault("source_file_missing", file=FILE, place=at, wanted="verification.toml")


# What a metric may be, by what its source gives.
_TYPES = {
    "number": ("number",),
    "integer": ("number",),
    "decimal": ("number",),
    "yes_no": ("yes_no",),
    "choice": ("choice",),
    "text": ("choice",),
}


def _type_given(scheme: Scheme, source: Source) -> str:
    """What the source gives; empty where it leads nowhere."""
    if isinstance(source, FromField):
        field = scheme.form.field_by_id.get(source.field)
        return field.type if field is not None else ""
    if isinstance(source, FromSum):
        table = scheme.form.table_by_id.get(source.table)
        column = next((one for one in table.columns if one.id == source.column), None) if table is not None else None
        return "" if column is None else "number" if column.type in ("integer", "decimal") else column.type
    return "yes_no" if isinstance(source, FromExternal) else "number"


def _column_faults(
    scheme: Scheme, source: FromRows | FromDistinct | FromSum | FromListed, at: str
) -> Iterator[Finding]:
    table = scheme.form.table_by_id.get(source.table)
    if table is None:
        yield dangling(FILE, at, source.table, "表格")
        return
    asked = [] if isinstance(source, FromRows) else [source.column]
    if not isinstance(source, FromListed) and source.where is not None:
        asked.append(source.where.column)
    if isinstance(source, FromRows):
        asked += [where.column for where in source.either]
    columns = {column.id for column in table.columns}
    for column in asked:
        if column not in columns:
            yield dangling(FILE, at, f"{source.table}.{column}", "列")


def _shop_faults(scheme: Scheme, source: FromShop, at: str) -> Iterator[Finding]:
    if scheme.points is None:
        yield fault("source_file_missing", file=FILE, place=at, wanted="points.toml")
        return
    known = {rule.rule_id for rule in scheme.points.rules}
    for rule in source.rules:
        if rule not in known:
            yield dangling(FILE, at, rule, "积分规则")
    if bool(source.of) == bool(source.rules or source.facts):
        yield fault("shop_source_unclear", file=FILE, place=at)
