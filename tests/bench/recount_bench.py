"""The whole platform counted anew: its log brought out of PostgreSQL, scored as files are, held against the ledger.

python tests/bench/recount_bench.py [EVENTS | --large]: a million events unless said, ten million with --large. Goals:
200 000 events/s brought out; ten million counted anew within 60 s of what was brought out. The ledger is filled from
the command's own result, so that nothing may differ.
"""

# The tests' own helpers are found after their folder is named.
# ruff: noqa: E402

import csv
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
os.environ["DJANGO_SETTINGS_MODULE"] = "testbed.settings"

import django

django.setup()

from django.db import connection
from testbed import clone

from ceping.bulk import eventlog
from ceping.bulk.request import Request
from ceping.bulk.scoring import score_files
from ceping.core.points import Window
from ceping.flow.recounting import bring_out, recount_all
from ceping.stages.points.actions.posting import day_of
from ceping.stages.points.models import Progress
from ceping.stages.points.queries.rules import rules_in_force
from ceping.stages.points.queries.whole import SHOPS, write_held

LARGE = 10_000_000
EVENTS = next((int(one) for one in sys.argv[1:] if one.isdigit()), LARGE if "--large" in sys.argv else 1_000_000)
EVENTS_A_SHOP = 500
LEAST_A_SECOND, MOST_SECONDS = 200_000, 60
_SHOPS = """
INSERT INTO points_standing (shop, name, category, posted, rules, rules_sha256, points, level, level_rank,
        balances)
    SELECT 'shop-' || lpad(n::text, 8, '0'), '店铺' || n, '法律', 0, '', '', 0, 'none', 0, '{}'
    FROM generate_series(1, %s) n;
INSERT INTO points_facts (standing_id, "on", registered_on, introduction, website, certificate_count, product_count,
        decorated, source, noted_at)
    SELECT id, DATE '1800-01-01', DATE '2015-03-04', true, true, id %% 7, id %% 11, id %% 2 = 0, 'bench', now()
    FROM points_standing;
"""
_EVENTS = """
INSERT INTO points_event (standing_id, event_id, kind, occurred_at, actor_id, actor_type, rating, voids, source,
        received_at, sha256)
    SELECT s.first + n %% s.number, 'e' || n, k.kind,
        TIMESTAMPTZ '2020-06-01 00:00:00+08' + (n * 7919 %% 47304000) * interval '1 second',
        CASE WHEN k.kind IN ('login', 'void', 'reply') THEN '' ELSE 'u' || n * 31 %% 100000 END,
        CASE WHEN k.kind IN ('login', 'void', 'reply') THEN '' WHEN n %% 5 = 0 THEN 'enterprise' ELSE 'personal' END,
        CASE WHEN k.kind <> 'rating' THEN '' WHEN n %% 9 = 0 THEN 'bad' ELSE 'good' END,
        CASE WHEN k.kind = 'void' THEN 'e' || n - s.number * (1 + n %% 50) ELSE '' END, 'bench', now(), '\\x00'
    FROM generate_series(1, %s) n, (SELECT min(id) AS first, count(*) AS number FROM points_standing) s,
        LATERAL (SELECT CASE WHEN n %% 1000 = 999 THEN 'void' ELSE (ARRAY['login', 'order', 'rating', 'comment',
            'login', 'follow', 'reply', 'order', 'rating', 'unfollow'])[1 + n * 104729 %% 10] END AS kind) k
"""
_STANDS = """
UPDATE points_standing s SET posted = d.last, as_of = %(day)s, rules = %(label)s, rules_sha256 = %(sha256)s,
    points = t.points, level = t.level, level_rank = t.level_rank
FROM total t, (SELECT standing_id, max(id) AS last FROM points_event GROUP BY 1) d
WHERE s.shop = t.shop_id AND d.standing_id = s.id;
INSERT INTO points_ledgerentry (standing_id, rule_id, quantity, points, why, sequence, as_of, rules, cause, reason,
        posted_at)
    SELECT s.id, l.rule_id, l.quantity, l.points, 'events', s.posted, %(day)s, %(label)s, '', '', now()
    FROM line l JOIN points_standing s ON s.shop = l.shop_id;
"""


def main() -> int:
    """0 when nothing differed and every goal was kept."""
    clone.renew()
    try:
        with tempfile.TemporaryDirectory(prefix="ceping-recount-") as name:
            return _measured(Path(name))
    finally:
        clone.drop_own()


def _measured(folder: Path) -> int:
    print(f"recount  {EVENTS:,} events of {EVENTS // EVENTS_A_SHOP:,} shops", flush=True)
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_SHOPS, [EVENTS // EVENTS_A_SHOP])
        cursor.execute(_EVENTS, [EVENTS])
        cursor.execute("ANALYZE points_event")
    print(f"recount  put into PostgreSQL in {time.perf_counter() - begun:.0f} s", flush=True)
    log = folder / "log"
    log.mkdir()
    begun = time.perf_counter()
    made = bring_out(log, tell=lambda _done, _total: True)
    rate = made.events / (time.perf_counter() - begun)
    size = sum(one.size for one in eventlog.parts_in(log))
    again = time.perf_counter()
    bring_out(log, tell=lambda _done, _total: True)
    print(
        f"recount  brought out {rate:,.0f} events/s (goal {LEAST_A_SECOND:,}), {size / made.events:.0f} bytes an event;"
        f" nothing new: {time.perf_counter() - again:.2f} s",
        flush=True,
    )
    _settle(folder, log)
    begun, at = time.perf_counter(), datetime.now(UTC)
    found, differences = recount_all(by=None, at=at, tell=lambda _done, _total: True, folder=log)
    seconds = time.perf_counter() - begun
    told = f"{found.compared:,} shops, {len(differences)} differ"
    print(f"recount  counted anew in {seconds:.1f} s (goal {MOST_SECONDS} s), {told}")
    fine = rate >= LEAST_A_SECOND and seconds <= MOST_SECONDS and not differences
    return 0 if fine and found.compared == EVENTS // EVENTS_A_SHOP else 1


def _settle(folder: Path, log: Path) -> None:
    """The ledger holds what the command makes of the same log."""
    rules, day = rules_in_force(), day_of(datetime.now(UTC))
    write_held(folder, day=day, rules=rules)
    request = Request(
        points=rules.points,
        scheme=rules.label,
        scheme_sha256=rules.sha256,
        shops=folder / SHOPS,
        events=eventlog.paths_of(log, eventlog.parts_in(log)),
        window=Window(None, day),
    )
    score_files(request, folder / "out")
    tables = {
        "total": "shop_id text, points bigint, level text, level_rank int",
        "line": "shop_id text, rule_id text, quantity bigint, points bigint",
    }
    with connection.cursor() as cursor:
        for (table, columns), name in zip(tables.items(), ("totals", "ledger"), strict=True):
            cursor.execute(f"CREATE TEMP TABLE {table} ({columns})")
            with (
                (folder / "out" / f"{name}.csv").open(encoding="utf-8", newline="") as stream,
                cursor.copy(f"COPY {table} FROM STDIN") as rows,
            ):
                lines = csv.reader(stream)
                next(lines)
                for line in lines:
                    rows.write_row(line)
        cursor.execute(_STANDS, {"day": day, "label": rules.label, "sha256": rules.sha256})
    Progress.objects.update_or_create(defaults={"sequence": eventlog.parts_in(log)[-1].last})


if __name__ == "__main__":
    sys.exit(main())
