"""Ranks with ties, and how firm they are against a slow reading of the definition in fractions."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.results import Firmness, Ranked, Setting, Tried, firmness, grade_of, ranked
from ceping.core.results.robustness import totals_without
from ceping.core.scheme.outcome import Band

TOTALS = {"A": Decimal("90.00"), "B": Decimal("80.00"), "C": Decimal(80), "D": Decimal("70.5"), "E": None}
CATEGORIES = {"A": "x", "B": "y", "C": "x", "D": "x", "E": "y"}


@pytest.mark.parametrize(
    ("ties", "overall", "within"), [("shared", [1, 2, 2, 4], [1, 1, 2, 3]), ("dense", [1, 2, 2, 3], [1, 1, 2, 3])]
)
def test_ties_share_a_rank(ties: str, overall: list[int], within: list[int]) -> None:
    found = ranked(TOTALS, CATEGORIES, ties=ties)
    wanted = {uscc: Ranked(*pair) for uscc, pair in zip("ABCD", zip(overall, within, strict=True), strict=True)}
    assert found == wanted | {"E": Ranked(None, None)}


def test_nobody_ranks_where_nobody_takes_part() -> None:
    assert ranked({}, {}, ties="shared") == {}
    assert ranked({"E": None}, {"E": "x"}, ties="dense") == {"E": Ranked(None, None)}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 5).map(Decimal) | st.none(), max_size=12), st.randoms())
def test_one_more_than_those_who_are_better(totals: dict[str, Decimal | None], chance: object) -> None:
    names = list(totals)
    chance.shuffle(names)  # type: ignore[attr-defined]
    found = ranked({name: totals[name] for name in names}, dict.fromkeys(totals, "x"), ties="shared")
    present = [value for value in totals.values() if value is not None]
    for name, value in totals.items():
        better = None if value is None else 1 + sum(other > value for other in present)
        assert found[name] == Ranked(better, better)


def rounded_half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


def slow_totals(tried: Mapping[str, Tried], setting: Setting, factors: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Weights moved, scaled back to their total for the items one is scored on, scores added, the cap kept."""
    totals = {}
    for name, one in tried.items():
        moved = {key: Fraction(setting.weights[key]) * factors[key] for key in one.points}
        whole = Fraction(setting.whole) / sum(moved.values())
        base = sum(moved[k] * whole * Fraction(p) / Fraction(setting.fulls[k]) for k, p in one.points.items())
        total = base + Fraction(one.extra)
        totals[name] = total if setting.cap is None else min(total, Fraction(setting.cap))
    return totals


def slow_firmness(
    tried: Mapping[str, Tried], setting: Setting, seed: str, draws: int, spread: Decimal
) -> dict[str, Firmness]:
    """The definition word by word, in fractions."""

    def band(total: Fraction) -> str:
        value = rounded_half_up(total, setting.places)
        return grade_of(setting.bands, Decimal(value.numerator) / Decimal(value.denominator))

    ranks: dict[str, list[int]] = {name: [] for name in tried}
    changes = dict.fromkeys(tried, 0)
    base = slow_totals(tried, setting, dict.fromkeys(setting.weights, Fraction(1)))
    for draw in range(1, draws + 1):
        factors = {}
        for key in setting.weights:
            u = Fraction(int(hashlib.sha256(f"{seed}:{draw}:{key}".encode()).hexdigest()[:16], 16), 2**64)
            factors[key] = 1 - Fraction(spread) + 2 * Fraction(spread) * u
        totals = slow_totals(tried, setting, factors)
        for name, value in totals.items():
            ranks[name].append(1 + sum(other > value for other in totals.values()))
            changes[name] += band(value) != band(base[name])
    return {name: Firmness(nearest(row, 5), nearest(row, 95), changes[name]) for name, row in ranks.items()}


def nearest(ranks: list[int], percent: int) -> int:
    # The nearest rank: the smallest value at or below which lie at least so many percent.
    ordered = sorted(ranks)
    return next(value for count, value in enumerate(ordered, 1) if 100 * count >= percent * len(ordered))


POINTS = st.decimals(0, 10, places=2, allow_nan=False)
BANDS = (
    Band(grade="上", above=Decimal("66.66")),
    Band(grade="中", at_least=Decimal("33.335"), at_most=Decimal("66.66")),
    Band(grade="下", below=Decimal("33.335")),
)


def setting_with(cap: Decimal | None = None) -> Setting:
    return Setting(
        whole=Decimal(100),
        weights={"a": Decimal("12.5"), "b": Decimal(30), "c": Decimal("57.50")},
        fulls={"a": Decimal(10), "b": Decimal(3), "c": Decimal("0.7")},
        cap=cap,
        places=2,
        bands=BANDS,
    )


def row_of(keys: str) -> st.SearchStrategy[Tried]:
    points = st.fixed_dictionaries(dict.fromkeys(keys, POINTS))
    return st.builds(Tried, points, st.decimals(0, 5, places=2, allow_nan=False))


# Two cohorts: one is scored on all items, one on the last two alone.
ROWS = st.dictionaries(st.sampled_from("PQRSTUV"), row_of("abc") | row_of("bc"), max_size=7)


@settings(max_examples=settings.default.max_examples // 4)
@given(
    ROWS,
    *(st.text(max_size=4), st.integers(1, 23), st.sampled_from(["0", "0.2", "0.35", "0.999"])),
    st.none() | st.decimals(1, 60, places=2, allow_nan=False),
)
def test_firmness_is_that_of_the_definition(
    tried: dict[str, Tried], seed: str, draws: int, spread: str, cap: Decimal | None
) -> None:
    setting = setting_with(cap)
    found = firmness(tried, setting, seed=seed, draws=draws, spread=Decimal(spread))
    assert found == slow_firmness(tried, setting, seed, draws, Decimal(spread))


@given(ROWS, st.sampled_from("abc"))
def test_one_item_left_out_shares_its_weight(tried: dict[str, Tried], left: str) -> None:
    setting = setting_with()
    found = totals_without(tried, setting, left)
    factors = {key: Fraction(int(key != left)) for key in setting.weights}
    wanted = {name: rounded_half_up(value, 2) for name, value in slow_totals(tried, setting, factors).items()}
    assert {name: None if value is None else Fraction(value) for name, value in found.items()} == wanted


def test_who_has_no_other_item_has_no_total_without_it() -> None:
    tried = {"A": Tried({"a": Decimal(10)}, Decimal(0)), "B": Tried({"b": Decimal(3)}, Decimal(1))}
    assert totals_without(tried, setting_with(), "a") == {"A": None, "B": Decimal("101.00")}


def test_a_clear_winner_stays_first_and_equals_share() -> None:
    rows = {"A": Decimal(10), "B": Decimal(5), "C": Decimal("5.00")}
    tried = {name: Tried(dict.fromkeys("abc", points), Decimal(0)) for name, points in rows.items()}
    setting = replace(setting_with(), fulls=dict.fromkeys("abc", Decimal(10)))
    found = firmness(tried, setting, seed="s", draws=50, spread=Decimal("0.2"))
    assert found == {"A": Firmness(1, 1, 0), "B": Firmness(2, 2, 0), "C": Firmness(2, 2, 0)}


def test_a_scheme_of_gates_alone_says_nothing_of_firmness() -> None:
    setting = replace(setting_with(), weights={}, fulls={}, whole=Decimal(0))
    assert firmness({"A": Tried({}, Decimal(0))}, setting, seed="s", draws=5, spread=Decimal("0.2")) == {}
