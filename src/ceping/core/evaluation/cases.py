"""Worked examples shipped with a scheme: inputs and the numbers they must give, run through a season's own rules."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from ceping.core.assessment import Mark, judged, mark_faults
from ceping.core.evaluation.derived import derived
from ceping.core.exact import NotANumber, decimal_of, text_of
from ceping.core.finding import Finding, fault
from ceping.core.results import Ruling, Standing, grade_of, standing_of
from ceping.core.results.grading import INCOMPLETE
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.metrics import parts_first
from ceping.core.scheme.predicates import Plain
from ceping.core.scheme.reading import Exact, Rows, Table, exact_of, read_toml, table_of
from ceping.core.scheme.values import Judged, MetricValue, Peers, Values


def _total(value: object) -> object:
    try:
        exact_of(value)
    except NotANumber:
        raise PydanticCustomError("not_a_number", "") from None
    # Kept as text: it is the key of a table.
    return value


Total = Annotated[str, AfterValidator(_total)]


class PeerCase(Table):
    """Where a metric's value stands among its peers, for a rule that asks."""

    among: Literal["all", "category"] = "all"
    count: int = Field(ge=1)
    least: Exact
    most: Exact
    above: int = Field(ge=0)
    below: int = Field(ge=0)


class Case(Table):
    """One example: values as the rules use them and marks by item, and what must come out of them.

    `waived` names gates, `vetoed` vetoes that were decided. `points` are rule points and `scores` weighted scores by
    item; `grades` are grades by total; `missing` items that must come out missing; `vetoes` and `floors` all that must
    apply.
    """

    name: str
    category: str = ""
    metrics: Mapping[str, Plain] = Field(default_factory=dict)
    marks: Mapping[str, Rows[Exact]] = Field(default_factory=dict)
    peers: Mapping[str, PeerCase] = Field(default_factory=dict)
    past_grades: Rows[str] = ()
    waived: Rows[str] = ()
    vetoed: Rows[str] = ()
    points: Mapping[str, str] = Field(default_factory=dict)
    scores: Mapping[str, str] = Field(default_factory=dict)
    gates: Mapping[str, bool] = Field(default_factory=dict)
    grades: Mapping[Total, str] = Field(default_factory=dict)
    missing: Rows[str] = ()
    vetoes: Rows[str] | None = None
    floors: Rows[str] | None = None
    total: str = ""
    grade: str = ""


class CaseFile(Table):
    """One file of worked examples, with where they come from."""

    title: str
    source: str = ""
    cases: Rows[Case] = Field(alias="case", min_length=1)


def run_cases(scheme: Scheme, folder: Path) -> tuple[list[str], list[Finding]]:
    """The names of the cases that were run, and a finding for every number that came out otherwise."""
    names: list[str] = []
    findings: list[Finding] = []
    for path in sorted((folder / "cases").glob("*.toml")):
        file = f"cases/{path.name}"
        data, faults = read_toml(path, file=file)
        table, more = table_of(CaseFile, data, file=file) if data is not None else (None, [])
        findings += [*faults, *more]
        for case in table.cases if table is not None else ():
            names.append(f"{file}：{case.name}")
            findings += _faults_of(scheme, case, file)
    return names, findings


def _unknown(scheme: Scheme, case: Case) -> Iterator[str]:
    outcome = scheme.outcome
    bonus = {item.id for item in outcome.bonus.items} if outcome.bonus is not None else set()
    keys = {item.key for item in scheme.scored} | bonus
    grades = {band.grade for band in outcome.bands}
    judged_keys = {item.key for item in scheme.scored if item.judge is not None}
    pairs: tuple[tuple[Iterable[str], Iterable[str]], ...] = (
        ((*case.metrics, *case.peers), scheme.indicators.metrics),
        (case.marks, judged_keys),
        ((*case.points, *case.scores, *case.missing), keys),
        ((*case.gates, *case.waived), {gate.id for gate in outcome.gates}),
        ((*case.vetoed, *(case.vetoes or ())), {veto.id for veto in outcome.vetoes}),
        (case.floors or (), {floor.id for floor in outcome.floors}),
        ((case.category,) if case.category else (), {category.id for category in scheme.header.categories}),
        (case.grades.values(), grades),
        (case.past_grades, {*grades, outcome.gate_failed_grade, INCOMPLETE}),
    )
    for names, known in pairs:
        yield from (name for name in names if name not in known)


def _faults_of(scheme: Scheme, case: Case, file: str) -> Iterator[Finding]:
    unknown = list(dict.fromkeys(_unknown(scheme, case)))
    if unknown:
        for name in unknown:
            yield fault("case_name_unknown", file=file, place=case.name, name=name)
        return
    stated = (case.points, case.scores, case.gates, case.grades, case.missing, case.total, case.grade)
    if not any(stated) and case.vetoes is None and case.floors is None:
        yield fault("case_empty", file=file, place=case.name)
    if scheme.indicators.cohorts and not case.category:
        yield fault("case_category_wanted", file=file, place=case.name)
    yield from _value_faults(scheme, case, file)
    yield from _mark_faults(scheme, case, file)
    rulings = [Ruling("waiver", rule_id, "waive", "organiser", "例") for rule_id in case.waived]
    rulings += [Ruling("veto", rule_id, "veto", "organiser", "例") for rule_id in case.vetoed]
    standing, findings = standing_of(
        scheme, _values(scheme, case), category=case.category, weights={}, rulings=rulings, past=case.past_grades
    )
    yield from findings
    for place, wanted, given in _compared(scheme, case, standing):
        if wanted != given:
            yield fault("case_differs", file=file, place=f"{case.name} · {place}", wanted=wanted, given=given)


def _value_faults(scheme: Scheme, case: Case, file: str) -> Iterator[Finding]:
    for name, value in case.metrics.items():
        kind = scheme.indicators.metrics[name].type
        mixed = isinstance(value, str) if kind == "number" else kind == "yes_no" and value not in ("yes", "no")
        if mixed:
            place = f"{case.name} · metrics.{name}"
            yield fault("case_value_mixed", file=file, place=place, metric=name, given=value, type=kind)


def _mark_faults(scheme: Scheme, case: Case, file: str) -> Iterator[Finding]:
    for item in scheme.scored:
        if item.judge is not None:
            rule = item.judge.model_copy(update={"coefficient": None})
            for mark in case.marks.get(item.key, ()):
                for code, values in mark_faults(rule, Mark("", mark, reason="例")):
                    yield Finding(code, file, f"{case.name} · marks.{item.key}", tuple(values.items()))


def _compared(scheme: Scheme, case: Case, standing: Standing) -> Iterator[tuple[str, str, str]]:
    items = {item.key: item for item in standing.items}
    gates = {gate.gate.id: gate for gate in standing.gates}
    scores = {key: item.score for key, item in items.items()} | {bonus.id: bonus.score for bonus in standing.bonuses}
    nodes = {key: item.node for key, item in items.items()} | {bonus.id: bonus.node for bonus in standing.bonuses}
    for key, wanted in case.points.items():
        yield f"points.{key}", wanted, _text(nodes[key].points if key in nodes else None)
    for key, wanted in case.scores.items():
        yield f"scores.{key}", wanted, _text(scores.get(key))
    for key in case.missing:
        yield f"missing.{key}", "—", _text(scores.get(key))
    for key, passed in case.gates.items():
        yield f"gates.{key}", _word(passed), _word(gates[key].passed)
    for value, grade in case.grades.items():
        yield f"grades.{value}", grade, grade_of(scheme.outcome.bands, decimal_of(value))
    if case.vetoes is not None:
        yield "vetoes", "、".join(case.vetoes) or "—", "、".join(veto.veto.id for veto in standing.vetoes) or "—"
    if case.floors is not None:
        yield "floors", "、".join(case.floors) or "—", "、".join(standing.floors) or "—"
    if case.total:
        yield "total", case.total, _text(standing.total)
    if case.grade:
        yield "grade", case.grade, standing.grade


def _text(value: Decimal | None) -> str:
    return "—" if value is None else text_of(value)


def _word(passed: bool | None) -> str:  # noqa: FBT001 -- the value itself is what is put into words
    return {True: "通过", False: "未通过", None: "—"}[passed]


def _values(scheme: Scheme, case: Case) -> Values:
    metrics = scheme.indicators.metrics
    found: dict[str, MetricValue] = {}
    for name in parts_first(metrics):
        metric = metrics[name]
        worked_out = metric.derived_from and name not in case.metrics
        parts = {part: found[part] for part in metric.derived_from}
        given = MetricValue(name, metric.use, case.metrics.get(name), "cases")
        found[name] = derived(name, metric, parts, metric.use) if worked_out else given
    peers: dict[tuple[str, str], Peers] = {
        (name, one.among): Peers(one.count, one.least, one.most, one.above, one.below)
        for name, one in case.peers.items()
    }
    judges = {item.key: _judged(case, item.key, scheme) for item in scheme.scored if item.judge}
    return Values(found, judges, peers)


def _judged(case: Case, key: str, scheme: Scheme) -> Judged:
    item = scheme.item(key)
    marks = [Mark(f"A{number:02}", mark) for number, mark in enumerate(case.marks.get(key, ()), 1)]
    return judged(item.judge, marks, None) if item is not None and item.judge is not None else Judged(None)
