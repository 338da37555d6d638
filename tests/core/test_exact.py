"""Decimals come in exactly or not at all, are rounded half up, and are written without exponents."""

from decimal import Decimal, InvalidOperation, getcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.exact import NotANumber, decimal_of, product, quotient, rounded, short_text_of, text_of, total

PLAIN = st.decimals(-(10**12), 10**12, places=6, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("text", ["0", "-0.5", "3.70", "1" + "0" * 23, "0." + "0" * 19 + "1"])
def test_a_plain_decimal_is_read_as_it_stands(text: str) -> None:
    assert text_of(decimal_of(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "+1", "01", "1.", ".5", "1e3", "1E3", "1_000", "1,000", "１", "①", "٣", "NaN", "Infinity"),
        *("5%", "--1", "1" + "0" * 24, "0." + "0" * 20 + "1", "1\n", "0x1", "1/2"),
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        decimal_of(text)


def test_there_is_no_negative_zero() -> None:
    assert text_of(decimal_of("-0.00")) == "0.00"
    assert text_of(rounded(Decimal("-0.004"))) == "0.00"


@pytest.mark.parametrize(
    ("value", "places", "wanted"),
    [
        *(("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("0.0049999", 2, "0.00"), ("2.675", 2, "2.68")),
        *(("0.5", 0, "1"), ("1.5", 0, "2"), ("2.5", 0, "3"), ("7.4", 2, "7.40")),
    ],
)
def test_halves_go_away_from_zero(value: str, places: int, wanted: str) -> None:
    assert text_of(rounded(Decimal(value), places)) == wanted


@pytest.mark.parametrize(("part", "whole", "times", "wanted"), [(5, 6, "0.03", "0.03"), (13, 120, "3", "0.33")])
def test_what_a_division_cut_off_does_not_push_a_half_below_the_half(
    part: int, whole: int, times: str, wanted: str
) -> None:
    share = quotient(Decimal(part), Decimal(whole))
    assert text_of(rounded(product(share, Decimal(times)))) == wanted


def test_a_half_that_stands_44_digits_deep_is_still_seen() -> None:
    below = Decimal("1" + "0" * 23 + ".00499999999999999999")
    assert text_of(rounded(below)) == "1" + "0" * 23 + ".00"


def test_dividing_by_zero_is_no_number() -> None:
    with pytest.raises((ZeroDivisionError, InvalidOperation)):
        quotient(Decimal(1), Decimal(0))


@given(st.lists(PLAIN, max_size=20), st.randoms())
def test_a_sum_is_exact_in_any_order_and_in_any_context(values: list[Decimal], chance: object) -> None:
    mixed = list(values)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    before = getcontext().prec
    getcontext().prec = 3
    try:
        assert total(mixed) == total(values)
    finally:
        getcontext().prec = before
    assert total(values) * 10**6 == sum(int(value * 10**6) for value in values)


@given(PLAIN, st.integers(0, 4))
def test_rounding_twice_is_rounding_once_and_never_moves_further_than_a_half(value: Decimal, places: int) -> None:
    once = rounded(value, places)
    assert rounded(once, places) == once
    assert abs(once - value) * 2 <= Decimal(1).scaleb(-places)


@given(PLAIN)
def test_short_text_is_the_same_number(value: Decimal) -> None:
    text = short_text_of(value)
    assert Decimal(text) == value
    assert "." not in text or text[-1] not in "0."
