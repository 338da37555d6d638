"""Orders that crowd into one minute: counted over the events in force of a points run, for a person to look at."""

# The numbers in the SQL are those of the request.
# ruff: noqa: S608

from datetime import datetime, timedelta

import duckdb

from ceping.bulk.plan import inside
from ceping.bulk.request import Burst
from ceping.core.points import Window
from ceping.core.points.grammar import LOCAL_OFFSET

_MINUTE = 60_000_000
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- local time, which has no zone here


def bursts_in(db: duckdb.DuckDBPyConnection, window: Window, *, least: int) -> list[Burst]:
    """The minutes of the window with at least so many orders, by shop and minute; needs the view `live` of a run.

    What was refused, repeated or voided is no order.
    """
    rows = db.execute(
        f"""SELECT shop_id, (epoch_us(occurred_at) + {LOCAL_OFFSET}) // {_MINUTE} AS minute, count(*) AS orders
        FROM live WHERE kind = 'order' AND {inside(window)}
        GROUP BY shop_id, minute HAVING count(*) >= {least} ORDER BY shop_id, minute"""
    ).fetchall()
    return [
        Burst(shop, f"{_EPOCH + timedelta(minutes=minute):%Y-%m-%d %H:%M}", orders) for shop, minute, orders in rows
    ]
