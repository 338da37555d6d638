"""The events of shops: one row each, told good or wrong by itself, and settled against the other rows of its shop."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ceping.core.points.grammar import instant_of, is_actor, is_id
from ceping.core.points.refusal import Place, Refusal

EVENT_COLUMNS = ("event_id", "shop_id", "kind", "occurred_at", "actor_id", "actor_type", "rating", "voids")
KINDS = ("login", "follow", "unfollow", "order", "rating", "comment", "reply", "void")
ACTOR_TYPES = ("personal", "enterprise", "seller")
RATINGS = ("good", "neutral", "bad")
NEEDS_ACTOR = ("follow", "unfollow")
NEEDS_ACTOR_TYPE = ("follow", "unfollow", "rating", "comment")


class EventRow(NamedTuple):
    """One row of an event log, every cell as text, empty for missing."""

    place: Place
    event_id: str
    shop_id: str
    kind: str
    occurred_at: str
    actor_id: str
    actor_type: str
    rating: str
    voids: str


class Event(NamedTuple):
    """One act in a shop; `instant` in microseconds since 1970 UTC. Two are equal when all eight parts are."""

    event_id: str
    shop_id: str
    kind: str
    instant: int
    actor_id: str
    actor_type: str
    rating: str
    voids: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What counts: events by shop, voided ones and voids left out; and what is refused."""

    live: dict[str, list[Event]]
    refused: list[Refusal]


def event_of(row: EventRow, shops: Collection[str]) -> Event | str:
    """The event of one row, or the code of what is wrong with the row alone; the first match wins."""
    if _lacks_something(row):
        return "missing_field"
    if row.kind not in KINDS:
        return "unknown_kind"
    if not _well_written(row):
        return "bad_value"
    instant = instant_of(row.occurred_at)
    if instant is None:
        return "bad_time"
    if row.shop_id not in shops:
        return "unknown_shop"
    return Event(row.event_id, row.shop_id, row.kind, instant, row.actor_id, row.actor_type, row.rating, row.voids)


def settled(rows: Iterable[EventRow], shops: Collection[str]) -> Settled:
    """The rows in three rounds: each alone, then ids that stand for different content, then voids of voids."""
    refused: list[Refusal] = []
    good: dict[tuple[str, str], list[tuple[Place, Event]]] = defaultdict(list)
    for row in rows:
        event = event_of(row, shops)
        if isinstance(event, Event):
            good[event.shop_id, event.event_id].append((row.place, event))
        else:
            refused.append(Refusal(row.place, row.event_id, row.shop_id, event))
    agreed: dict[tuple[str, str], Event] = {}
    for key, told in good.items():
        if all(event == told[0][1] for _, event in told):
            agreed[key] = told[0][1]
        else:
            refused += [Refusal(place, event.event_id, event.shop_id, "id_conflict") for place, event in told]
    for key in voids_of_voids(agreed):
        refused += [Refusal(place, event.event_id, event.shop_id, "void_of_void") for place, event in good[key]]
    return Settled(live_events(agreed), refused)


def voids_of_voids(agreed: dict[tuple[str, str], Event]) -> list[tuple[str, str]]:
    """The voids, by shop and id, whose target is a void too; it does not matter whether that one is refused."""
    found = []
    for key, event in agreed.items():
        target = agreed.get((event.shop_id, event.voids)) if event.kind == "void" else None
        if target is not None and target.kind == "void":
            found.append(key)
    return found


def live_events(agreed: dict[tuple[str, str], Event]) -> dict[str, list[Event]]:
    """The events in force by shop: neither voids nor voided; a void counts whatever its own time."""
    # A refused void of a void needs no exception: its target is a void, and voids are never live.
    voided = {(event.shop_id, event.voids) for event in agreed.values() if event.kind == "void"}
    live: dict[str, list[Event]] = defaultdict(list)
    for key, event in agreed.items():
        if event.kind != "void" and key not in voided:
            live[event.shop_id].append(event)
    return live


def _lacks_something(row: EventRow) -> bool:
    if not (row.event_id and row.shop_id and row.kind and row.occurred_at):
        return True
    if row.kind in NEEDS_ACTOR and not row.actor_id:
        return True
    if row.kind in NEEDS_ACTOR_TYPE and not row.actor_type:
        return True
    return (row.kind == "rating" and not row.rating) or (row.kind == "void" and not row.voids)


def _well_written(row: EventRow) -> bool:
    if not (is_id(row.event_id) and is_id(row.shop_id)):
        return False
    if row.voids and not is_id(row.voids):
        return False
    if row.actor_id and not is_actor(row.actor_id):
        return False
    if row.actor_type and row.actor_type not in ACTOR_TYPES:
        return False
    if row.rating and row.rating not in RATINGS:
        return False
    # A seller may not follow, rate or comment.
    return not (row.kind in NEEDS_ACTOR_TYPE and row.actor_type == "seller")
