"""Rules, values, marks and peers at random: what the property tests of scoring are tried on."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from ceping.core.exact import text_of
from ceping.core.scheme.rules import Rule

READ: TypeAdapter[Rule] = TypeAdapter(Rule)
NUMBERS, WORD = "abcd", "w"
OPS = ["==", "!=", ">=", ">", "<=", "<"]


def decimals(least: int, most: int, places: int = 2) -> st.SearchStrategy[str]:
    return st.decimals(least, most, places=places, allow_nan=False).map(text_of)


NUMBER = st.sampled_from(NUMBERS)
SMALL = decimals(-20, 20)
ABOVE = decimals(1, 30)
PLACES = st.sampled_from([0, 1, 2, 2, 2, 4])
COMPARISON = st.builds(
    lambda metric, op, value: {"metric": metric, "op": op, "value": value}, NUMBER, st.sampled_from(OPS), SMALL
)
CONDITION = st.recursive(
    COMPARISON,
    lambda inner: (
        st.builds(lambda p: {"not": p}, inner)
        | st.builds(
            lambda form, parts: {form: parts}, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)
        )
    ),
    max_leaves=4,
)


def table(kind: str, **keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), "places": PLACES, **keys})


def steps_of(pairs: dict[tuple[str, str], str]) -> list[dict[str, str]]:
    return [{"at": at, "edge": edge, "points": points} for (at, edge), points in pairs.items()]


STEPS = st.dictionaries(st.tuples(SMALL, st.sampled_from(["inclusive", "exclusive"])), SMALL, min_size=1, max_size=4)
CHOICES = st.dictionaries(st.sampled_from(["甲", "乙", "丙"]), SMALL, min_size=1).map(
    lambda pairs: [{"value": value, "points": points} for value, points in pairs.items()]
)
COUNT = table("count", metric=NUMBER, points=SMALL, every=ABOVE, free=decimals(0, 9), floor=SMALL, cap=SMALL)
DIRECTION = st.sampled_from(["higher", "lower"])
TIER = table("tier", metric=NUMBER, direction=DIRECTION, default=SMALL, steps=STEPS.map(steps_of))
WORDS = table("tier", metric=st.just(WORD), default=SMALL, choices=CHOICES)
RATIO = table("ratio", metric=NUMBER, target=ABOVE, points=SMALL, inverse=st.booleans())
SLOPED = table("ratio", metric=NUMBER, target=ABOVE, points=SMALL, slope_below=SMALL, slope_above=SMALL)
FLAG = table("flag", when=CONDITION, points=SMALL, otherwise=SMALL)
VIOLATION = st.fixed_dictionaries({"metric": NUMBER, "points": SMALL, "group": st.sampled_from(["", "", "0", "1"])})
DEDUCT = table(
    "deduct",
    start=SMALL,
    floor=SMALL,
    largest_only=st.booleans(),
    violations=st.lists(VIOLATION, min_size=1, max_size=3),
)
AGGREGATE = st.sampled_from(["mean", "median", "trimmed_mean"])
JUDGE = table("judge", max=ABOVE, step=st.just("0.5"), raters=st.integers(1, 3), aggregate=AGGREGATE)
AMONG = st.sampled_from(["all", "category"])
PEER = table(
    "peer",
    metric=NUMBER,
    method=st.sampled_from(["min_max", "of_best", "rank", "percentile"]),
    among=AMONG,
    direction=DIRECTION,
    points=ABOVE,
    alone=st.none() | SMALL,
)
LEAF = COUNT | TIER | WORDS | RATIO | SLOPED | FLAG | DEDUCT | PEER


def named(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [part | {"id": f"p{number}"} for number, part in enumerate(parts, 1)]


COMBINE = st.sampled_from(["sum", "mean", "best", "worst", "latest"])
PERIOD_MISSING = st.sampled_from(["zero", "drop", "refuse"])


def combined(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    parts = st.lists(inner, min_size=2, max_size=3).map(named)
    limit = st.none() | SMALL
    weights = st.lists(st.tuples(ABOVE, ABOVE), min_size=3, max_size=3)
    weighted = st.builds(
        lambda rules, pairs, missing, places: {
            "kind": "weighted",
            "missing": missing,
            "places": places,
            "parts": [{"weight": w, "full": f, "rule": rule} for rule, (w, f) in zip(rules, pairs, strict=False)],
        },
        *(parts, weights, st.sampled_from(["zero", "rescale", "refuse"]), PLACES),
    )
    return (
        table("sum", parts=parts, cap=limit, floor=limit)
        | weighted
        | table("choose", parts=parts)
        | table("choose", parts=parts, by=st.just(WORD))
        | table("period", parts=parts, combine=COMBINE, missing=PERIOD_MISSING, cap=limit)
    )


def combined_or_grown(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    parts = st.lists(inner, min_size=2, max_size=3).map(named)
    grown = st.just("growth")
    return combined(inner) | table("period", parts=parts, combine=grown, missing=PERIOD_MISSING, points=SMALL)


RULES = st.recursive(LEAF | JUDGE, combined_or_grown, max_leaves=5).map(READ.validate_python)
MARK = st.builds(
    lambda mark, coefficient: (Decimal(mark), coefficient and Decimal(coefficient)),
    *(decimals(0, 30, 1), st.none() | decimals(0, 1)),
)
MARKS = st.lists(MARK, max_size=5)
GIVEN = st.fixed_dictionaries(
    {name: st.none() | decimals(-50, 300, 3).map(Decimal) for name in NUMBERS}
    | {WORD: st.sampled_from([None, "甲", "p1", "p2"])}
)
POOL = st.lists(decimals(-50, 300, 1).map(Decimal), max_size=4)
# Peers that hold the value or do not, of every metric, in the season and in the category.
POOLS = st.fixed_dictionaries({(name, among): POOL for name in NUMBERS for among in ("all", "category")})
