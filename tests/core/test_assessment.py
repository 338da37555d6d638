"""What marks are allowed, when they must be explained or settled, and what they come to."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.assessment import (
    Adjudication,
    Mark,
    adjudication_due,
    brought_together,
    difference,
    judged,
    mark_faults,
    reason_needed,
)
from ceping.core.exact import quotient
from ceping.core.scheme.rules import Judge

RULE = {"kind": "judge", "max": "10", "step": "0.5", "raters": 2, "difference_limit": "3"}


def rule(**keys: Any) -> Judge:
    return Judge.model_validate(RULE | keys)


def marks(*values: str, coefficient: str | None = None) -> list[Mark]:
    factor = None if coefficient is None else Decimal(coefficient)
    return [Mark(f"A{number}", Decimal(value), factor, "因") for number, value in enumerate(values, 1)]


BAND = {"least": "0.8", "most": "1.2"}


@pytest.mark.parametrize(
    ("keys", "mark", "coefficient", "reason", "codes"),
    [
        *(({}, "0", None, "", []), ({}, "10", None, "", []), ({}, "10.0", None, "", []), ({}, "7.5", None, "", [])),
        *(({}, "10.01", None, "", ["mark_out_of_range"]), ({}, "-0.5", None, "", ["mark_out_of_range"])),
        *(({}, "7.25", None, "", ["mark_off_step"]), ({}, "7", "1", "", ["coefficient_unasked"])),
        *(({"coefficient": BAND}, "7", None, "", ["coefficient_missing"]), ({"coefficient": BAND}, "7", "1.2", "", [])),
        ({"coefficient": BAND}, "7", "1.21", "", ["coefficient_out_of_band"]),
        ({"coefficient": BAND}, "7.1", "0.79", "", ["mark_off_step", "coefficient_out_of_band"]),
        *(({"comment_below": "4"}, "3.5", None, "", ["reason_missing"]), ({"comment_below": "4"}, "4", None, "", [])),
        *(({"comment_above": "9"}, "9.5", None, "", ["reason_missing"]), ({"comment_above": "9"}, "9", None, "", [])),
        ({"comment_above": "9", "comment_below": "4"}, "9.5", None, "因", []),
    ],
)
def test_why_a_mark_is_refused(
    keys: dict[str, Any], mark: str, coefficient: str | None, reason: str, codes: list[str]
) -> None:
    factor = None if coefficient is None else Decimal(coefficient)
    assert [code for code, _ in mark_faults(rule(**keys), Mark("A1", Decimal(mark), factor, reason))] == codes


def test_a_step_of_a_tenth_is_exact() -> None:
    fine = rule(step="0.1")
    assert [mark_faults(fine, Mark("A1", Decimal(number) / 10)) for number in range(101)] == [[]] * 101


def test_no_limit_asks_for_no_reason() -> None:
    assert not reason_needed(rule(), Decimal(0))


@pytest.mark.parametrize(
    ("keys", "given_marks", "wanted"),
    [
        *(({}, ["7", "8"], "7.5"), ({"aggregate": "median"}, ["1", "9", "3"], "3")),
        *(
            ({"aggregate": "median"}, ["1", "9", "3", "4"], "3.5"),
            ({"aggregate": "trimmed_mean"}, ["0", "9", "9", "9"], "6.75"),
        ),
        *(({"aggregate": "trimmed_mean"}, ["0", "9", "9", "9", "10"], "9"), ({}, ["5"], "5")),
        ({"aggregate": "trimmed_mean", "trim_from": 3}, ["1", "2", "9"], "2"),
    ],
)
def test_brought_together(keys: dict[str, Any], given_marks: list[str], wanted: str) -> None:
    assert brought_together(rule(**keys), [Decimal(mark) for mark in given_marks]) == Decimal(wanted)


NUMBERS = st.lists(st.integers(0, 20).map(lambda n: Decimal(n) / 2), min_size=1, max_size=9)
KINDS = st.sampled_from(["mean", "median", "trimmed_mean"])


@given(NUMBERS, KINDS, st.randoms())
def test_order_is_nothing_and_the_outcome_lies_between(values: list[Decimal], kind: str, chance: object) -> None:
    found = brought_together(rule(aggregate=kind), values)
    mixed = list(values)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert brought_together(rule(aggregate=kind), mixed) == found
    assert min(values) <= found <= max(values)


@given(NUMBERS, KINDS, st.integers(0, 8))
def test_a_higher_mark_never_lowers_the_outcome(values: list[Decimal], kind: str, at: int) -> None:
    higher = list(values)
    higher[at % len(values)] += 1
    assert brought_together(rule(aggregate=kind), higher) >= brought_together(rule(aggregate=kind), values)


@pytest.mark.parametrize(
    ("given_marks", "wanted", "note"),
    [
        *((["7", "8"], "7.5", ""), (["7"], None, "打分不足：要 2 名专家，已有 1 名")),
        *(([], None, "打分不足：要 2 名专家，已有 0 名"), (["5", "8"], "6.5", "")),
        *((["5", "8.5"], None, "分差 3.5 超过限值，尚未裁定"), (["0", "0"], "0", "")),
    ],
)
def test_marks_are_missing_until_they_are_enough_and_agree(
    given_marks: list[str], wanted: str | None, note: str
) -> None:
    found = judged(rule(), marks(*given_marks), None)
    assert (found.mark, found.note) == (None if wanted is None else Decimal(wanted), note)


@pytest.mark.parametrize("given_marks", [[], ["7"], ["0", "10"], ["7", "8"]])
def test_an_adjudication_stands_whatever_the_marks(given_marks: list[str]) -> None:
    found = judged(rule(), marks(*given_marks), Adjudication(Decimal("6.50"), "L1", "复核", "adjudications.csv:2"))
    assert (found.mark, found.note) == (Decimal("6.5"), "分歧裁定")
    assert [entry.name for entry in found.inputs] == [
        *(f"mark:A{n + 1}" for n in range(len(given_marks))),
        "adjudication",
    ]
    assert found.inputs[-1].as_json() == {
        "name": "adjudication",
        "which": "mark",
        "value": "6.5",
        "source": "adjudications.csv:2",
    }


def test_differences_are_between_marks_as_they_count() -> None:
    two = [Mark("A1", Decimal(10), Decimal("0.8")), Mark("A2", Decimal(4), Decimal("1.2"))]
    assert difference(two) == Decimal("3.2")
    assert adjudication_due(rule(), two)
    assert not adjudication_due(rule(difference_limit="3.2"), two)
    assert not adjudication_due(Judge.model_validate({**RULE, "difference_limit": None}), two)
    assert difference(two[:1]) == difference([]) == 0


def test_coefficients_count_and_are_shown() -> None:
    found = judged(rule(), marks("8", "9", coefficient="0.90"), None)
    assert found.mark == quotient(Decimal("15.3"), Decimal(2))
    assert [entry.value for entry in found.inputs] == ["8×0.9", "9×0.9"]


def test_the_trace_names_assessors_in_one_order() -> None:
    found = judged(rule(), marks("7", "8")[::-1], None)
    assert found == judged(rule(), marks("7", "8"), None)
