"""How firm a rank is: ranks under many other weights, drawn from a seed so that anyone can draw them again.

In draw d the weight of item i is multiplied by 1 - spread + 2 x spread x u, where u is the first 16 hexadecimal digits
of SHA-256("seed:d:i") divided by 2^64. Scaling all weights back to their total changes no rank, so it is left out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import lcm
from operator import mul

from ceping.core.exact import product

_UNIT = 1 << 64
_LOW, _HIGH = 5, 95


def rank_intervals(
    points: Mapping[str, Sequence[Decimal]],
    *,
    keys: Sequence[str],
    weights: Sequence[Decimal],
    fulls: Sequence[Decimal],
    seed: str,
    draws: int,
    spread: Decimal,
) -> dict[str, tuple[int, int]]:
    """By uscc the ranks at the 5th and 95th percentile (nearest rank) over the draws; equal totals share the better.

    `points` are each institution's rule points in the order of `keys`, all present. Exact: whole numbers throughout.
    """
    if not points:
        return {}
    usccs = list(points)
    rows = _whole(list(points.values()))
    shares = _whole([weights])[0]
    common = _common(fulls)
    low, width = _unit_range(spread)
    seen: list[list[int]] = [[] for _ in usccs]
    for draw in range(1, draws + 1):
        factors = [
            share * per_full * (low + width * _u(seed, draw, key))
            for key, share, per_full in zip(keys, shares, common, strict=True)
        ]
        totals = [sum(map(mul, row, factors)) for row in rows]
        first: dict[int, int] = {}
        for place, value in enumerate(sorted(totals, reverse=True), 1):
            first.setdefault(value, place)
        for ranks, value in zip(seen, totals, strict=True):
            ranks.append(first[value])
    return {uscc: _interval(sorted(ranks)) for uscc, ranks in zip(usccs, seen, strict=True)}


def _u(seed: str, draw: int, key: str) -> int:
    return int(hashlib.sha256(f"{seed}:{draw}:{key}".encode()).hexdigest()[:16], 16)


def _interval(ranks: Sequence[int]) -> tuple[int, int]:
    def at(percent: int) -> int:
        return ranks[max(-(-percent * len(ranks) // 100), 1) - 1]

    return at(_LOW), at(_HIGH)


def _whole(rows: Sequence[Sequence[Decimal]]) -> list[list[int]]:
    # The same power of ten for all, so that the numbers stay comparable.
    places = max((-int(value.as_tuple().exponent) for row in rows for value in row), default=0)
    scale = Decimal(10) ** max(places, 0)
    return [[int(product(value, scale)) for value in row] for row in rows]


def _common(fulls: Sequence[Decimal]) -> list[int]:
    # One over each full, brought to one denominator: dividing by `full` becomes multiplying by a whole number.
    whole = _whole([fulls])[0]
    multiple = lcm(*whole)
    return [multiple // full for full in whole]


def _unit_range(spread: Decimal) -> tuple[int, int]:
    # 1 - spread + 2 x spread x u with u = n / 2^64, times 2^64 and a power of ten: whole numbers for every n.
    scale = 10 ** max(-int(spread.as_tuple().exponent), 0)
    part = int(product(spread, Decimal(scale)))
    return (scale - part) * _UNIT, 2 * part
