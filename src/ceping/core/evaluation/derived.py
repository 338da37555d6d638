"""Metrics worked out from other metrics: a quotient, growth, or the longest run that holds a comparison."""

from collections.abc import Mapping
from decimal import Decimal

from ceping.core.exact import CONTEXT, quotient
from ceping.core.scheme.metrics import Metric, Run
from ceping.core.scheme.predicates import holds
from ceping.core.scheme.values import MetricValue, Which


def derived(name: str, metric: Metric, parts: Mapping[str, MetricValue], which: Which) -> MetricValue:
    """The metric's value from its parts' values of the same kind; missing when one is, or nothing can be divided."""
    read = [parts[part] for part in metric.derived_from]
    where = "；".join(dict.fromkeys(value.source for value in read if value.source))
    note = "，".join(f"{value.metric} {value.as_input().value}" for value in read)
    numbers = [value.value for value in read]
    if metric.run is not None:
        if any(value is None for value in numbers):
            return MetricValue(name, which, None, where)
        return MetricValue(name, which, Decimal(_run(metric.run, numbers)), where, note)
    first, second = numbers
    if not isinstance(first, Decimal) or not isinstance(second, Decimal):
        return MetricValue(name, which, None, where)
    if metric.quotient is not None:
        if not second:
            return MetricValue(name, which, None, where, f"{note}：除数为零，无法计算")
        return MetricValue(name, which, quotient(first, second), where, note)
    # From a loss to a greater loss the fraction would come out as growth.
    if first <= 0:
        return MetricValue(name, which, None, where, f"{note}：基数不大于零，无法计算增长")
    return MetricValue(name, which, quotient(CONTEXT.subtract(second, first), first), where, note)


def _run(run: Run, values: list[Decimal | str | None]) -> int:
    longest = latest = 0
    for value in values:
        latest = latest + 1 if value is not None and holds(value, run.op, run.value) else 0
        longest = max(longest, latest)
    return latest if run.latest else longest
