"""How long a whole season takes and how much memory: 40 institutions, and 500 with 5 million events when asked for."""

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from ceping.folder import columns
from ceping.folder.demo import write_demo

_RATERS = 3
_MILLION = 1_000_000


def main(*, large: bool = False) -> None:
    """Prints seconds and peak memory of `ceping evaluate`, each in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        write_demo(place / "small", institutions=40, seed=7)
        measure(place / "small", place / "out", "40 institutions, 28 000 events in CSV")
        write_demo(place / "wide", institutions=500, seed=7, events=300_000)
        add_raters(place / "wide")
        measure(place / "wide", place / "out", "500 institutions, 3 assessors an item, 300 000 events in CSV")
        if large:
            write_events(place / "wide", 5 * _MILLION)
            measure(place / "wide", place / "out", "500 institutions, 3 assessors an item, 5 M events in Parquet")


def measure(season: Path, out: Path, name: str) -> None:
    """One line: what was evaluated, seconds, peak memory of the process."""
    code = (
        "import resource, sys\nfrom ceping.cli.main import main\n"
        "code = main(['evaluate', *sys.argv[1:], '--json'])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, code, file=sys.stderr)\n"
    )
    started = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-c", code, str(season), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    peak, exit_code = ran.stderr.split()
    print(f"evaluate  {name}: {time.monotonic() - started:.1f} s, {peak} MB, exit {exit_code}")


def add_raters(season: Path) -> None:
    """A third assessor for every item, who marks as the first did."""
    with (season / "assessors.csv").open(encoding="utf-8") as stream:
        people = [row["assessor_id"] for row in csv.DictReader(stream)]
    given: dict[tuple[str, str], list[dict[str, str]]] = {}
    with (season / "marks.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            given.setdefault((row["uscc"], row["indicator_id"]), []).append(row)
    for marks in given.values():
        taken = {row["assessor_id"] for row in marks}
        # The first of them has the demo's conflict of interest.
        while len(marks) < _RATERS:
            third = next(one for one in people[1:] if one not in taken)
            taken.add(third)
            marks.append({**marks[0], "assessor_id": third})
    for file in (columns.ASSIGNMENTS, columns.MARKS):
        with (season / file.name).open("w", encoding="utf-8", newline="") as stream:
            names = [column.name for column in file.columns]
            writer = csv.DictWriter(stream, names, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(row for marks in given.values() for row in marks)


def write_events(season: Path, count: int) -> None:
    """So many events over the season's shops, as Parquet in place of the CSV."""
    (season / "events.csv").unlink()
    with (season / "shops.csv").open(encoding="utf-8") as stream:
        shops = [(row["shop_id"],) for row in csv.DictReader(stream)]
    db = duckdb.connect()
    db.execute("CREATE TABLE shops (shop_id VARCHAR)")
    db.executemany("INSERT INTO shops VALUES (?)", shops)
    db.execute(
        f"""COPY (
        SELECT 'E' || n AS event_id, shop_id,
               ['login', 'login', 'order', 'rating', 'comment', 'reply', 'follow'][1 + n % 7] AS kind,
               TIMESTAMPTZ '2021-01-01 00:00:00+08' + to_seconds(n * 7919 % 31535999) AS occurred_at,
               'u' || (n * 31 % 3000) AS actor_id,
               CASE WHEN n % 7 IN (0, 1, 5) THEN 'seller' WHEN n % 3 = 0 THEN 'personal' ELSE 'enterprise' END
               AS actor_type,
               CASE WHEN n % 7 = 3 THEN ['good', 'good', 'good', 'neutral', 'bad'][1 + n % 5] ELSE '' END AS rating,
               '' AS voids
        FROM (SELECT range AS n, range % {len(shops)} AS place FROM range({count}))
        JOIN (SELECT shop_id, row_number() OVER () - 1 AS place FROM shops) USING (place)
        ) TO '{season / "events.parquet"}' (FORMAT parquet)"""
    )


if __name__ == "__main__":
    main(large="--large" in sys.argv[1:])
