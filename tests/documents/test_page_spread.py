"""Quartiles, means and bins against the library of statistics, on any values."""

import statistics
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ceping.documents.page_spread import bins_of, mean_of, share_of, spread_of

TOTALS = st.lists(st.integers(0, 10_000).map(lambda cents: Decimal(cents).scaleb(-2)), min_size=1, max_size=30)


def rounded(value: Fraction) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


@given(TOTALS)
def test_quartiles_are_those_of_linear_interpolation(values: list[Decimal]) -> None:
    spread = spread_of(values, places=2)
    assert spread is not None
    exact = [Fraction(value) for value in values]
    expected = statistics.quantiles(exact, n=4, method="inclusive") if len(exact) > 1 else exact * 3
    assert (spread.lower, spread.median, spread.upper) == tuple(rounded(value) for value in expected)
    assert (spread.count, spread.least, spread.most) == (len(values), rounded(min(exact)), rounded(max(exact)))
    assert mean_of(values, places=2) == rounded(statistics.mean(exact))


@given(TOTALS)
def test_every_total_falls_into_one_bin(values: list[Decimal]) -> None:
    bins = bins_of(values, full=Decimal(100))
    assert sum(one.count for one in bins) == len(values)
    assert [one.high for one in bins[:-1]] == [one.low for one in bins[1:]]
    for one in bins:
        low, high = Decimal(one.low), Decimal(one.high)
        held = [value for value in values if low <= value < high or value == high == 100]
        assert (one.count, high - low) == (len(held), 5)
    assert bins[0].count > 0
    assert bins[-1].count > 0


def test_of_nothing_there_is_nothing() -> None:
    assert (spread_of([], places=2), mean_of([], places=2), bins_of([], full=Decimal(100))) == (None, "—", ())
    assert bins_of([Decimal(1)], full=Decimal(0)) == ()


def test_full_marks_belong_to_the_last_bin_and_more_to_one_beyond() -> None:
    assert [(one.low, one.high, one.count) for one in bins_of([Decimal(100)], full=Decimal(100))] == [("95", "100", 1)]
    assert [one.count for one in bins_of([Decimal(96), Decimal(101)], full=Decimal(100))] == [1, 1]
    assert share_of(Decimal("7.5"), Decimal(10)) == 75
