"""What each rule kind gives at its edges; a missing value gives missing points unless the rule says otherwise."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from ceping.core.exact import quotient, text_of
from ceping.core.scheme.bounds import bounds_of
from ceping.core.scheme.rules import Rule
from ceping.core.scheme.scoring import Node, score
from ceping.core.scheme.values import Judged, MetricValue, Values, Which

READ: TypeAdapter[Rule] = TypeAdapter(Rule)

COUNT = {"kind": "count", "metric": "m", "points": "0.5", "every": "3", "free": "2", "cap": "4"}
FALLING = {"kind": "count", "metric": "m", "points": "-2", "floor": "-5", "cap": "0"}
TIER = {
    "kind": "tier",
    "metric": "m",
    "default": "0",
    "steps": [
        {"at": "20", "points": "7"},
        {"at": "10", "points": "3"},
        {"at": "10", "edge": "exclusive", "points": "5"},
    ],
}
LOWER = {
    "kind": "tier",
    "metric": "m",
    "direction": "lower",
    "default": "1",
    "steps": [{"at": "3", "points": "10"}, {"at": "7", "edge": "exclusive", "points": "6"}],
}
WORDS = {
    "kind": "tier",
    "metric": "m",
    "default": "0",
    "choices": [{"value": "甲级", "points": "5"}, {"value": "2", "points": "3"}],
}
RATIO = {"kind": "ratio", "metric": "m", "target": "0.9", "points": "2"}
INVERSE = {"kind": "ratio", "metric": "m", "target": "4", "points": "10", "inverse": True}
TWO_SIDED = {"kind": "ratio", "metric": "m", "target": "10", "points": "5", "slope_below": "1", "slope_above": "0.25"}
ONE_SIDED = {"kind": "ratio", "metric": "m", "target": "10", "points": "5", "slope_above": "2"}
FLAG = {"kind": "flag", "when": {"metric": "m", "op": ">=", "value": "1"}, "points": "3"}
DEDUCT = {
    "kind": "deduct",
    "start": "10",
    "floor": "2",
    "violations": [{"metric": "m", "points": "3"}, {"metric": "n", "points": "0.5"}],
}


def values(*, marks: dict[str, Decimal] | None = None, **given: object) -> Values:
    found = {}
    for name, value in given.items():
        exact = (
            Decimal(str(value)) if isinstance(value, int | Decimal) or str(value).lstrip("-")[:1].isdigit() else value
        )
        found[name] = MetricValue(name, Which.VERIFIED, exact)  # type: ignore[arg-type]
    return Values(found, {key: Judged(mark) for key, mark in (marks or {}).items()})


def node_of(rule: dict[str, Any], given: Values) -> Node:
    return score(READ.validate_python(rule), given, item="item")


def points(rule: dict[str, Any], given: Values) -> str | None:
    result = node_of(rule, given).points
    return None if result is None else text_of(result)


@pytest.mark.parametrize(
    ("rule", "value", "wanted"),
    [
        *((COUNT, "4.9", "0.00"), (COUNT, "5", "0.50"), (COUNT, "7.99", "0.50"), (COUNT, "8", "1.00")),
        *((COUNT, "0", "0.00"), (COUNT, "25", "3.50"), (COUNT, "26", "4.00"), (COUNT, "1000", "4.00")),
        *((COUNT | {"floor": "1"}, "0", "1.00"), (COUNT | {"floor": "1"}, "11", "1.50"), (COUNT, "-9", "0.00")),
        *((FALLING, "0", "0.00"), (FALLING, "1", "-2.00"), (FALLING, "2", "-4.00"), (FALLING, "3", "-5.00")),
        *((TIER, "9.99", "0.00"), (TIER, "10", "3.00"), (TIER, "10.01", "5.00"), (TIER, "20", "7.00")),
        *((LOWER, "2", "10.00"), (LOWER, "3", "10.00"), (LOWER, "3.01", "6.00"), (LOWER, "7", "1.00")),
        *((LOWER, "6.99", "6.00"), (LOWER, "8", "1.00"), (TIER, "-1", "0.00")),
        *((WORDS, "甲级", "5.00"), (WORDS, "2", "3.00"), (WORDS, "丙级", "0.00")),
        *((RATIO, "0.9", "2.00"), (RATIO, "0.45", "1.00"), (RATIO, "1", "2.00"), (RATIO, "0", "0.00")),
        *((RATIO, "-1", "0.00"), (INVERSE, "4", "10.00"), (INVERSE, "8", "5.00"), (INVERSE, "1", "10.00")),
        *((INVERSE, "0", "10.00"), (INVERSE, "12", "3.33"), (TWO_SIDED, "10", "5.00"), (TWO_SIDED, "8", "3.00")),
        *((TWO_SIDED, "14", "4.00"), (TWO_SIDED, "4", "0.00"), (TWO_SIDED, "31", "0.00"), (ONE_SIDED, "1", "5.00")),
        *((ONE_SIDED, "11", "3.00"), (FLAG, "1", "3.00"), (FLAG, "0.99", "0.00")),
        (FLAG | {"otherwise": "-1"}, "0", "-1.00"),
    ],
)
def test_a_leaf_at_its_edges(rule: dict[str, Any], value: str, wanted: str) -> None:
    assert points(rule, values(m=value)) == wanted


@pytest.mark.parametrize("rule", [COUNT, TIER, LOWER, WORDS, RATIO, INVERSE, TWO_SIDED, FLAG, DEDUCT])
def test_missing_is_missing_and_says_what(rule: dict[str, Any]) -> None:
    given = values(n=0)
    node = node_of(rule, given)
    assert (node.points, node.unrounded, node.note) == (None, None, "缺少m")


def test_a_word_where_a_number_is_wanted_is_missing() -> None:
    assert node_of(COUNT, values(m="许多")).note == "缺少m"


@pytest.mark.parametrize(("m", "n", "wanted"), [(0, 0, "10.00"), (1, 1, "6.50"), (3, 0, "2.00"), (0, 16, "2.00")])
def test_deduct_goes_down_to_its_floor(m: int, n: int, wanted: str) -> None:
    assert points(DEDUCT, values(m=m, n=n)) == wanted


def test_deduct_gives_no_bonus_for_fewer_than_none() -> None:
    assert points(DEDUCT, values(m=-5, n=0)) == "10.00"


def test_of_one_group_only_the_dearest_counts_and_what_has_no_group_stands_alone() -> None:
    violations = [
        {"metric": "a", "points": "1", "group": "1"},
        {"metric": "b", "points": "3"},
        {"metric": "c", "points": "2", "group": "1"},
    ]
    rule = {"kind": "deduct", "start": "10", "largest_only": True, "violations": violations}
    assert points(rule, values(a=1, b=1, c=1)) == "5.00"
    assert points(rule | {"largest_only": False}, values(a=1, b=1, c=1)) == "4.00"


def test_marks_are_kept_within_the_rule() -> None:
    judge = {"kind": "judge", "max": "10", "step": "0.5", "raters": 2}
    assert [points(judge, values(marks={"item": Decimal(mark)})) for mark in ("11", "7.25", "-1")] == [
        *("10.00", "7.25", "0.00")
    ]
    assert node_of(judge, values()).note == "缺少打分"
    assert points(judge, values(marks={"other": Decimal(5)})) is None


def test_a_part_is_rounded_before_its_parent_uses_it() -> None:
    third = {"id": "a", "kind": "ratio", "metric": "m", "target": "3", "points": "1"}
    node = node_of({"kind": "sum", "parts": [third, third | {"id": "b"}, third | {"id": "c"}]}, values(m=1))
    assert [text_of(part.points) for part in node.parts if part.points] == ["0.33"] * 3
    assert node.points == Decimal("0.99")
    exact = {"kind": "sum", "parts": [third | {"id": name, "places": 10} for name in "abc"]}
    assert points(exact, values(m=1)) == "1.00"


@pytest.mark.parametrize(("qualified", "whole", "wanted"), [(35, 96, "3.13"), (7, 96, "0.63"), (1, 3, "2.86")])
def test_a_share_of_a_share_is_rounded_at_its_true_half(qualified: int, whole: int, wanted: str) -> None:
    rule = {"kind": "ratio", "metric": "m", "target": "0.7", "points": "6"}
    assert points(rule, values(m=quotient(Decimal(qualified), Decimal(whole)))) == wanted


def test_a_half_that_a_division_cut_off_is_rounded_up() -> None:
    rule = {"kind": "ratio", "metric": "m", "target": "1", "points": "3"}
    assert points(rule, values(m=quotient(Decimal(13), Decimal(120)))) == "0.33"


def test_thirds_come_out_whole() -> None:
    rule = {"kind": "ratio", "metric": "m", "target": "3", "points": "0.015"}
    assert points(rule, values(m=1)) == "0.01"
    assert node_of(rule, values(m=1)).unrounded == Decimal("0.005")


A, B = RATIO | {"id": "a", "target": "4", "points": "4"}, FLAG | {"id": "b", "when": FLAG["when"] | {"metric": "n"}}


@pytest.mark.parametrize(
    ("extra", "m", "n", "wanted"),
    [({}, 4, 1, "7.00"), ({"cap": "5"}, 4, 1, "5.00"), ({"floor": "1"}, 0, 0, "1.00"), ({}, None, 1, None)],
)
def test_sum(extra: dict[str, str], m: int | None, n: int, wanted: str | None) -> None:
    given = values(n=n) if m is None else values(m=m, n=n)
    assert points({"kind": "sum", "parts": [A, B], **extra}, given) == wanted


def weighted(missing: str) -> dict[str, Any]:
    parts = [{"weight": "40", "full": "4", "rule": A}, {"weight": "60", "full": "3", "rule": B}]
    return {"kind": "weighted", "missing": missing, "parts": parts}


@pytest.mark.parametrize(
    ("missing", "given", "wanted"),
    [
        *(("refuse", {"m": 2, "n": 1}, "80.00"), ("refuse", {"m": 2}, None), ("zero", {"m": 2}, "20.00")),
        *(("rescale", {"m": 2}, "50.00"), ("rescale", {"n": 1}, "100.00"), ("zero", {}, "0.00")),
        *(("rescale", {}, None), ("refuse", {}, None), ("rescale", {"m": 4, "n": 0}, "40.00")),
    ],
)
def test_weighted_says_what_a_missing_part_does(missing: str, given: dict[str, int], wanted: str | None) -> None:
    assert points(weighted(missing), values(**given)) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        *(({"m": 2, "n": 1}, "3.00"), ({"m": 4, "n": 1}, "4.00"), ({"m": 0, "n": 0}, "0.00")),
        # `a` may give 4, so 3 from `b` may not be the best; `b` gives 3 at most, so 4 from `a` is.
        *(({"n": 1}, None), ({"m": 4}, "4.00"), ({"m": 3}, "3.00"), ({"m": 2}, None), ({}, None)),
    ],
)
def test_the_best_is_known_only_where_a_missing_part_could_not_be_better(
    given: dict[str, int], wanted: str | None
) -> None:
    assert points({"kind": "choose", "parts": [A, B]}, values(**given)) == wanted


@pytest.mark.parametrize(
    ("given", "wanted", "note"),
    [
        *(({"by": "a", "m": 1}, "1.00", ""), ({"by": "b", "m": 4, "n": 1}, "3.00", "")),
        *(({"by": "b", "m": 4}, None, "缺少n"), ({"m": 4, "n": 1}, None, "未选定：by")),
        ({"by": "c", "m": 4, "n": 1}, None, "未选定：by"),
    ],
)
def test_the_declared_part_alone_counts(given: dict[str, object], wanted: str | None, note: str) -> None:
    node = node_of({"kind": "choose", "by": "by", "parts": [A, B]}, values(**given))
    assert (None if node.points is None else text_of(node.points), node.note) == (wanted, note)


def test_a_declared_part_may_be_named_by_digits() -> None:
    rule = {"kind": "choose", "by": "by", "parts": [A | {"id": "1"}, B | {"id": "2"}]}
    assert points(rule, values(by=1, m=3, n=0)) == "3.00"


def test_every_node_stands_under_a_clause() -> None:
    inner = {"kind": "sum", "parts": [A | {"clause": "第二条"}, B]}
    parts = [{"weight": "1", "full": "7", "rule": inner | {"id": "s"}}, {"weight": "1", "full": "3", "rule": B}]
    node = score(
        READ.validate_python({"kind": "weighted", "parts": parts}), values(m=1, n=1), item="i", clause="第一条"
    )
    clauses = [(one.id, one.clause) for one in (node, *node.parts, *node.parts[0].parts)]
    assert clauses == [
        *(("i", "第一条"), ("i/s", "第一条"), ("i/b", "第一条")),
        *(("i/s/a", "第二条"), ("i/s/b", "第一条")),
    ]


RISING_FROM_TWO = {"kind": "tier", "metric": "m", "default": "2", "steps": [{"at": "1", "points": "5"}]}


def shares(missing: str) -> dict[str, Any]:
    parts = [
        {"weight": "10", "full": "5", "rule": RISING_FROM_TWO | {"id": "a"}},
        {"weight": "30", "full": "3", "rule": B},
    ]
    return {"kind": "weighted", "missing": missing, "parts": parts}


@pytest.mark.parametrize(
    ("rule", "least", "most"),
    [
        *((COUNT, "0", "4"), (COUNT | {"floor": "1"}, "1", "4"), (COUNT | {"floor": "-1"}, "0", "4")),
        *((FALLING, "-5", "0"), (FALLING | {"cap": "-1"}, "-5", "-1"), (COUNT | {"points": "0"}, "0", "0")),
        *((TIER, "0", "7"), (WORDS, "0", "5"), (RATIO, "0", "2"), (RATIO | {"points": "-2"}, "0", "0")),
        *((RATIO | {"points": "1.005"}, "0", "1.01"), (FLAG | {"otherwise": "-1"}, "-1", "3"), (DEDUCT, "2", "10")),
        ({"kind": "judge", "max": "10", "step": "0.5", "raters": 2}, "0", "10"),
        *(({"kind": "sum", "parts": [A, B]}, "0", "7"), ({"kind": "sum", "parts": [A, B], "cap": "5"}, "0", "5")),
        *(({"kind": "sum", "parts": [A, B], "floor": "1"}, "1", "7"), ({"kind": "choose", "parts": [A, B]}, "0", "4")),
        # With `rescale` either part may have to stand alone for the whole 40.
        *((shares("refuse"), "4", "40"), (shares("zero"), "0", "40"), (shares("rescale"), "0", "40")),
        (shares("rescale") | {"parts": shares("rescale")["parts"][:1]}, "4", "10"),
    ],
)
def test_the_least_and_the_most(rule: dict[str, Any], least: str, most: str) -> None:
    assert bounds_of(READ.validate_python(rule)) == (Decimal(least), Decimal(most))
