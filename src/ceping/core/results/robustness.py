"""How firm a rank is: ranks and grades under many other weights, drawn from a seed so that anyone can draw them again.

In draw d (from 1) the weight of item i is multiplied by 1 - spread + 2 x spread x u, where u is the first 16
hexadecimal digits of SHA-256("seed:d:i") divided by 2^64; the weights of the items an institution is scored on are then
scaled back to their total. Whole numbers throughout, so that the answer is the same on every machine.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import lcm
from operator import mul

from ceping.core.exact import CONTEXT, product, text_of
from ceping.core.scheme.outcome import Band

_UNIT = 1 << 64
_LOW, _HIGH = 5, 95
# Far finer than two totals of one cohort can differ by: a weight in a draw has some 24 digits, points and full few.
_FINE = 10**45


@dataclass(frozen=True, slots=True)
class Tried:
    """One institution as the trial reads it: rule points by item, and what is added outside the base."""

    points: Mapping[str, Decimal]
    extra: Decimal


@dataclass(frozen=True, slots=True)
class Firmness:
    """What the draws said of one institution.

    `low` and `high` are the 5th and 95th percentile of its ranks (nearest rank), `band_changes` in how many draws its
    total fell into another band.
    """

    low: int
    high: int
    band_changes: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for all: the total weights add to, each item's weight and full marks, cap, places and bands."""

    whole: Decimal
    weights: Mapping[str, Decimal]
    fulls: Mapping[str, Decimal]
    cap: Decimal | None
    places: int
    bands: Sequence[Band]


def firmness(
    tried: Mapping[str, Tried], setting: Setting, *, seed: str, draws: int, spread: Decimal
) -> dict[str, Firmness]:
    """By uscc; equal totals share the better rank. Nothing for a scheme of gates alone, which weighs nothing."""
    if not setting.weights:
        return {}
    cohorts = _cohorts(tried, setting)
    usccs = [uscc for cohort in cohorts for uscc in cohort.usccs]
    low, width = _factor_range(spread)
    edges = _band_edges(setting.bands, setting.places)
    base = [_band(fine, edges) for fine in _totals(cohorts, dict.fromkeys(setting.weights, 1), setting)]
    ranks: list[list[int]] = [[] for _ in usccs]
    changes = [0] * len(usccs)
    for draw in range(1, draws + 1):
        factors = {key: low + width * _u(seed, draw, key) for key in setting.weights}
        totals = _totals(cohorts, factors, setting)
        first: dict[int, int] = {}
        for place, fine in enumerate(sorted(totals, reverse=True), 1):
            first.setdefault(fine, place)
        for index, fine in enumerate(totals):
            ranks[index].append(first[fine])
            changes[index] += _band(fine, edges) != base[index]
    return {uscc: _firmness(sorted(ranks[index]), changes[index]) for index, uscc in enumerate(usccs)}


def totals_without(tried: Mapping[str, Tried], setting: Setting, key: str) -> dict[str, Decimal | None]:
    """By uscc the total as if one item had no weight, the rest scaled back; rounded to the total's places.

    None for who has no other item.
    """
    factors = {name: int(name != key) for name in setting.weights}
    left = {uscc: one for uscc, one in tried.items() if any(factors[name] for name in one.points)}
    cohorts = _cohorts(left, setting)
    usccs = [uscc for cohort in cohorts for uscc in cohort.usccs]
    unit = _FINE // 10**setting.places
    found = {
        uscc: Decimal((2 * fine + unit) // (2 * unit)).scaleb(-setting.places)
        for uscc, fine in zip(usccs, _totals(cohorts, factors, setting), strict=True)
    }
    return {uscc: found.get(uscc) for uscc in tried}


def _u(seed: str, draw: int, key: str) -> int:
    return int(hashlib.sha256(f"{seed}:{draw}:{key}".encode()).hexdigest()[:16], 16)


def _firmness(ranks: Sequence[int], changes: int) -> Firmness:
    def at(percent: int) -> int:
        return ranks[max(-(-percent * len(ranks) // 100), 1) - 1]

    return Firmness(at(_LOW), at(_HIGH), changes)


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Institutions scored on the same items: whole-number shares and divisors by item, and a row of points for each."""

    keys: Sequence[str]
    shares: Sequence[int]
    per_full: Sequence[int]
    scale: int
    usccs: Sequence[str]
    rows: Sequence[Sequence[int]]
    extras: Sequence[int]


def _cohorts(tried: Mapping[str, Tried], setting: Setting) -> list[_Cohort]:
    places = max((_places(value) for one in tried.values() for value in one.points.values()), default=0)
    weight_places = max((_places(weight) for weight in setting.weights.values()), default=0)
    full_places = max((_places(full) for full in setting.fulls.values()), default=0)
    groups: dict[tuple[str, ...], list[str]] = {}
    for uscc, one in tried.items():
        groups.setdefault(tuple(key for key in setting.weights if key in one.points), []).append(uscc)
    cohorts = []
    for keys, usccs in groups.items():
        fulls = [_whole(setting.fulls[key], full_places) for key in keys]
        common = lcm(*fulls)
        cohorts.append(
            _Cohort(
                keys,
                shares=[_whole(setting.weights[key], weight_places) for key in keys],
                # points / full, over one denominator: common x 10^places.
                per_full=[common // full * 10**full_places for full in fulls],
                scale=common * 10**places,
                usccs=usccs,
                rows=[[_whole(tried[uscc].points[key], places) for key in keys] for uscc in usccs],
                extras=[_fine(tried[uscc].extra) for uscc in usccs],
            )
        )
    return cohorts


def _totals(cohorts: Sequence[_Cohort], factors: Mapping[str, int], setting: Setting) -> list[int]:
    """Each institution's total as a whole number of 1 / `_FINE`, in the order of the cohorts."""
    cap = None if setting.cap is None else _fine(setting.cap)
    numerator = _fine(setting.whole)
    found: list[int] = []
    for cohort in cohorts:
        weights = [share * factors[key] for key, share in zip(cohort.keys, cohort.shares, strict=True)]
        scaled = list(map(mul, weights, cohort.per_full))
        denominator = sum(weights) * cohort.scale
        for row, extra in zip(cohort.rows, cohort.extras, strict=True):
            fine = sum(map(mul, row, scaled)) * numerator // denominator + extra
            found.append(fine if cap is None or fine < cap else cap)
    return found


def _band_edges(bands: Sequence[Band], places: int) -> list[int]:
    """The least unrounded total of each band but the last: half a last place below its least rounded total."""
    unit = _FINE // 10**places
    edges = []
    for band in bands[:-1]:
        if band.at_least is not None:
            least = int(CONTEXT.scaleb(band.at_least, places).to_integral_value(ROUND_CEILING))
        else:
            least = int(CONTEXT.scaleb(band.above or Decimal(0), places).to_integral_value(ROUND_FLOOR)) + 1
        edges.append(least * unit - unit // 2)
    return edges


def _band(fine: int, edges: Sequence[int]) -> int:
    return next((index for index, edge in enumerate(edges) if fine >= edge), len(edges))


def _whole(value: Decimal, places: int) -> int:
    return int(product(value, Decimal(10**places)))


def _fine(value: Decimal) -> int:
    # Through the digits themselves: a context would cut the product to its precision.
    digits, _, decimals = text_of(value).partition(".")
    unit: int = _FINE // 10 ** len(decimals)
    return int(digits + decimals) * unit


def _places(value: Decimal) -> int:
    return max(-int(value.as_tuple().exponent), 0)


def _factor_range(spread: Decimal) -> tuple[int, int]:
    # 1 - spread + 2 x spread x u with u = n / 2^64, times 2^64 and a power of ten: whole numbers for every n.
    scale = 10 ** _places(spread)
    part = int(product(spread, Decimal(scale)))
    return (scale - part) * _UNIT, 2 * part
