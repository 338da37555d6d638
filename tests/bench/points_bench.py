"""Points: the whole command beside the hand-written baseline on the same data, and DuckDB beside the reference.

What is held against what, and why both readings are printed: docs/decisions/0008-points-beside-the-baseline.md.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).parent / "points"
EVENTS_A_SHOP = 500
ENGINES = ("duckdb", "reference")
MOST_RATIO = 1.5
LEAST_TIMES = 5
BASELINE = """
import sys, time, duckdb
from pathlib import Path
started = time.perf_counter()
db = duckdb.connect()
db.execute("SET threads=2; SET memory_limit='2GB'; SET TimeZone='UTC'")
db.execute(Path(sys.argv[1]).read_text(encoding="utf-8"))
print(time.perf_counter() - started)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One process: seconds from start to end, seconds of processor, peak memory in MB, the last line it printed."""

    seconds: float
    processor: float
    peak: float
    printed: str


def main(*, large: bool = False) -> int:
    """0 when every ratio is within its goal; prints both tables. With `large` also 100 million events, once each."""
    print(
        f"points: whole command against tests/bench/points/baseline.sql (goal: process ÷ process at most {MOST_RATIO})"
    )
    print(f"{'':>12} {'baseline s':^17} {'ceping s':>9} {'÷ process':>9} {'÷ SQL':>6} {'÷ processor':>11} {'peak':>8}")
    print(f"{'events':>12} {'SQL':>8} {'process':>8} {'process':>9} {'':>9} {'':>6} {'time':>11} {'MB':>8}")
    within = True
    for events, rounds in ((1_000_000, 7), (10_000_000, 3), *(((100_000_000, 1),) if large else ())):
        with tempfile.TemporaryDirectory(prefix="ceping-bench-") as name:
            within &= _against_baseline(Path(name), events, rounds)
    print(f"points: DuckDB against the reference (goal: at least {LEAST_TIMES} times as fast)")
    with tempfile.TemporaryDirectory(prefix="ceping-bench-") as name:
        within &= _against_reference(Path(name), 300_000)
    return 0 if within else 1


def _against_baseline(folder: Path, events: int, rounds: int) -> bool:
    _generate(folder, events)
    base, ours = [], []
    # In turn, so that a busy moment of the machine falls on both.
    for _ in range(rounds):
        base.append(_run([sys.executable, "-c", BASELINE, str(HERE / "baseline.sql")], folder))
        ours.append(_run(_command("duckdb"), folder))
    sql = statistics.median(float(one.printed) for one in base)
    whole, mine = (statistics.median(one.seconds for one in runs) for runs in (base, ours))
    processor = [statistics.median(one.processor for one in runs) for runs in (ours, base)]
    print(
        f"{events:>12,} {sql:>8.2f} {whole:>8.2f} {mine:>9.2f} {mine / whole:>9.2f} {mine / sql:>6.2f}"
        f" {processor[0] / processor[1]:>11.2f} {max(one.peak for one in ours):>8.0f}",
        flush=True,
    )
    return mine / whole <= MOST_RATIO


def _against_reference(folder: Path, events: int) -> bool:
    _generate(folder, events)
    seconds = {
        engine: statistics.median(_run(_command(engine), folder).seconds for _ in range(3)) for engine in ENGINES
    }
    times = seconds["reference"] / seconds["duckdb"]
    print(f"{events:>12,} reference {seconds['reference']:.2f} s, duckdb {seconds['duckdb']:.2f} s, {times:.1f} times")
    return times >= LEAST_TIMES


def _generate(folder: Path, events: int) -> None:
    shops = max(1, events // EVENTS_A_SHOP)
    subprocess.run([sys.executable, str(HERE / "generate.py"), str(events), str(shops), str(folder)], check=True)


def _command(engine: str) -> list[str]:
    return [
        *(sys.executable, "-m", "ceping", "points", "score", "--scheme", "shanghai-2021", "--engine", engine),
        *("--shops", "shops.parquet", "--events", "events.parquet", "--from", "2021-01-01", "--to", "2021-12-31"),
        *("--out", "out", "--threads", "2"),
    ]


def _run(command: list[str], folder: Path) -> Ran:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as child:
        peak = [0]
        watcher = threading.Thread(target=_watch, args=(child.pid, peak))
        watcher.start()
        printed, _ = child.communicate()
        seconds = time.perf_counter() - started
        watcher.join()
    if child.returncode:
        raise SystemExit(f"{' '.join(command[:6])} …: exit code {child.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(seconds, processor, peak[0] / 1e6, printed.strip().splitlines()[-1])


def _watch(pid: int, peak: list[int]) -> None:
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            peak[0] = max(peak[0], process.memory_info().rss)
            time.sleep(0.05)
    except psutil.Error:
        return


if __name__ == "__main__":
    sys.exit(main(large="--large" in sys.argv))
