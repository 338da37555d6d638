"""How long a season's results take on the platform: laid out, evaluated, kept; a trial; the pages that show them.

python tests/bench/results_bench.py [--small] [HOME]: 500 institutions with marks, verdicts and calls, 40 with --small.
The goals: computed within 60 s and 2 GB, a page within 100 ms. HOME keeps the filled season for another run.
"""

import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
SMALL = "--small" in sys.argv
KEPT = [one for one in sys.argv[1:] if not one.startswith("--")]
HOME = KEPT[0] if KEPT else tempfile.mkdtemp(prefix="ceping-bench-")
os.environ |= {"CEPING_HOME": HOME, "CEPING_DEMO": "1", "DJANGO_SETTINGS_MODULE": "ceping.config.settings"}

import django  # noqa: E402 -- the settings read where the installation lies

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from testbed.evaluated import evaluated  # noqa: E402

from ceping.config.prepare import collect_static  # noqa: E402
from ceping.ground.people.models import User  # noqa: E402
from ceping.ground.people.roles import Role  # noqa: E402
from ceping.ground.work.models import Job, State  # noqa: E402
from ceping.stages.results.models import Computation  # noqa: E402
from ceping.stages.results.tasks import TRY, Trial, ask_to_compute, ask_to_try, compute, try_results  # noqa: E402
from ceping.stages.scheme.models import Season  # noqa: E402
from ceping.stages.scheme.queries import rules_of  # noqa: E402

COUNT = 40 if SMALL else 500
MOST_SECONDS, MOST_MEGABYTES, MOST_PAGE, MOST_QUERIES = 60.0, 2048, 0.1, 15
RUNS, ROUNDS = 3, 5
AT = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)


def main() -> int:
    """0 when every goal was kept; prints every figure."""
    try:
        season, lead = _filled()
        over = [_computed(season, lead), _tried(season, lead), *_pages(season, lead)]
        connections.close_all()
    finally:
        if not KEPT:
            shutil.rmtree(HOME, ignore_errors=True)
    return 1 if any(over) else 0


def _filled() -> tuple[Season, User]:
    """The season and its lead, as they were left or filled anew."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", database="default", verbosity=0)
    collect_static(settings.STATIC_ROOT)
    begun = time.perf_counter()
    if not Season.objects.exists():
        evaluated(at=AT, count=COUNT)
        # The home may be looked at afterwards, in the demo.
        User.objects.update(demo=True)
    season = Season.objects.select_related("scheme").get()
    print(f"results  {season.entries.count()} institutions ready in {time.perf_counter() - begun:.0f} s", flush=True)
    return season, User.objects.get(grants__role=Role.LEAD)


def _computed(season: Season, lead: User) -> bool:
    """Whether the task, from rows to kept files and rows, took too long or too much."""
    took = []
    for _ in range(RUNS):
        job = ask_to_compute(season=season, allow_missing=False, by=lead, at=AT)
        took.append(_work(compute, job))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = Computation.objects.latest("pk").outputs.get(name="results.json").file.blob.size / 2**20
    print(f"results  results.json {size:.1f} MB, most memory {megabytes} MB of {MOST_MEGABYTES}", flush=True)
    return _told("computed in the task", took, MOST_SECONDS) or megabytes > MOST_MEGABYTES


def _tried(season: Season, lead: User) -> bool:
    """Whether a trial under other weights took too long."""
    item, other = rules_of(season).scored[:2]
    weights = {item.key: item.item.weight + 1, other.key: other.item.weight - 1}
    job = ask_to_try(season=season, trial=Trial(weights), by=lead, at=AT)
    return _told("a trial in the task", [_work(try_results, job)], MOST_SECONDS)


def _pages(season: Season, lead: User) -> list[bool]:
    """For each page of results whether it took too long or asked too much."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(lead, backend="ceping.ground.people.login.NameBackend")
    made = Computation.objects.filter(season=season).latest("pk")
    first, tried = made.standings.first(), Job.objects.filter(kind=TRY).latest("pk")
    here = f"?season={season.pk}"
    paths = [
        f"/office/results/{here}",
        f"/office/results/{here}&sort=change&page=2",
        f"/office/results/charts/{here}",
        f"/office/results/{made.pk}/{first.uscc if first is not None else ''}/",
        f"/office/results/what-if/{here}&trial={tried.token}",
        f"/office/results/years/{here}",
        f"/office/results/papers/{here}",
        f"/office/results/tables/{here}",
        f"/office/results/rulings/{here}",
    ]
    return [_page(client, path) for path in paths]


def _page(client: Client, path: str) -> bool:
    seconds, asked, size = [], 0, 0
    for _ in range(ROUNDS):
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            answer = client.get(path)
            seconds.append(time.perf_counter() - begun)
        asked, size = sum("SELECT" in one["sql"] for one in queries.captured_queries), len(answer.content)
        if answer.status_code != HTTPStatus.OK:
            print(f"results  {path}: {answer.status_code}")
            return True
    over = _told(f"{path} ({asked} queries, {size // 1024} KB)", seconds, MOST_PAGE)
    return over or asked > MOST_QUERIES


def _work(task: Callable[[str], None], job: Job) -> float:
    begun = time.perf_counter()
    task(job.token)
    seconds = time.perf_counter() - begun
    job.refresh_from_db()
    if job.state != State.DONE:
        raise RuntimeError(f"{job.kind}: {job.state} {job.findings[:3]}")
    return seconds


def _told(what: str, seconds: list[float], most: float) -> bool:
    """Prints the median; whether it is over."""
    median = statistics.median(seconds)
    unit, scale = ("s", 1.0) if most >= 1 else ("ms", 1000.0)
    verdict = "within" if median <= most else "OVER"
    print(f"results  {what}: median of {len(seconds)} {median * scale:.1f} {unit}, {verdict} {most * scale:.0f} {unit}")
    sys.stdout.flush()
    return median > most


if __name__ == "__main__":
    sys.exit(main())
