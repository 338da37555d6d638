"""What is counted of shops, read into the values that `core.points` works on; nothing here knows a rule."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from ceping.core.points import Cell, Event, Shop, Tally, Window, followers, kinds_by_day, live_events
from ceping.core.points.grammar import EARLIEST_DAY, instant_at
from ceping.core.scheme.points import PointsFile
from ceping.stages.points import models
from ceping.stages.points.models import Facts, Standing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No event is older: core refuses it.
_FROM_FIRST = EARLIEST_DAY

_COUNTS = """
SELECT standing_id, kind, actor_type, rating, sum(number),
    array_agg(day - DATE '1970-01-01') FILTER (WHERE kind = ANY(%s))
FROM points_daycount WHERE standing_id = ANY(%s) AND number > 0 AND day BETWEEN %s AND %s
GROUP BY standing_id, kind, actor_type, rating
"""
_FOLLOWERS = """
SELECT standing_id, actor_type, count(*) FROM points_follower
WHERE standing_id = ANY(%s) AND follows GROUP BY standing_id, actor_type
"""


def moment_of(instant: int) -> datetime:
    """The moment of core's microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=instant)


def event_in(row: "models.Event | models.Held", shop: str) -> Event:
    """A row of the log as core's value."""
    return Event(
        row.event_id, shop, row.kind, instant_at(row.occurred_at), row.actor_id, row.actor_type, row.rating, row.voids
    )


def shop_in(facts: Facts, shop: str) -> Shop:
    """A row of facts as core's value."""
    return Shop(
        shop,
        facts.registered_on,
        introduction=facts.introduction,
        website=facts.website,
        certificate_count=facts.certificate_count,
        product_count=facts.product_count,
        decorated=facts.decorated,
    )


def facts_on(standings: Iterable[int], day: date) -> dict[int, Facts]:
    """The facts of each shop that hold on that day; a shop whose facts begin later has none."""
    found = Facts.objects.filter(standing__in=standings, on__lte=day)
    return {one.standing_id: one for one in found.order_by("standing_id", "-on", "-pk").distinct("standing_id")}


def tallies_now(points: PointsFile, standings: Sequence[int], as_of: date) -> dict[int, Tally]:
    """The cumulative tally of each shop from what was posted, in two questions for any number of shops."""
    counts = _counts(points, standings, Window(None, as_of))
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWERS, [list(standings)])
        following: dict[int, Counter[str]] = defaultdict(Counter)
        for standing, actor_type, number in cursor.fetchall():
            following[standing][actor_type] = number
    return {standing: Tally(*counts[standing], following[standing]) for standing in standings}


def tally_in(points: PointsFile, standing: Standing, window: Window) -> Tally:
    """The tally of one shop in any window; who followed then is read from the log itself."""
    counts, days = _counts(points, [standing.pk], window)[standing.pk]
    return Tally(counts, days, Counter(followers(follows_until(standing, window)).values()))


def follows_until(standing: Standing, window: Window) -> list[Event]:
    """The posted follows and unfollows in force up to the window's end."""
    _, end = window.instants()
    rows = models.Event.objects.filter(
        standing=standing, pk__lte=standing.posted, kind__in=("follow", "unfollow"), occurred_at__lt=moment_of(end)
    )
    return in_force(standing, list(rows.iterator(chunk_size=5000)), standing.posted)


def in_force(standing: Standing, rows: Sequence["models.Event"], upto: int) -> list[Event]:
    """Those of the rows that no void up to that sequence takes out of force."""
    events = {(standing.shop, row.event_id): event_in(row, standing.shop) for row in rows}
    voids = models.Event.objects.filter(standing=standing, kind="void", pk__lte=upto)
    events |= {(standing.shop, row.event_id): event_in(row, standing.shop) for row in voids}
    return [event for event in live_events(events).get(standing.shop, []) if event.kind != "void"]


def _counts(
    points: PointsFile, standings: Sequence[int], window: Window
) -> Mapping[int, tuple[dict[Cell, int], dict[Cell, list[int]]]]:
    found: dict[int, tuple[dict[Cell, int], dict[Cell, list[int]]]] = defaultdict(lambda: ({}, {}))
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS, [sorted(kinds_by_day(points)), list(standings), window.start or _FROM_FIRST, window.end]
        )
        for standing, kind, actor_type, rating, number, days in cursor.fetchall():
            counts, by_day = found[standing]
            counts[kind, actor_type, rating] = int(number)
            if days is not None:
                by_day[kind, actor_type, rating] = days
    return found
