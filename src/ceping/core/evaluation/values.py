"""The three values of every metric: claimed in the report, verified by people or calls, counted by the platform."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import singledispatch

from ceping.core.evaluation.derived import derived
from ceping.core.evaluation.entry import Entry
from ceping.core.exact import NotANumber, decimal_of, quotient, total
from ceping.core.names import is_blank, normalised
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.metrics import (
    FromCalls,
    FromDistinct,
    FromEvidence,
    FromExternal,
    FromField,
    FromListed,
    FromRows,
    FromShop,
    FromSum,
    Metric,
    Source,
    Where,
    parts_first,
)
from ceping.core.scheme.values import MetricValue, Values, Which
from ceping.core.verification import Verification

NO_SHOP = "未开设店铺"
Found = tuple[Decimal | str | None, str, str]
AllValues = Mapping[str, Mapping[Which, MetricValue]]


def metric_values(scheme: Scheme, entry: Entry, calls: Verification | None) -> AllValues:
    """For each metric of the scheme its three values, a missing one with None; `calls` None means nobody was called."""
    metrics = scheme.indicators.metrics
    found: dict[str, Mapping[Which, MetricValue]] = {}

    for name in parts_first(metrics):
        metric = metrics[name]
        found[name] = {
            which: derived(name, metric, {part: found[part][which] for part in metric.derived_from}, which)
            if metric.derived_from
            else _value(name, metric, which, entry, calls)
            for which in Which
        }
    return {name: found[name] for name in metrics}


def used(scheme: Scheme, values: AllValues) -> Values:
    """Of each metric the one value the scheme says its rules use."""
    return Values({name: values[name][metric.use] for name, metric in scheme.indicators.metrics.items()})


def _value(name: str, metric: Metric, which: Which, entry: Entry, calls: Verification | None) -> MetricValue:
    if given := entry.given.get(name, {}).get(which):
        return given
    source = dict(metric.sources()).get(which)
    if source is not None:
        value, where, note = _from(source, entry, calls)
        return MetricValue(name, which, _typed(metric, value), where, note)
    recorded = entry.verified.get(name) if which is Which.VERIFIED else None
    if recorded is None:
        return MetricValue(name, which, None)
    return MetricValue(name, which, recorded.value, recorded.source)


def _typed(metric: Metric, value: Decimal | str | None) -> Decimal | str | None:
    if metric.type != "number" or not isinstance(value, str):
        return value
    try:
        return decimal_of(value)
    except NotANumber:
        # The report's own check has said so; a number that cannot be read is not zero.
        return None


@singledispatch
def _from(source: Source, entry: Entry, calls: Verification | None) -> Found:
    raise NotImplementedError(type(source))


@_from.register
def _(source: FromField, entry: Entry, _calls: Verification | None) -> Found:
    answer = entry.answers.get(source.field)
    if answer is None or (isinstance(answer, str) and is_blank(answer)):
        return None, "", ""
    return str(answer), f"report.json answers.{source.field}", ""


def _rows(entry: Entry, table: str, where: Where | None) -> Iterable[Mapping[str, str]] | None:
    rows = entry.tables.get(table)
    if rows is None:
        return None
    return [row for row in rows if where is None or row.get(where.column, "") in where.one_of]


@_from.register
def _(source: FromRows, entry: Entry, _calls: Verification | None) -> Found:
    rows = _rows(entry, source.table, source.where)
    if rows is None:
        return None, "", ""
    if source.either:
        rows = [row for row in rows if any(row.get(w.column, "") in w.one_of for w in source.either)]
    filled = sum(1 for row in rows if any(not is_blank(str(value)) for value in row.values()))
    return Decimal(filled), f"report.json tables.{source.table}", ""


@_from.register
def _(source: FromDistinct, entry: Entry, _calls: Verification | None) -> Found:
    rows = _rows(entry, source.table, source.where)
    if rows is None:
        return None, "", ""
    names = {normalised(row[source.column]) for row in rows if not is_blank(row.get(source.column, ""))}
    if source.excluding_self:
        names.discard(normalised(entry.name))
    return Decimal(len(names)), f"report.json tables.{source.table}", ""


@_from.register
def _(source: FromSum, entry: Entry, _calls: Verification | None) -> Found:
    rows = _rows(entry, source.table, source.where)
    if rows is None:
        return None, "", ""
    filled = [row for row in rows if any(not is_blank(str(value)) for value in row.values())]
    texts = [row.get(source.column, "") for row in filled]
    if any(is_blank(text) for text in texts):
        return None, f"report.json tables.{source.table}", "表中有空格"
    try:
        return total(decimal_of(text) for text in texts), f"report.json tables.{source.table}", ""
    except NotANumber:
        return None, f"report.json tables.{source.table}", "表中有不是数字的格"


@_from.register
def _(source: FromShop, entry: Entry, _calls: Verification | None) -> Found:
    shop = entry.shop
    if not entry.shop_known:
        return None, "institutions.csv shop_id", ""
    if shop is None:
        return Decimal(0), "institutions.csv shop_id", NO_SHOP
    if source.of == "points":
        return Decimal(shop.points), "points/totals.csv", ""
    if source.of == "level":
        return Decimal(shop.level_step), "points/totals.csv", shop.level_text
    if any(fact not in shop.facts for fact in source.facts):
        return None, "shops.csv", ""
    counted = sum(shop.quantities.get(rule, 0) for rule in source.rules) + sum(
        shop.facts[fact] for fact in source.facts
    )
    files = [name for name, asked in (("points/ledger.csv", source.rules), ("shops.csv", source.facts)) if asked]
    return Decimal(counted), "；".join(files), ""


@_from.register
def _(source: FromCalls, _entry: Entry, calls: Verification | None) -> Found:
    if calls is None:
        return None, "", ""
    rate = getattr(calls, source.rate)
    note = f"{rate.part}/{rate.whole}"
    if rate.value is not None:
        note += f"，区间 {rate.low}–{rate.high}"
    return rate.value, "calls.csv", note


@_from.register
def _(source: FromEvidence, entry: Entry, _calls: Verification | None) -> Found:
    if not entry.evidence:
        return None, "", ""
    count = sum(1 for verdict in entry.evidence if verdict == source.verdict)
    note = f"{count}/{len(entry.evidence)}"
    if source.measure == "count":
        return Decimal(count), "evidence_checks.csv", note
    return quotient(Decimal(count), Decimal(len(entry.evidence))), "evidence_checks.csv", note


@_from.register
def _(source: FromExternal, entry: Entry, _calls: Verification | None) -> Found:
    return entry.external.get(source.check), "external.csv", ""


@_from.register
def _(source: FromListed, entry: Entry, _calls: Verification | None) -> Found:
    rows = entry.tables.get(source.table)
    if entry.listed is None or rows is None:
        return None, "", ""
    names = {normalised(row[source.column]) for row in rows if not is_blank(row.get(source.column, ""))}
    return Decimal(len(names & entry.listed)), "specialised.csv", ""
