"""Decimals and rounding: the only door through which numbers that count come in, are worked on, and go out."""

import re
from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

# 50 digits hold every sum and product of a season without loss; what cannot be exact raises instead of passing on.
CONTEXT = Context(
    prec=50, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation, DivisionByZero, Overflow]
)
# Four digits fewer than are worked with: what a division cut off must not push a half below the half.
_SETTLED = Context(prec=46, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[InvalidOperation, Overflow])
PLACES = 2
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,23})(?:\.[0-9]{1,20})?", re.ASCII)


class NotANumber(ValueError):
    """The text is no plain decimal: digits, at most one point, at most one leading minus."""


def decimal_of(text: str) -> Decimal:
    """The exact value of a plain decimal such as `12`, `-0.5` or `3.70`; raises NotANumber for anything else."""
    if _NUMBER.fullmatch(text) is None:
        raise NotANumber(text)
    value = Decimal(text)
    return value or value.copy_abs()


def rounded(value: Decimal, places: int = PLACES) -> Decimal:
    """The value at so many places, halves away from zero; never a negative zero."""
    result = _SETTLED.plus(value).quantize(Decimal(1).scaleb(-places), context=CONTEXT)
    return result or result.copy_abs()


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum; zero for nothing."""
    result = Decimal(0)
    for value in values:
        result = CONTEXT.add(result, value)
    return result


def product(left: Decimal, right: Decimal) -> Decimal:
    """Left times right, to 50 digits."""
    return CONTEXT.multiply(left, right)


def quotient(value: Decimal, by: Decimal) -> Decimal:
    """Value divided by `by`, to 50 digits; raises decimal.DivisionByZero or InvalidOperation when `by` is zero."""
    return CONTEXT.divide(value, by)


def text_of(value: Decimal | int) -> str:
    """The value as people write it: no exponent, and no trailing zeros unless it was rounded to them."""
    return format(Decimal(value), "f")


def short_text_of(value: Decimal | int) -> str:
    """The value without trailing zeros: `7.50` as `7.5`, `100` as `100`."""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
