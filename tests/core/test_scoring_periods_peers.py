"""Periods and peers at their edges: what is missing, what cannot be divided, and who counts as a peer of whom."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ceping.core.evaluation.derived import derived
from ceping.core.evaluation.peers import peers_of
from ceping.core.exact import text_of
from ceping.core.scheme.bounds import bounds_of
from ceping.core.scheme.metrics import Metric
from ceping.core.scheme.rules import Rule
from ceping.core.scheme.scoring import Node, score
from ceping.core.scheme.values import MetricValue, Peers, Values, Which

FEWER = settings(max_examples=settings.default.max_examples // 2)
READ: TypeAdapter[Rule] = TypeAdapter(Rule)
QUARTERS = [{"id": f"q{n}", "kind": "ratio", "metric": f"q{n}", "target": "10", "points": "10"} for n in (1, 2, 3)]

EACH_FIVE = [{"id": i, "kind": "count", "metric": i, "points": "1", "floor": "5", "cap": "10"} for i in "ab"]


def period(combine: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "period", "combine": combine, "parts": QUARTERS, **keys}


def over(values: Mapping[str, str | None], peers: dict[tuple[str, str], Peers] | None = None) -> Values:
    found = {n: MetricValue(n, Which.VERIFIED, None if v is None else Decimal(v)) for n, v in values.items()}
    return Values(found, peers=peers or {})


def node_of(rule: dict[str, Any], values: Values) -> Node:
    return score(READ.validate_python(rule), values, item="item")


def points(node: Node) -> str | None:
    return None if node.points is None else text_of(node.points)


GROWN = {"points": "10"}


@pytest.mark.parametrize(
    ("rule", "given_values", "wanted"),
    [
        *((period("sum"), "2 3 5", "10.00"), (period("sum", cap="9.5"), "2 3 5", "9.50")),
        *((period("mean"), "2 3 5", "3.33"), (period("best"), "2 3 5", "5.00"), (period("worst"), "2 3 5", "2.00")),
        *((period("latest"), "2 3 5", "5.00"), (period("latest", cap="4"), "2 3 5", "4.00")),
        # Missing is refused, dropped, or zero: three different numbers.
        *((period("sum"), "2 - 5", None), (period("best"), "2 - 10", None)),
        *((period("mean", missing="drop"), "2 - 5", "3.50"), (period("mean", missing="zero"), "2 - 5", "2.33")),
        *((period("worst", missing="drop"), "2 - 5", "2.00"), (period("worst", missing="zero"), "2 - 5", "0.00")),
        *((period("latest", missing="drop"), "2 3 -", "3.00"), (period("latest", missing="zero"), "2 3 -", "0.00")),
        *((period("sum", missing="drop"), "- - -", None), (period("sum", missing="zero"), "- - -", "0.00")),
        # Growth reads the ends alone, and nothing grows from zero.
        *((period("growth", **GROWN), "4 0 6", "5.00"), (period("growth", **GROWN), "3 9 4", "3.33")),
        *((period("growth", **GROWN), "4 4 8", "10.00"), (period("growth", **GROWN), "2 2 9", "10.00")),
        *((period("growth", **GROWN), "6 6 4", "0.00"), (period("growth", **GROWN), "0 5 9", None)),
        *((period("growth", **GROWN, missing="drop"), "4 - 6", None),),
        *((period("growth", **GROWN, missing="zero"), "4 - 6", "5.00"),),
        *((period("growth", **GROWN, missing="zero"), "- 4 6", None),),
        *((period("growth", **GROWN, cap="3"), "4 0 6", "3.00"),),
    ],
)
def test_periods(rule: dict[str, Any], given_values: str, wanted: str | None) -> None:
    texts = given_values.split()
    values = {f"q{n}": None if text == "-" else text for n, text in enumerate(texts, 1)}
    node = node_of(rule, over(values))
    assert points(node) == wanted
    assert bool(node.note) == ("-" in texts or wanted is None)


def test_a_loss_that_doubles_is_no_growth() -> None:
    falling = [part | {"kind": "deduct", "start": "0", "floor": "-9"} for part in ({"id": "a"}, {"id": "b"})]
    parts = [part | {"violations": [{"metric": part["id"], "points": "1"}]} for part in falling]
    node = node_of({"kind": "period", "combine": "growth", "points": "10", "parts": parts}, over({"a": "2", "b": "4"}))
    assert (node.points, node.note) == (None, "首期不大于零，无法计算增长")


@pytest.mark.parametrize(
    ("before", "after", "wanted", "note"),
    [
        *(("100", "112", "0.12", "b 100，a 112"), ("100", "50", "-0.5", "b 100，a 50")),
        ("0", "5", None, "b 0，a 5：基数不大于零，无法计算增长"),
        ("-100", "-200", None, "b -100，a -200：基数不大于零，无法计算增长"),
        (None, "5", None, ""),
    ],
)
def test_growth_of_a_metric(before: str | None, after: str, wanted: str | None, note: str) -> None:
    metric = Metric.model_validate({"title": "长", "use": "verified", "growth": {"before": "b", "after": "a"}})
    found = derived("g", metric, over({"b": before, "a": after}).metrics, Which.VERIFIED)
    assert (found.value, found.note) == (None if wanted is None else Decimal(wanted), note)


@pytest.mark.parametrize(
    ("given_values", "latest", "wanted"),
    [("5 5 1", False, "2"), ("5 5 1", True, "0"), ("1 5 5", True, "2"), ("5 1 5", False, "1"), ("5 - 5", False, None)],
)
def test_runs(given_values: str, latest: bool, wanted: str | None) -> None:  # noqa: FBT001
    values = {f"y{n}": None if text == "-" else text for n, text in enumerate(given_values.split())}
    run = {"of": list(values), "op": ">=", "value": "5", "latest": latest}
    metric = Metric.model_validate({"title": "连", "use": "verified", "run": run})
    found = derived("r", metric, over(values).metrics, Which.VERIFIED)
    assert found.value == (None if wanted is None else Decimal(wanted))


def peer(method: str, **keys: Any) -> dict[str, Any]:
    return {"kind": "peer", "metric": "m", "method": method, "points": "12", **keys}


def standing(value: str, pool: str) -> Values:
    """The value among these peers, which it may be one of or not."""
    numbers, one = [Decimal(text) for text in pool.split()], Decimal(value)
    ends = min(numbers), max(numbers)
    counted = Peers(len(numbers), *ends, above=sum(n > one for n in numbers), below=sum(n < one for n in numbers))
    return over({"m": value}, {("m", "all"): counted})


LOWER = {"direction": "lower"}


@pytest.mark.parametrize(
    ("rule", "value", "pool", "wanted"),
    [
        *((peer("min_max"), "4", "4 5 8", "0.00"), (peer("min_max"), "5", "4 5 8", "3.00")),
        *((peer("min_max"), "8", "4 5 8", "12.00"), (peer("min_max", **LOWER), "5", "4 5 8", "9.00")),
        *((peer("min_max"), "5", "5 5", "12.00"), (peer("min_max"), "-2", "-4 0", "6.00")),
        *((peer("of_best"), "4", "4 5 8", "6.00"), (peer("of_best", **LOWER), "5", "4 5 8", "9.60")),
        *((peer("of_best"), "0", "0 8", "0.00"), (peer("of_best"), "0", "0 0", "12.00")),
        *((peer("of_best", **LOWER), "0", "0 8", "12.00"), (peer("of_best", **LOWER), "8", "0 8", "0.00")),
        *((peer("of_best"), "-2", "-2 -1", None), (peer("of_best", **LOWER), "0", "-1 0", None)),
        # Of four, two share the second place: rank 2 of 4, and three of four are not better.
        *((peer("rank"), "5", "4 5 5 8", "8.00"), (peer("percentile"), "5", "4 5 5 8", "9.00")),
        *((peer("rank"), "4", "4 5 5 8", "0.00"), (peer("percentile"), "4", "4 5 5 8", "3.00")),
        *((peer("rank", **LOWER), "4", "4 5 5 8", "12.00"), (peer("percentile", **LOWER), "8", "4 5 5 8", "3.00")),
        # Nobody to be held against: the method decides unless `alone` does.
        *((peer("rank"), "5", "5", "12.00"), (peer("min_max"), "5", "5", "12.00")),
        *((peer("rank", alone="7"), "5", "5", "7.00"), (peer("of_best", alone="0"), "5", "5", "0.00")),
        *((peer("rank", alone="7"), "5", "5 6", "0.00"),),
        # Who is not eligible is measured against those who are, and never gets more or less than they can.
        *((peer("min_max"), "9", "4 5 8", "12.00"), (peer("min_max"), "1", "4 5 8", "0.00")),
        *((peer("rank"), "1", "4 5 8", "0.00"), (peer("percentile"), "1", "4 5 8", "0.00")),
        *((peer("of_best"), "9", "4 5 8", "12.00"),),
    ],
)
def test_peers(rule: dict[str, Any], value: str, pool: str, wanted: str | None) -> None:
    assert points(node_of(rule, standing(value, pool))) == wanted


@pytest.mark.parametrize(("value", "note"), [(None, "缺少m"), ("5", "没有可比的机构")])
def test_without_a_value_or_peers_a_peer_rule_is_missing(value: str | None, note: str) -> None:
    node = node_of(peer("rank", alone="7"), over({"m": value}))
    assert (node.points, node.note) == (None, note)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (peer("rank", alone="-3"), (-3, 12)),
        (peer("rank", alone="20"), (0, 20)),
        (period("growth", points="-5"), (0, 0)),
        (period("sum", cap="9"), (0, 9)),
        (period("mean"), (0, 10)),
        # A period that is left out gives less than the least of it.
        (period("sum", parts=EACH_FIVE), (10, 20)),
        (period("sum", parts=EACH_FIVE, missing="drop"), (0, 20)),
        (period("worst", parts=EACH_FIVE, missing="drop"), (5, 10)),
        (period("worst", parts=EACH_FIVE, missing="zero"), (0, 10)),
    ],
)
def test_bounds(rule: dict[str, Any], wanted: tuple[int, int]) -> None:
    assert bounds_of(READ.validate_python(rule)) == wanted


def test_more_units_than_digits_are_beyond_the_cap() -> None:
    rule = {"kind": "count", "metric": "m", "points": "0.01", "every": "0.00000000000000000001", "cap": "5"}
    assert points(node_of(rule, over({"m": "9" * 44}))) == "5.00"


NUMBER = st.integers(-5, 9).map(Decimal)
ENTRY = st.tuples(NUMBER | st.none(), st.sampled_from(["x", "y"]), st.booleans())
ENTRIES = st.dictionaries(st.sampled_from("ABCDEFGH"), ENTRY, min_size=1)
KEYS = frozenset({("m", "all"), ("m", "category")})


def placed(entries: Mapping[str, tuple[Decimal | None, str, bool]]) -> dict[str, dict[tuple[str, str], Peers]]:
    values = {u: Values({"m": MetricValue("m", Which.VERIFIED, v)}) for u, (v, _, _) in entries.items()}
    categories = {u: category for u, (_, category, _) in entries.items()}
    return peers_of(KEYS, values, categories, {u: eligible for u, (_, _, eligible) in entries.items()})


@FEWER
@given(ENTRIES)
def test_peers_are_the_eligible_with_a_value(entries: dict[str, tuple[Decimal | None, str, bool]]) -> None:
    wanted: dict[str, dict[tuple[str, str], Peers]] = {}
    for uscc, (value, category, _) in entries.items():
        wanted[uscc] = {}
        for among in ("all", "category"):
            pool = [v for v, c, e in entries.values() if e and v is not None and (among == "all" or c == category)]
            if pool and value is not None:
                above, below = sum(v > value for v in pool), sum(v < value for v in pool)
                wanted[uscc]["m", among] = Peers(len(pool), min(pool), max(pool), above=above, below=below)
    assert placed(entries) == wanted


@FEWER
@given(ENTRIES, st.randoms(use_true_random=False), NUMBER | st.none())
def test_neither_the_order_nor_those_who_are_not_eligible_move_a_peer(
    entries: dict[str, tuple[Decimal | None, str, bool]], chance: Any, other: Decimal | None
) -> None:
    names = list(entries)
    chance.shuffle(names)
    changed = {u: entries[u] if entries[u][2] else (other, *entries[u][1:]) for u in names}
    eligible = [u for u in entries if entries[u][2]]
    before, after = placed(entries), placed(changed)
    assert [after[u] for u in eligible] == [before[u] for u in eligible]


METHODS = st.sampled_from(["min_max", "of_best", "rank", "percentile"])


@FEWER
@given(METHODS, st.sampled_from(["higher", "lower"]), st.lists(st.integers(1, 30), min_size=2, max_size=6, unique=True))
def test_peers_are_the_definition_in_fractions(method: str, direction: str, pool: list[int]) -> None:
    text = " ".join(map(str, pool))
    best, worst = (max(pool), min(pool)) if direction == "higher" else (min(pool), max(pool))
    for one in pool:
        better = sum(n > one if direction == "higher" else n < one for n in pool)
        share = {
            "min_max": Fraction(one - worst, best - worst),
            "of_best": Fraction(one, best) if direction == "higher" else Fraction(best, one),
            "rank": Fraction(len(pool) - 1 - better, len(pool) - 1),
            "percentile": Fraction(len(pool) - better, len(pool)),
        }[method]
        node = node_of(peer(method, direction=direction, places=10), standing(str(one), text))
        assert node.points is not None
        assert abs(Fraction(node.points) - 12 * share) <= Fraction(1, 2 * 10**10)


def test_the_page_on_scoring_gives_these_numbers() -> None:
    page = (Path(__file__).parents[2] / "docs/explanation/scoring.md").read_text(encoding="utf-8").replace("\n", " ")
    told = re.findall(r"`(\w+)`(?: gives)? (\d+\.\d\d), (\d+\.\d\d) and (\d+\.\d\d)", page)
    assert [method for method, *_ in told] == ["min_max", "of_best", "rank", "percentile"]
    for method, *numbers in told:
        rule = peer(method, points="10")
        assert [points(node_of(rule, standing(one, "50 80 150"))) for one in ("50", "80", "150")] == numbers
