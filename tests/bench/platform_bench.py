"""How fast the platform is: ready from an empty folder and again, then a mix of demo pages by many people at once.

python tests/bench/platform_bench.py [--large]; twenty seconds of load, five minutes with --large. On a machine that
others use at the same time the figures tell ratios, not limits.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

PORT = 8765
LARGE = "--large" in sys.argv
PEOPLE, SECONDS, PAUSE = (200, 300, 5.0) if LARGE else (50, 20, 1.0)
READY_SECONDS, P95_SECONDS = 10.0, 0.3
# One page a role: whoever is entered by a click looks at the home and at the list of people again and again.
LOGINS = ("institution-01", "recommender-01", "organiser-1", "auditor-1", "security-1")
PATHS = ("/", "/demo/", "/healthy/")


@dataclass(slots=True)
class Figures:
    """Seconds of each answer by path, and what did not answer 200."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def main() -> int:
    """0 when nothing failed; prints every figure."""
    with tempfile.TemporaryDirectory(prefix="ceping-bench-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        first = _start(home, "ready on an empty folder, with the demo filled")
        _end(first)
        again = _start(home, "ready again", most=READY_SECONDS)
        try:
            figures = _load()
        finally:
            _end(again)
    for path, seconds in sorted(figures.seconds.items()):
        _tell(path, seconds)
    print(f"errors: {len(figures.errors)} {figures.errors[:3]}")
    return 1 if figures.errors else 0


def _start(home: Path, what: str, most: float | None = None) -> subprocess.Popen[bytes]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "ceping", "run", "--demo", "--port", str(PORT)],
        env=os.environ | {"CEPING_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None:
        try:
            if _ask("/healthy/", "")[0] == 200:
                break
        except OSError:
            time.sleep(0.05)
    seconds = time.perf_counter() - begun
    verdict = "" if most is None else "  within" if seconds <= most else f"  OVER {most:.0f} s"
    print(f"{what}: {seconds:.1f} s{verdict}", flush=True)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=30)


def _ask(path: str, cookie: str, *, method: str = "GET", body: str = "") -> tuple[int, str, list[str]]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get_all("Set-Cookie") or []
    finally:
        connection.close()


def _enter(login: str) -> str:
    """The cookies of somebody entered by one click."""
    _, page, cookies = _ask("/demo/", "")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    cookie = "; ".join(one.split(";")[0] for one in cookies)
    body = f"csrfmiddlewaretoken={token[1] if token else ''}"
    status, _, cookies = _ask(f"/demo/{login}/", cookie, method="POST", body=body)
    if status != 302:
        raise RuntimeError(f"{login}: {status}")
    return "; ".join(one.split(";")[0] for one in cookies)


def _load() -> Figures:
    figures, until = Figures(), time.monotonic() + SECONDS
    cookies = [_enter(login) for login in LOGINS]
    crowd = [
        threading.Thread(target=_work, args=(figures, cookies[number % len(cookies)], number, until))
        for number in range(PEOPLE)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return figures


def _work(figures: Figures, cookie: str, number: int, until: float) -> None:
    time.sleep(PAUSE * number / PEOPLE)
    while time.monotonic() < until:
        path = PATHS[number % len(PATHS)]
        begun = time.perf_counter()
        try:
            status = _ask(path, cookie)[0]
        except OSError as error:
            status = 0
            figures.errors.append(f"{path} {error}")
        figures.seconds.setdefault(path, []).append(time.perf_counter() - begun)
        if status not in (0, 200):
            figures.errors.append(f"{path} {status}")
        time.sleep(PAUSE)
        number += 1


def _tell(what: str, seconds: Sequence[float]) -> None:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    verdict = "within" if p95 <= P95_SECONDS else f"OVER {P95_SECONDS} s"
    p50 = statistics.median(seconds)
    print(f"{what}: {len(seconds)} answers, p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, {verdict}")


if __name__ == "__main__":
    sys.exit(main())
