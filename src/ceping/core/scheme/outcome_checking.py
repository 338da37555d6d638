"""What is wrong with outcome.toml: conditions on what is not there, grades nobody can have, bands with holes."""

from collections.abc import Iterator
from decimal import Decimal

from ceping.core.exact import rounded, short_text_of, total
from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.bands import band_faults
from ceping.core.scheme.outcome import Floor, OutcomeFile
from ceping.core.scheme.predicates import Predicate
from ceping.core.scheme.references import dangling, repeated
from ceping.core.scheme.rule_checking import predicate_faults, rule_faults
from ceping.core.scheme.rules import Judge, rules_in
from ceping.core.scheme.whole import Scheme

FILE = "outcome.toml"


def outcome_faults(scheme: Scheme) -> Iterator[Finding]:
    """The faults of gates, vetoes, floors, ceilings, bonus, quotas, bands and what goes with them."""
    outcome = scheme.outcome
    yield from repeated(_ids(outcome), FILE, "id")
    for place, condition in _conditions(outcome):
        yield from predicate_faults(condition, scheme.indicators.metrics, file=FILE, place=place)
    for veto in outcome.vetoes:
        if veto.when is None and not veto.by_decision:
            yield fault("veto_never", file=FILE, place=f"veto {veto.id}")
    yield from _name_faults(scheme)
    yield from _bonus_faults(scheme)
    yield from repeated((label.grade for label in outcome.mapping), FILE, "mapping")
    for within in ("all", "category"):
        yield from repeated((one.grade for one in outcome.quotas if one.within == within), FILE, f"quota {within}")
    for quota in outcome.quotas:
        if quota.grade == outcome.bands[-1].grade:
            yield fault("quota_on_last_grade", file=FILE, place=f"quota {quota.grade}")
    if outcome.total_cap is not None and rounded(outcome.total_cap, outcome.total_places) != outcome.total_cap:
        cap, places = short_text_of(outcome.total_cap), outcome.total_places
        yield fault("rounding_loses", file=FILE, place="total_cap", level=Level.WARNING, points=cap, places=places)
    if not 0 <= outcome.robustness.spread < 1:
        given = short_text_of(outcome.robustness.spread)
        yield fault("spread_out_of_range", file=FILE, place="robustness.spread", given=given)
    yield from band_faults(outcome.bands, whole=_most(scheme), file=FILE)


def _ids(outcome: OutcomeFile) -> list[str]:
    lifting = [*(direct.id for direct in outcome.any_of), *(ceiling.id for ceiling in outcome.ceilings)]
    setting = [*(gate.id for gate in outcome.gates), *(veto.id for veto in outcome.vetoes)]
    return [*setting, *(floor.id for floor in outcome.floors), *lifting, *(rule.id for rule in outcome.history)]


def _conditions(outcome: OutcomeFile) -> Iterator[tuple[str, Predicate]]:
    for gate in outcome.gates:
        yield f"gate {gate.id}.when", gate.when
    for veto in outcome.vetoes:
        if veto.when is not None:
            yield f"veto {veto.id}.when", veto.when
    for ceiling in outcome.ceilings:
        yield f"ceiling {ceiling.id}.when", ceiling.when
    for direct in outcome.any_of:
        for number, condition in enumerate(direct.any_of, 1):
            yield f"any_of {direct.id}.any_of[{number}]", condition


def _name_faults(scheme: Scheme) -> Iterator[Finding]:
    outcome = scheme.outcome
    grades = {band.grade for band in outcome.bands}
    categories = {category.id for category in scheme.header.categories}
    for gate in outcome.gates:
        for number in gate.checklist:
            if scheme.form.item(number) is None:
                yield dangling(FILE, f"gate {gate.id}.checklist", str(number), "资料清单")
        for category in gate.except_categories:
            if category not in categories:
                yield dangling(FILE, f"gate {gate.id}.except_categories", category, "服务类别")
    for floor in outcome.floors:
        yield from _floor_faults(scheme, floor)
    for place, grade in _grades(outcome):
        if grade not in grades:
            yield dangling(FILE, place, grade, "等次")


def _floor_faults(scheme: Scheme, floor: Floor) -> Iterator[Finding]:
    # Those who are scored on less under the node, a cohort of its own, must reach the floor too.
    reaches = [
        total(item.item.weight for item in under)
        for category in scheme.header.categories
        if (under := [item for item in scheme.indicators.scored_for(category.id) if floor.node in item.nodes])
    ]
    if not any(floor.node in item.nodes for item in scheme.scored):
        yield dangling(FILE, f"floor {floor.id}.node", floor.node, "指标")
    elif reaches and floor.at_least > (most := min(reaches)):
        place, reach, asked = f"floor {floor.id}.at_least", short_text_of(most), short_text_of(floor.at_least)
        yield fault("floor_unreachable", file=FILE, place=place, node=floor.node, most=reach, at_least=asked)


def _grades(outcome: OutcomeFile) -> Iterator[tuple[str, str]]:
    yield from ((f"veto {veto.id}.grade", veto.grade) for veto in outcome.vetoes)
    yield from ((f"floor {floor.id}.grade", floor.grade) for floor in outcome.floors)
    yield from ((f"any_of {direct.id}.grade", direct.grade) for direct in outcome.any_of)
    yield from ((f"ceiling {ceiling.id}.grade", ceiling.grade) for ceiling in outcome.ceilings)
    yield from ((f"quota {quota.grade}", quota.grade) for quota in outcome.quotas)
    yield from ((f"mapping {label.grade}", label.grade) for label in outcome.mapping)
    for rule in outcome.history:
        yield from ((f"history {rule.id}", grade) for grade in (*rule.grades, rule.grade))


def _bonus_faults(scheme: Scheme) -> Iterator[Finding]:
    bonus = scheme.outcome.bonus
    if bonus is None:
        return
    yield from repeated([*(item.id for item in bonus.items), *(item.key for item in scheme.scored)], FILE, "bonus")
    for item in bonus.items:
        place = f"bonus {item.id}"
        yield from rule_faults(item.rule, full=item.full, metrics=scheme.indicators.metrics, file=FILE, place=place)
        if any(isinstance(inner, Judge) for inner in rules_in(item.rule)):
            yield fault("bonus_judged", file=FILE, place=place)
    reach = total(item.full for item in bonus.items)
    if bonus.cap > reach:
        most = short_text_of(reach)
        yield fault("full_unreachable", file=FILE, place="bonus.cap", full=short_text_of(bonus.cap), most=most)


def _most(scheme: Scheme) -> Decimal:
    outcome = scheme.outcome
    most = scheme.indicators.total + (outcome.bonus.cap if outcome.bonus is not None else 0)
    return most if outcome.total_cap is None else min(most, outcome.total_cap)
