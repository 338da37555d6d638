"""One institution's standing: gates answered, items scored and added, vetoes and floors applied, the band named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ceping.core.exact import product, quotient, rounded, total
from ceping.core.finding import Finding, fault
from ceping.core.results.grading import INCOMPLETE, Step, lift_known, steps_of
from ceping.core.scheme.indicators import SCORE_PLACES, ScoredItem
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.outcome import Gate, Veto
from ceping.core.scheme.predicates import answer
from ceping.core.scheme.scoring import Node, score
from ceping.core.scheme.values import Input, Values


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
class BonusScore:
    """One bonus item: what its rule gave and what counts; None is missing."""

    id: str
    node: Node
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one institution stands before ranks.

    `eligible` when every gate is passed or waived, `complete` when no value is missing; `ranks` says whether it takes
    part in the ranking; `bonus` is what the bonus items add, capped; `steps` are what decided the grade, the last
    stands.
    """

    gates: tuple[GateResult, ...]
    items: tuple[ItemScore, ...]
    bonuses: tuple[BonusScore, ...]
    vetoes: tuple[VetoResult, ...]
    floors: tuple[str, ...]
    bonus: Decimal
    total: Decimal | None
    eligible: bool
    complete: bool
    steps: tuple[Step, ...] = ()

    @property
    def grade(self) -> str:
        """The grade after the last step."""
        return self.steps[-1].grade

    @property
    def grade_reason(self) -> str:
        """Why, in the words of the last step."""
        return self.steps[-1].reason

    @property
    def ranks(self) -> bool:
        """Eligible, complete and not vetoed."""
        return self.eligible and self.complete and not self.vetoes


def eligible_by_gates(scheme: Scheme, values: Values, *, category: str, rulings: Sequence[Ruling]) -> bool:
    """Whether every gate is passed or waived: who counts as a peer of the others."""
    results = (_gate(scheme, gate, values, category, rulings) for gate in scheme.outcome.gates)
    return all(gate.passed or gate.waived for gate in results)


def standing_of(
    scheme: Scheme,
    values: Values,
    *,
    category: str,
    weights: Mapping[str, Decimal],
    rulings: Sequence[Ruling],
    past: Sequence[str] = (),
    gaps: bool = False,
) -> tuple[Standing, list[Finding]]:
    """The standing, and findings on rulings that have nothing to rule on; `weights` override the scheme's by item.

    `past` are former seasons' grades, the last is the latest; `gaps` says that something is missing which the values do
    not show.
    """
    findings: list[Finding] = []
    gates = tuple(_gate(scheme, gate, values, category, rulings) for gate in scheme.outcome.gates)
    items = tuple(_item_score(item, values, weights) for item in scheme.indicators.scored_for(category))
    bonuses = _bonus(scheme, values)
    vetoes = []
    for veto in scheme.outcome.vetoes:
        result, faults = _veto(veto, values, rulings)
        findings += faults
        if result is not None:
            vetoes.append(result)
    whole = _whole(scheme, items, bonuses)
    standing = Standing(
        gates,
        items,
        bonuses,
        tuple(vetoes),
        floors=tuple(_floors_missed(scheme, items)),
        bonus=_bonus_counted(scheme, bonuses),
        total=whole,
        eligible=all(gate.passed or gate.waived for gate in gates),
        complete=not gaps and whole is not None and _all_known(scheme, gates, values, whole),
    )
    return replace(standing, steps=_graded(scheme, standing, values, past)), findings


def _all_known(scheme: Scheme, gates: Sequence[GateResult], values: Values, whole: Decimal) -> bool:
    """Whether every gate, veto and ceiling can be answered, and every direct qualification that could lift the grade.

    One nobody can answer leaves the result incomplete.
    """
    return (
        all(gate.passed is not None for gate in gates)
        and not any(_veto_unknown(veto, values) for veto in scheme.outcome.vetoes)
        and all(answer(ceiling.when, values).holds is not None for ceiling in scheme.outcome.ceilings)
        and lift_known(scheme.outcome, whole, values)
    )


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


def _item_score(scored: ScoredItem, values: Values, weights: Mapping[str, Decimal]) -> ItemScore:
    weight, full = weights.get(scored.key, scored.item.weight), scored.item.full
    node = score(scored.item.rule, values, item=scored.key, clause=scored.leaf.clause)
    if node.points is None:
        return ItemScore(scored.key, weight, full, node, None, None)
    unrounded = quotient(product(weight, node.points), full)
    return ItemScore(scored.key, weight, full, node, unrounded, rounded(unrounded, SCORE_PLACES))


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
        keys = [item.key for item in scheme.scored if floor.node in item.nodes]
        scores = [by_key[key].score for key in keys if key in by_key]
        known = [value for value in scores if value is not None]
        if scores and len(known) == len(scores) and total(known) < floor.at_least:
            missed.append(floor.id)
    return missed


def _bonus(scheme: Scheme, values: Values) -> tuple[BonusScore, ...]:
    if scheme.outcome.bonus is None:
        return ()
    found = []
    for item in scheme.outcome.bonus.items:
        node = score(item.rule, values, item=item.id, clause=item.clause)
        points = Decimal(0) if node.points is None and item.missing == "zero" else node.points
        found.append(BonusScore(item.id, node, None if points is None else rounded(points, SCORE_PLACES)))
    return tuple(found)


def _bonus_counted(scheme: Scheme, bonuses: Sequence[BonusScore]) -> Decimal:
    reached = total(bonus.score for bonus in bonuses if bonus.score is not None)
    return reached if scheme.outcome.bonus is None else min(reached, scheme.outcome.bonus.cap)


def _whole(scheme: Scheme, items: Sequence[ItemScore], bonuses: Sequence[BonusScore]) -> Decimal | None:
    scores = [item.score for item in items if item.score is not None]
    if len(scores) < len(items) or any(bonus.score is None for bonus in bonuses):
        return None
    whole = total([*scores, _bonus_counted(scheme, bonuses)])
    if scheme.outcome.total_cap is not None:
        whole = min(whole, scheme.outcome.total_cap)
    return rounded(whole, scheme.outcome.total_places)


def _graded(scheme: Scheme, standing: Standing, values: Values, past: Sequence[str]) -> tuple[Step, ...]:
    outcome = scheme.outcome
    failed = [gate.gate for gate in standing.gates if gate.passed is False and not gate.waived]
    if failed:
        titles, clauses = "；".join(gate.title for gate in failed), "；".join(gate.clause for gate in failed)
        return (Step("gate", failed[0].id, outcome.gate_failed_grade, titles, clauses),)
    if standing.vetoes:
        order = [band.grade for band in outcome.bands]
        worst = max(standing.vetoes, key=lambda result: order.index(result.veto.grade)).veto
        return (Step("veto", worst.id, worst.grade, f"一票否决：{worst.title}", worst.clause),)
    if not standing.complete or standing.total is None:
        return (Step("missing", "", INCOMPLETE, "有缺少的数值"),)
    return tuple(steps_of(outcome, standing.total, values, floors_missed=standing.floors, past=past))
