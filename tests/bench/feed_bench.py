"""Feeds of events through the whole platform: by the interface and by file, then the sums of `ceping points score`.

python tests/bench/feed_bench.py [EVENTS]: a million events of ten shops unless said. Feed A repeats, is out of order
and partly wrong; feed B, a tenth as large, contradicts itself as well. Who sends runs on the same machine and takes its
share. Goals: 2 000 events/s in batches of 500, p99 500 ms, none lost, a shop's page with its ledger within 100 ms.
"""

import csv
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from testbed.feeds import make_feed

from tests.bench.serving import PORT, Visitor, served

EVENTS = int(next((one for one in sys.argv[1:] if one.isdigit()), "1000000"))
# One feed sends a batch after the other.
SHOPS, BATCH, SENDERS = 10, 500, 1
# The demo's own season of 2021 is frozen: what fell into it would wait for a person.
YEAR = 2011
LEAST_EVENTS, P99_SECONDS, PAGE_SECONDS = 2_000, 0.5, 0.1
_LEDGER = """
import json
from django.db.models import Sum
from ceping.stages.points.models import Held, LedgerEntry
sums = LedgerEntry.objects.order_by().values_list("standing__shop", "rule_id")
sums = sums.annotate(q=Sum("quantity"), p=Sum("points"))
held = Held.objects.filter(held_for="id_conflict").order_by().values_list("standing__shop", "event_id").distinct()
print("TOLD" + json.dumps({"ledger": [row for row in map(list, sums) if row[2]], "held": [list(row) for row in held]}))
"""


@dataclass(slots=True)
class Sent:
    """Seconds of each batch, the codes of all items, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


def main() -> int:
    """0 when every sum is the command's and every goal was kept; prints every figure."""
    with tempfile.TemporaryDirectory(prefix="ceping-feed-", ignore_cleanup_errors=True) as name:
        whole, contrary = _made(Path(name) / "A", EVENTS), _made(Path(name) / "B", max(1000, EVENTS // 10))
        fine = [_by_interface(whole, Path(name) / "home-1"), _by_file(whole, Path(name) / "home-2")]
        fine.append(_contradicted(contrary, Path(name) / "home-3"))
    return 0 if all(fine) else 1


def _made(folder: Path, events: int) -> Path:
    """The feed with what the command says of it."""
    rows = make_feed(folder, events=events, shops=SHOPS, conflicts=folder.name == "B", year=YEAR)
    # Days are those of +08:00 everywhere.
    to = datetime.now(timezone(timedelta(hours=8))).date().isoformat()
    given = ["--shops", folder / "shops.csv", "--events", folder / "feed.csv", "--to", to, "--out", folder / "out"]
    command = [sys.executable, "-m", "ceping", "points", "score", "--scheme", "shanghai-2021", *map(str, given)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    print(f"feed  {folder.name}: {rows:,} rows of {SHOPS} shops", flush=True)
    return folder


def _by_interface(folder: Path, home: Path) -> bool:
    with served(home):
        operator = Visitor().enter("operator-1")
        key = _key(operator)
        _take(home, ["--shops", str(folder / "shops.csv")])
        sent, rows, begun = Sent(), _batches(folder / "feed.csv"), time.monotonic()
        lock = threading.Lock()
        senders = [threading.Thread(target=_send, args=(key, rows, lock, sent)) for _ in range(SENDERS)]
        for one in senders:
            one.start()
        for one in senders:
            one.join()
        seconds = time.monotonic() - begun
        posted = _posted(operator)
        rate = sent.codes.total() / seconds
        p99 = statistics.quantiles(sent.seconds, n=100)[-1]
        p50 = statistics.median(sent.seconds)
        print(f"feed  by the interface: {rate:,.0f} events/s, p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
        print(
            f"feed  by the interface: {len(sent.errors)} errors {sent.errors[:2]}, in the ledger {posted:.1f} s later"
        )
        refused = Counter(one["code"] for one in _rows(folder / "out" / "rejected.csv") if one["event_id"])
        same = _same(folder, home) and sent.codes - Counter({"": sent.codes[""]}) == refused
        print(f"feed  by the interface: sums of the command and its refusals {'equal' if same else 'DIFFERENT'}")
        page = _page(operator)
    return same and not sent.errors and rate >= LEAST_EVENTS and p99 <= P99_SECONDS and page


def _by_file(folder: Path, home: Path) -> bool:
    with served(home):
        operator, begun = Visitor().enter("operator-1"), time.monotonic()
        listed = _take(home, ["--shops", str(folder / "shops.csv"), str(folder / "feed.csv")], folder / "listed.csv")
        seconds = time.monotonic() - begun
        posted = _posted(operator)
        same = _same(folder, home) and list(_rows(listed)) == list(_rows(folder / "out" / "rejected.csv"))
    count = sum(1 for _ in _rows(folder / "feed.csv"))
    print(f"feed  by file: {count / seconds:,.0f} rows/s, in the ledger {posted:.1f} s after the last")
    print(f"feed  by file: sums of the command and its list {'equal' if same else 'DIFFERENT'}", flush=True)
    return same


def _contradicted(folder: Path, home: Path) -> bool:
    with served(home):
        _take(home, ["--shops", str(folder / "shops.csv"), str(folder / "feed.csv")])
        held = {tuple(row) for row in _told(home)["held"]}
    wanted = {
        (one["shop_id"], one["event_id"])
        for one in _rows(folder / "out" / "rejected.csv")
        if one["code"] == "id_conflict"
    }
    same = held == wanted and bool(wanted)
    print(f"feed  B: {len(held):,} held ids, those of the command {'exactly' if same else 'NOT'}", flush=True)
    return same


def _key(operator: Visitor) -> str:
    """A key made on the operator's own page."""
    operator.get("/office/points/connections/")
    answer = operator.post("/office/points/connections/key/", {"name": "bench", "scope": "events", "days": "2"})
    return answer.text.split('id="token">')[1].split("<")[0]


def _send(key: str, rows: Iterator[list[dict[str, str]]], lock: threading.Lock, sent: Sent) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    while True:
        with lock:
            batch = next(rows, [])
        if not batch:
            return
        body, begun = json.dumps({"events": batch}), time.perf_counter()
        connection.request("POST", "/api/v1/events", body, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        took = time.perf_counter() - begun
        with lock:
            sent.seconds.append(took)
            if answer.status == 200 and len(told["results"]) == len(batch):
                sent.codes.update(one["code"] for one in told["results"])
            else:
                sent.errors.append(f"{answer.status} {str(told)[:200]}")


def _batches(path: Path) -> Iterator[list[dict[str, str]]]:
    rows = _rows(path)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _take(home: Path, given: Sequence[str], rejected: Path | None = None) -> Path:
    """Files taken in at the machine itself; where the list of what was not lies."""
    listed = rejected or home / "rejected.csv"
    command = [sys.executable, "-m", "ceping", "events", "import", *given, "--rejected", str(listed)]
    subprocess.run(command, check=True, env=os.environ | {"CEPING_HOME": str(home)}, stdout=subprocess.DEVNULL)
    return listed


def _posted(operator: Visitor) -> float:
    """Seconds until nothing waits to be posted."""
    begun = time.monotonic()
    while json.loads(operator.get("/api/v1/health").text)["waiting_events"]:
        time.sleep(0.1)
    return time.monotonic() - begun


def _told(home: Path) -> dict[str, list[list[str]]]:
    """The ledger's sums and the held ids of the platform in that folder."""
    command = [sys.executable, "-m", "ceping.config.manage", "shell", "-c", _LEDGER]
    done = subprocess.run(
        command, check=True, env=os.environ | {"CEPING_HOME": str(home)}, capture_output=True, text=True
    )
    line = next(one for one in done.stdout.splitlines() if one.startswith("TOLD"))
    found: dict[str, list[list[str]]] = json.loads(line.removeprefix("TOLD"))
    return found


def _same(folder: Path, home: Path) -> bool:
    """Whether the ledger's sums are those of the command, shop for shop and rule for rule."""
    live = {tuple(map(str, row)) for row in _told(home)["ledger"]}
    wanted = {tuple(one.values()) for one in _rows(folder / "out" / "ledger.csv")}
    return bool(wanted) and {row for row in live if any(row[0] == one[0] for one in wanted)} == wanted


def _page(operator: Visitor) -> bool:
    """The page of a shop with its ledger, log and explanation."""
    path = "/office/points/shops/s1/"
    operator.get(path)
    seconds = [operator.get(path).seconds for _ in range(20)]
    middle = statistics.median(seconds)
    verdict = "within" if middle <= PAGE_SECONDS else "OVER"
    print(
        f"feed  page of a shop with {EVENTS // SHOPS:,} events: median {middle * 1000:.0f} ms, worst"
        f" {max(seconds) * 1000:.0f} ms, {verdict} {PAGE_SECONDS * 1000:.0f} ms",
        flush=True,
    )
    return middle <= PAGE_SECONDS


if __name__ == "__main__":
    print(f"feed  begun {datetime.now(UTC):%H:%M:%S}", flush=True)
    sys.exit(main())
