"""The reference: shops and events of a window into ledger, totals and refusals, plain to read."""

from collections.abc import Iterable
from dataclasses import dataclass

from ceping.core.points.event import EventRow, settled
from ceping.core.points.ledger import Entry, Total, entries_of, total_of
from ceping.core.points.measure import Window, quantities
from ceping.core.points.refusal import Refusal, in_order
from ceping.core.points.shop import ShopRow, accepted_shops
from ceping.core.scheme.points import PointsFile


@dataclass(frozen=True, slots=True)
class Scored:
    """Lines by shop (byte order) and rule, one total a shop, refusals by source, row and code."""

    ledger: list[Entry]
    totals: list[Total]
    refused: list[Refusal]


def score(points: PointsFile, shops: Iterable[ShopRow], events: Iterable[EventRow], window: Window) -> Scored:
    """What every shop earns in the window; the order of rows and the repetition of equal rows never matter."""
    accepted, refused = accepted_shops(shops)
    settlement = settled(events, accepted)
    ledger: list[Entry] = []
    totals: list[Total] = []
    for shop_id, shop in accepted.items():
        counted = quantities(points, shop, settlement.live.get(shop_id, ()), window)
        entries = entries_of(points, shop_id, counted)
        ledger += entries
        totals.append(total_of(points, shop_id, entries))
    return Scored(ledger, totals, in_order(refused + settlement.refused))
