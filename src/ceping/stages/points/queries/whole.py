"""The whole log and ledger as files: stretches of the log by sequence, and what is held of every shop at one moment."""

# The SQL below is put together from its own parts alone.
# ruff: noqa: S608

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from django.db import connection
from django.db.models import Max

from ceping.bulk.recount import LEDGER, TOTALS
from ceping.core.points import SHOP_COLUMNS
from ceping.ground.exports.moment import one_moment
from ceping.stages.points.models import Event, Standing
from ceping.stages.points.queries.rules import Rules

SHOPS = "shops.csv"
# In force on the day: the last row noted of the last day that is not later.
_FACTS = """
SELECT DISTINCT ON (f.standing_id) s.shop, s.name, s.category, f.registered_on,
    CASE WHEN f.introduction THEN '有' ELSE '' END, CASE WHEN f.website THEN '有' ELSE '' END,
    f.certificate_count, f.product_count, CASE WHEN f.decorated THEN 'true' ELSE 'false' END
FROM points_facts f JOIN points_standing s ON s.id = f.standing_id
WHERE f."on" <= %(day)s ORDER BY f.standing_id, f."on" DESC, f.id DESC
"""
_OTHER_DAY = "s.as_of IS DISTINCT FROM %(day)s"
_OTHER_RULES = "s.rules_sha256 <> %(rules)s"
_WAITS = "EXISTS (SELECT 1 FROM points_event e WHERE e.standing_id = s.id AND e.id > s.posted)"
_SETTLED = f"NOT ({_OTHER_DAY}) AND NOT ({_OTHER_RULES}) AND NOT {_WAITS}"
_PASSED = f"""
SELECT count(*) FILTER (WHERE {_OTHER_DAY}), count(*) FILTER (WHERE NOT {_OTHER_DAY} AND {_OTHER_RULES}),
    count(*) FILTER (WHERE NOT {_OTHER_DAY} AND NOT {_OTHER_RULES} AND {_WAITS})
FROM points_standing s
"""
_TOTALS = f"SELECT s.shop, s.points, s.level, s.level_rank FROM points_standing s WHERE {_SETTLED}"
_LEDGER = f"""
SELECT s.shop, l.rule_id, sum(l.quantity), sum(l.points) FROM points_ledgerentry l
JOIN points_standing s ON s.id = l.standing_id WHERE {_SETTLED} GROUP BY s.shop, l.rule_id
HAVING sum(l.quantity) <> 0 OR sum(l.points) <> 0
"""
_STRETCH = """
SELECT e.id, e.event_id, s.shop, e.kind, e.occurred_at, e.actor_id, e.actor_type, e.rating, e.voids
FROM points_event e JOIN points_standing s ON s.id = e.standing_id
WHERE e.id > %(after)s AND e.id <= %(last)s ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What was written of one moment: the log's last sequence, all shops, and those not to be compared, by why.

    `other_day`: not brought to the day; `other_rules`: still posted by other rules; `waiting`: has events to be posted.
    """

    upto: int
    shops: int
    other_day: int
    other_rules: int
    waiting: int


def write_held(folder: Path, *, day: date, rules: Rules) -> Held:
    """Facts of every shop on that day, and ledger and totals of those that stand at that day by those rules."""
    given: dict[str, str | date] = {"day": day, "rules": rules.sha256}
    with one_moment():
        upto = newest_sequence()
        with (folder / SHOPS).open("wb") as stream:
            stream.write((",".join(SHOP_COLUMNS) + "\n").encode())
            _copy(_FACTS, given, stream)
        for name, sql in ((TOTALS, _TOTALS), (LEDGER, _LEDGER)):
            with (folder / name).open("wb") as stream:
                _copy(sql, given, stream)
        with connection.cursor() as cursor:
            cursor.execute(_PASSED, given)
            passed = cursor.fetchone()
        return Held(upto, Standing.objects.count(), *passed)


def newest_sequence() -> int:
    """The last sequence of the log; every event up to it is accepted and seen."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def stretch_after(after: int, upto: int, most: int) -> int:
    """The last sequence of the next `most` events, none beyond `upto`; `after` when there is none."""
    sql = """SELECT coalesce(max(id), %(after)s) FROM
        (SELECT id FROM points_event WHERE id > %(after)s AND id <= %(upto)s ORDER BY id LIMIT %(most)s) AS next"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"after": after, "upto": upto, "most": most})
        return int(cursor.fetchone()[0])


def write_stretch(after: int, last: int, stream: IO[bytes]) -> None:
    """These events as CSV without header: sequence, then the columns of events, times in UTC."""
    _copy(_STRETCH, {"after": after, "last": last}, stream)


def _copy(sql: str, given: Mapping[str, str | int | date], stream: IO[bytes]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)", given) as rows:
        for block in rows:
            stream.write(block)
