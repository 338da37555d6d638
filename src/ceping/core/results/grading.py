"""A total into a grade, step by step: the band, what lifts it, what holds it down, what sets it whatever the total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from ceping.core.exact import product, short_text_of, text_of
from ceping.core.scheme.outcome import AnyOf, Band, History, OutcomeFile, Quota
from ceping.core.scheme.predicates import answer
from ceping.core.scheme.values import Values

INCOMPLETE = "不完整"
_SCOPES = {"all": "", "category": "本类别"}


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that decided the grade, in the order they were applied: its kind and id, the grade after it, and why."""

    rule: str
    id: str
    grade: str
    reason: str
    clause: str = ""


def grade_of(bands: Sequence[Band], value: Decimal) -> str:
    """The grade whose band holds the value; the bands cover every number once (a check)."""
    return next(band.grade for band in bands if within(band, value))


def within(band: Band, value: Decimal) -> bool:
    """Whether the value lies in the band, edges as the band says."""
    low = (band.at_least is None or value >= band.at_least) and (band.above is None or value > band.above)
    return low and (band.at_most is None or value <= band.at_most) and (band.below is None or value < band.below)


def steps_of(
    outcome: OutcomeFile, whole: Decimal, values: Values, *, floors_missed: Sequence[str], past: Sequence[str]
) -> list[Step]:
    """The steps from the band to the grade of a complete, eligible entry without a veto.

    `past` are its former grades, the last is the latest.
    """
    order = [band.grade for band in outcome.bands]
    steps = [Step("bands", "", grade_of(outcome.bands, whole), f"总分 {text_of(whole)}")]
    for direct in outcome.any_of:
        if order.index(direct.grade) < order.index(steps[-1].grade) and _qualifies(direct, values):
            steps.append(Step("any_of", direct.id, direct.grade, direct.title, direct.clause))
    for low in outcome.floors:
        if low.id in floors_missed and order.index(low.grade) > order.index(steps[-1].grade):
            reason = f"{low.node} 低于 {text_of(low.at_least)}，等次不高于 {low.grade}"
            steps.append(Step("floor", low.id, low.grade, reason, low.clause))
    for ceiling in outcome.ceilings:
        if answer(ceiling.when, values).holds and order.index(ceiling.grade) > order.index(steps[-1].grade):
            steps.append(Step("ceiling", ceiling.id, ceiling.grade, ceiling.title, ceiling.clause))
    for rule in outcome.history:
        if _repeated(rule, steps[-1].grade, past) and rule.grade != steps[-1].grade:
            steps.append(Step("history", rule.id, rule.grade, rule.title, rule.clause))
    return steps


def _qualifies(direct: AnyOf, values: Values) -> bool | None:
    """Whether one of its conditions holds; None when none does but one cannot be answered."""
    found = [answer(condition, values).holds for condition in direct.any_of]
    return True if True in found else None if None in found else False


def lift_known(outcome: OutcomeFile, whole: Decimal, values: Values) -> bool:
    """Whether it is known how far direct qualification lifts the grade of this total."""
    order = [band.grade for band in outcome.bands]
    place = order.index(grade_of(outcome.bands, whole))
    lifting = [(order.index(direct.grade), _qualifies(direct, values)) for direct in outcome.any_of]
    reached = min([place, *(better for better, qualifies in lifting if qualifies)])
    return all(qualifies is not None for better, qualifies in lifting if better < reached)


def _repeated(rule: History, grade: str, past: Sequence[str]) -> bool:
    before = past[len(past) - (rule.seasons - 1) :] if len(past) >= rule.seasons - 1 else None
    return grade in rule.grades and before is not None and all(former in rule.grades for former in before)


def after_quotas(
    outcome: OutcomeFile, grades: Mapping[str, str], totals: Mapping[str, Decimal], categories: Mapping[str, str]
) -> dict[str, list[Step]]:
    """By uscc the steps that quotas add; `grades` and `totals` are of those who are ranked.

    Better grades come first, so that who falls from one is counted in the next.
    """
    order = [band.grade for band in outcome.bands]
    now = dict(grades)
    steps: dict[str, list[Step]] = {}
    for quota in sorted(outcome.quotas, key=lambda quota: order.index(quota.grade)):
        lower = order[order.index(quota.grade) + 1]
        groups = {categories[uscc] for uscc in grades} if quota.within == "category" else {""}
        for group in sorted(groups):
            members = [uscc for uscc in grades if not group or categories[uscc] == group]
            for uscc in _beyond(quota, [one for one in members if now[one] == quota.grade], len(members), totals):
                now[uscc] = lower
                reason = f"{quota.grade}名额为{_SCOPES[quota.within]}参评数的 {_percent(quota.share)}，按总分已满"
                steps.setdefault(uscc, []).append(Step("quota", quota.grade, lower, reason, quota.clause))
    return steps


def _percent(share: Decimal) -> str:
    return f"{short_text_of(product(share, Decimal(100)))}%"


def _beyond(quota: Quota, holders: Sequence[str], members: int, totals: Mapping[str, Decimal]) -> list[str]:
    room = int(product(quota.share, Decimal(members)).to_integral_value(ROUND_FLOOR))
    if len(holders) <= room:
        return []
    ordered = sorted((totals[uscc] for uscc in holders), reverse=True)
    # The total of the first one beyond the room: who ties with it shares its fate, or is let in with it.
    edge = ordered[room]
    if quota.ties == "in":
        in_by_tie = room > 0 and ordered[room - 1] == edge
        return [uscc for uscc in holders if totals[uscc] < edge or (totals[uscc] == edge and not in_by_tie)]
    return [uscc for uscc in holders if totals[uscc] <= edge]
