"""How long a whole journal takes to verify: a hundred thousand entries, a million with --large, in one honest chain.

python tests/bench/journal_bench.py [--large]; the goal is 60 s for a million.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

HOME = tempfile.mkdtemp(prefix="ceping-bench-")
os.environ |= {"CEPING_HOME": HOME, "DJANGO_SETTINGS_MODULE": "ceping.config.settings"}

import django  # noqa: E402 -- the settings read where the installation lies

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from psycopg.types.json import Jsonb  # noqa: E402

from ceping.ground.journal.chain import FIRST, hash_of  # noqa: E402
from ceping.ground.journal.models import Entry  # noqa: E402
from ceping.ground.journal.queries import breaks_in  # noqa: E402

ROWS = 1_000_000 if "--large" in sys.argv else 100_000
MOST_SECONDS = 60.0 * ROWS / 1_000_000
CHAIN, AT = "season-1", datetime(2022, 3, 1, tzinfo=UTC)


def main() -> int:
    """0 when it was quick enough and every entry held; prints the figures."""
    try:
        call_command("migrate", interactive=False, verbosity=0)
        begun = time.perf_counter()
        _fill()
        print(f"journal  {ROWS:,} entries written in {time.perf_counter() - begun:.1f} s")
        begun, burnt = time.perf_counter(), time.process_time()
        broken = sum(1 for _ in breaks_in(CHAIN))
        seconds, burnt = time.perf_counter() - begun, time.process_time() - burnt
        connections.close_all()
    finally:
        shutil.rmtree(HOME, ignore_errors=True)
    verdict = "within" if seconds <= MOST_SECONDS else "OVER"
    print(f"journal  verified in {seconds:.1f} s, {burnt:.1f} s of processor, {verdict} {MOST_SECONDS:.0f} s")
    print(f"journal  {broken} breaks")
    return 1 if broken or seconds > MOST_SECONDS else 0


def _fill() -> None:
    columns = [field.column for field in Entry._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {Entry._meta.db_table} ({names}) FROM STDIN") as copy:
        for row in _rows():
            copy.write_row([row[column] for column in columns])


def _rows() -> Iterator[dict[str, Any]]:
    previous = FIRST
    for number in range(1, ROWS + 1):
        content: dict[str, Any] = {
            "chain": CHAIN,
            "number": number,
            "at": AT + timedelta(seconds=number),
            "by": number % 700,
            "role": "institution",
            "act": "submit_report",
            "kind": "entry",
            "key": str(number % 500),
            "reason": "" if number % 9 else "机构搬迁，延期五天",
            "body": {"number": number % 4, "report_sha256": f"{number:064x}"},
        }
        sha256 = hash_of(previous, content)
        yield {**content, "body": Jsonb(content["body"]), "previous": previous, "sha256": sha256}
        previous = sha256


if __name__ == "__main__":
    sys.exit(main())
