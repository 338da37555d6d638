"""Coincidences in the log that a person should look at: found in what came since the last look, each told once.

None of them takes points away. Who logs in to a shop is one of its people.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from ceping.stages.points.models import Event, Progress, Signal
from ceping.stages.points.states import SignalKind

# The SQL below is put together from its own parts alone.
# ruff: noqa: S608

# So many orders of one shop in a minute; so many acts of one user in one shop before a share says anything.
BURST_LEAST, MANY_LEAST = 10, 10

_FRESH = "SELECT DISTINCT standing_id FROM points_event WHERE id > %(after)s AND id <= %(upto)s"
_LIVE = """NOT EXISTS (SELECT 1 FROM points_event v WHERE v.standing_id = e.standing_id AND v.voids = e.event_id
    AND v.kind = 'void' AND v.voids <> '')"""
_LOCAL = "((e.occurred_at AT TIME ZONE 'UTC') + interval '8 hours')"
_ACTS = "('order', 'rating', 'comment', 'follow')"
# Each answers shop, what makes it the same one again, the day, how many, and what was seen.
_FOUND: Mapping[SignalKind, str] = MappingProxyType(
    {
        SignalKind.BURST: f"""
            SELECT e.standing_id, to_char(date_trunc('minute', {_LOCAL}), 'YYYY-MM-DD HH24:MI') AS what,
                max({_LOCAL})::date, count(*),
                jsonb_build_object('minute', to_char(date_trunc('minute', {_LOCAL}), 'YYYY-MM-DD HH24:MI'))
            FROM points_event e WHERE e.standing_id IN ({_FRESH}) AND e.kind = 'order' AND {_LIVE}
            GROUP BY e.standing_id, date_trunc('minute', {_LOCAL}) HAVING count(*) >= %(burst)s""",
        SignalKind.MANY: f"""
            SELECT standing_id, actor_id, last, number, jsonb_build_object('actor', actor_id, 'of', of)
            FROM (SELECT e.standing_id, e.actor_id, max({_LOCAL})::date AS last, count(*) AS number,
                    sum(count(*)) OVER (PARTITION BY e.standing_id) AS of
                FROM points_event e WHERE e.standing_id IN ({_FRESH}) AND e.kind IN ('order', 'rating') AND {_LIVE}
                GROUP BY e.standing_id, e.actor_id) counted
            WHERE actor_id <> '' AND number >= %(many)s AND 2 * number > of""",
        SignalKind.SELF: f"""
            SELECT e.standing_id, e.actor_id, max({_LOCAL})::date, count(*), jsonb_build_object('actor', e.actor_id)
            FROM points_event e JOIN (SELECT DISTINCT standing_id, actor_id FROM points_event
                WHERE kind = 'login' AND actor_id <> '' AND standing_id IN ({_FRESH})) AS people
                ON people.standing_id = e.standing_id AND people.actor_id = e.actor_id
            WHERE e.kind IN {_ACTS} AND {_LIVE} GROUP BY e.standing_id, e.actor_id""",
        SignalKind.RING: f"""
            WITH people AS (SELECT DISTINCT standing_id, actor_id FROM points_event
                WHERE kind = 'login' AND actor_id <> ''),
            acts AS (SELECT e.standing_id AS seller, people.standing_id AS buyer, max({_LOCAL})::date AS last,
                    count(*) AS number
                FROM points_event e JOIN people ON people.actor_id = e.actor_id AND people.standing_id <> e.standing_id
                WHERE e.kind IN ('order', 'rating', 'comment') AND {_LIVE} GROUP BY 1, 2)
            SELECT a.seller, s.shop, greatest(a.last, b.last), a.number + b.number, jsonb_build_object('shop', s.shop)
            FROM acts a JOIN acts b ON a.seller = b.buyer AND a.buyer = b.seller
            JOIN points_standing s ON s.id = a.buyer
            WHERE a.seller IN ({_FRESH}) OR a.buyer IN ({_FRESH})""",
    }
)


@transaction.atomic
def find_signals(*, at: datetime) -> int:
    """What came since the last look was looked through; answers how many signals are new."""
    Progress.objects.get_or_create()
    progress = Progress.objects.get()
    upto = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    if upto <= progress.watched:
        return 0
    asked = {"after": progress.watched, "upto": upto, "burst": BURST_LEAST, "many": MANY_LEAST}
    before = Signal.objects.count()
    for kind, sql in _FOUND.items():
        found = [
            Signal(
                kind=kind,
                standing_id=shop,
                key=f"{kind}:{shop}:{what}"[:200],
                day=day,
                number=number,
                told=told,
                found_at=at,
            )
            for shop, what, day, number, told in _rows(sql, asked)
        ]
        Signal.objects.bulk_create(found, ignore_conflicts=True)
    # The row is held by whoever posts; this is the one column of it that is of the watch.
    Progress.objects.update(watched=upto)
    return Signal.objects.count() - before


def _rows(sql: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return [(*row[:4], json.loads(row[4]) if isinstance(row[4], str) else row[4]) for row in cursor.fetchall()]
