"""Every measurement of the project: how fast the command starts, then each `*_bench.py` here in its own process.

python tests/bench/run.py [--large]
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STARTS = (["--help"], ["scheme", "list"])
RUNS = 7
LIMIT_SECONDS = 0.4


def main() -> int:
    """0 when every figure was measured; what is over its limit is printed as such, and answered with 1."""
    over = [not start_within_limit(arguments) for arguments in STARTS]
    failed = []
    for bench in sorted(HERE.glob("*_bench.py")):
        print(f"\n== {bench.stem}", flush=True)
        # A process of its own, so that its peak memory is its own.
        failed.append(subprocess.run([sys.executable, bench, *sys.argv[1:]], check=False).returncode != 0)
    return 1 if any(over) or any(failed) else 0


def start_within_limit(arguments: list[str]) -> bool:
    """Whether the median start of the command stays within the limit; prints the figures."""
    seconds = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "ceping", *arguments], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - begun)
    median = statistics.median(seconds)
    verdict = "within" if median < LIMIT_SECONDS else "OVER"
    called = " ".join(["ceping", *arguments])
    print(f"{called}: median of {RUNS} {median:.3f} s, worst {max(seconds):.3f} s, {verdict} {LIMIT_SECONDS} s")
    return median < LIMIT_SECONDS


if __name__ == "__main__":
    sys.exit(main())
