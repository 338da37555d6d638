"""Institutions of two cohorts in one season: each on its own items, peers among their like, quotas, bonus and caps."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.evaluation import Entry, Outcome, Result, evaluate
from ceping.core.evaluation.trace import result_json
from ceping.core.exact import text_of
from tests.factories.synthetic import SETTINGS, entry_of, synthetic

FEWER = settings(max_examples=settings.default.max_examples // 4)
SCHEME = synthetic("jiangsu-index")
FULL = {
    "service_income": "60",
    "income": "100",
    "clients": "200",
    "first_half": "10",
    "second_half": "10",
    "satisfied": "0.95",
    "good_2019": "0",
    "good_2020": "0",
    "national": "no",
    "relief": "0",
}
CENTRE, PRIVATE = FULL | {"counties": "10"}, FULL | {"income_before": "80"}


def centre(uscc: str, **values: str) -> Entry:
    return entry_of(uscc, "centre", CENTRE | values)


def private(uscc: str, **values: str) -> Entry:
    return entry_of(uscc, "private", PRIVATE | values)


def walked(*entries: Entry) -> Outcome:
    outcome = evaluate(SCHEME, entries, SETTINGS)
    assert outcome.findings == ()
    return outcome


def by_uscc(outcome: Outcome) -> dict[str, Result]:
    return {result.entry.uscc: result for result in outcome.results}


def test_each_is_scored_on_its_own_items_and_no_other() -> None:
    found = by_uscc(walked(centre("A"), private("B"), centre("C", clients="100")))
    scores = {uscc: result_json(SCHEME, result)["scores"] for uscc, result in found.items()}
    bonus = {"nation": "0.00", "steady": "1.00", "charity": "0.00"}
    common = {"reach": "30.00", "events": "30.00", "satisfaction": "20.00"}
    assert scores["A"] == common | {"network": "20.00"} | bonus
    # Alone in its category, and (100 - 80) / 80 is more than a fifth.
    assert scores["B"] == common | {"reach": "15.00", "income-growth": "20.00"} | bonus
    assert scores["C"] == common | {"reach": "15.00", "network": "20.00"} | bonus
    assert {u: text_of(r.standing.total or 0) for u, r in found.items()} == {"A": "101.00", "B": "86.00", "C": "86.00"}
    assert [(r.ranks.rank, r.ranks.rank_in_category) for r in found.values()] == [(1, 1), (2, 1), (2, 2)]


def test_a_value_of_the_other_cohort_is_not_missed() -> None:
    found = by_uscc(walked(entry_of("A", "centre", {k: v for k, v in CENTRE.items() if k != "income_before"})))
    assert found["A"].standing.complete


def test_who_fails_the_gate_is_nobody_s_peer() -> None:
    found = by_uscc(walked(centre("A"), centre("B", clients="100"), centre("C", clients="800", service_income="59.99")))
    assert [found[uscc].standing.grade for uscc in "ABC"] == ["良好", "良好", "不参评"]
    assert [text_of(found[u].standing.items[0].score or 0) for u in "ABC"] == ["30.00", "15.00", "30.00"]
    assert [found[uscc].ranks.rank for uscc in "ABC"] == [1, 2, None]


def test_the_quota_is_of_the_ranked_of_a_category() -> None:
    # Three of ten is the room; the fourth best would be a fifth with the one that failed the gate.
    centres = [centre(f"A{n}", clients=str(200 - n)) for n in range(10)]
    outsiders = [centre("A99", service_income="1"), private("B0"), private("B1")]
    found = by_uscc(walked(*centres, *outsiders))
    best = [uscc for uscc, result in found.items() if result.standing.grade == "优秀"]
    assert best == ["A0", "A1", "A2"]
    steps = [(step.rule, step.grade) for step in found["A3"].standing.steps]
    assert steps == [("bands", "优秀"), ("quota", "良好")]


def test_the_printed_total_is_the_printed_scores_within_the_caps() -> None:
    found = by_uscc(walked(centre("A", national="yes", good_2019="1", good_2020="1", relief="40"), centre("B")))
    shown: dict[str, Any] = result_json(SCHEME, found["A"])
    assert sum(Decimal(score) for score in shown["scores"].values()) == Decimal("108.00")
    assert shown["total"] == "105.00"
    total = shown["trace"]["total"]
    assert (total["bonus"], total["cap"]) == ({"cap": "8", "counted": "8.00"}, "105")
    assert total["parts"] == [*shown["scores"]]


@pytest.mark.parametrize("missing", ["clients", "counties", "national", "good_2019"])
def test_a_missing_value_leaves_no_total(missing: str) -> None:
    left = {name: value for name, value in CENTRE.items() if name != missing}
    found = by_uscc(walked(entry_of("A", "centre", left), centre("B")))
    assert [(r.standing.total is None, r.standing.grade, r.ranks.rank) for r in found.values()] == [
        (True, "不完整", None),
        (False, "良好", 1),
    ]


VALUE = st.fixed_dictionaries(
    {
        "clients": st.integers(0, 50).map(str),
        "first_half": st.integers(0, 12).map(str),
        "satisfied": st.decimals(0, 1, places=2).map(str),
        "counties": st.integers(0, 12).map(str),
        "income_before": st.integers(1, 120).map(str),
        "service_income": st.sampled_from(["59", "60", "100"]),
        "national": st.sampled_from(["yes", "no"]),
        "relief": st.integers(0, 30).map(str),
    }
)
COHORT = st.lists(st.tuples(st.sampled_from(["centre", "private"]), VALUE), min_size=1, max_size=8)


@FEWER
@given(COHORT, st.randoms(use_true_random=False))
def test_whatever_the_season(rows: list[tuple[str, dict[str, str]]], chance: Any) -> None:
    entries = [entry_of(f"U{n}", category, FULL | values) for n, (category, values) in enumerate(rows)]
    outcome = walked(*entries)
    shown = [json.dumps(result_json(SCHEME, result), ensure_ascii=False) for result in outcome.results]
    chance.shuffle(entries)
    again = walked(*entries)
    assert [json.dumps(result_json(SCHEME, result), ensure_ascii=False) for result in again.results] == shown
    # Another failing institution, whatever it holds, changes no number of the others.
    more = walked(*entries, centre("Z", service_income="1", clients="999"))
    assert [json.dumps(result_json(SCHEME, result), ensure_ascii=False) for result in more.results[:-1]] == shown
    for result in outcome.results:
        standing = result.standing
        if not standing.ranks:
            assert standing.grade == "不参评"
            continue
        base = sum(item.score or Decimal(0) for item in standing.items)
        bonus = min(Decimal(8), sum((one.score or Decimal(0) for one in standing.bonuses), Decimal(0)))
        assert standing.total == min(Decimal(105), base + bonus)
    for category in ("centre", "private"):
        ranked = [r for r in outcome.results if r.standing.ranks and r.entry.category == category]
        best = [r for r in ranked if r.standing.grade == "优秀"]
        assert 10 * len(best) <= 3 * len(ranked)


def test_firmness_counts_the_changes_of_band() -> None:
    outcome = walked(centre("A"), centre("B", clients="150", counties="5"))
    firm = {result.entry.uscc: result.firmness for result in outcome.results}
    assert firm["A"] is not None
    assert firm["B"] is not None
    # Full marks everywhere: no weight moves them, and nobody comes before.
    assert (firm["A"].low, firm["A"].high, firm["A"].band_changes) == (1, 1, 0)
    assert (firm["B"].low, firm["B"].high) == (2, 2)


def test_an_item_of_no_cohort_adds_up_for_those_of_none() -> None:
    table = SCHEME.indicators.model_copy(update={"cohorts": SCHEME.indicators.cohorts[:1]})
    assert [item.key for item in table.scored_for("private")] == ["reach", "events", "satisfaction"]
    assert [item.key for item in table.scored_for("centre")] == ["reach", "events", "satisfaction", "network"]
    assert replace(SCHEME, indicators=table).indicators.cohort_of("private") == ""
