"""The Spark engine: the same plan run over Parquet files by a cluster, its tables left as Parquet for the one writer.

Every table is a question to the inputs, so what a lost machine held is asked for again and comes out the same.
"""

# Every name and number in the SQL comes from the scheme, checked, or is quoted.
# ruff: noqa: S608

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ceping.bulk import plan
from ceping.bulk.dialect import Order, order_of
from ceping.bulk.request import Request, Unreadable
from ceping.bulk.session import reason_of
from ceping.core.finding import fault
from ceping.core.points import EVENT_COLUMNS, Refusal

_KEY_SHIFT = 40
_PART_BYTES = 16 << 20
# About eighty thousand rows: what is counted of them fits a processor's own memory.
_DEALT_BYTES = 3 << 20
_ROOT = "^([a-z0-9+.-]+):/+"
RESULTS = {
    "ledger": "SELECT shop_no, shop_id, rule_no, rule_id, quantity, points FROM ledger",
    "totals": "SELECT shop_no, shop_id, points, level, level_rank FROM totals",
    "refused": "SELECT row_key, code FROM refused",
}
Progress = Callable[[float], None]


def score_tables(
    spark: Any,  # noqa: ANN401 -- Spark's own types are not always there
    request: Request,
    numbers: Sequence[int],
    files: Sequence[str],
    *,
    size: int,
    facts: str,
    out: str,
    progress: Progress,
) -> None:
    """Leaves the tables of RESULTS as folders of Parquet files in `out`.

    `files`, of `size` bytes together, are numbered from 0 in that order. `facts` is the address of what `write_facts`
    wrote, `numbers` what it answered. Raises Unreadable when the work cannot be done; what is in `out` is then worth
    nothing.
    """
    with told():
        # A task costs some hundredths of a second, whatever it is about.
        parts = max(spark.sparkContext.defaultParallelism, size // _PART_BYTES)
        spark.conf.set("spark.sql.shuffle.partitions", str(parts))
        tables = _Tables(spark, f"{out}/tables", dealt=max(parts, size // _DEALT_BYTES))
        _load_events(tables, spark, files, request.only)
        _load_rules(tables, request)
        _load_shops(tables, spark, numbers, facts)
        steps = [*plan.settle(spread=True), *plan.count(request.points, request.window), *plan.sum_up()]
        whole = len(steps) + len(RESULTS)
        for done, step in enumerate(steps, start=1):
            tables.take(step)
            progress(done / whole)
        for done, (name, query) in enumerate(RESULTS.items(), start=len(steps) + 1):
            spark.sql(query).write.mode("error").parquet(f"{out}/{name}")
            progress(done / whole)


class _Tables:
    """The tables of the plan as views of one session; those that are kept lie in `work` as Parquet.

    So no question grows with the length of the plan, and a lost machine takes nothing with it that was done.
    """

    def __init__(self, spark: Any, work: str, *, dealt: int = 1) -> None:  # noqa: ANN401 -- as above
        self._spark = spark
        self._work = work
        self._dealt = dealt
        self._frames: dict[str, Any] = {}

    def take(self, step: plan.Step) -> None:
        """The step is done, or what stands for it when the table it speaks of is empty."""
        statement = step.statement
        if step.unless_empty and self._frames[step.unless_empty].isEmpty():
            statement = step.otherwise
        if statement:
            self._put(order_of(statement))
        if step.dealt:
            name = order_of(statement).name
            self.stand(name, self._frames[name].repartition(self._dealt, step.dealt))

    def fill(self, name: str, columns: str, rows: Sequence[Sequence[str | int | None]]) -> None:
        """A small table of these rows, written out in SQL: rows of Python would need Python on every machine."""
        parts = [column.split() for column in columns.split(", ")]
        if rows:
            cells = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in parts)
            values = ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows)
            names = ", ".join(column for column, _ in parts)
            query = f"SELECT {cells} FROM VALUES {values} AS given({names})"
        else:
            cells = ", ".join(f"CAST(NULL AS {kind}) AS {column}" for column, kind in parts)
            query = f"SELECT {cells} WHERE false"
        self.stand(name, self._spark.sql(query))

    def _put(self, order: Order) -> None:
        if order.columns:
            self.fill(order.name, order.columns, [])
            return
        frame = self._spark.sql(order.query)
        if order.adds:
            frame = self._frames[order.name].unionAll(frame)
        elif order.kept:
            frame = self._kept(order.name, frame)
        self.stand(order.name, frame)

    def _kept(self, name: str, frame: Any) -> Any:  # noqa: ANN401 -- as above
        place = f"{self._work}/{name}"
        frame.write.mode("error").parquet(place)
        return self._spark.read.schema(frame.schema).parquet(place)

    def stand(self, name: str, frame: Any) -> None:  # noqa: ANN401 -- as above
        """The table of that name is this one."""
        frame.createOrReplaceTempView(name)
        self._frames[name] = frame


def _load_events(tables: _Tables, spark: Any, files: Sequence[str], only: str) -> None:  # noqa: ANN401 -- as above
    # Where a row stands in its file tells it apart from all others, however often it is read, and on which machine.
    from pyspark.sql import functions  # noqa: PLC0415 -- half a second that only this engine pays

    columns = ", ".join(f"{name} {'TIMESTAMP' if name == 'occurred_at' else 'STRING'}" for name in EVENT_COLUMNS)
    row = functions.col("_metadata.row_index")
    read = spark.read.schema(columns).parquet(*map(_without_patterns, files))
    if len(files) == 1:
        read = read.select(*EVENT_COLUMNS, row.alias("row_key"))
    else:
        tables.fill("places", "file_number BIGINT, file_path STRING", list(enumerate(_as_told(spark, files))))
        place = functions.regexp_replace(functions.col("_metadata.file_path"), _ROOT, "$1:/").alias("file_path")
        # A file that is not known by its name would lose its rows in silence.
        number = "coalesce(file_number, CAST(raise_error(file_path) AS BIGINT))"
        read = (
            read.select(*EVENT_COLUMNS, row.alias("file_row"), place)
            .join(functions.broadcast(spark.table("places")), "file_path", "left")
            .selectExpr(*EVENT_COLUMNS, f"shiftleft({number}, {_KEY_SHIFT}) + file_row AS row_key")
        )
    if only:
        read = read.where(functions.col("shop_id") == only)
    read.createOrReplaceTempView("events")


def rows_of(spark: Any, query: str, width: int) -> list[tuple[Any, ...]]:  # noqa: ANN401 -- as above
    """A few rows, asked of Java itself: what Spark's own `collect` opens for many it leaves to be closed by chance."""
    rows = spark.sql(query)._jdf.collectAsList()  # noqa: SLF001 -- as said
    return [tuple(row.get(n) for n in range(width)) for row in rows]


def _without_patterns(path: str) -> str:
    """The path where Spark would read brackets and stars as a pattern."""
    return re.sub(r"([{}\[\]*?\\])", r"\\\1", path)


def _as_told(spark: Any, files: Sequence[str]) -> list[str]:  # noqa: ANN401 -- as above
    """The files as Spark names them beside each row, but for the slashes after the scheme, which vary."""
    java, settings = spark._jvm, spark._jsc.hadoopConfiguration()  # noqa: SLF001 -- the only way to Hadoop's paths
    paths = [java.org.apache.hadoop.fs.Path(file) for file in files]
    told = [path.getFileSystem(settings).makeQualified(path).toUri().toString() for path in paths]
    return [re.sub(_ROOT, r"\1:/", one) for one in told]


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _load_rules(tables: _Tables, request: Request) -> None:
    tables.fill(
        "rules",
        "rule_no INT, rule_id STRING, points BIGINT, cap BIGINT",
        [(n, rule.rule_id, rule.points, rule.cap) for n, rule in enumerate(request.points.rules)],
    )
    tables.fill(
        "levels",
        "level STRING, level_rank INT, least BIGINT, most BIGINT",
        [(row.level, row.rank, row.least, row.most) for row in request.points.levels],
    )


def _load_shops(tables: _Tables, spark: Any, numbers: Sequence[int], path: str) -> None:  # noqa: ANN401 -- as above
    columns = ", ".join(["shop_id STRING", "shop_no BIGINT", *(f"fact_{n} BIGINT" for n in numbers)])
    tables.stand("shops", spark.read.schema(columns).csv(path, sep=",", quote="", escape="", mode="FAILFAST"))
    tables.take(plan.Step("CREATE TEMP TABLE measured (shop_id VARCHAR, rule_no INTEGER, quantity BIGINT)"))
    counts = [f"SELECT shop_id, {n}, fact_{n} FROM shops" for n in numbers]
    if counts:
        tables.take(plan.Step(f"INSERT INTO measured {' UNION ALL '.join(counts)}"))


def rejected(
    spark: Any,  # noqa: ANN401 -- as above
    labels: Sequence[str],
    refusals: Sequence[Refusal],
    messages: Mapping[str, str],
) -> Any:  # noqa: ANN401 -- as above
    """The refused rows of the session's events, and those of the table of shops given, as lines of `rejected`.

    `labels` are the names of the files by their number, `messages` the words of each code.
    """
    tables = _Tables(spark, "")
    tables.fill("labels", "number BIGINT, source STRING", list(enumerate(labels)))
    words = [(n, code, messages[code]) for n, code in enumerate(plan.CODES)]
    tables.fill("words", "number INT, code STRING, message STRING", words)
    rows = [(*one.place, one.event_id, one.shop_id, one.code, messages[one.code]) for one in refusals]
    columns = "source STRING, row BIGINT, event_id STRING, shop_id STRING, code STRING, message STRING"
    tables.fill("shop_lines", columns, rows)
    return spark.sql(f"""SELECT labels.source, (events.row_key & {(1 << _KEY_SHIFT) - 1}) + 1 AS row,
        coalesce(event_id, '') AS event_id, coalesce(shop_id, '') AS shop_id, words.code, words.message
        FROM result_of_refused AS refused JOIN events USING (row_key)
        JOIN labels ON labels.number = shiftright(row_key, {_KEY_SHIFT})
        JOIN words ON words.number = refused.code
        UNION ALL SELECT * FROM shop_lines""")


@contextmanager
def told() -> Iterator[None]:
    """Raises Unreadable with the reason at the bottom when Spark gives up within."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 -- as above
    from pyspark.errors import PySparkException  # noqa: PLC0415 -- as above

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        raise Unreadable(fault("points_spark_failed", reason=reason_of(error))) from error
