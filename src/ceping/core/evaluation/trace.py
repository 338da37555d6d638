"""The trace of one result: every number with its rule, the values it read, where they stand, and its clause."""

from collections.abc import Mapping

from ceping.core.evaluation import Result
from ceping.core.evaluation.values import AllValues
from ceping.core.exact import short_text_of, text_of
from ceping.core.results import BonusScore, GateResult, ItemScore, Standing, Step, VetoResult
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.values import Which

Trace = dict[str, object]


def result_json(scheme: Scheme, result: Result) -> Trace:
    """One institution as results.json holds it: the specified keys in their order, numbers as text decimals."""
    standing = result.standing
    return {
        "uscc": result.entry.uscc,
        "name": result.entry.name,
        "category": result.entry.category,
        "gates": [{"rule_id": g.gate.id, "passed": g.passed, "waived": g.waived} for g in standing.gates],
        "scores": _scores(standing),
        "total": None if standing.total is None else text_of(standing.total),
        "grade": standing.grade,
        "rank": result.ranks.rank,
        "rank_in_category": result.ranks.rank_in_category,
        "rank_interval": None if result.firmness is None else [result.firmness.low, result.firmness.high],
        "vetoes": [veto.veto.id for veto in standing.vetoes],
        "trace": trace_of(scheme, result),
    }


def trace_of(scheme: Scheme, result: Result) -> Trace:
    """How every number of the result came out, enough to work each of them out again."""
    standing = result.standing
    return {
        "metrics": _metrics(scheme, result.values),
        "gates": [_gate(gate) for gate in standing.gates],
        "items": {item.key: _item(scheme, item) for item in standing.items},
        "total": {
            "node": "total",
            "rule": "sum",
            "parts": [*(item.key for item in standing.items), *(bonus.id for bonus in standing.bonuses)],
            **_limits(scheme, standing),
            "result": None if standing.total is None else text_of(standing.total),
        },
        "vetoes": [_veto(veto) for veto in standing.vetoes],
        "floors": [
            {"id": floor.id, "node": floor.node, "at_least": text_of(floor.at_least), "clause": floor.clause}
            for floor in scheme.outcome.floors
            if floor.id in standing.floors
        ],
        "bonus": [_bonus(bonus) for bonus in standing.bonuses],
        "grade": {
            "result": standing.grade,
            "reason": standing.grade_reason,
            "steps": [_step(step) for step in standing.steps],
            **_label(scheme, standing.grade),
        },
    }


def _limits(scheme: Scheme, standing: Standing) -> Trace:
    """What keeps the total from being the plain sum of its parts: the caps of the bonus and of the whole."""
    outcome = scheme.outcome
    shown: Trace = {}
    if outcome.bonus is not None:
        shown["bonus"] = {"cap": text_of(outcome.bonus.cap), "counted": text_of(standing.bonus)}
    if outcome.total_cap is not None:
        shown["cap"] = text_of(outcome.total_cap)
    return shown


def _scores(standing: Standing) -> dict[str, str | None]:
    scores = [(item.key, item.score) for item in standing.items] + [(b.id, b.score) for b in standing.bonuses]
    return {key: None if score is None else text_of(score) for key, score in scores}


def _bonus(bonus: BonusScore) -> Trace:
    return {
        "id": bonus.id,
        "rule": bonus.node.as_json(),
        "score": None if bonus.score is None else text_of(bonus.score),
    }


def _step(step: Step) -> Trace:
    shown = {"rule": step.rule, "id": step.id, "grade": step.grade, "reason": step.reason, "clause": step.clause}
    return {key: value for key, value in shown.items() if value}


def _label(scheme: Scheme, grade: str) -> Trace:
    label = next((row for row in scheme.outcome.mapping if row.grade == grade), None)
    if label is None:
        return {}
    shown = label.model_dump(mode="json", exclude={"grade"}, exclude_defaults=True)
    return {"label": shown}


def _metrics(scheme: Scheme, values: AllValues) -> Mapping[str, object]:
    shown: dict[str, object] = {}
    for name, metric in scheme.indicators.metrics.items():
        entry: dict[str, object] = {"use": metric.use.value}
        for which in Which:
            value = values[name][which]
            if value.value is not None:
                given = value.as_input().as_json()
                entry[which.value] = {key: given[key] for key in ("value", "source", "note") if key in given}
        shown[name] = entry
    return shown


def _gate(result: GateResult) -> Trace:
    return {
        "rule_id": result.gate.id,
        "title": result.gate.title,
        "inputs": [entry.as_json() for entry in result.inputs],
        "passed": result.passed,
        "waived": result.waived,
        "note": result.note,
        "clause": result.gate.clause,
        "origin": result.gate.origin,
    }


def _item(scheme: Scheme, item: ItemScore) -> Trace:
    scored = scheme.item(item.key)
    return {
        "weight": short_text_of(item.weight),
        "full": short_text_of(item.full),
        "rule": item.node.as_json(),
        "unrounded": None if item.unrounded is None else short_text_of(item.unrounded),
        "score": None if item.score is None else text_of(item.score),
        "clause": scored.leaf.clause if scored else "",
        "origin": scored.item.origin if scored else "",
    }


def _veto(result: VetoResult) -> Trace:
    return {
        "id": result.veto.id,
        "title": result.veto.title,
        "inputs": [entry.as_json() for entry in result.inputs],
        "grade": result.veto.grade,
        "note": result.note,
        "clause": result.veto.clause,
    }
