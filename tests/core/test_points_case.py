"""The worked case points-small comes out of the readable reference exactly, in both windows."""

import csv
from datetime import date
from pathlib import Path

import pytest

from ceping.core.points import EventRow, Place, ShopRow, Window, score
from ceping.core.scheme.points import PointsFile
from ceping.core.scheme.reading import read_toml, table_of

CASE = Path(__file__).parents[1] / "cases" / "points-small"
SCHEME = Path(__file__).parents[2] / "src/ceping/schemes/shanghai-2021/points.toml"
WINDOWS = {
    "2021": Window(date(2021, 1, 1), date(2021, 12, 31)),
    "winter": Window(date(2020, 12, 25), date(2021, 2, 28)),
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", ["2021", "winter"])
def test_the_case_comes_out_exactly(name: str) -> None:
    data, _ = read_toml(SCHEME, file="points.toml")
    points, findings = table_of(PointsFile, data or {}, file="points.toml")
    assert findings == []
    assert points is not None
    shops = [ShopRow(Place("shops.csv", n), **row) for n, row in enumerate(rows_of(CASE / "shops.csv"), 1)]
    events = [EventRow(Place("events.csv", n), **row) for n, row in enumerate(rows_of(CASE / "events.csv"), 1)]

    scored = score(points, shops, events, WINDOWS[name])

    expected = CASE / name
    assert [tuple(map(str, one)) for one in scored.ledger] == [
        tuple(row.values()) for row in rows_of(expected / "expected-ledger.csv")
    ]
    assert [tuple(map(str, one)) for one in scored.totals] == [
        tuple(row.values()) for row in rows_of(expected / "expected-totals.csv")
    ]
    assert {(one.event_id, one.shop_id, one.code) for one in scored.refused} == {
        tuple(row.values()) for row in rows_of(expected / "expected-rejected-set.csv")
    }
