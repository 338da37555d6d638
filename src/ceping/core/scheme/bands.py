"""Whether grade bands cover every total once: no gap, no overlap, best grade first."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from ceping.core.exact import short_text_of
from ceping.core.finding import Finding, fault
from ceping.core.scheme.outcome import Band

Edge = tuple[Decimal, bool] | None


def band_faults(bands: Sequence[Band], *, whole: Decimal, file: str) -> Iterator[Finding]:
    """The faults of bands that stand from the best grade to the last, over totals from nothing to `whole`."""
    grades = [band.grade for band in bands]
    for grade in dict.fromkeys(grades):
        if grades.count(grade) > 1:
            yield fault("id_repeated", file=file, place="band", id=grade, count=grades.count(grade))
    for band in bands:
        place = f"band {band.grade}"
        for first, second in (("at_least", "above"), ("at_most", "below")):
            if getattr(band, first) is not None and getattr(band, second) is not None:
                yield fault("band_edge_twice", file=file, place=place, first=first, second=second)
        low, high = _low(band), _high(band)
        if low and high and (low[0] > high[0] or (low[0] == high[0] and not (low[1] and high[1]))):
            yield fault("band_empty", file=file, place=place)
        elif (low and _beyond(low, whole)) or (high and _beyond((high[0].copy_negate(), high[1]), Decimal(0))):
            yield fault("band_unreachable", file=file, place=place, whole=short_text_of(whole))
    if _high(bands[0]) is not None or _low(bands[-1]) is not None:
        yield fault("band_ends_closed", file=file, place="band", first=bands[0].grade, last=bands[-1].grade)
    for better, worse in pairwise(bands):
        yield from _between(better, worse, file)


def _beyond(edge: tuple[Decimal, bool], end: Decimal) -> bool:
    """Whether what begins at the edge lies wholly beyond the end."""
    return edge[0] > end or (edge[0] == end and not edge[1])


def _low(band: Band) -> Edge:
    """The lower edge and whether it belongs to the band."""
    if band.at_least is not None:
        return band.at_least, True
    return (band.above, False) if band.above is not None else None


def _high(band: Band) -> Edge:
    """The upper edge and whether it belongs to the band."""
    if band.at_most is not None:
        return band.at_most, True
    return (band.below, False) if band.below is not None else None


def _between(better: Band, worse: Band, file: str) -> Iterator[Finding]:
    low, high = _low(better), _high(worse)
    place = f"band {better.grade} / {worse.grade}"
    if low is None or high is None or high[0] > low[0] or (high[0] == low[0] and high[1] and low[1]):
        yield fault("bands_overlap", file=file, place=place)
    elif high[0] < low[0] or not (high[1] or low[1]):
        yield fault("bands_gap", file=file, place=place, high=short_text_of(high[0]), low=short_text_of(low[0]))
