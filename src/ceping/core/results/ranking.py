"""Totals into ranks: overall and in each category, ties as the scheme says."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Ranked:
    """The two ranks of one institution, 1 is best; None for one that takes no part."""

    rank: int | None
    rank_in_category: int | None


def ranked(totals: Mapping[str, Decimal | None], categories: Mapping[str, str], *, ties: str) -> dict[str, Ranked]:
    """Ranks by uscc; `totals` None takes no part.

    `shared`: equal totals share a rank and the next is skipped (1, 2, 2, 4); `dense`: it is not skipped (1, 2, 2, 3).
    """
    present = {uscc: value for uscc, value in totals.items() if value is not None}
    overall = _places(present, ties)
    within: dict[str, int] = {}
    for category in set(categories.values()):
        members = {uscc: value for uscc, value in present.items() if categories[uscc] == category}
        within.update(_places(members, ties))
    return {uscc: Ranked(overall.get(uscc), within.get(uscc)) for uscc in totals}


def _places(totals: Mapping[str, Decimal], ties: str) -> dict[str, int]:
    values = sorted(set(totals.values()), reverse=True) if ties == "dense" else sorted(totals.values(), reverse=True)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(values, 1):
        first.setdefault(value, place)
    return {uscc: first[value] for uscc, value in totals.items()}
