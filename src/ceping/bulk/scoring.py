"""A points run from files to files: everything read and checked first, then computed, then placed.

`score_files` writes totals, ledger, rejected and run.json as the whole content of a new result folder. A season folder
that puts them inside its own staging calls `score_into` with a folder that exists; both raise `Unreadable` with every
finding when the input cannot be read, and `result.totals_in`, `result.ledger_in` read back what was written as CSV.
"""

import heapq
import json
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb as library

from ceping import __version__
from ceping.bulk import duckdb, outfolder, result
from ceping.bulk.bursts import bursts_in
from ceping.bulk.facts import write_facts
from ceping.bulk.request import Burst, Cluster, Engine, Request, Run, Source, Unreadable
from ceping.bulk.source import source_of, sources_of
from ceping.bulk.table import Table, event_table, quoted, read_whole, rows_of, shop_table
from ceping.core.finding import Finding
from ceping.core.points import (
    EVENT_COLUMNS,
    SHOP_COLUMNS,
    EventRow,
    Place,
    Refusal,
    Shop,
    ShopRow,
    accepted_shops,
    in_order,
    score,
)

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Counts:
    shops: int
    entries: int
    refused: int
    points: int
    levels: dict[tuple[str, int], int]
    bursts: list[Burst] = field(default_factory=list)


def score_files(request: Request, out: Path, progress: Progress = lambda _done: None) -> Run:
    """`out` holds the results of the run, put there by one rename; raises Unreadable, then nothing has changed."""
    outfolder.check_out(out)
    with outfolder.placed(out) as folder:
        return score_into(request, folder, progress)


def score_into(request: Request, folder: Path, progress: Progress = lambda _done: None) -> Run:
    """The four result files stand in `folder`; temporary files lie beside them and are gone."""
    started = time.monotonic()
    shops, events = _sources(request)
    scratch = _scratch_for(folder)
    paths = [source.path for source in (shops, *events)]
    try:
        with duckdb.connected(scratch, paths, memory=request.memory, threads=request.threads) as db:
            shop_rows, tables = _read(db, request, shops, events, scratch)
            with read_whole(tables):
                if request.engine is Engine.REFERENCE:
                    counts, files = _by_reference(db, request, shop_rows, tables, scratch)
                elif request.engine is Engine.SPARK:
                    counts, files = _by_spark(db, request, shop_rows, tables, scratch, progress)
                else:
                    counts, files = _by_duckdb(db, request, shop_rows, tables, scratch, progress)
        for file in files:
            shutil.move(file, folder / file.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    readings = [shop_rows.table.reading, *(table.reading for table in tables)]
    run = Run(
        shops=counts.shops,
        events=sum(table.reading.rows for table in tables),
        refused=counts.refused,
        entries=counts.entries,
        points=counts.points,
        levels=counts.levels,
        seconds=time.monotonic() - started,
        readings=readings,
        bursts=counts.bursts,
    )
    (folder / outfolder.RUN).write_text(record_of(request, run), encoding="utf-8")
    return run


@dataclass(frozen=True, slots=True)
class Shops:
    """The table of shops as it was given, and its rows."""

    table: Table
    rows: list[ShopRow]


def read_shops(request: Request, scratch: Path) -> Shops:
    """The request's table of shops alone; raises Unreadable."""
    source = source_of(request.shops)
    place = scratch / "shops"
    place.mkdir()
    with duckdb.connected(place, [source.path], memory=request.memory, threads=request.threads) as db:
        return _shops_of(db, request, source, place)


def _shops_of(db: library.DuckDBPyConnection, request: Request, source: Source, place: Path) -> Shops:
    table = shop_table(db, source, request.encoding, place)
    cells = rows_of(db, table, SHOP_COLUMNS)
    return Shops(table, [ShopRow(Place(source.label, n), *row) for n, row in enumerate(cells, start=1)])


def _sources(request: Request) -> tuple[Source, list[Source]]:
    faults: list[Finding] = []
    shops = events = None
    try:
        shops = source_of(request.shops)
    except Unreadable as refusal:
        faults += refusal.findings
    try:
        events = sources_of(request.events, taken=shops.label if shops else "")
    except Unreadable as refusal:
        faults += refusal.findings
    if shops is None or events is None:
        raise Unreadable(*faults)
    return shops, events


def _scratch_for(folder: Path) -> Path:
    # DuckDB reads brackets and stars as patterns, so a folder named so serves only for the result.
    plain = not any(letter in str(folder.absolute()) for letter in "*?[]{}")
    return Path(tempfile.mkdtemp(prefix="ceping-points-", dir=folder.absolute().parent if plain else None))


def _read(
    db: library.DuckDBPyConnection, request: Request, shops: Source, events: Sequence[Source], scratch: Path
) -> tuple[Shops, list[Table]]:
    faults: list[Finding] = []
    rows = None
    tables: list[Table] = []
    for number, source in enumerate((shops, *events)):
        place = scratch / f"input-{number}"
        place.mkdir()
        try:
            if number == 0:
                rows = _shops_of(db, request, source, place)
            else:
                instants = request.engine is not Engine.REFERENCE
                tables.append(event_table(db, source, request.encoding, place, instants=instants))
        except Unreadable as refusal:
            faults += refusal.findings
    if faults or rows is None:
        raise Unreadable(*faults)
    return rows, tables


def _by_reference(
    db: library.DuckDBPyConnection, request: Request, shops: Shops, tables: Sequence[Table], scratch: Path
) -> tuple[_Counts, list[Path]]:
    events = (
        EventRow(Place(table.reading.label, number), *row)
        for table in tables
        for number, row in enumerate(rows_of(db, table, EVENT_COLUMNS), start=1)
        if request.only in ("", row[EVENT_COLUMNS.index("shop_id")])
    )
    scored = score(request.points, shops.rows, events, request.window)
    parts = {total.shop_id: number // result.PART_SHOPS for number, total in enumerate(scored.totals)}
    files = [
        result.write_rows(db, "ledger", scored.ledger, scratch, request.format, parts),
        result.write_rows(db, "totals", scored.totals, scratch, request.format, parts),
        result.write_rows(db, "rejected", result.rejected_rows(scored.refused), scratch, request.format),
    ]
    levels = Counter((total.level, total.level_rank) for total in scored.totals)
    points = sum(total.points for total in scored.totals)
    return _Counts(len(scored.totals), len(scored.ledger), len(scored.refused), points, dict(levels)), files


def _by_duckdb(
    db: library.DuckDBPyConnection,
    request: Request,
    shops: Shops,
    tables: Sequence[Table],
    scratch: Path,
    progress: Progress,
) -> tuple[_Counts, list[Path]]:
    accepted, shop_refusals = accepted_shops(shops.rows)
    duckdb.score_tables(db, request, accepted, tables, scratch, progress)
    return _written(db, request, accepted, shop_refusals, tables, scratch)


def _by_spark(
    db: library.DuckDBPyConnection,
    request: Request,
    shops: Shops,
    tables: Sequence[Table],
    scratch: Path,
    progress: Progress,
) -> tuple[_Counts, list[Path]]:
    # Half a second that only this engine pays.
    from ceping.bulk import session, spark  # noqa: PLC0415 -- as said

    accepted, shop_refusals = accepted_shops(shops.rows)
    place, out = scratch / "spark", scratch / "spark-out"
    place.mkdir()
    facts = scratch / "spark-facts.csv"
    numbers = write_facts(request, accepted, facts)
    # A link of our own name stands for a file whose name Spark could read as a pattern.
    paths = [table.path.absolute() for table in tables]
    with session.session_on(request.cluster or Cluster("local[*]"), place, memory=request.memory) as standing:
        spark.score_tables(
            standing,
            request,
            numbers,
            [f"file://{path}" for path in paths],
            size=sum(path.stat().st_size for path in paths),
            facts=f"file://{facts.absolute()}",
            out=f"file://{out.absolute()}",
            progress=progress,
        )
    duckdb.load_events(db, tables, request.only)
    for name in spark.RESULTS:
        files = quoted(out / name / "*.parquet")
        db.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM read_parquet({files})")  # noqa: S608 -- names of our own
    return _written(db, request, accepted, shop_refusals, tables, scratch)


def _written(
    db: library.DuckDBPyConnection,
    request: Request,
    accepted: Mapping[str, Shop],
    shop_refusals: list[Refusal],
    tables: Sequence[Table],
    scratch: Path,
) -> tuple[_Counts, list[Path]]:
    """The tables `ledger`, `totals` and `refused` of the database as result files."""
    files = [
        result.copy_table(db, "ledger", "shop_no, rule_no", scratch, request.format),
        result.copy_table(db, "totals", "shop_no", scratch, request.format),
    ]
    levels = db.execute("SELECT level, level_rank, count(*), sum(points) FROM totals GROUP BY ALL").fetchall()
    (entries,) = db.execute("SELECT count(*) FROM ledger").fetchall()[0]
    (refused,) = db.execute("SELECT count(*) FROM refused").fetchall()[0]
    refusals = _merged(in_order(shop_refusals), duckdb.refusals(db, tables) if refused else ())
    files.append(result.write_rows(db, "rejected", result.rejected_rows(refusals), scratch, request.format))
    counts = _Counts(
        len(accepted),
        entries,
        refused + len(shop_refusals),
        sum(int(points) for *_, points in levels),
        {(level, rank): number for level, rank, number, _ in levels},
        bursts_in(db, request.window, least=request.burst_least) if request.burst_least else [],
    )
    return counts, files


def _merged(one: Iterable[Refusal], other: Iterable[Refusal]) -> Iterable[Refusal]:
    return heapq.merge(one, other, key=lambda refusal: (refusal.place.source.encode(), refusal.place.row, refusal.code))


def record_of(request: Request, run: Run) -> str:
    """What run.json says of the run."""
    window = request.window
    record: dict[str, Any] = {
        "format": 1,
        "command": outfolder.COMMAND,
        "scheme": request.scheme,
        "scheme_sha256": request.scheme_sha256,
        "engine": request.engine.value,
        "versions": {"ceping": __version__, "python": platform.python_version(), "duckdb": library.__version__},
        "window": {"from": window.start.isoformat() if window.start else None, "to": window.end.isoformat()},
        "inputs": [{"source": one.label, "sha256": one.sha256, "rows": one.rows} for one in run.readings],
        "rows": {"shops": run.shops, "events": run.events, "ledger": run.entries, "rejected": run.refused},
        "seconds": f"{run.seconds:.3f}",
        "peak_memory_bytes": _peak_memory(),
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def _peak_memory() -> int:
    # Linux counts in kilobytes, macOS in bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
