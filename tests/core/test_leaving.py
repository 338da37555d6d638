"""Ranks with one item or one assessor left out, each worked by hand."""

from decimal import Decimal

from ceping.core.assessment import Adjudication
from ceping.core.evaluation import Entry, evaluate
from ceping.core.evaluation.leaving import without_each_assessor, without_each_item
from tests.factories.synthetic import SETTINGS, entry_of, synthetic

SCHEME = synthetic("social-organisation")
FULL = {
    "members_met": "4",
    "projects": "20",
    "inside_score": "100",
    "outside_score": "100",
    "party": "yes",
    "commissions": "0",
    "honour": "no",
}


def entry(uscc: str, first: str, second: str, **values: str) -> Entry:
    """A member whose governance two assessors marked: A01 and, for B, A03 instead of A02."""
    other = "A03" if uscc == "B" else "A02"
    return entry_of(uscc, "association", FULL | values, marks={"governance": {"A01": first, other: second}})


# By hand: A has 100 + 250, 400 and 200, B has 100 + 280, 360 and 200, C has 100 + 300, 400 and 120.
ENTRIES = [
    entry("A", "200", "300"),
    entry("B", "290", "270", projects="18"),
    entry("C", "300", "300", inside_score="60", outside_score="60"),
]
OUTCOME = evaluate(SCHEME, ENTRIES, SETTINGS)


def test_the_ranks_as_they_are() -> None:
    assert [(str(r.standing.total), r.ranks.rank) for r in OUTCOME.results] == [
        ("950.00", 1),
        ("940.00", 2),
        ("920.00", 3),
    ]


def test_without_each_item() -> None:
    # Of what is left, scaled back to 1000: without governance A 600, B 560, C 520 of 600; and so on.
    assert without_each_item(SCHEME, OUTCOME, SETTINGS) == {
        "governance": {"A": 1, "B": 2, "C": 3},
        "work": {"A": 2, "B": 1, "C": 3},
        "opinion": {"A": 2, "B": 3, "C": 1},
    }


def test_without_each_assessor() -> None:
    # Without A01: A 300, B 270, C 300. Without A02: A 200 and C 300, B as it was. Without A03: B 290.
    assert without_each_assessor(SCHEME, OUTCOME, SETTINGS) == {
        "A01": {"A": 1, "B": 2, "C": 3},
        "A02": {"A": 3, "B": 1, "C": 2},
        "A03": {"A": 1, "B": 1, "C": 3},
    }


def test_who_has_no_other_mark_has_no_rank_without_it() -> None:
    lone = [*ENTRIES[:2], entry_of("C", "association", FULL, marks={"governance": {"A09": "300"}})]
    outcome = evaluate(SCHEME, lone, SETTINGS)
    # One mark of two asked for: not complete, and without it nothing is left.
    assert [r.ranks.rank for r in outcome.results] == [1, 2, None]
    assert without_each_assessor(SCHEME, outcome, SETTINGS)["A09"] == {"A": 1, "B": 2}


def test_a_bonus_stays_when_an_item_is_left_out() -> None:
    outcome = evaluate(SCHEME, [*ENTRIES[:2], entry("C", "300", "300", projects="0", commissions="4")], SETTINGS)
    # C: 400 + 0 + 200 + 60 = 660; without work 600 of 600 and 60 more is 1060.
    assert without_each_item(SCHEME, outcome, SETTINGS)["work"] == {"A": 3, "B": 2, "C": 1}


def test_an_adjudicated_mark_stands_whoever_is_left_out() -> None:
    settled = {"governance": Adjudication(Decimal(250), "L1", "裁定")}
    given = entry_of(
        "A", "association", FULL, marks={"governance": {"A01": "200", "A02": "300"}}, adjudications=settled
    )
    outcome = evaluate(SCHEME, [given, *ENTRIES[1:]], SETTINGS)
    assert without_each_assessor(SCHEME, outcome, SETTINGS)["A01"] == {"A": 1, "B": 2, "C": 3}
    assert [r.ranks.rank for r in outcome.results] == [1, 2, 3]
