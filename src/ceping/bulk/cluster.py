"""A points run whose events and results lie where a cluster reads and writes them: nothing big comes to this machine.

OUT/totals/part=N, OUT/ledger/part=N, OUT/rejected/code=C hold Parquet; OUT/run.json is written last: a folder without
it is no result.
"""

# Every name and number in the SQL is our own.
# ruff: noqa: S608

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.bulk import spark as engine
from ceping.bulk.facts import write_facts
from ceping.bulk.outfolder import RUN
from ceping.bulk.request import Cluster, Reading, Request, Run, Unreadable
from ceping.bulk.result import PART_SHOPS
from ceping.bulk.scoring import Shops, read_shops, record_of
from ceping.bulk.session import session_on
from ceping.bulk.store import Far, Store
from ceping.core.finding import fault, texts
from ceping.core.points import Refusal, accepted_shops

WORK = "_work"
_KINDS = ("totals", "ledger", "rejected")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where results go, and the work beside them."""

    out: str

    @property
    def work(self) -> str:
        return f"{self.out}/{WORK}"


def score_far(
    request: Request, events: Sequence[str], out: str, progress: Callable[[float], None] = lambda _done: None
) -> Run:
    """Events at these addresses scored into the folder at the address `out`, which is absent or empty.

    What a killed run left there is cleared. The table of shops is a file of this machine. Raises Unreadable, then
    nothing is left at `out`.
    """
    begun = time.monotonic()
    place = _Place(out.rstrip("/"))
    with tempfile.TemporaryDirectory(prefix="ceping-spark-") as name:
        shops = read_shops(request, Path(name))
        with session_on(request.cluster or Cluster("local[*]"), Path(name), memory=request.memory) as spark:
            store = Store(spark)
            _check_out(store, place)
            files = store.events_in(events)
            try:
                counts = _scored(spark, store, request, shops, files, place, Path(name), progress)
                run = Run(**counts, seconds=time.monotonic() - begun)
                store.remove(place.work)
                store.write(f"{place.out}/{RUN}", record_of(request, run))
            except BaseException:
                for kind in (WORK, *_KINDS):
                    store.remove(f"{place.out}/{kind}")
                raise
    return run


def _check_out(store: Store, place: _Place) -> None:
    names = store.names_in(place.out)
    if WORK in names and RUN not in names and set(names) <= {WORK, *_KINDS}:
        for name in names:
            store.remove(f"{place.out}/{name}")
    elif names:
        raise Unreadable(fault("points_out_foreign", file=place.out, given="、".join(names[:5])))


def _scored(
    spark: Any,  # noqa: ANN401 -- Spark's own types are not always there
    store: Store,
    request: Request,
    shops: Shops,
    files: Sequence[Far],
    place: _Place,
    scratch: Path,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    accepted, refusals = accepted_shops(shops.rows)
    local, facts = scratch / "facts.csv", f"{place.work}/facts.csv"
    numbers = write_facts(request, accepted, local)
    store.put(local, facts)
    engine.score_tables(
        spark,
        request,
        numbers,
        [one.address for one in files],
        size=sum(one.size for one in files),
        facts=facts,
        out=place.work,
        progress=lambda share: progress(share * 0.95),
    )
    with engine.told():
        _write(spark, place, files, refusals)
        levels = engine.rows_of(
            spark,
            """SELECT level, CAST(level_rank AS INT), count(*), CAST(sum(points) AS BIGINT)
            FROM result_of_totals GROUP BY level, level_rank""",
            4,
        )
        entries, refused = (spark.table(f"result_of_{name}").count() for name in ("ledger", "refused"))
    progress(1)
    return {
        "shops": len(accepted),
        "events": sum(one.rows for one in files),
        "refused": refused + len(refusals),
        "entries": entries,
        "points": sum(points for _, _, _, points in levels),
        "levels": {(level, rank): shops for level, rank, shops, _ in levels},
        # What lies far away is known by name and rows: its bytes are not fetched to be counted.
        "readings": [shops.table.reading, *(Reading(one.label, "", one.rows) for one in files)],
    }


def _write(spark: Any, place: _Place, files: Sequence[Far], refusals: Sequence[Refusal]) -> None:  # noqa: ANN401 -- as above
    shown = {
        "totals": f"""SELECT shop_id, points, level, CAST(level_rank AS INT) AS level_rank,
            CAST(shop_no DIV {PART_SHOPS} AS INT) AS part, shop_no, 0 AS rule_no FROM result_of_totals""",
        "ledger": f"""SELECT shop_id, rule_id, quantity, points,
            CAST(shop_no DIV {PART_SHOPS} AS INT) AS part, shop_no, rule_no FROM result_of_ledger""",
    }
    for name in ("totals", "ledger", "refused"):
        spark.read.parquet(f"{place.work}/{name}").createOrReplaceTempView(f"result_of_{name}")
    for name, query in shown.items():
        rows = spark.sql(query).repartition("part").sortWithinPartitions("part", "shop_no", "rule_no")
        rows.drop("shop_no", "rule_no").write.partitionBy("part").parquet(f"{place.out}/{name}")
    messages = {code: text["message"] for code, text in texts().items()}
    lines = engine.rejected(spark, [one.label for one in files], refusals, messages)
    lines.repartition("code").sortWithinPartitions("code", "source", "row").write.partitionBy("code").parquet(
        f"{place.out}/rejected"
    )
