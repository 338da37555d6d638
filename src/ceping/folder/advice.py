"""Advice on marks, never part of a score: do assessors agree, is one of them strict, which ballots look odd."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import stdtrit

PLACES = 3
# An assessor's severity is told from so many marks on units somebody else marked too.
COMMON_LEAST = 10
BALLOT_LEAST = 5
SHEET_LEAST = 3
_WIDEST = 20
_CONFIDENCE = 0.95
_FEW = "样本不足"


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One assessor's mark for one item of one institution."""

    uscc: str
    indicator: str
    assessor: str
    mark: Decimal


Share = tuple[MarkRow, Fraction]


def advice_of(rows: Iterable[MarkRow], *, most: Mapping[str, Decimal]) -> dict[str, object]:
    """The advice as advice.json holds it; `most` is the full mark of each item.

    Marks are compared as shares of their item's full mark; numbers are text at three places.
    """
    shares = [(row, Fraction(row.mark) / Fraction(most[row.indicator])) for row in _in_order(rows)]
    items = sorted({row.indicator for row, _ in shares})
    return {
        "format": 1,
        "note": "仅供参考，不计入得分",
        "agreement": {
            "all": _agreement(shares),
            "items": {item: _agreement(_of_item(shares, item)) for item in items},
        },
        "severity": _severity(shares),
        "spread": {item: _spread(_of_item(shares, item)) for item in items},
        "ballots": _ballots(shares),
    }


def _in_order(rows: Iterable[MarkRow]) -> list[MarkRow]:
    return sorted(rows, key=lambda row: (row.uscc, row.indicator, row.assessor))


def _of_item(shares: Sequence[Share], item: str) -> list[Share]:
    return [share for share in shares if share[0].indicator == item]


def _units(shares: Iterable[Share]) -> list[list[Share]]:
    units: dict[tuple[str, str], list[Share]] = {}
    for share in shares:
        units.setdefault((share[0].uscc, share[0].indicator), []).append(share)
    return [unit for unit in units.values() if len(unit) > 1]


def krippendorff_alpha(units: Iterable[Sequence[Fraction]]) -> Fraction | None:
    """Krippendorff's alpha for interval values, exactly; units of one value tell nothing and are left out.

    None when there is nothing to compare or all values are equal. Source: Krippendorff 2011, Computing Krippendorff's
    Alpha-Reliability; the observed and the expected disagreement are mean squared differences of pairs.
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = [value for unit in paired for value in unit]
    count = len(values)
    expected = _squared_differences(values)
    if not expected:
        return None
    observed = sum((_squared_differences(unit) / (len(unit) - 1) for unit in paired), Fraction(0))
    return 1 - observed * (count - 1) / expected


def _squared_differences(values: Sequence[Fraction]) -> Fraction:
    """The sum of squared differences over all ordered pairs."""
    total = sum(values, Fraction(0))
    return 2 * (len(values) * sum((value * value for value in values), Fraction(0)) - total * total)


def _agreement(shares: Sequence[Share]) -> dict[str, object]:
    units = _units(shares)
    alpha = krippendorff_alpha([[value for _, value in unit] for unit in units])
    return {
        "alpha": None if alpha is None else _text(alpha),
        "units": len(units),
        "marks": sum(map(len, units)),
        "words": _words(alpha, len(units)),
    }


def _words(alpha: Fraction | None, units: int) -> str:
    if units < COMMON_LEAST:
        return _FEW
    if alpha is None:
        return "打分全部相同，无从比较"
    if alpha >= Fraction(4, 5):
        return "一致性好"
    return "一致性尚可" if alpha >= Fraction(667, 1000) else "一致性不足，结论应谨慎"


def _severity(shares: Sequence[Share]) -> list[dict[str, object]]:
    """How much higher or lower each assessor marks than the others do on the same units, with a 95 % interval.

    Least squares of share = unit + assessor, the assessors' effects adding up to zero. Nobody's effect is told unless
    the assessors are linked by units they share, and none with fewer than ten marks on shared units.
    """
    people = sorted({row.assessor for row, _ in shares})
    units = _units(shares)
    common = dict.fromkeys(people, 0)
    for mark in (mark for unit in units for mark, _ in unit):
        common[mark.assessor] += 1
    rows = [_severity_row(person, common[person]) for person in people]
    told = [person for person in people if common[person]]
    freedom = sum(common.values()) - len(units) - len(told) + 1
    if len(told) < 2 or freedom < 1:
        return rows
    place = {person: number for number, person in enumerate(told)}
    laplacian, right = _normal_equations(units, place)
    parts, _ = connected_components(coo_array(laplacian), directed=False)
    if parts > 1:
        return [row | {"words": f"{_FEW}：专家之间没有足够的共同打分"} for row in rows]
    inverse = np.linalg.pinv(laplacian, hermitian=True)
    effects = inverse @ right
    rest = sum(_rest(unit, place, effects) for unit in units)
    margin = stdtrit(freedom, (1 + _CONFIDENCE) / 2) * np.sqrt(rest / freedom * np.diag(inverse))
    for row in rows:
        number = place.get(str(row["assessor"]))
        if number is not None and common[told[number]] >= COMMON_LEAST:
            effect, width = float(effects[number]), float(margin[number])
            row |= {"effect": _text(effect), "low": _text(effect - width), "high": _text(effect + width)}
            row |= {"words": _leaning(effect, width)}
    return rows


def _severity_row(person: str, common: int) -> dict[str, object]:
    return {"assessor": person, "common": common, "effect": None, "low": None, "high": None, "words": _FEW}


def _normal_equations(units: Sequence[Sequence[Share]], place: Mapping[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """The equations of the assessors' effects once each unit's own mean is taken out."""
    laplacian = np.zeros((len(place), len(place)))
    right = np.zeros(len(place))
    for unit in units:
        who = [place[row.assessor] for row, _ in unit]
        values = np.array([float(value) for _, value in unit])
        laplacian[np.ix_(who, who)] -= 1 / len(who)
        laplacian[who, who] += 1
        right[who] += values - values.mean()
    return laplacian, right


def _rest(unit: Sequence[Share], place: Mapping[str, int], effects: np.ndarray) -> float:
    left = np.array([float(value) - effects[place[row.assessor]] for row, value in unit])
    return float(((left - left.mean()) ** 2).sum())


def _leaning(effect: float, width: float) -> str:
    if abs(effect) <= width:
        return "与其他专家无明显差别"
    return "偏宽" if effect > 0 else "偏严"


def _spread(shares: Sequence[Share]) -> dict[str, object]:
    """The width between the highest and the lowest mark of each institution: mean, widest, and where it is widest."""
    widths = sorted(
        (
            (max(value for _, value in unit) - min(value for _, value in unit), unit[0][0].uscc)
            for unit in _units(shares)
        ),
        key=lambda one: (-one[0], one[1]),
    )
    if not widths:
        return {"units": 0, "mean": None, "widest": None, "at": []}
    mean = sum((width for width, _ in widths), Fraction(0)) / len(widths)
    at = [{"uscc": uscc, "width": _text(width)} for width, uscc in widths[:_WIDEST] if width]
    return {"units": len(widths), "mean": _text(mean), "widest": _text(widths[0][0]), "at": at}


def _ballots(shares: Sequence[Share]) -> list[dict[str, object]]:
    """Ballots without any difference: an assessor's marks on an item, or full marks on all items of an institution."""
    columns: dict[tuple[str, str], list[Fraction]] = {}
    sheets: dict[tuple[str, str], list[Fraction]] = {}
    for row, value in shares:
        columns.setdefault((row.assessor, row.indicator), []).append(value)
        sheets.setdefault((row.assessor, row.uscc), []).append(value)
    found: list[dict[str, object]] = []
    for (assessor, item), values in sorted(columns.items()):
        if len(values) >= BALLOT_LEAST and len(set(values)) == 1:
            full = values[0] == 1
            words = "对所有机构都打满分" if full else "对所有机构打同一分"
            kind = "all_full" if full else "no_variance"
            found.append(_ballot(kind, assessor, {"indicator": item}, len(values), words))
    for (assessor, uscc), values in sorted(sheets.items()):
        if len(values) >= SHEET_LEAST and all(value == 1 for value in values):
            found.append(_ballot("sheet_full", assessor, {"uscc": uscc}, len(values), "对这家机构各项都打满分"))
    return found


def _ballot(kind: str, assessor: str, about: dict[str, str], marks: int, words: str) -> dict[str, object]:
    return {"kind": kind, "assessor": assessor, **about, "marks": marks, "words": words}


def _text(value: Fraction | float) -> str:
    exact = Decimal(value) if isinstance(value, float) else Decimal(value.numerator) / Decimal(value.denominator)
    result = exact.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_UP)
    return format(result or abs(result), "f")
