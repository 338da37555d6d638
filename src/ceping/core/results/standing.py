"""One institution's standing: gates answered, items scored and added, vetoes and floors applied, the band named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.exact import product, quotient, rounded, text_of, total
from ceping.core.finding import Finding, fault
from ceping.core.scheme.indicators import SCORE_PLACES
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.outcome import Band, Gate, Veto
from ceping.core.scheme.predicates import answer
from ceping.core.scheme.scoring import Node, score
from ceping.core.scheme.values import Input, Values

INCOMPLETE = "不完整"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A recorded decision on a gate or a veto: `effect` is `waive` for a gate, `veto` or `refuse` for a veto."""

    kind: str
    rule_id: str
    effect: str
    by_role: str
    reason: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate answered; `passed` None means a value it needs is missing."""

    gate: Gate
    passed: bool | None
    waived: bool
    inputs: tuple[Input, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One scored item: what its rule gave, its weight, and the score that counts; None is missing."""

    key: str
    weight: Decimal
    full: Decimal
    node: Node
    unrounded: Decimal | None
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class VetoResult:
    """A veto that applies, with what opened it and the ruling that made it."""

    veto: Veto
    inputs: tuple[Input, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one institution stands before ranks.

    `eligible` when every gate is passed or waived, `complete` when no value is missing; `ranks` says whether it takes
    part in the ranking.
    """

    gates: tuple[GateResult, ...]
    items: tuple[ItemScore, ...]
    vetoes: tuple[VetoResult, ...]
    floors: tuple[str, ...]
    total: Decimal | None
    grade: str
    grade_reason: str
    eligible: bool
    complete: bool

    @property
    def ranks(self) -> bool:
        """Eligible, complete and not vetoed."""
        return self.eligible and self.complete and not self.vetoes


def standing_of(
    scheme: Scheme,
    values: Values,
    *,
    category: str,
    weights: Mapping[str, Decimal],
    rulings: Sequence[Ruling],
    gaps: bool = False,
) -> tuple[Standing, list[Finding]]:
    """The standing, and findings on rulings that have nothing to rule on; `weights` override the scheme's by item.

    `gaps` says that something is missing which the values do not show.
    """
    findings: list[Finding] = []
    gates = tuple(_gate(scheme, gate, values, category, rulings) for gate in scheme.outcome.gates)
    items = tuple(_item_score(scheme, key, values, weights) for key in (item.key for item in scheme.scored))
    scores = [item.score for item in items if item.score is not None]
    complete = not gaps and len(scores) == len(items) and all(gate.passed is not None for gate in gates)
    complete = complete and not any(_veto_unknown(veto, values) for veto in scheme.outcome.vetoes)
    whole = rounded(total(scores), scheme.outcome.total_places) if len(scores) == len(items) else None
    vetoes = []
    for veto in scheme.outcome.vetoes:
        result, faults = _veto(veto, values, rulings)
        findings += faults
        if result is not None:
            vetoes.append(result)
    floors = tuple(_floors_missed(scheme, items))
    eligible = all(gate.passed or gate.waived for gate in gates)
    grade, reason = _grade(scheme, gates, vetoes, floors, whole, complete=complete)
    return Standing(gates, items, tuple(vetoes), floors, whole, grade, reason, eligible, complete), findings


def _gate(scheme: Scheme, gate: Gate, values: Values, category: str, rulings: Sequence[Ruling]) -> GateResult:
    if category in gate.except_categories:
        title = next((one.title for one in scheme.header.categories if one.id == category), category)
        return GateResult(gate, passed=True, waived=False, inputs=(), note=f"{title}不适用本条件")
    answered = answer(gate.when, values)
    waivers = [r for r in rulings if r.kind == "waiver" and r.rule_id == gate.id and r.effect == "waive"]
    waiver = next((r for r in waivers if r.by_role in gate.waivable_by), None)
    waived = answered.holds is False and waiver is not None
    note = f"豁免（{waiver.by_role}）" if waived and waiver is not None else ""
    return GateResult(gate, answered.holds, waived, answered.inputs, note)


def _item_score(scheme: Scheme, key: str, values: Values, weights: Mapping[str, Decimal]) -> ItemScore:
    scored = scheme.item(key)
    assert scored is not None, key  # noqa: S101 -- the key comes from the same scheme
    weight, full = weights.get(key, scored.item.weight), scored.item.full
    node = score(scored.item.rule, values, item=key, clause=scored.leaf.clause)
    if node.points is None:
        return ItemScore(key, weight, full, node, None, None)
    unrounded = quotient(product(weight, node.points), full)
    return ItemScore(key, weight, full, node, unrounded, rounded(unrounded, SCORE_PLACES))


def _veto_unknown(veto: Veto, values: Values) -> bool:
    """Whether nobody can say if this veto applies; one that takes a decision applies only once it is decided."""
    return not veto.by_decision and veto.when is not None and answer(veto.when, values).holds is None


def _veto(veto: Veto, values: Values, rulings: Sequence[Ruling]) -> tuple[VetoResult | None, list[Finding]]:
    answered = answer(veto.when, values) if veto.when is not None else None
    opened = answered is None or answered.holds is True
    inputs = answered.inputs if answered is not None else ()
    if not veto.by_decision:
        return (VetoResult(veto, inputs, "") if opened else None), []
    ruling = next((r for r in rulings if r.kind == "veto" and r.rule_id == veto.id), None)
    if ruling is None or ruling.effect != "veto":
        return None, []
    if not opened:
        return None, [fault("veto_not_open", place=ruling.source, veto=veto.title)]
    return VetoResult(veto, inputs, f"否决（{ruling.by_role}）"), []


def _floors_missed(scheme: Scheme, items: Sequence[ItemScore]) -> list[str]:
    by_key = {item.key: item for item in items}
    missed = []
    for floor in scheme.outcome.floors:
        keys = [item.key for item in scheme.scored if floor.node in (item.key, item.leaf.id, item.branch.id)]
        scores = [by_key[key].score for key in keys]
        known = [value for value in scores if value is not None]
        if len(known) == len(scores) and total(known) < floor.at_least:
            missed.append(floor.id)
    return missed


def _grade(
    scheme: Scheme,
    gates: Sequence[GateResult],
    vetoes: Sequence[VetoResult],
    floors: Sequence[str],
    whole: Decimal | None,
    *,
    complete: bool,
) -> tuple[str, str]:
    outcome = scheme.outcome
    failed = [gate for gate in gates if gate.passed is False and not gate.waived]
    if failed:
        return outcome.gate_failed_grade, "；".join(gate.gate.title for gate in failed)
    if vetoes:
        order = [band.grade for band in outcome.bands]
        worst = max(vetoes, key=lambda result: order.index(result.veto.grade))
        return worst.veto.grade, f"一票否决：{worst.veto.title}"
    if not complete or whole is None:
        return INCOMPLETE, "有缺少的数值"
    grades = [band.grade for band in outcome.bands]
    place = grades.index(grade_of(outcome.bands, whole))
    reason = f"总分 {text_of(whole)}"
    for floor in outcome.floors:
        if floor.id in floors and grades.index(floor.grade) > place:
            place = grades.index(floor.grade)
            reason = f"{floor.node} 低于 {text_of(floor.at_least)}，等次不高于 {floor.grade}"
    return grades[place], reason


def grade_of(bands: Sequence[Band], value: Decimal) -> str:
    """The grade whose band holds the value; the bands cover every number once (a check)."""
    return next(band.grade for band in bands if within(band, value))


def within(band: Band, value: Decimal) -> bool:
    """Whether the value lies in the band, edges as the band says."""
    low = (band.at_least is None or value >= band.at_least) and (band.above is None or value > band.above)
    return low and (band.at_most is None or value <= band.at_most) and (band.below is None or value < band.below)
