"""Assessors' marks into one judged mark for each item: allowed values, bringing together, differences, adjudication."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.exact import CONTEXT, product, quotient, short_text_of, total
from ceping.core.scheme.rules import Judge
from ceping.core.scheme.values import Input, Judged


@dataclass(frozen=True, slots=True)
class Mark:
    """One assessor's number for one item, the coefficient where the rule has one, and the file and row it stands in."""

    assessor: str
    mark: Decimal
    coefficient: Decimal | None = None
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Adjudication:
    """The mark that stands after a difference was settled (分歧裁定), by whom and why."""

    mark: Decimal
    by: str
    reason: str
    source: str = ""


def mark_faults(rule: Judge, mark: Mark) -> list[tuple[str, dict[str, str]]]:
    """Why the rule refuses this mark: codes of findings with their values; nothing when it is allowed."""
    faults: list[tuple[str, dict[str, str]]] = []
    if not 0 <= mark.mark <= rule.max:
        faults.append(("mark_out_of_range", {"mark": short_text_of(mark.mark), "max": short_text_of(rule.max)}))
    elif CONTEXT.remainder(mark.mark, rule.step):
        faults.append(("mark_off_step", {"mark": short_text_of(mark.mark), "step": short_text_of(rule.step)}))
    band = rule.coefficient
    if band is None and mark.coefficient is not None:
        faults.append(("coefficient_unasked", {}))
    if band is not None and mark.coefficient is None:
        faults.append(("coefficient_missing", {"least": short_text_of(band.least), "most": short_text_of(band.most)}))
    if band is not None and mark.coefficient is not None and not band.least <= mark.coefficient <= band.most:
        given = short_text_of(mark.coefficient)
        limits = {"least": short_text_of(band.least), "most": short_text_of(band.most)}
        faults.append(("coefficient_out_of_band", {"coefficient": given, **limits}))
    if not mark.reason and reason_needed(rule, mark.mark):
        faults.append(("reason_missing", {"mark": short_text_of(mark.mark)}))
    return faults


def reason_needed(rule: Judge, mark: Decimal) -> bool:
    """Whether a mark this low or this high must be explained."""
    low = rule.comment_below is not None and mark < rule.comment_below
    return low or (rule.comment_above is not None and mark > rule.comment_above)


def effective(mark: Mark) -> Decimal:
    """The mark times its coefficient, where it has one."""
    return mark.mark if mark.coefficient is None else product(mark.mark, mark.coefficient)


def difference(marks: Sequence[Mark]) -> Decimal:
    """The widest difference between two effective marks; zero for fewer than two."""
    values = [effective(mark) for mark in marks]
    return CONTEXT.subtract(max(values), min(values)) if len(values) > 1 else Decimal(0)


def adjudication_due(rule: Judge, marks: Sequence[Mark]) -> bool:
    """Whether these marks differ by more than the rule lets stand."""
    return rule.difference_limit is not None and difference(marks) > rule.difference_limit


def brought_together(rule: Judge, values: Sequence[Decimal]) -> Decimal:
    """Mean, median, or the mean without one highest and one lowest once there are `trim_from`; order is nothing."""
    ordered = sorted(values)
    if rule.aggregate == "median":
        middle = len(ordered) // 2
        pair = ordered[middle : middle + 1] if len(ordered) % 2 else ordered[middle - 1 : middle + 1]
        return quotient(total(pair), Decimal(len(pair)))
    if rule.aggregate == "trimmed_mean" and len(ordered) >= rule.trim_from:
        ordered = ordered[1:-1]
    return quotient(total(ordered), Decimal(len(ordered)))


def judged(rule: Judge, marks: Sequence[Mark], adjudication: Adjudication | None) -> Judged:
    """What these marks come to: the adjudicated mark if there is one; missing while marks or a ruling are due."""
    ordered = sorted(marks, key=lambda mark: mark.assessor)
    inputs = [_input_of(mark) for mark in ordered]
    if adjudication is not None:
        # Who settled it and why stays in the season folder: a published trace holds no person's name or words.
        inputs.append(Input("adjudication", "mark", short_text_of(adjudication.mark), adjudication.source))
        return Judged(adjudication.mark, tuple(inputs), "分歧裁定")
    if len(ordered) < rule.raters:
        return Judged(None, tuple(inputs), f"打分不足：要 {rule.raters} 名专家，已有 {len(ordered)} 名")
    if adjudication_due(rule, ordered):
        gap = short_text_of(difference(ordered))
        return Judged(None, tuple(inputs), f"分差 {gap} 超过限值，尚未裁定")
    return Judged(brought_together(rule, [effective(mark) for mark in ordered]), tuple(inputs))


def _input_of(mark: Mark) -> Input:
    text = short_text_of(mark.mark)
    if mark.coefficient is not None:
        text += f"×{short_text_of(mark.coefficient)}"
    return Input(f"mark:{mark.assessor}", "mark", text, mark.source)
