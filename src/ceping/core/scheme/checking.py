"""What one file cannot show: references between files, sums of weights, what nobody reaches and what nothing uses."""

from collections.abc import Iterator
from decimal import Decimal

from ceping.core.exact import rounded, short_text_of, total
from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.form import form_faults
from ceping.core.scheme.indicators import SCORE_PLACES, Leaf
from ceping.core.scheme.metric_checking import metric_faults
from ceping.core.scheme.outcome_checking import outcome_faults
from ceping.core.scheme.points import points_faults
from ceping.core.scheme.references import dangling, repeated
from ceping.core.scheme.rule_checking import evidence_in, rule_faults
from ceping.core.scheme.summary import summary_faults
from ceping.core.scheme.whole import Scheme

INDICATORS, VERIFICATION = "indicators.toml", "verification.toml"


def faults_of(scheme: Scheme) -> list[Finding]:
    """Every fault between the tables of a scheme, in the order of its files."""
    return [
        *repeated((category.id for category in scheme.header.categories), "scheme.toml", "category"),
        *repeated((category.title for category in scheme.header.categories), "scheme.toml", "category"),
        *repeated((reading.id for reading in scheme.header.readings), "scheme.toml", "reading"),
        *form_faults(scheme.form, file="form.toml"),
        *_tree_faults(scheme),
        *_weight_faults(scheme),
        *metric_faults(scheme),
        *(points_faults(scheme.points, "points.toml") if scheme.points is not None else ()),
        *_verification_faults(scheme),
        *(summary_faults(scheme.summary, scheme.form, file="summary.toml") if scheme.summary is not None else ()),
        *outcome_faults(scheme),
    ]


def _tree_faults(scheme: Scheme) -> Iterator[Finding]:
    table = scheme.indicators
    yield from repeated((branch.id for branch in table.branches), INDICATORS, "branch")
    yield from repeated((leaf.id for leaf in table.leaves), INDICATORS, "indicator")
    yield from repeated((item.key for item in scheme.scored), INDICATORS, "indicator.item")
    yield from repeated(_node_names(scheme), INDICATORS, "id")
    yield from repeated((cohort.id for cohort in table.cohorts), INDICATORS, "cohort")
    branches = {branch.id for branch in table.branches}
    for leaf in table.leaves:
        if leaf.branch not in branches:
            yield dangling(INDICATORS, f"indicator {leaf.id}.branch", leaf.branch, "一级指标")
        yield from _leaf_faults(scheme, leaf, f"indicator {leaf.id}")
    for branch in sorted(branches - {leaf.branch for leaf in table.leaves}):
        yield fault("branch_empty", file=INDICATORS, place=f"branch {branch}", level=Level.WARNING)
    proving = {number for leaf in table.leaves for number in leaf.checklist}
    proving |= {number for item in scheme.scored for number in evidence_in(item.item.rule)}
    proving |= {number for gate in scheme.outcome.gates for number in gate.checklist}
    for number in sorted({item.number for item in scheme.form.checklist.items} - proving):
        yield fault("checklist_unused", file="form.toml", place="checklist", level=Level.WARNING, number=number)


def _leaf_faults(scheme: Scheme, leaf: Leaf, place: str) -> Iterator[Finding]:
    numbers = {item.number for item in scheme.form.checklist.items}
    readings = {reading.id for reading in scheme.header.readings}
    cohorts = {cohort.id for cohort in scheme.indicators.cohorts}
    for number in leaf.checklist:
        if number not in numbers:
            yield dangling(INDICATORS, f"{place}.checklist", str(number), "资料清单")
    for name in leaf.fields:
        if name not in scheme.form.field_by_id and name not in scheme.form.table_by_id:
            yield dangling(INDICATORS, f"{place}.fields", name, "字段或表格")
    if len(leaf.items) > 1 and any(not item.id for item in leaf.items):
        yield fault("item_without_id", file=INDICATORS, place=place)
    for item in leaf.items:
        at = f"indicator {item.id or leaf.id}"
        yield from rule_faults(item.rule, full=item.full, metrics=scheme.indicators.metrics, file=INDICATORS, place=at)
        yield from _rounding_faults(item.weight, at)
        for number in sorted(evidence_in(item.rule) - numbers):
            yield dangling(INDICATORS, f"{at}.rule", str(number), "资料清单")
        for reading in item.readings:
            if reading not in readings:
                yield dangling(INDICATORS, f"{at}.readings", reading, "声明的读法")
        for cohort in item.cohorts:
            if cohort not in cohorts:
                yield dangling(INDICATORS, f"{at}.cohorts", cohort, "分组")


def _weight_faults(scheme: Scheme) -> Iterator[Finding]:
    """The weights of what each category is scored on add up to the total exactly."""
    table = scheme.indicators
    categories = {category.id for category in scheme.header.categories}
    seen: set[str] = set()
    for cohort in table.cohorts:
        for category in cohort.categories:
            if category not in categories:
                yield dangling(INDICATORS, f"cohort {cohort.id}.categories", category, "服务类别")
            if category in seen:
                yield fault("cohorts_overlap", file=INDICATORS, place=f"cohort {cohort.id}", category=category)
            seen.add(category)
    for name, category in {table.cohort_of(one): one for one in sorted(categories)}.items():
        given = total(item.item.weight for item in table.scored_for(category))
        if given != table.total:
            place = f"cohort {name}" if name else "total"
            wanted = short_text_of(table.total)
            yield fault("weights_do_not_add", file=INDICATORS, place=place, given=short_text_of(given), wanted=wanted)


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


def _rounding_faults(weight: Decimal, place: str) -> Iterator[Finding]:
    # Full points give the weight itself, which is rounded as every score is.
    if rounded(weight, SCORE_PLACES) != weight:
        at, given = f"{place}.weight", short_text_of(weight)
        yield fault("rounding_loses", file=INDICATORS, place=at, level=Level.WARNING, points=given, places=SCORE_PLACES)


def _verification_faults(scheme: Scheme) -> Iterator[Finding]:
    table = scheme.verification
    if table is None:
        return
    yield from repeated((d.code for d in table.dispositions), VERIFICATION, "disposition")
    yield from repeated((q.id for q in table.questions), VERIFICATION, "question")
    form_table = scheme.form.table_by_id.get(table.frame.table)
    if form_table is None:
        yield dangling(VERIFICATION, "frame.table", table.frame.table, "表格")
    elif table.frame.column not in {column.id for column in form_table.columns}:
        yield dangling(VERIFICATION, "frame.column", table.frame.column, "列")
    question = next((q for q in table.questions if q.id == table.satisfaction.question), None)
    if question is None:
        yield dangling(VERIFICATION, "satisfaction.question", table.satisfaction.question, "问题")
        return
    for code in table.satisfaction.satisfied:
        if code not in {option.code for option in question.options}:
            yield dangling(VERIFICATION, "satisfaction.satisfied", code, "答案")
