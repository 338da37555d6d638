"""Ranks with ties, and rank intervals against a slow reading of their definition in fractions."""

import hashlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ceping.core.results import Ranked, rank_intervals, ranked

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


def slow_intervals(
    points: dict[str, list[Decimal]], items: list[tuple[str, Decimal, Decimal]], seed: str, draws: int, spread: Decimal
) -> dict[str, tuple[int, int]]:
    """The definition word by word: weights moved, scaled back to their total, scores added, ranks taken."""
    whole = sum(Fraction(weight) for _, weight, _ in items)
    ranks: dict[str, list[int]] = {name: [] for name in points}
    for draw in range(1, draws + 1):
        moved = []
        for key, weight, _ in items:
            digest = hashlib.sha256(f"{seed}:{draw}:{key}".encode()).hexdigest()
            u = Fraction(int(digest[:16], 16), 2**64)
            moved.append(Fraction(weight) * (1 - Fraction(spread) + 2 * Fraction(spread) * u))
        scaled = [weight * whole / sum(moved) for weight in moved]
        totals = {
            name: sum(w * Fraction(p) / Fraction(full) for w, p, (_, _, full) in zip(scaled, row, items, strict=True))
            for name, row in points.items()
        }
        for name, value in totals.items():
            ranks[name].append(1 + sum(other > value for other in totals.values()))
    return {name: (nearest(row, 5), nearest(row, 95)) for name, row in ranks.items()}


def nearest(ranks: list[int], percent: int) -> int:
    # The nearest rank: the smallest value at or below which lie at least so many percent.
    ordered = sorted(ranks)
    return next(value for count, value in enumerate(ordered, 1) if 100 * count >= percent * len(ordered))


POINTS = st.decimals(0, 10, places=2, allow_nan=False)
ITEMS = [("a", Decimal("12.5"), Decimal(10)), ("b", Decimal(30), Decimal(3)), ("c", Decimal("57.50"), Decimal("0.7"))]


@settings(max_examples=settings.default.max_examples // 4)
@given(
    st.dictionaries(st.sampled_from("PQRSTUV"), st.lists(POINTS, min_size=3, max_size=3), max_size=7),
    *(st.text(max_size=4), st.integers(1, 23), st.sampled_from(["0", "0.2", "0.35", "0.999"])),
)
def test_intervals_are_those_of_the_definition(
    points: dict[str, list[Decimal]], seed: str, draws: int, spread: str
) -> None:
    found = rank_intervals(
        points,
        keys=[key for key, _, _ in ITEMS],
        weights=[weight for _, weight, _ in ITEMS],
        fulls=[full for _, _, full in ITEMS],
        seed=seed,
        draws=draws,
        spread=Decimal(spread),
    )
    assert found == slow_intervals(points, ITEMS, seed, draws, Decimal(spread))


def test_a_clear_winner_stays_first_and_equals_share() -> None:
    points = {"A": [Decimal(10)] * 3, "B": [Decimal(5)] * 3, "C": [Decimal("5.00")] * 3}
    settings_of = {"keys": ["a", "b", "c"], "weights": [Decimal(1)] * 3, "fulls": [Decimal(10)] * 3, "seed": "s"}
    found = rank_intervals(points, draws=50, spread=Decimal("0.2"), **settings_of)  # type: ignore[arg-type]
    assert found == {"A": (1, 1), "B": (2, 2), "C": (2, 2)}
