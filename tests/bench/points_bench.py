"""Points: the whole command beside the hand-written baseline on the same data, and DuckDB beside the reference."""

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

HERE = Path(__file__).parent / "points"
EVENTS_A_SHOP = 500
ENGINES = ("duckdb", "reference")
BASELINE = """
import sys, time, duckdb
from pathlib import Path
started = time.perf_counter()
db = duckdb.connect()
db.execute("SET threads=2; SET memory_limit='2GB'; SET TimeZone='UTC'")
db.execute(Path(sys.argv[1]).read_text(encoding="utf-8"))
print(time.perf_counter() - started)
"""


def main(*, large: bool = False) -> None:
    """Print both tables; with `large` 100 million events are measured as well, once each."""
    print("points: whole command against tests/bench/points/baseline.sql (goal: ratio at most 1.5)")
    print(f"{'events':>12} {'baseline s':>11} {'+ start s':>10} {'ceping s':>9} {'ratio':>6} {'peak MB':>8}")
    for events, rounds in ((1_000_000, 5), (10_000_000, 3), *(((100_000_000, 1),) if large else ())):
        with tempfile.TemporaryDirectory(prefix="ceping-bench-") as name:
            print(_against_baseline(Path(name), events, rounds), flush=True)
    print("points: DuckDB against the reference (goal: at least 5 times as fast)")
    with tempfile.TemporaryDirectory(prefix="ceping-bench-") as name:
        print(_against_reference(Path(name), 300_000), flush=True)


def _against_baseline(folder: Path, events: int, rounds: int) -> str:
    _generate(folder, events)
    inner, whole, ours, peaks = [], [], [], []
    # In turn, so that a busy moment of the machine falls on both.
    for _ in range(rounds):
        seconds, _, printed = _run([sys.executable, "-c", BASELINE, str(HERE / "baseline.sql")], folder)
        inner.append(float(printed))
        whole.append(seconds)
        seconds, peak, _ = _run(_command("duckdb"), folder)
        ours.append(seconds)
        peaks.append(peak)
    base, mine = statistics.median(inner), statistics.median(ours)
    start = statistics.median(whole)
    return f"{events:>12,} {base:>11.2f} {start:>10.2f} {mine:>9.2f} {mine / base:>6.2f} {max(peaks):>8.0f}"


def _against_reference(folder: Path, events: int) -> str:
    _generate(folder, events)
    seconds = {engine: statistics.median(_run(_command(engine), folder)[0] for _ in range(3)) for engine in ENGINES}
    ratio = seconds["reference"] / seconds["duckdb"]
    return f"{events:>12,} reference {seconds['reference']:.2f} s, duckdb {seconds['duckdb']:.2f} s, {ratio:.1f} times"


def _generate(folder: Path, events: int) -> None:
    shops = max(1, events // EVENTS_A_SHOP)
    subprocess.run([sys.executable, str(HERE / "generate.py"), str(events), str(shops), str(folder)], check=True)


def _command(engine: str) -> list[str]:
    return [
        *(sys.executable, "-m", "ceping", "points", "score", "--scheme", "shanghai-2021", "--engine", engine),
        *("--shops", "shops.parquet", "--events", "events.parquet", "--from", "2021-01-01", "--to", "2021-12-31"),
        *("--out", "out", "--threads", "2"),
    ]


def _run(command: list[str], folder: Path) -> tuple[float, float, str]:
    # Seconds of the whole process, its peak memory in MB, and the last line it printed.
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
    return seconds, peak[0] / 1e6, printed.strip().splitlines()[-1]


def _watch(pid: int, peak: list[int]) -> None:
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            peak[0] = max(peak[0], process.memory_info().rss)
            time.sleep(0.05)
    except psutil.Error:
        return


if __name__ == "__main__":
    main(large="--large" in sys.argv)
