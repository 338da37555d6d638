"""A whole platform counted anew from its log, beside what its ledger holds: every difference, and nothing mended."""

# Every name in the SQL is our own, or is quoted.
# ruff: noqa: S608

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ceping.bulk.request import FileFormat, Request, Run
from ceping.bulk.result import COLUMNS
from ceping.bulk.scoring import score_into
from ceping.bulk.table import quoted

# What the platform's records hold, of the shops to be compared: by shop and rule, and by shop.
LEDGER, TOTALS = "held-ledger.csv", "held-totals.csv"


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule of one shop, or with `rule_id` "" the shop's points and level: as the platform holds them, as counted.

    Quantities and points by rule; points and the level's rank, with its name in `*_level`, of a whole shop.
    """

    shop_id: str
    rule_id: str
    held_quantity: int
    found_quantity: int
    held_points: int
    found_points: int
    held_level: str = ""
    found_level: str = ""


@dataclass(frozen=True, slots=True)
class Recounted:
    """The run itself, how many shops were compared, rows of the log that were refused by code, and what differs."""

    run: Run
    compared: int
    refused: dict[str, int]
    differences: list[Difference]


def recount(request: Request, held: Path, folder: Path, progress: Callable[[float], None]) -> Recounted:
    """The request's events scored into `folder`, which is empty, and compared with the two tables in `held`.

    Raises Unreadable when the run cannot be done.
    """
    run = score_into(replace(request, format=FileFormat.PARQUET), folder, progress)
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": request.memory}) as db:
        for name, file in (("totals", TOTALS), ("ledger", LEDGER)):
            columns = ", ".join(f"'{column}': '{kind}'" for column, kind in COLUMNS[name].items())
            db.execute(
                f"CREATE TABLE held_{name} AS SELECT * FROM read_csv({quoted(held / file)}, auto_detect = false,"
                f" header = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
            )
            db.execute(
                f"CREATE VIEW {name} AS SELECT * FROM read_parquet({quoted(folder / f'{name}.parquet')})"
                " SEMI JOIN (SELECT shop_id FROM held_totals) AS asked USING (shop_id)"
            )
        (compared,) = db.execute("SELECT count(*) FROM held_totals").fetchall()[0]
        rejected = quoted(folder / "rejected.parquet")
        refused = db.execute(f"SELECT code, count(*) FROM read_parquet({rejected}) GROUP BY 1 ORDER BY 1").fetchall()
        found = [Difference(*row) for row in db.execute(_DIFFERENT).fetchall()]
    return Recounted(run, compared, dict(refused), found)


_DIFFERENT = """
SELECT shop_id, rule_id, coalesce(h.quantity, 0), coalesce(f.quantity, 0), coalesce(h.points, 0),
    coalesce(f.points, 0), '', ''
FROM held_ledger h FULL JOIN ledger f USING (shop_id, rule_id)
WHERE (coalesce(h.quantity, 0), coalesce(h.points, 0)) <> (coalesce(f.quantity, 0), coalesce(f.points, 0))
UNION ALL
SELECT shop_id, '', h.level_rank, coalesce(f.level_rank, 0), h.points, coalesce(f.points, 0), h.level,
    coalesce(f.level, 'none')
FROM held_totals h LEFT JOIN totals f USING (shop_id)
WHERE (h.points, h.level, h.level_rank) <> (coalesce(f.points, 0), coalesce(f.level, 'none'), coalesce(f.level_rank, 0))
ORDER BY shop_id, rule_id
"""
