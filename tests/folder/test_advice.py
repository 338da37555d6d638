"""Advice on marks: alpha against published examples, severity found again where it was put in, guards that say so."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.folder.advice import MarkRow, advice_of, krippendorff_alpha

MOST = {"a": Decimal(10), "b": Decimal(5)}
# Krippendorff 2011, C: four observers, twelve units, missing marks; interval alpha .849
PUBLISHED = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
# Wikipedia, Krippendorff's alpha: three coders, fifteen units; interval alpha .811
ENCYCLOPEDIA = """
. . . . . 3 4 1 2 1 1 3 3 . 3
1 . 2 1 3 3 4 3 . . . . . . .
. . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""


def units_of(table: str) -> list[list[Fraction]]:
    rows = [line.split() for line in table.strip().splitlines()]
    return [[Fraction(cell) for cell in column if cell != "."] for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(("table", "alpha"), [(PUBLISHED, "0.849"), (ENCYCLOPEDIA, "0.811")])
def test_published_examples(table: str, alpha: str) -> None:
    found = krippendorff_alpha(units_of(table))
    assert found is not None
    assert f"{float(found):.3f}" == alpha


UNITS = st.lists(st.lists(st.integers(0, 10).map(Fraction), max_size=4), max_size=8)


@given(UNITS, st.integers(1, 9), st.integers(-5, 5))
def test_alpha_knows_neither_scale_nor_order(units: list[list[Fraction]], factor: int, shift: int) -> None:
    moved = [[factor * value + shift for value in reversed(unit)] for unit in reversed(units)]
    assert krippendorff_alpha(moved) == krippendorff_alpha(units)


def test_alpha_at_its_ends() -> None:
    assert krippendorff_alpha([[Fraction(1)] * 2, [Fraction(3)] * 2]) == 1
    assert krippendorff_alpha([[Fraction(1)] * 2, [Fraction(1)] * 3]) is None
    assert krippendorff_alpha([[Fraction(1)], []]) is None
    # Two units that each hold both values: observed 1, expected 2/3.
    assert krippendorff_alpha([[Fraction(0), Fraction(1)]] * 2) == Fraction(-1, 2)


def rows_of(marks: dict[tuple[str, str, str], int | str]) -> list[MarkRow]:
    return [MarkRow(uscc, item, who, Decimal(mark)) for (uscc, item, who), mark in marks.items()]


def advised(rows: list[MarkRow]) -> dict[str, Any]:
    return advice_of(rows, most=MOST)


def made(effects: dict[str, int], institutions: int, *, panel: int | None = None, noise: int = 0) -> list[MarkRow]:
    """Marks of item a: ten times the institution's worth plus the assessor's effect, in hundredths."""
    chance = Random(7)  # noqa: S311 -- made-up input, no secret
    rows = []
    people = sorted(effects)
    for number in range(institutions):
        worth = chance.randint(300, 700)
        judges = people if panel is None else [people[(number + place) % len(people)] for place in range(panel)]
        for who in judges:
            mark = Decimal(worth + effects[who] + chance.randint(-noise, noise)) / 100
            rows.append(MarkRow(f"U{number:03d}", "a", who, mark))
    return rows


def test_a_strict_assessor_is_found() -> None:
    rows = made({"A1": -100, "A2": 50, "A3": 50}, 40, panel=2, noise=20)
    severity = {row["assessor"]: row for row in advised(rows)["severity"]}
    assert {who: row["words"] for who, row in severity.items()} == {"A1": "偏严", "A2": "偏宽", "A3": "偏宽"}
    for who, effect in {"A1": -0.1, "A2": 0.05, "A3": 0.05}.items():
        assert abs(float(severity[who]["effect"]) - effect) < 0.01
        assert float(severity[who]["low"]) < effect < float(severity[who]["high"])
    assert {row["common"] for row in severity.values()} == {26, 27}


def test_equal_assessors_lean_nowhere() -> None:
    rows = made({"A1": 0, "A2": 0}, 30, noise=50)
    assert [row["words"] for row in advised(rows)["severity"]] == ["与其他专家无明显差别"] * 2


def test_exact_effects_without_noise() -> None:
    severity = advised(made({"A1": -30, "A2": 30}, 12))["severity"]
    assert [(row["effect"], row["low"], row["high"]) for row in severity] == [
        ("-0.030", "-0.030", "-0.030"),
        ("0.030", "0.030", "0.030"),
    ]


def test_too_few_marks_are_not_judged() -> None:
    severity = advised(made({"A1": -30, "A2": 30}, 9, noise=5))["severity"]
    assert [(row["effect"], row["words"]) for row in severity] == [(None, "样本不足")] * 2


def test_assessors_that_share_nothing_are_not_compared() -> None:
    rows = made({"A1": 0, "A2": 10}, 12, noise=5)
    rows += [MarkRow(f"V{row.uscc}", "a", row.assessor.replace("A", "B"), row.mark) for row in rows]
    assert [row["words"] for row in advised(rows)["severity"]] == ["样本不足：专家之间没有足够的共同打分"] * 4


def test_who_marks_alone_is_told_nothing() -> None:
    rows = [*made({"A1": 0, "A2": 10}, 12, noise=5), MarkRow("Z", "a", "A9", Decimal(5))]
    severity = advised(rows)["severity"]
    assert (severity[2]["assessor"], severity[2]["common"], severity[2]["words"]) == ("A9", 0, "样本不足")
    assert severity[0]["effect"] is not None


def test_items_are_compared_as_shares_of_their_full_mark() -> None:
    rows = rows_of(
        {(f"U{number}", item, who): 5 if item == "b" else 10 for number in range(3) for item in "ab" for who in "XY"}
    )
    agreement = advised(rows)["agreement"]
    assert agreement["all"] == {"alpha": None, "units": 6, "marks": 12, "words": "样本不足"}
    half = rows_of({("U1", "a", "X"): 10, ("U1", "a", "Y"): 5, ("U1", "b", "X"): 5, ("U1", "b", "Y"): "2.5"})
    assert advised(half)["agreement"]["all"]["alpha"] == "-0.500"
    assert advised(half)["spread"] == {
        "a": {"units": 1, "mean": "0.500", "widest": "0.500", "at": [{"uscc": "U1", "width": "0.500"}]},
        "b": {"units": 1, "mean": "0.500", "widest": "0.500", "at": [{"uscc": "U1", "width": "0.500"}]},
    }


@pytest.mark.parametrize(("alpha", "noise"), [("一致性好", 0), ("一致性不足，结论应谨慎", 600)])
def test_agreement_in_words(alpha: str, noise: int) -> None:
    assert advised(made({"A1": 0, "A2": 0}, 30, noise=noise))["agreement"]["items"]["a"]["words"] == alpha


def test_odd_ballots() -> None:
    marks: dict[tuple[str, str, str], int | str] = {(f"U{number}", "a", "FULL"): 10 for number in range(5)}
    marks |= {(f"U{number}", "a", "SAME"): 7 for number in range(5)}
    marks |= {(f"U{number}", "a", "FINE"): 5 + number for number in range(5)}
    marks |= {(f"U{number}", "a", "FEW"): 10 for number in range(4)}
    assert advised(rows_of(marks))["ballots"] == [
        {"kind": "all_full", "assessor": "FULL", "indicator": "a", "marks": 5, "words": "对所有机构都打满分"},
        {"kind": "no_variance", "assessor": "SAME", "indicator": "a", "marks": 5, "words": "对所有机构打同一分"},
    ]


def test_a_sheet_of_full_marks() -> None:
    most = {item: Decimal(2) for item in "abc"}
    rows = [MarkRow("U1", item, who, Decimal(2 if who == "X" else 1)) for item in "abc" for who in "XY"]
    assert advice_of(rows, most=most)["ballots"] == [
        {"kind": "sheet_full", "assessor": "X", "uscc": "U1", "marks": 3, "words": "对这家机构各项都打满分"}
    ]


def test_nothing_gives_an_empty_answer() -> None:
    found = advised([])
    assert (found["severity"], found["spread"], found["ballots"]) == ([], {}, [])
    assert found["agreement"]["all"] == {"alpha": None, "units": 0, "marks": 0, "words": "样本不足"}


def test_the_order_of_rows_changes_nothing() -> None:
    rows = made({"A1": -10, "A2": 5, "A3": 9}, 20, panel=2, noise=30)
    assert advised(rows[::-1]) == advised(rows)
