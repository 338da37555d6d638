"""What comes from outside in the demo season under evaluation: shops, whose they are, their events, a list of firms."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ceping.flow.demo_people import Cast
from ceping.folder import columns
from ceping.folder.demo import storefront, words
from ceping.folder.demo.cast import Member
from ceping.folder.demo.paper import LISTED_EVERY
from ceping.ground.files.actions import Arrived
from ceping.ground.files.store import keep_bytes
from ceping.stages.results.actions import supply_table
from ceping.stages.results.states import SuppliedKind
from ceping.stages.scheme.models import Season

SEED, _EVENTS, _LISTED = 8, 3000, 900


def fill(*, cast: Cast, season: Season, members: Sequence[Member], at: datetime) -> None:
    """The tables stand as the lead supplied them a day before."""
    links = [{"uscc": one.uscc, "shop_id": one.shop_id} for one in members if one.shop_id]
    listed = [
        {"name": words.firm_name(number), "valid_from": "2020-01-01", "valid_to": "2022-12-31"}
        for number in range(0, _LISTED * LISTED_EVERY, LISTED_EVERY)
    ]
    events = [
        dict(zip(storefront.EVENT_COLUMNS, row, strict=True))
        for row in storefront.event_rows(members, seed=SEED, count=_EVENTS)
    ]
    for kind, rows, names in (
        (SuppliedKind.LINKS, links, ["uscc", "shop_id"]),
        (SuppliedKind.SHOPS, storefront.shop_rows(members, seed=SEED), [c.name for c in columns.SHOPS.columns]),
        (SuppliedKind.SPECIALISED, listed, [c.name for c in columns.SPECIALISED.columns]),
        (SuppliedKind.EVENTS, events, list(storefront.EVENT_COLUMNS)),
    ):
        arrived = csv_arrived(rows, names, name=f"{kind.label}.csv")
        moment = at - timedelta(days=1)
        supply_table(season=season, kind=kind, arrived=arrived, form="csv", by=cast.staff["lead-1"], at=moment)


def csv_arrived(rows: Sequence[Mapping[str, str]], names: Sequence[str], *, name: str) -> Arrived:
    """The rows as a CSV file that has arrived."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    data = stream.getvalue().encode()
    return Arrived(keep_bytes(data), len(data), "csv", name, ())
