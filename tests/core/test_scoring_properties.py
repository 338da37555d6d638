"""Whatever the rule and the values: bounds hold, order is nothing, missing is not zero, a trace can be replayed."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ceping.core.assessment import Adjudication, Mark, judged
from ceping.core.exact import rounded
from ceping.core.scheme.bounds import bounds_of
from ceping.core.scheme.rules import Judge, Peer, Period, Rule, Sum, Weighted, judge_in, parts_of, rules_in
from ceping.core.scheme.scoring import score
from ceping.core.scheme.values import Judged, MetricValue, Peers, Values, Which
from ceping.core.scheme.words import rule_in_words
from tests.factories.rules import (
    ABOVE,
    COUNT,
    DEDUCT,
    GIVEN,
    JUDGE,
    MARKS,
    PEER,
    POOLS,
    RATIO,
    READ,
    RULES,
    SLOPED,
    STEPS,
    WORD,
    combined,
    combined_or_grown,
    decimals,
    steps_of,
    table,
)

# Rules are dear to make: half of the usual examples, whatever is usual.
FEWER = settings(max_examples=settings.default.max_examples // 2)


def values_of(
    given_values: dict[str, Any],
    marks: Judged | None = None,
    pools: dict[tuple[str, str], list[Decimal]] | None = None,
) -> Values:
    found = {name: MetricValue(name, Which.VERIFIED, value) for name, value in given_values.items()}
    peers = {
        (name, among): Peers(
            len(pool),
            min(pool),
            max(pool),
            above=sum(one > given_values[name] for one in pool),
            below=sum(one < given_values[name] for one in pool),
        )
        for (name, among), pool in (pools or {}).items()
        if pool and given_values[name] is not None
    }
    return Values(found, {"item": marks} if marks else {}, peers)


def judged_of(rule: Rule, marks: list[tuple[Decimal, Decimal | None]], settled: str | None) -> Judged | None:
    judge = judge_in(rule)
    if judge is None:
        return None
    rows = [Mark(f"A{number:02}", *mark) for number, mark in enumerate(marks)]
    return judged(judge, rows, None if settled is None else Adjudication(Decimal(settled), "L1", "裁定"))


def nodes_in(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("parts", ()):
        yield from nodes_in(part)


def replayed(rule: Rule, trace: dict[str, Any]) -> Values:
    """Values rebuilt from the words of a trace and nothing else."""
    found: dict[str, MetricValue] = {}
    marks: list[Mark] = []
    settled = None
    for entry in (entry for node in nodes_in(trace) for entry in node.get("inputs", ())):
        name, text = entry["name"], entry["value"]
        kind, _, who = name.partition(":")
        if kind == "peers":
            continue
        if kind == "mark":
            mark, _, coefficient = text.partition("×")
            marks.append(Mark(who, Decimal(mark), Decimal(coefficient) if coefficient else None))
        elif kind == "adjudication":
            settled = Adjudication(Decimal(text), who, "裁定")
        else:
            value = text if text is None or name == WORD else Decimal(text)
            found[name] = MetricValue(name, Which(entry["which"]), value)
    judge = judge_in(rule)
    peers = dict(peers_in(rule, trace))
    return Values(found, {} if judge is None else {"item": judged(judge, list(dict.fromkeys(marks)), settled)}, peers)


def peers_in(rule: Rule, trace: dict[str, Any]) -> Iterator[tuple[tuple[str, str], Peers]]:
    shown = {one["which"]: one["value"] for one in trace.get("inputs", ()) if one["name"].startswith("peers:")}
    if isinstance(rule, Peer) and shown:
        ends = Decimal(shown["least"]), Decimal(shown["most"])
        found = Peers(int(shown["count"]), *ends, above=int(shown["above"]), below=int(shown["below"]))
        yield (rule.metric, rule.among), found
    for part, node in zip(parts_of(rule), trace.get("parts", ()), strict=True):
        yield from peers_in(part, node)


SETTLED = st.none() | decimals(0, 30, 1)


@FEWER
@given(RULES, GIVEN, MARKS, SETTLED, POOLS)
def test_a_trace_replays_to_its_number(
    rule: Rule,
    given_values: dict[str, Any],
    marks: list[tuple[Decimal, Decimal | None]],
    settled: str | None,
    pools: dict[tuple[str, str], list[Decimal]],
) -> None:
    assume(sum(isinstance(inner, Judge) for inner in rules_in(rule)) < 2)
    node = score(rule, values_of(given_values, judged_of(rule, marks, settled), pools), item="item")
    trace = json.loads(json.dumps(node.as_json(), ensure_ascii=False))
    again = score(rule, replayed(rule, trace), item="item").as_json()
    assert numbers_in(again) == numbers_in(trace)


def numbers_in(trace: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(node["node"], node["unrounded"], node["result"]) for node in nodes_in(trace)]


@FEWER
@given(RULES, GIVEN, MARKS, SETTLED, POOLS)
def test_bounds_bound_and_rounding_is_the_nodes_own(
    rule: Rule,
    given_values: dict[str, Any],
    marks: list[tuple[Decimal, Decimal | None]],
    settled: str | None,
    pools: dict[tuple[str, str], list[Decimal]],
) -> None:
    node = score(rule, values_of(given_values, judged_of(rule, marks, settled), pools), item="item")
    assert (node.points is None) == (node.unrounded is None)
    if node.points is None or node.unrounded is None:
        assert node.note
        return
    least, most = bounds_of(rule)
    assert least <= node.points <= most
    assert node.points == rounded(node.unrounded, rule.places)


@FEWER
@given(
    st.recursive(COUNT | RATIO | SLOPED | DEDUCT | JUDGE | PEER, combined_or_grown, max_leaves=5).map(
        READ.validate_python
    )
)
def test_with_nothing_known_only_a_rule_that_says_so_gives_a_number(rule: Rule) -> None:
    node = score(rule, values_of({}), item="item")
    says_so = any(isinstance(inner, Weighted | Period) and inner.missing == "zero" for inner in rules_in(rule))
    assert node.points is None or says_so


@FEWER
@given(RULES, GIVEN, POOLS, st.randoms(use_true_random=False))
def test_the_order_of_parts_steps_choices_and_violations_is_nothing(
    rule: Rule, given_values: dict[str, Any], pools: dict[tuple[str, str], list[Decimal]], chance: Any
) -> None:
    turned = READ.validate_python(shuffled(rule.model_dump(exclude_none=True, by_alias=True), chance))
    values = values_of(given_values, pools=pools)
    assert score(turned, values, item="item").points == score(rule, values, item="item").points


def shuffled(value: Any, chance: Any, *, fixed: bool = False) -> Any:
    if isinstance(value, dict):
        # Of periods the first and the last are what they are by their place.
        fixed = value.get("combine") in ("latest", "growth")
        return {key: shuffled(inner, chance, fixed=fixed and key == "parts") for key, inner in value.items()}
    if isinstance(value, list | tuple):
        rows = [shuffled(inner, chance) for inner in value]
        if not fixed:
            chance.shuffle(rows)
        return rows
    return value


@FEWER
@given(RULES, GIVEN)
def test_printed_parts_add_to_the_printed_sum(rule: Rule, given_values: dict[str, Any]) -> None:
    for inner in rules_in(rule):
        if isinstance(inner, Sum) and inner.cap is None and inner.floor is None and inner.places >= most_places(inner):
            node = score(inner, values_of(given_values), item="item")
            if node.points is not None:
                assert node.points == sum(part.points or 0 for part in node.parts)


def most_places(rule: Rule) -> int:
    return max(part.places for part in parts_of(rule))


RISING = table("count", metric=st.just("a"), points=decimals(0, 9), every=ABOVE, cap=decimals(0, 20)) | table(
    "ratio", metric=st.just("a"), target=ABOVE, points=decimals(0, 20)
)
FALLING = table(
    "ratio", metric=st.just("a"), target=ABOVE, points=decimals(0, 20), inverse=st.sampled_from([True])
) | table("deduct", start=decimals(0, 20), violations=st.just([{"metric": "a", "points": "0.7"}]))


def points_at(rule: Rule, number: Decimal) -> Decimal:
    points = score(rule, values_of({"a": number, WORD: "p1"}), item="item").points
    assert points is not None
    return points


@FEWER
@given(st.recursive(RISING, combined, max_leaves=4).map(READ.validate_python), *(decimals(-5, 300).map(Decimal),) * 2)
def test_more_is_never_worth_less(rule: Rule, one: Decimal, two: Decimal) -> None:
    assert points_at(rule, min(one, two)) <= points_at(rule, max(one, two))


@FEWER
@given(st.recursive(FALLING, combined, max_leaves=4).map(READ.validate_python), *(decimals(-5, 300).map(Decimal),) * 2)
def test_more_of_a_bad_thing_is_never_worth_more(rule: Rule, one: Decimal, two: Decimal) -> None:
    assert points_at(rule, min(one, two)) >= points_at(rule, max(one, two))


@FEWER
@given(STEPS, st.sampled_from(["higher", "lower"]), decimals(-25, 25).map(Decimal))
def test_a_tier_gives_the_furthest_edge_reached(
    pairs: dict[tuple[str, str], str], direction: str, number: Decimal
) -> None:
    rule = READ.validate_python(
        {"kind": "tier", "metric": "a", "direction": direction, "default": "0", "steps": steps_of(pairs)}
    )
    wanted = "0"
    sign = 1 if direction == "higher" else -1
    # Walked from the first edge outwards, an independent reading of the table.
    for (at, edge), points in sorted(
        pairs.items(), key=lambda pair: (sign * Decimal(pair[0][0]), pair[0][1] != "inclusive")
    ):
        past = sign * number > sign * Decimal(at)
        if past or (number == Decimal(at) and edge == "inclusive"):
            wanted = points
    assert points_at(rule, number) == Decimal(wanted)


@FEWER
@given(RULES)
def test_every_rule_can_be_said_in_words(rule: Rule) -> None:
    words = rule_in_words(rule, {})
    assert words
    assert "None" not in words
    assert "E" not in words
