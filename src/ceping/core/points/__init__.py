"""Events into points, points into levels: the meaning of 《上海市企业服务云店铺积分考核管理制度》, rule by rule.

`score` answers for files of rows; the live ledger of one shop uses its parts: `event_of` tells a row alone,
`voids_of_voids` and `live_events` settle a shop's rows, `quantities`, `entries_of` and `total_of` count them. Who keeps
counts instead of rows has a `Tally`, which `quantities_of` reads.
"""

from ceping.core.points.event import EVENT_COLUMNS, Event, EventRow, event_of, live_events, settled, voids_of_voids
from ceping.core.points.explanation import Explanation, RuleLine, explain
from ceping.core.points.ledger import Entry, Total, entries_of, level_name, level_of, next_level, points_of, total_of
from ceping.core.points.measure import (
    Cell,
    Tally,
    Window,
    followers,
    kinds_by_day,
    last_follows,
    quantities,
    quantities_of,
    tally_of,
)
from ceping.core.points.refusal import Place, Refusal, in_order
from ceping.core.points.scoring import Scored, score
from ceping.core.points.shop import SHOP_COLUMNS, Shop, ShopRow, accepted_shops, shop_of

__all__ = [
    "EVENT_COLUMNS",
    "SHOP_COLUMNS",
    "Cell",
    "Entry",
    "Event",
    "EventRow",
    "Explanation",
    "Place",
    "Refusal",
    "RuleLine",
    "Scored",
    "Shop",
    "ShopRow",
    "Tally",
    "Total",
    "Window",
    "accepted_shops",
    "entries_of",
    "event_of",
    "explain",
    "followers",
    "in_order",
    "kinds_by_day",
    "last_follows",
    "level_name",
    "level_of",
    "live_events",
    "next_level",
    "points_of",
    "quantities",
    "quantities_of",
    "score",
    "settled",
    "shop_of",
    "tally_of",
    "total_of",
    "voids_of_voids",
]
