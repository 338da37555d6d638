"""A real cluster on loopback: the same bytes as here, also when a worker is killed in the middle; no half results."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from testbed.feeds import make_feed
from testbed.spark_cluster import SparkCluster

pytestmark = pytest.mark.slow
ENVIRONMENT = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed")
    make_feed(folder, events=40_000, shops=40, conflicts=True)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkCluster]:
    with SparkCluster(tmp_path_factory.mktemp("cluster")) as standing:
        yield standing


def command(feed: Path, out: Path, *more: str) -> list[str]:
    given = ["--scheme", "shanghai-2021", "--shops", str(feed / "shops.csv"), "--events", str(feed / "feed.csv")]
    return [sys.executable, "-m", "ceping", "points", "score", *given, "--to", "2030-12-31", "--out", str(out), *more]


def on_cluster(feed: Path, out: Path, master: str) -> list[str]:
    return command(feed, out, "--engine", "spark", "--spark-master", master, "--memory", "600MB")


def results(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"{name}.csv").read_bytes() for name in ("totals", "ledger", "rejected")}


def test_a_killed_worker_changes_no_byte(feed: Path, cluster: SparkCluster, tmp_path: Path) -> None:
    told = subprocess.run(command(feed, tmp_path / "here"), capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    given = on_cluster(feed, tmp_path / "there", cluster.master)
    with subprocess.Popen(given, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        try:
            wait_for(cluster, "Launching executor", "master")
            # In the middle of its steps, whichever that is on this machine.
            wait_for_tables(tmp_path, least=4)
            cluster.kill(0)
            out, wrong = run.communicate(timeout=300)
        except BaseException:
            run.kill()
            raise
    assert run.returncode == 0, out + wrong
    assert "Traceback" not in out + wrong
    assert "removed" in cluster.log("master").lower() or "lost" in cluster.log("master").lower()
    assert results(tmp_path / "there") == results(tmp_path / "here")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "there"]


def test_no_worker_and_a_killed_command_leave_no_half_result(feed: Path, tmp_path: Path) -> None:
    with SparkCluster(tmp_path, workers=0) as alone:
        out = tmp_path / "out"
        code = "import ceping.bulk.session as s; s._WORKER_SECONDS = 3; from ceping.__main__ import run; run()"
        given = on_cluster(feed, out, alone.master)[3:]
        told = subprocess.run(
            [sys.executable, "-c", code, *given],
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert told.returncode == 2, told.stdout + told.stderr
        assert "没有工作节点" in told.stdout + told.stderr
        assert not out.exists()


def test_a_full_disk_is_told_and_nothing_is_half_written(feed: Path, tmp_path: Path) -> None:
    log = feed / "good.parquet"
    duckdb.sql(f"""COPY (SELECT * REPLACE (occurred_at::TIMESTAMPTZ AS occurred_at)
        FROM read_csv('{feed}/feed.csv', all_varchar = true) WHERE try_cast(occurred_at AS TIMESTAMPTZ) IS NOT NULL)
        TO '{log}' (FORMAT parquet)""")
    # No file may grow beyond 100 kB: what Spark sorts out between its steps does not fit.
    out = tmp_path / "out"
    given = command(feed, out, "--engine", "spark", "--spark-master", "local[2]", "--memory", "600MB", "--json")
    given[given.index(str(feed / "feed.csv"))] = str(log)
    told = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -f 200; exec {' '.join(given)}"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2, told.stdout + told.stderr
    assert "points_spark_failed" in told.stdout, told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr
    assert list(tmp_path.iterdir()) == []


def wait_for(cluster: SparkCluster, words: str, name: str) -> None:
    until = time.monotonic() + 120
    while words not in cluster.log(name) + cluster.log("master"):
        assert time.monotonic() < until, cluster.log("master")[-2000:]
        time.sleep(0.1)


def wait_for_tables(folder: Path, least: int) -> None:
    until = time.monotonic() + 120
    while len(list(folder.rglob("tables/*"))) < least:
        assert time.monotonic() < until
        time.sleep(0.05)
