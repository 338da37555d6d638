"""Where each value of a metric comes from, what makes it missing, and that a walk over a season keeps no order."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.assessment import Adjudication, Mark
from ceping.core.evaluation import Decision, Entry, Settings, ShopCounts, Verified, evaluate
from ceping.core.evaluation.trace import result_json
from ceping.core.evaluation.values import NO_SHOP, metric_values, used
from ceping.core.exact import quotient
from ceping.core.names import normalised
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.metrics import Metric
from ceping.core.scheme.values import MetricValue, Which
from ceping.core.verification import Call, Rate, Verification

CLIENTS = [{"name": "上海甲（集团）有限公司"}, {"name": "上海甲(集团)有限责任公司 "}, {"name": "乙厂"}, {"name": " "}]
SHOP = ShopCounts({"order.completed": 7}, {"product_count": 3, "decorated": 1}, 1234, 6, "一钻")
NOTHING = Entry("U", "某", "startup")
FULL = replace(
    NOTHING,
    answers={"n": "12", "word": "大", "blank": "\u200b", "odd": "约12"},
    tables={
        "clients": CLIENTS,
        "money": [{"x": "1.5", "k": "a"}, {"x": "2", "k": "b"}, {"x": "", "k": ""}],
        "none": [],
    },
    shop=SHOP,
    verified={"m": Verified(Decimal(9), "核", "A1", "verified.csv:2")},
    evidence=["genuine", "false", "genuine"],
    external={"credit": "no"},
    listed=frozenset({normalised("上海甲（集团）有限公司"), normalised("丙厂")}),
)
RATED = Rate(3, 4, Decimal("0.75"), Decimal("0.3006"), Decimal("0.9544"))
UNRATED = Rate(0, 0, None, None, None)
CALLS = Verification((), {}, RATED, UNRATED, RATED, RATED, None)


def metric(**keys: Any) -> Metric:
    return Metric.model_validate({"title": "m", "use": "claimed", **keys})


def scheme_of(**metrics: Metric) -> Any:
    return SimpleNamespace(indicators=SimpleNamespace(metrics=metrics))


def claimed(entry: Entry, source: dict[str, Any], calls: Verification | None = None, **keys: Any) -> MetricValue:
    return metric_values(scheme_of(m=metric(claimed=source, **keys)), entry, calls)["m"][Which.CLAIMED]


@pytest.mark.parametrize(
    ("source", "keys", "value", "note"),
    [
        ({"kind": "field", "field": "n"}, {}, Decimal(12), ""),
        ({"kind": "field", "field": "word"}, {"type": "choice"}, "大", ""),
        ({"kind": "field", "field": "blank"}, {}, None, ""),
        ({"kind": "field", "field": "odd"}, {}, None, ""),
        ({"kind": "field", "field": "gone"}, {}, None, ""),
        ({"kind": "rows", "table": "clients"}, {}, Decimal(3), ""),
        ({"kind": "rows", "table": "none"}, {}, Decimal(0), ""),
        ({"kind": "rows", "table": "gone"}, {}, None, ""),
        ({"kind": "rows", "table": "money", "where": {"column": "k", "one_of": ["a", "c"]}}, {}, Decimal(1), ""),
        ({"kind": "distinct", "table": "clients", "column": "name"}, {}, Decimal(2), ""),
        ({"kind": "distinct", "table": "gone", "column": "name"}, {}, None, ""),
        ({"kind": "sum", "table": "money", "column": "x"}, {}, Decimal("3.5"), ""),
        ({"kind": "sum", "table": "money", "column": "k"}, {}, None, "表中有不是数字的格"),
        ({"kind": "sum", "table": "money", "column": "y"}, {}, None, "表中有空格"),
        ({"kind": "sum", "table": "none", "column": "x"}, {}, Decimal(0), ""),
        ({"kind": "sum", "table": "gone", "column": "x"}, {}, None, ""),
        ({"kind": "shop", "rules": ["order.completed", "reply"]}, {}, Decimal(7), ""),
        ({"kind": "shop", "rules": ["order.completed"], "facts": ["product_count"]}, {}, Decimal(10), ""),
        ({"kind": "shop", "facts": ["product_count", "activity_count"]}, {}, None, ""),
        ({"kind": "shop", "of": "points"}, {}, Decimal(1234), ""),
        ({"kind": "shop", "of": "level"}, {}, Decimal(6), "一钻"),
        ({"kind": "evidence", "verdict": "genuine", "measure": "share"}, {}, quotient(Decimal(2), Decimal(3)), "2/3"),
        ({"kind": "evidence", "verdict": "doubtful", "measure": "count"}, {}, Decimal(0), "0/3"),
        ({"kind": "external", "check": "credit"}, {"type": "yes_no"}, "no", ""),
        ({"kind": "external", "check": "other"}, {"type": "yes_no"}, None, ""),
        ({"kind": "listed", "table": "clients", "column": "name"}, {}, Decimal(1), ""),
        ({"kind": "calls", "rate": "verification"}, {}, Decimal("0.75"), "3/4，区间 0.3006–0.9544"),
        ({"kind": "calls", "rate": "satisfaction"}, {}, None, "0/0"),
    ],
)
def test_each_source(source: dict[str, Any], keys: dict[str, Any], value: Decimal | str | None, note: str) -> None:
    found = claimed(FULL, source, CALLS, **keys)
    assert (found.value, found.note) == (value, note)


@pytest.mark.parametrize("kind", ["field", "rows", "distinct", "sum", "evidence", "external", "listed", "calls"])
def test_of_nothing_known_nothing_is_made(kind: str) -> None:
    keys: dict[str, dict[str, Any]] = {
        "field": {"field": "n"},
        "evidence": {"verdict": "false", "measure": "count"},
        "external": {"check": "credit"},
        "calls": {"rate": "verification"},
        "rows": {"table": "t"},
    }
    found = claimed(NOTHING, {"kind": kind, **keys.get(kind, {"table": "t", "column": "c"})})
    assert found.value is None


def test_no_list_is_missing_and_an_empty_list_is_none() -> None:
    source = {"kind": "listed", "table": "clients", "column": "name"}
    assert claimed(replace(FULL, listed=None), source).value is None
    assert claimed(replace(FULL, listed=frozenset()), source).value == 0


@pytest.mark.parametrize(
    "source", [{"rules": ["reply"]}, {"facts": ["activity_count"]}, {"of": "level"}, {"of": "points"}]
)
def test_no_shop_is_nought_with_a_note_and_an_unknown_shop_is_missing(source: dict[str, Any]) -> None:
    found = claimed(NOTHING, {"kind": "shop", **source})
    assert (found.value, found.note) == (0, NO_SHOP)
    assert claimed(replace(NOTHING, shop_known=False), {"kind": "shop", **source}).value is None


@pytest.mark.parametrize(
    ("over", "under", "value"), [("1", "3", quotient(Decimal(1), Decimal(3))), ("0", "3", Decimal(0)), ("1", "0", None)]
)
def test_a_quotient_of_each_of_the_three_values(over: str, under: str, value: Decimal | None) -> None:
    fields = {name: metric(claimed={"kind": "field", "field": name}) for name in "ou"}
    scheme = scheme_of(r=metric(quotient={"over": "o", "under": "u"}), **fields)
    entry = replace(
        NOTHING, answers={"o": over, "u": under}, verified={"o": Verified(Decimal(4)), "u": Verified(Decimal(8))}
    )
    found = metric_values(scheme, entry, None)
    assert list(found) == ["r", "o", "u"]
    assert found["r"][Which.CLAIMED].value == value
    assert found["r"][Which.VERIFIED].value == Decimal("0.5")
    assert found["r"][Which.PLATFORM].value is None
    assert ("除数为零" in found["r"][Which.CLAIMED].note) == (under == "0")


def test_the_scheme_says_which_value_counts() -> None:
    source = {"kind": "field", "field": "n"}
    for use, value in (("claimed", Decimal(12)), ("verified", Decimal(9)), ("platform", None)):
        scheme = scheme_of(m=metric(claimed=source, use=use))
        assert used(scheme, metric_values(scheme, FULL, None)).metric("m").value == value


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    found, _ = load("shanghai-2021")
    assert found is not None
    outcome = found.outcome.model_copy(update={"robustness": found.outcome.robustness.model_copy(update={"draws": 20})})
    return replace(found, outcome=outcome)


def season(scheme: Scheme, count: int) -> list[Entry]:
    entries = []
    for number in range(1, count + 1):
        marks = {
            item.key: [Mark("A2", Decimal(number % 3 + 6)), Mark("A1", Decimal(number % 2 + 6))]
            for item in scheme.scored
            if item.judge
        }
        keys = [f"C{client:04}" for client in range(1, 41)]
        calls = {key: [Call(key, 1, "10", {"q_satisfaction": "5"}, source=f"calls.csv:{key}")] for key in keys[:35]}
        numbers = {
            "distinct_clients": 50,
            "fulltime_count": 9 + number,
            "qualified_count": 7,
            "specialised_clients": number,
        }
        verified = {name: Verified(Decimal(value), source=f"verified.csv:{name}") for name, value in numbers.items()}
        entries.append(
            Entry(
                f"U{number}",
                f"机构{number}",
                "legal" if number % 2 else "ip",
                verified=verified,
                evidence=["genuine", "genuine"],
                client_keys=keys,
                calls=calls,
                marks=marks,
                adjudications={"licence": Adjudication(Decimal(8), "L1", "定")} if number == 2 else {},
                decisions=[Decision("waiver", "fifty-clients", "waive", "因", "organiser")],
            )
        )
    return entries


SETTINGS = Settings("seed-1", "seed-2")


@settings(max_examples=settings.default.max_examples // 4)
@given(chance=st.randoms())
def test_the_order_of_entries_and_of_what_they_hold_is_nothing(scheme: Scheme, chance: Any) -> None:
    entries = season(scheme, 4)
    mixed = []
    for entry in entries:
        marks = {key: chance.sample(list(rows), len(rows)) for key, rows in entry.marks.items()}
        keys = chance.sample(list(entry.client_keys), len(entry.client_keys))
        called = dict(chance.sample(list(entry.calls.items()), len(entry.calls)))
        mixed.append(replace(entry, marks=marks, client_keys=keys, calls=called))
    chance.shuffle(mixed)
    first, second = evaluate(scheme, entries, SETTINGS), evaluate(scheme, mixed, SETTINGS)
    assert [result_json(scheme, one) for one in first.results] == [result_json(scheme, one) for one in second.results]


def test_one_changed_mark_changes_the_numbers_whose_traces_name_it_and_no_other(scheme: Scheme) -> None:
    before = evaluate(scheme, season(scheme, 3), SETTINGS)
    entries = season(scheme, 3)
    changed = {**entries[0].marks, "materials": [Mark("A1", Decimal(9)), Mark("A2", Decimal(9))]}
    after = evaluate(scheme, [replace(entries[0], marks=changed), *entries[1:]], SETTINGS)
    for one, two in zip(before.results, after.results, strict=True):
        found, again = result_json(scheme, one), result_json(scheme, two)
        moved = {key for key in found["scores"] if found["scores"][key] != again["scores"][key]}  # type: ignore[index,attr-defined]
        assert moved == ({"materials"} if one.entry.uscc == "U1" else set())
        assert (found["total"] != again["total"]) == (one.entry.uscc == "U1")
    assert after.complete


def test_the_keys_of_a_result_stand_in_their_order_and_every_item_names_its_clause(scheme: Scheme) -> None:
    [result] = evaluate(scheme, season(scheme, 1), SETTINGS).results
    found = result_json(scheme, result)
    assert list(found) == [
        *("uscc", "name", "category", "gates", "scores", "total", "grade", "rank", "rank_in_category"),
        *("rank_interval", "vetoes", "trace"),
    ]
    trace: Any = found["trace"]
    waiting = [item["rule"] for item in trace["items"].values()]
    assert len(waiting) == 14
    while waiting:
        node = waiting.pop()
        assert node["clause"].startswith("附件1")
        assert ("inputs" in node) != ("parts" in node)
        waiting += node.get("parts", [])


def test_what_is_missing_keeps_from_ranking_and_the_rest_stands(scheme: Scheme) -> None:
    entries = season(scheme, 3)
    found = evaluate(scheme, [replace(entries[0], evidence=[]), *entries[1:]], SETTINGS)
    assert [result.ranks.rank for result in found.results] == [None, 1, 2]
    assert found.results[0].firmness is None
    assert not found.complete
