"""How many values spread: quartiles by linear interpolation, and counts in bins of equal width."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from ceping.core.exact import CONTEXT, product, quotient, rounded, short_text_of, text_of, total
from ceping.documents.page_content import Bin, Spread

_BINS = 20


def spread_of(values: Sequence[Decimal], *, places: int) -> Spread | None:
    """The spread of the values, each number at so many places; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    least, lower, median, upper, most = (text_of(rounded(_quantile(ordered, part), places)) for part in range(5))
    return Spread(len(ordered), least, lower, median, upper, most)


def _quantile(ordered: Sequence[Decimal], quarters: int) -> Decimal:
    """The value at so many quarters of the way from the first to the last, between two neighbours in proportion."""
    place, rest = divmod((len(ordered) - 1) * quarters, 4)
    if not rest:
        return ordered[place]
    step = CONTEXT.subtract(ordered[place + 1], ordered[place])
    return CONTEXT.add(ordered[place], quotient(product(step, Decimal(rest)), Decimal(4)))


def mean_of(values: Sequence[Decimal], *, places: int) -> str:
    """The mean at so many places; a dash of nothing."""
    return text_of(rounded(quotient(total(values), Decimal(len(values))), places)) if values else "—"


def bins_of(values: Sequence[Decimal], *, full: Decimal) -> tuple[Bin, ...]:
    """Counts in bins of a twentieth of the full marks, from the bin of the least value to that of the most.

    Full marks themselves belong to the bin that ends with them.
    """
    if not values or full <= 0:
        return ()
    width = quotient(full, Decimal(_BINS))
    numbers = [_bin(value, width, full) for value in values]
    edges = range(min(numbers), max(numbers) + 2)
    texts = {edge: short_text_of(product(Decimal(edge), width)) for edge in edges}
    return tuple(Bin(texts[edge], texts[edge + 1], numbers.count(edge)) for edge in edges[:-1])


def _bin(value: Decimal, width: Decimal, full: Decimal) -> int:
    if value == full:
        return _BINS - 1
    return int(quotient(value, width).to_integral_value(rounding=ROUND_FLOOR))


def share_of(score: Decimal, full: Decimal) -> Decimal:
    """What the score is of the full marks, in per cent."""
    return quotient(product(score, Decimal(100)), full)
