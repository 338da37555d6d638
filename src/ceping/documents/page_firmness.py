"""How firm a rank stands, as robustness.json has it, in the words of the report page."""

from collections.abc import Mapping

from ceping.documents.page_content import Firm, Left
from ceping.documents.page_words import Node

_MOST_MOVED = 3


def firm_of(entry: Node, titles: Mapping[str, str]) -> Firm:
    """The firmness of one institution of robustness.json; `titles` are of items, assessors stand as pseudonyms."""
    rank = int(entry["rank"])
    return Firm(
        change=str(entry["band_change_share"]),
        items=_left(entry["without_item"], rank, titles),
        assessors=_left(entry["without_assessor"], rank, {}),
    )


def _left(ranks: Mapping[str, int | None], rank: int, titles: Mapping[str, str]) -> Left | None:
    """The best and worst rank with one thing left out, and what moves it most; None when nothing can be left out."""
    known = [found for found in ranks.values() if found is not None]
    if not known:
        return None
    moved = [(name, found) for name, found in ranks.items() if found != rank]
    # Who falls out of the ranking moves furthest of all.
    moved.sort(key=lambda one: -abs(one[1] - rank) if one[1] is not None else -len(ranks) - 10**9)
    told = tuple((titles.get(name, name), found) for name, found in moved[:_MOST_MOVED])
    return Left(min(known), max(known), told, len(moved))
