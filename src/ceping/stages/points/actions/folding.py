"""New events folded into what is counted of shops: what comes into force, what a void takes out, who follows.

Which events are in force is core's answer, asked of the new events and of those they touch: an event's force hangs on
nothing but voids that name it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from ceping.core.points import Event, last_follows, live_events
from ceping.core.points.grammar import instant_at, local_day_of
from ceping.stages.points import models
from ceping.stages.points.actions.columns import columns_of, run_with_columns
from ceping.stages.points.models import Follower, Standing
from ceping.stages.points.queries.counted import event_in, in_force, moment_of

_NEWS = """
SELECT e.id FROM points_event e JOIN points_standing s ON s.id = e.standing_id
WHERE s.id = ANY(%s) AND e.id > s.posted AND e.id <= %s
"""
# What stands in the log but waits for a later round touches nothing yet: it is folded when its own round comes.
_TOUCHED = """
SELECT e.id FROM points_event e JOIN unnest(%s::bigint[], %s::text[]) AS asked(standing_id, event_id)
    ON e.standing_id = asked.standing_id AND e.event_id = asked.event_id COLLATE "C"
JOIN points_standing s ON s.id = e.standing_id WHERE e.id <= s.posted
UNION
SELECT e.id FROM points_event e JOIN unnest(%s::bigint[], %s::text[]) AS asked(standing_id, event_id)
    ON e.standing_id = asked.standing_id AND e.voids = asked.event_id COLLATE "C"
JOIN points_standing s ON s.id = e.standing_id WHERE e.kind = 'void' AND e.voids <> '' AND e.id <= s.posted
"""
_MORE = """
INSERT INTO points_daycount (standing_id, day, kind, actor_type, rating, number)
SELECT * FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::text[], %s::int[])
ON CONFLICT (standing_id, kind, actor_type, rating, day)
DO UPDATE SET number = points_daycount.number + excluded.number
"""
_LESS = """
UPDATE points_daycount c SET number = c.number + d.number
FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::text[], %s::int[])
    AS d(standing_id, day, kind, actor_type, rating, number)
WHERE (c.standing_id, c.kind, c.actor_type, c.rating, c.day)
    = (d.standing_id, d.kind, d.actor_type, d.rating, d.day)
"""
_FOLLOW = """
INSERT INTO points_follower (standing_id, actor_id, actor_type, follows, occurred_at, event_id)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bool[], %s::timestamptz[], %s::text[])
ON CONFLICT (standing_id, actor_id) DO UPDATE SET actor_type = excluded.actor_type, follows = excluded.follows,
    occurred_at = excluded.occurred_at, event_id = excluded.event_id
"""


@dataclass(slots=True)
class Folded:
    """What new events did to one shop: `upto` is the last of them; `void` the first void that took something out.

    `first_voided` is the smallest sequence among what was taken out, 0 for nothing.
    """

    upto: int = 0
    added: int = 0
    voided: int = 0
    void: str = ""
    first_voided: int = 0
    came: list[Event] = field(default_factory=list)
    went: list[Event] = field(default_factory=list)


def fold_news(standings: Mapping[int, Standing], upto: int) -> dict[int, Folded]:
    """Counts and followers hold every event up to that sequence of these locked shops; answers the change by shop.

    The rows' own `posted` is still the old one: whoever posts sets it.
    """
    news = _events(_NEWS, [list(standings), upto])
    if not news:
        return {}
    shops = {standing.pk: standing.shop for standing in standings.values()}
    known = _touched(news)
    by_shop: dict[int, Folded] = defaultdict(Folded)
    before = _live(known, shops)
    after = _live([*known, *news], shops)
    sequence = {(row.standing_id, row.event_id): row.pk for row in known}
    for row in news:
        by_shop[row.standing_id].upto = max(by_shop[row.standing_id].upto, row.pk)
    for key, event in after.items():
        if key not in before:
            by_shop[key[0]].came.append(event)
    for key, event in before.items():
        if key not in after:
            folded = by_shop[key[0]]
            folded.went.append(event)
            earlier = folded.first_voided or sequence[key]
            folded.first_voided = min(earlier, sequence[key])
    voids = {(row.standing_id, row.voids): row.event_id for row in reversed(news) if row.kind == "void"}
    for standing, folded in by_shop.items():
        folded.added, folded.voided = len(folded.came), len(folded.went)
        folded.void = next((found for one in folded.went if (found := voids.get((standing, one.event_id)))), "")
    _count(by_shop)
    _follow(by_shop, standings)
    return by_shop


def _events(sql: str, given: Sequence[Any]) -> list[models.Event]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        keys = [key for (key,) in cursor.fetchall()]
    return list(models.Event.objects.filter(pk__in=keys).order_by("pk")) if keys else []


def _touched(news: Collection[models.Event]) -> list[models.Event]:
    """Earlier events that the new ones take out of force, and earlier voids that name any of these or of the new."""
    voids = [row for row in news if row.kind == "void"]
    targets = [(row.standing_id, row.voids) for row in voids]
    named = [*targets, *((row.standing_id, row.event_id) for row in news if row.kind != "void")]
    columns = [*columns_of(targets, 2), *columns_of(named, 2)]
    return _events(_TOUCHED, columns)


def _live(rows: Iterable[models.Event], shops: Mapping[int, str]) -> dict[tuple[int, str], Event]:
    keys = {shop: standing for standing, shop in shops.items()}
    agreed = {(shops[row.standing_id], row.event_id): event_in(row, shops[row.standing_id]) for row in rows}
    return {
        (keys[shop], event.event_id): event
        for shop, live in live_events(agreed).items()
        for event in live
        if event.kind != "void"
    }


def _count(by_shop: Mapping[int, Folded]) -> None:
    moved: Counter[tuple[int, date, str, str, str]] = Counter()
    for standing, folded in by_shop.items():
        for events, sign in ((folded.came, 1), (folded.went, -1)):
            for one in events:
                moved[standing, local_day_of(one.instant), one.kind, one.actor_type, one.rating] += sign
    # In one order for everybody, so that no two wait for each other.
    rows = sorted((*cell, number) for cell, number in moved.items())
    run_with_columns(_MORE, [row for row in rows if row[-1] > 0], 6)
    run_with_columns(_LESS, [row for row in rows if row[-1] < 0], 6)


def _follow(by_shop: Mapping[int, Folded], standings: Mapping[int, Standing]) -> None:
    kinds = ("follow", "unfollow")
    came = {key: [one for one in folded.came if one.kind in kinds] for key, folded in by_shop.items()}
    lost = {key: {one.actor_id for one in folded.went if one.kind in kinds} for key, folded in by_shop.items()}
    asked = [(key, one.actor_id) for key, events in came.items() for one in events if one.actor_id not in lost[key]]
    last = _known(asked, standings)
    for key, events in came.items():
        last[key] = last_follows([*last.get(key, {}).values(), *events])
    for key, actors in lost.items():
        if actors:
            _forget(standings[key], by_shop[key].upto, actors, last.setdefault(key, {}))
    rows = [
        (key, actor, event.actor_type, event.kind == "follow", moment_of(event.instant), event.event_id)
        for key, events in last.items()
        for actor, event in events.items()
    ]
    run_with_columns(_FOLLOW, sorted(rows), 6)


def _known(asked: Collection[tuple[int, str]], standings: Mapping[int, Standing]) -> dict[int, dict[str, Event]]:
    found: dict[int, dict[str, Event]] = defaultdict(dict)
    if not asked:
        return found
    sql = """SELECT f.id FROM points_follower f JOIN unnest(%s::bigint[], %s::text[]) AS asked(standing_id, actor_id)
        ON f.standing_id = asked.standing_id AND f.actor_id = asked.actor_id COLLATE "C" """
    with connection.cursor() as cursor:
        cursor.execute(sql, columns_of(sorted(set(asked)), 2))
        keys = [key for (key,) in cursor.fetchall()]
    for row in Follower.objects.filter(pk__in=keys):
        found[row.standing_id][row.actor_id] = _told(row, standings[row.standing_id].shop)
    return found


def _told(row: Follower, shop: str) -> Event:
    kind = "follow" if row.follows else "unfollow"
    return Event(row.event_id, shop, kind, instant_at(row.occurred_at), row.actor_id, row.actor_type, "", "")


def _forget(standing: Standing, upto: int, actors: Collection[str], last: dict[str, Event]) -> None:
    """Who lost an event follows by what is left of their events, or not at all."""
    rows = models.Event.objects.filter(
        standing=standing, kind__in=("follow", "unfollow"), actor_id__in=actors, pk__lte=upto
    )
    left = last_follows(in_force(standing, list(rows), upto))
    for actor in actors:
        last.pop(actor, None)
    last.update(left)
    Follower.objects.filter(standing=standing, actor_id__in=set(actors) - set(left)).delete()
