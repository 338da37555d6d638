"""How long the command draws the clients of 500 institutions, 30 000 in all, and by strata."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.factories.draw_season import Season, uscc

_INSTITUTIONS, _CLIENTS = 500, 60
_RUNS = 5
_MOST_SECONDS = 2.0


def main() -> int:
    """0 when the median draw stays within its limit; prints wall and processor seconds of the whole command."""
    within = True
    with tempfile.TemporaryDirectory() as scratch:
        season = made(Path(scratch))
        for options in ([], ["--size", "formula", "--strata", "service"]):
            walls, cpus = zip(*(drawn(season, Path(scratch) / "draw.csv", options) for _ in range(_RUNS)), strict=True)
            wall = statistics.median(walls)
            within = within and wall <= _MOST_SECONDS
            told = f"median of {_RUNS} {wall:.2f} s of {_MOST_SECONDS}, worst {max(walls):.2f} s"
            called = " ".join(["draw clients", *options])
            print(
                f"draw  {_INSTITUTIONS * _CLIENTS} clients, {called}: {told}, processor {statistics.median(cpus):.2f} s"
            )
    return 0 if within else 1


def made(place: Path) -> Path:
    """A season with that many clients."""
    season = Season(place)
    rows = [
        f"{one},C{number:04d},企业{number},联系人,13500{number:06d},{'培训' if number % 3 else '融资'}"
        for one in map(uscc, range(_INSTITUTIONS))
        for number in range(1, _CLIENTS + 1)
    ]
    season.write("clients.csv", "\n".join(["uscc,client_key,name,contact,phone,service", *rows]) + "\n")
    return season.folder


def drawn(season: Path, out: Path, options: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of one draw in a process of its own."""
    out.unlink(missing_ok=True)
    out.with_suffix(".json").unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    command = [sys.executable, "-m", "ceping", "draw", "clients", str(season), "--out", str(out), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
