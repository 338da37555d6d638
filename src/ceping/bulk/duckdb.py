"""The DuckDB engine: the plan run over files of events, its tables written as result files."""

# Every name and number in the SQL comes from the scheme, checked, or is quoted.
# ruff: noqa: S608

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ceping.bulk import plan
from ceping.bulk.facts import write_facts
from ceping.bulk.request import Request, Unreadable
from ceping.bulk.table import Table, quoted
from ceping.core.finding import fault
from ceping.core.points import Place, Refusal, Shop

_KEY_SHIFT = 40
Progress = Callable[[float], None]


@contextmanager
def connected(
    scratch: Path, inputs: Sequence[Path], *, memory: str, threads: int
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that reaches `scratch` and the inputs alone; raises Unreadable when memory runs out."""
    spill = scratch / "spill"
    spill.mkdir()
    db = duckdb.connect(":memory:")
    try:
        db.execute(f"SET memory_limit = {quoted(memory)}")
        db.execute(f"SET threads = {threads or os.cpu_count() or 1}")
        db.execute(f"SET temp_directory = {quoted(spill)}")
        db.execute("SET TimeZone = 'UTC'")
        db.execute("SET preserve_insertion_order = true")
        db.execute("SET enable_progress_bar = false")
        db.execute("SET autoinstall_known_extensions = false")
        db.execute("SET autoload_known_extensions = false")
        db.execute(f"SET allowed_directories = [{quoted(str(scratch) + '/')}]")
        paths = ", ".join(quoted(path.resolve()) for path in inputs)
        db.execute(f"SET allowed_paths = [{paths}]")
        db.execute("SET enable_external_access = false")
        yield db
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        # What is left of input and output faults here is a temporary file that found no room.
        raise Unreadable(fault("points_memory_short", reason=str(error).splitlines()[0][:120])) from None
    finally:
        db.close()


def load_events(db: duckdb.DuckDBPyConnection, tables: Sequence[Table], only: str) -> None:
    """The view `events` over all the files, each row with a key that tells its file and its place there."""
    paths = ", ".join(quoted(table.path) for table in tables)
    key = "file_row_number" if len(tables) == 1 else f"(file_index::BIGINT << {_KEY_SHIFT}) + file_row_number"
    db.execute(
        f"CREATE TEMP VIEW events AS SELECT event_id, shop_id, kind, occurred_at, actor_id, actor_type, rating, voids,"
        f" {key} AS row_key FROM read_parquet([{paths}], file_row_number = true, union_by_name = {len(tables) > 1})"
        + (f" WHERE shop_id = {quoted(only)}" if only else "")
    )


def score_tables(
    db: duckdb.DuckDBPyConnection,
    request: Request,
    shops: dict[str, Shop],
    tables: Sequence[Table],
    scratch: Path,
    progress: Progress,
) -> None:
    """Leaves `ledger`, `totals` and `refused` in the database."""
    load_events(db, tables, request.only)
    _load_rules(db, request)
    _load_shops(db, request, shops, scratch)
    # What is in force needs no order, and keeping one would cost memory.
    db.execute("SET preserve_insertion_order = false")
    steps = [*plan.settle(), *plan.count(request.points, request.window), *plan.sum_up()]
    for done, step in enumerate(steps, start=1):
        statement = step.statement
        if step.unless_empty and not db.execute(f"SELECT 1 FROM {step.unless_empty} LIMIT 1").fetchall():
            statement = step.otherwise
        if statement:
            db.execute(statement).fetchall()
        progress(done / len(steps))


def refusals(db: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> Iterator[Refusal]:
    """The refused events by source and row; a row has one code."""
    places = ", ".join(
        f"({number}, {quoted(table.reading.label)}, {rank})"
        for rank, (number, table) in enumerate(sorted(enumerate(tables), key=lambda one: one[1].reading.label.encode()))
    )
    db.execute(
        f"""SELECT label, (row_key & {(1 << _KEY_SHIFT) - 1}) + 1, coalesce(event_id, ''), coalesce(shop_id, ''), code
        FROM events JOIN refused USING (row_key)
        JOIN (VALUES {places}) AS place(number, label, rank) ON number = row_key >> {_KEY_SHIFT}
        ORDER BY rank, row_key"""
    )
    while batch := db.fetchmany(20_000):
        for label, row, event_id, shop_id, code in batch:
            yield Refusal(Place(label, row), event_id, shop_id, plan.CODES[code])


def _load_rules(db: duckdb.DuckDBPyConnection, request: Request) -> None:
    rules = [
        f"({n}, '{rule.rule_id}', {rule.points}, {_number(rule.cap)})" for n, rule in enumerate(request.points.rules)
    ]
    db.execute("CREATE TEMP TABLE rules (rule_no INTEGER, rule_id VARCHAR, points BIGINT, cap BIGINT)")
    _fill(db, "rules", rules)
    levels = [f"('{row.level}', {row.rank}, {row.least}, {_number(row.most)})" for row in request.points.levels]
    db.execute("CREATE TEMP TABLE levels (level VARCHAR, level_rank INTEGER, least BIGINT, most BIGINT)")
    _fill(db, "levels", levels)


def _fill(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[str]) -> None:
    if rows:
        db.execute(f"INSERT INTO {table} VALUES {', '.join(rows)}")


def _number(value: int | None) -> str:
    return "NULL" if value is None else str(value)


def _load_shops(db: duckdb.DuckDBPyConnection, request: Request, shops: dict[str, Shop], scratch: Path) -> None:
    # A file is the quickest way in for many rows.
    path = scratch / "facts.csv"
    facts = write_facts(request, shops, path)
    columns = {"shop_id": "VARCHAR", "shop_no": "BIGINT", **{f"fact_{n}": "BIGINT" for n in facts}}
    types = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    db.execute(
        f"CREATE TEMP TABLE shops AS SELECT * FROM read_csv({quoted(path)}, auto_detect = false, header = false,"
        f" delim = ',', quote = '', escape = '', comment = '', new_line = '\\n', columns = {{{types}}})"
    )
    db.execute("CREATE TEMP TABLE measured (shop_id VARCHAR, rule_no INTEGER, quantity BIGINT)")
    counts = [f"SELECT shop_id, {n}, fact_{n} FROM shops" for n in facts]
    if counts:
        db.execute(f"INSERT INTO measured {' UNION ALL '.join(counts)}")
