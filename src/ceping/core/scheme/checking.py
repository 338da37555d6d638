"""What one file cannot show: references between files, sums of weights, what nobody reaches and what nothing uses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ceping.core.exact import rounded, short_text_of, total
from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.bands import band_faults
from ceping.core.scheme.form import form_faults
from ceping.core.scheme.indicators import SCORE_PLACES
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
    Source,
)
from ceping.core.scheme.outcome import Floor
from ceping.core.scheme.points import points_faults
from ceping.core.scheme.predicates import Predicate, comparisons_in
from ceping.core.scheme.rule_checking import evidence_in, metrics_in, predicate_faults, rule_faults
from ceping.core.scheme.summary import summary_faults
from ceping.core.scheme.values import Which
from ceping.core.scheme.whole import Scheme

INDICATORS, OUTCOME, VERIFICATION = "indicators.toml", "outcome.toml", "verification.toml"


def faults_of(scheme: Scheme) -> list[Finding]:
    """Every fault between the tables of a scheme, in the order of its files."""
    return [
        *form_faults(scheme.form, file="form.toml"),
        *_indicator_faults(scheme),
        *_metric_faults(scheme),
        *points_faults(scheme.points, "points.toml"),
        *_verification_faults(scheme),
        *summary_faults(scheme.summary, scheme.form, file="summary.toml"),
        *_outcome_faults(scheme),
        *_repeated((category.id for category in scheme.header.categories), "scheme.toml", "category"),
        *_repeated((reading.id for reading in scheme.header.readings), "scheme.toml", "reading"),
    ]


def _repeated(ids: Iterable[str], file: str, place: str) -> Iterator[Finding]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield fault("id_repeated", file=file, place=place, id=name, count=count)


def _dangling(file: str, place: str, name: str, kind: str) -> Finding:
    return fault("reference_dangling", file=file, place=place, name=name, kind=kind)


def _indicator_faults(scheme: Scheme) -> Iterator[Finding]:
    table = scheme.indicators
    yield from _repeated((branch.id for branch in table.branches), INDICATORS, "branch")
    yield from _repeated((leaf.id for leaf in table.leaves), INDICATORS, "indicator")
    yield from _repeated((item.key for item in scheme.scored), INDICATORS, "indicator.item")
    yield from _repeated(_node_names(scheme), INDICATORS, "id")
    weight = total(item.item.weight for item in scheme.scored)
    if weight != table.total:
        given, wanted = short_text_of(weight), short_text_of(table.total)
        yield fault("weights_do_not_add", file=INDICATORS, place="total", given=given, wanted=wanted)
    branches = {branch.id for branch in table.branches}
    numbers = {item.number for item in scheme.form.checklist.items}
    readings = {reading.id for reading in scheme.header.readings}
    for leaf in table.leaves:
        place = f"indicator {leaf.id}"
        if leaf.branch not in branches:
            yield _dangling(INDICATORS, f"{place}.branch", leaf.branch, "一级指标")
        for number in leaf.checklist:
            if number not in numbers:
                yield _dangling(INDICATORS, f"{place}.checklist", str(number), "资料清单")
        for name in leaf.fields:
            if name not in scheme.form.field_by_id and name not in scheme.form.table_by_id:
                yield _dangling(INDICATORS, f"{place}.fields", name, "字段或表格")
        if len(leaf.items) > 1 and any(not item.id for item in leaf.items):
            yield fault("item_without_id", file=INDICATORS, place=place)
        for item in leaf.items:
            at = f"indicator {item.id or leaf.id}"
            yield from rule_faults(item.rule, full=item.full, metrics=table.metrics, place=at)
            yield from _weight_faults(item.weight, at)
            for number in sorted(evidence_in(item.rule) - numbers):
                yield _dangling(INDICATORS, f"{at}.rule", str(number), "资料清单")
            for reading in item.readings:
                if reading not in readings:
                    yield _dangling(INDICATORS, f"{place}.readings", reading, "声明的读法")
    proving = {number for leaf in table.leaves for number in leaf.checklist}
    proving |= {number for item in scheme.scored for number in evidence_in(item.item.rule)}
    for number in sorted(numbers - proving):
        yield fault("checklist_unused", file="form.toml", place="checklist", level=Level.WARNING, number=number)


def _node_names(scheme: Scheme) -> Iterator[str]:
    """Branches, and the leaves and items below them, each name once; a floor may name any of them."""
    branches = {branch.id for branch in scheme.indicators.branches}
    leaves = {leaf.id for leaf in scheme.indicators.leaves}
    yield from branches
    yield from leaves & branches
    for item in scheme.scored:
        own = item.key == item.leaf.id and (not item.item.id or len(item.leaf.items) == 1)
        if item.key in branches or (item.key in leaves and not own):
            yield from (item.key, item.key)


def _weight_faults(weight: Decimal, place: str) -> Iterator[Finding]:
    # Full points give the weight itself, which is rounded as every score is.
    if rounded(weight, SCORE_PLACES) != weight:
        at, given = f"{place}.weight", short_text_of(weight)
        yield fault("rounding_loses", file=INDICATORS, place=at, level=Level.WARNING, points=given, places=SCORE_PLACES)


def _metric_faults(scheme: Scheme) -> Iterator[Finding]:
    read = {name for item in scheme.scored for name in metrics_in(item.item.rule)}
    for predicate in _predicates(scheme):
        read |= {comparison.metric for comparison in comparisons_in(predicate)}
    metrics = scheme.indicators.metrics
    read |= {part for m in metrics.values() if m.quotient for part in (m.quotient.over, m.quotient.under)}
    for name, metric in metrics.items():
        place = f"metric.{name}"
        yield from _source_faults(scheme, metric, place)
        sources = dict(metric.sources())
        if metric.quotient is None and metric.use not in sources and metric.use is not Which.VERIFIED:
            yield fault("metric_without_source", file=INDICATORS, place=place, which=metric.use.value)
        if metric.least is not None and metric.most is not None and metric.most < metric.least:
            cap, lowest = short_text_of(metric.most), short_text_of(metric.least)
            yield fault("cap_below_floor", file=INDICATORS, place=place, cap=cap, floor=lowest)
        yield from _quotient_faults(metric, metrics, place)
        if name not in read:
            yield fault("metric_unused", file=INDICATORS, place=place, level=Level.WARNING)


def _quotient_faults(metric: Metric, metrics: Mapping[str, Metric], place: str) -> Iterator[Finding]:
    if metric.quotient is None:
        return
    for which, _ in metric.sources():
        yield fault("quotient_with_source", file=INDICATORS, place=place, which=which.value)
    for name in dict.fromkeys((metric.quotient.over, metric.quotient.under)):
        part = metrics.get(name)
        if part is None or part.quotient is not None:
            yield _dangling(INDICATORS, f"{place}.quotient", name, "量")
        elif metric.use not in dict(part.sources()) and metric.use is not Which.VERIFIED:
            yield fault("metric_without_source", file=INDICATORS, place=f"metric.{name}", which=metric.use.value)
        elif part.type != "number":
            yield fault("metric_not_number", file=INDICATORS, place=f"{place}.quotient", metric=name)


def _predicates(scheme: Scheme) -> Iterator[Predicate]:
    yield from (gate.when for gate in scheme.outcome.gates)
    yield from (veto.when for veto in scheme.outcome.vetoes if veto.when is not None)


def _source_faults(scheme: Scheme, metric: Metric, place: str) -> Iterator[Finding]:
    for which, source in metric.sources():
        at = f"{place}.{which.value}"
        if isinstance(source, FromField) and source.field not in scheme.form.field_by_id:
            yield _dangling(INDICATORS, at, source.field, "字段")
        given = _type_given(scheme, source)
        if given and metric.type not in _TYPES.get(given, ()):
            yield fault(
                "metric_type_wrong", file=INDICATORS, place=at, which=which.value, given=given, type=metric.type
            )
        if isinstance(source, FromRows | FromDistinct | FromSum | FromListed):
            yield from _column_faults(scheme, source, at)
        if isinstance(source, FromShop):
            yield from _shop_faults(scheme, source, at)
        if isinstance(source, FromCalls) and which is not Which.VERIFIED:
            yield fault("calls_not_verified", file=INDICATORS, place=at)


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


def _column_faults(scheme: Scheme, source: Source, at: str) -> Iterator[Finding]:
    assert isinstance(source, FromRows | FromDistinct | FromSum | FromListed)  # noqa: S101 -- narrows for the reader below
    table = scheme.form.table_by_id.get(source.table)
    if table is None:
        yield _dangling(INDICATORS, at, source.table, "表格")
        return
    columns = {column.id for column in table.columns}
    asked = [] if isinstance(source, FromRows) else [source.column]
    where = None if isinstance(source, FromListed) else source.where
    if where is not None:
        asked.append(where.column)
    for column in asked:
        if column not in columns:
            yield _dangling(INDICATORS, at, f"{source.table}.{column}", "列")


def _shop_faults(scheme: Scheme, source: FromShop, at: str) -> Iterator[Finding]:
    known = {rule.rule_id for rule in scheme.points.rules}
    for rule in source.rules:
        if rule not in known:
            yield _dangling(INDICATORS, at, rule, "积分规则")
    if bool(source.of) == bool(source.rules or source.facts):
        yield fault("shop_source_unclear", file=INDICATORS, place=at)


def _verification_faults(scheme: Scheme) -> Iterator[Finding]:
    table = scheme.verification
    yield from _repeated((d.code for d in table.dispositions), VERIFICATION, "disposition")
    yield from _repeated((q.id for q in table.questions), VERIFICATION, "question")
    form_table = scheme.form.table_by_id.get(table.frame.table)
    if form_table is None:
        yield _dangling(VERIFICATION, "frame.table", table.frame.table, "表格")
    elif table.frame.column not in {column.id for column in form_table.columns}:
        yield _dangling(VERIFICATION, "frame.column", table.frame.column, "列")
    question = next((q for q in table.questions if q.id == table.satisfaction.question), None)
    if question is None:
        yield _dangling(VERIFICATION, "satisfaction.question", table.satisfaction.question, "问题")
    else:
        for code in table.satisfaction.satisfied:
            if code not in {option.code for option in question.options}:
                yield _dangling(VERIFICATION, "satisfaction.satisfied", code, "答案")


def _outcome_faults(scheme: Scheme) -> Iterator[Finding]:
    outcome = scheme.outcome
    grades = {band.grade for band in outcome.bands}
    metrics = scheme.indicators.metrics
    categories = {category.id for category in scheme.header.categories}
    ids = [*(g.id for g in outcome.gates), *(v.id for v in outcome.vetoes), *(f.id for f in outcome.floors)]
    yield from _repeated(ids, OUTCOME, "id")
    for gate in outcome.gates:
        yield from predicate_faults(gate.when, metrics, file=OUTCOME, place=f"gate {gate.id}.when")
        for category in gate.except_categories:
            if category not in categories:
                yield _dangling(OUTCOME, f"gate {gate.id}.except_categories", category, "服务类别")
    for veto in outcome.vetoes:
        if veto.when is not None:
            yield from predicate_faults(veto.when, metrics, file=OUTCOME, place=f"veto {veto.id}.when")
        elif not veto.by_decision:
            yield fault("veto_never", file=OUTCOME, place=f"veto {veto.id}")
        if veto.grade not in grades:
            yield _dangling(OUTCOME, f"veto {veto.id}.grade", veto.grade, "等次")
    for floor in outcome.floors:
        yield from _floor_faults(scheme, floor)
        if floor.grade not in grades:
            yield _dangling(OUTCOME, f"floor {floor.id}.grade", floor.grade, "等次")
    if not 0 <= outcome.robustness.spread < 1:
        given = short_text_of(outcome.robustness.spread)
        yield fault("spread_out_of_range", file=OUTCOME, place="robustness.spread", given=given)
    yield from band_faults(outcome.bands, whole=scheme.indicators.total, file=OUTCOME)


def _floor_faults(scheme: Scheme, floor: Floor) -> Iterator[Finding]:
    under = [item for item in scheme.scored if floor.node in (item.key, item.leaf.id, item.branch.id)]
    most = total(item.item.weight for item in under)
    if not under:
        yield _dangling(OUTCOME, f"floor {floor.id}.node", floor.node, "指标")
    elif floor.at_least > most:
        place, most_text, asked = f"floor {floor.id}.at_least", short_text_of(most), short_text_of(floor.at_least)
        yield fault("floor_unreachable", file=OUTCOME, place=place, node=floor.node, most=most_text, at_least=asked)
