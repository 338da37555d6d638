"""Feeds of events as other systems send them: out of order, some twice, some wrong; in feed B some contradict."""

import subprocess
import sys
from pathlib import Path

import duckdb

GENERATE = Path(__file__).resolve().parents[2] / "bench" / "points" / "generate.py"
_REST = "actor_id, actor_type, rating, voids"
_COLUMNS = f"event_id, shop_id, kind, occurred_at, {_REST}"
_TEXT = (
    "SELECT event_id, shop_id, kind, strftime(occurred_at - INTERVAL {back} YEAR, '%Y-%m-%dT%H:%M:%SZ') AS occurred_at,"
    " actor_id, actor_type, rating, voids FROM 'events.parquet'"
)
# One row in so many comes twice, is wrong, or says something else under a known id.
_TWICE, _WRONG, _OTHERWISE = 17, 101, 211


def make_feed(folder: Path, *, events: int, shops: int, conflicts: bool, year: int = 2021) -> int:
    """`shops.csv` and `feed.csv` stand in the folder, its events in that year; answers how many rows the feed has."""
    subprocess.run([sys.executable, str(GENERATE), str(events), str(shops), str(folder)], check=True)
    wrong = f"FROM said WHERE hash(event_id) % {_WRONG}"
    rows = [
        f"SELECT {_COLUMNS}, 1 AS turn FROM said",
        f"SELECT {_COLUMNS}, 2 FROM said WHERE hash(event_id) % {_TWICE} = 0",
        f"SELECT event_id || '-w', shop_id, 'wish', occurred_at, '', '', '', '', 3 {wrong} = 0",
        f"SELECT event_id || '-t', shop_id, kind, '2021-02-30T00:00:00Z', {_REST}, 4 {wrong} = 1",
        f"SELECT event_id || '-s', 'nobody', kind, occurred_at, {_REST}, 5 {wrong} = 2",
    ]
    if conflicts:
        later = "strftime(occurred_at::TIMESTAMPTZ + INTERVAL 1 SECOND, '%Y-%m-%dT%H:%M:%SZ')"
        some = f"FROM said WHERE hash(event_id) % {_OTHERWISE} = 0"
        rows.append(f"SELECT event_id, shop_id, kind, {later}, {_REST}, 6 {some}")
    with duckdb.connect() as db:
        db.execute(f"SET TimeZone = 'UTC'; SET file_search_path = '{folder}'")
        db.execute(f"CREATE TEMP VIEW said AS {_TEXT.format(back=2021 - year)}")
        copied = db.execute(
            f"COPY (SELECT {_COLUMNS} FROM ({' UNION ALL '.join(rows)}) ORDER BY hash(event_id, turn))"
            f" TO '{folder}/feed.csv' (FORMAT csv, HEADER)"
        ).fetchone()
        db.execute(f"COPY (FROM 'shops.parquet') TO '{folder}/shops.csv' (FORMAT csv, HEADER)")
    return int(copied[0]) if copied else 0
