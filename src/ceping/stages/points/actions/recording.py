"""Events taken into the log: each known once, other content under its id held, the rest in one order for everybody."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection, transaction

from ceping.core.finding import fault
from ceping.core.points import Event, EventRow, Place, event_of
from ceping.core.points.grammar import is_id, local_day_of
from ceping.ground.journal.actions import record
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.points import models
from ceping.stages.points.actions.columns import columns_of
from ceping.stages.points.actions.posting import AHEAD, post_points
from ceping.stages.points.models import Delivery, Held, Standing
from ceping.stages.points.queries.counted import event_in, moment_of
from ceping.stages.points.queries.frozen import frozen_periods, is_frozen
from ceping.stages.points.states import HeldReason, HeldState, Outcome

CHAIN = "points"
MOST_EVENTS = 500
DROPPED = "event_dropped"
Row = TypeVar("Row", models.Event, Held)
_KNOWN = """
SELECT e.id FROM {table} e JOIN unnest(%s::bigint[], %s::text[]) AS asked(standing_id, event_id)
    ON e.standing_id = asked.standing_id AND e.event_id = asked.event_id COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one event; `code` says why it is held or refused, `sequence` is its place in the log."""

    outcome: Outcome
    code: str = ""
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch, in its order, and the row that says so."""

    results: list[Recorded]
    delivery: Delivery


@transaction.atomic
def record_event(*, event: Event, source: str, by: User | None, at: datetime) -> Recorded:
    """The act stands in the log and its shop's points follow at once; part of the transaction of whoever calls it.

    An event known with the same content is answered as it was; other content under its id, a day of a frozen season and
    a time ahead of the clock are held. Raises Refused for what is no event, or a shop that was never noted. The act
    itself is journalled by the caller; `by` is who acted, where that is a person of this platform.
    """
    row = _as_row(event, source)
    standings = _standings({event.shop_id})
    checked = event_of(row, standings)
    if not isinstance(checked, Event):
        raise Refused(fault(checked, place=event.event_id[:64]))
    hold_log()
    (recorded,) = Intake(standings, source, at).take([checked])
    if recorded.outcome is Outcome.REFUSED:
        raise Refused(fault(recorded.code, place=event.event_id))
    if recorded.outcome is Outcome.ACCEPTED:
        post_points(standings=list(standings.values()), at=at)
    if recorded.outcome in (Outcome.HELD, Outcome.CONFLICT):
        body = {"event": event.event_id, "what": recorded.code, "source": source}
        record("hold_event", by=by, at=at, about=("shop", event.shop_id), chain=CHAIN, body=body)
    return recorded


@transaction.atomic
def take_events(*, rows: Sequence[EventRow], source: str, by: User | None, at: datetime) -> Taken:
    """Every row of the batch is accepted, known, held or refused by itself; nothing of it is lost.

    Points follow when the worker posts, within seconds.
    """
    standings = _standings({row.shop_id for row in rows})
    checked = [event_of(row, standings) for row in rows]
    hold_log()
    good = [one for one in checked if isinstance(one, Event)]
    answers = iter(Intake(standings, source, at).take(good))
    results = [next(answers) if isinstance(one, Event) else Recorded(Outcome.REFUSED, one) for one in checked]
    delivery = _delivery(results, good, source, at)
    body = {"source": source, "rows": delivery.given, "taken": delivery.accepted, "held": delivery.held}
    record("take_events", by=by, at=at, about=("delivery", delivery.pk), chain=CHAIN, body=body)
    return Taken(results, delivery)


def digest_of(event: Event) -> bytes:
    """SHA-256 over the eight parts, times as instants: two are one event when these agree."""
    # No part holds a control character, so none can reach into the next.
    return hashlib.sha256("\0".join(map(str, event)).encode()).digest()


def hold_log() -> None:
    """Until the transaction ends nobody else writes to the log: sequences become visible in their own order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('points:log', 0))")


def _standings(shops: Collection[str]) -> dict[str, int]:
    # What is no id may hold what the database takes for no text.
    asked = [shop for shop in shops if is_id(shop)]
    return dict(Standing.objects.filter(shop__in=asked).values_list("shop", "pk"))


def _as_row(event: Event, source: str) -> EventRow:
    """The event as somebody would write it, so that one check serves all."""
    written = moment_of(event.instant).astimezone(UTC).isoformat(timespec="microseconds")
    event_id, shop_id, kind, _, actor_id, actor_type, rating, voids = event
    return EventRow(Place(source, 1), event_id, shop_id, kind, written, actor_id, actor_type, rating, voids)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of an event; `row` holds its sequence once it is written."""

    outcome: Outcome
    code: str = ""
    row: models.Event | None = None

    def told(self) -> Recorded:
        return Recorded(self.outcome, self.code, self.row.pk if self.row is not None else None)


class Intake:
    """One writing to the log, which the caller holds; `standings` are the keys of its shops."""

    def __init__(self, standings: Mapping[str, int], source: str, at: datetime) -> None:
        self.standings, self.source, self.at = standings, source, at
        self.frozen = frozen_periods()
        # What is known of an id, by content; and the accepted event of it.
        self.known: dict[tuple[str, str], dict[bytes, _Answer]] = defaultdict(dict)
        self.events: dict[tuple[str, str], Event] = {}

    def take(self, events: Sequence[Event]) -> list[Recorded]:
        """What becomes of each, in order; the accepted and the held ones are written."""
        self._recall(events)
        fresh: list[models.Event] = []
        held: list[Held] = []
        answers = []
        for event in events:
            key, sha256 = (event.shop_id, event.event_id), digest_of(event)
            if (before := self.known[key].get(sha256)) is not None:
                answers.append(before)
                continue
            answer = self._answer(event)
            again = answer
            if answer.outcome is Outcome.ACCEPTED:
                row = self._row(event, sha256)
                fresh.append(row)
                self.events[key] = event
                answer, again = _Answer(Outcome.ACCEPTED, row=row), _Answer(Outcome.REPEATED, row=row)
            else:
                held.append(self._held(event, sha256, answer))
            self.known[key][sha256] = again
            answers.append(answer)
        models.Event.objects.bulk_create(fresh)
        Held.objects.bulk_create(held)
        return [answer.told() for answer in answers]

    def _recall(self, events: Sequence[Event]) -> None:
        """What the log knows of these ids and of those their voids name."""
        asked = {(self.standings[one.shop_id], one.event_id) for one in events}
        asked |= {(self.standings[one.shop_id], one.voids) for one in events if one.kind == "void"}
        shops = {key: shop for shop, key in self.standings.items()}
        for row in _rows(models.Event, asked):
            event = event_in(row, shops[row.standing_id])
            key = (event.shop_id, event.event_id)
            self.events[key] = event
            self.known[key][bytes(row.sha256)] = _Answer(Outcome.REPEATED, row=row)
        for one in _rows(Held, asked):
            self.known[shops[one.standing_id], one.event_id].setdefault(bytes(one.sha256), _again(one))

    def _answer(self, event: Event) -> _Answer:
        if self.known[event.shop_id, event.event_id]:
            return _Answer(Outcome.CONFLICT, HeldReason.CONFLICT)
        target = self.events.get((event.shop_id, event.voids)) if event.kind == "void" else None
        if event.kind == "void" and event.voids == event.event_id:
            target = event
        if target is not None and target.kind == "void":
            return _Answer(Outcome.REFUSED, HeldReason.VOID)
        days = [local_day_of(one.instant) for one in (event, target) if one is not None]
        if any(is_frozen(day, self.frozen) for day in days):
            return _Answer(Outcome.HELD, HeldReason.FROZEN)
        if moment_of(event.instant) > self.at + AHEAD:
            return _Answer(Outcome.HELD, HeldReason.AHEAD)
        return _Answer(Outcome.ACCEPTED)

    def _row(self, event: Event, sha256: bytes) -> models.Event:
        return models.Event(
            standing_id=self.standings[event.shop_id],
            sha256=sha256,
            source=self.source,
            received_at=self.at,
            **_parts(event),
        )

    def _held(self, event: Event, sha256: bytes, answer: _Answer) -> Held:
        # A void of a void is refused for good; it is kept so that its id stays taken.
        over = answer.outcome is Outcome.REFUSED
        return Held(
            standing_id=self.standings[event.shop_id],
            sha256=sha256,
            held_for=answer.code,
            source=self.source,
            received_at=self.at,
            state=HeldState.DROPPED if over else HeldState.OPEN,
            reason=answer.code if over else "",
            decided_at=self.at if over else None,
            **_parts(event),
        )


def write_event(*, standing: Standing, event: Event, source: str, at: datetime) -> models.Event:
    """The event stands in the log by a person's decision, whatever it was held for; the caller holds the log."""
    return models.Event.objects.create(
        standing=standing, sha256=digest_of(event), source=source, received_at=at, **_parts(event)
    )


def _parts(event: Event) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "kind": event.kind,
        "occurred_at": moment_of(event.instant),
        "actor_id": event.actor_id,
        "actor_type": event.actor_type,
        "rating": event.rating,
        "voids": event.voids,
    }


def _rows(model: type[Row], asked: Collection[tuple[int, str]]) -> Iterable[Row]:
    """The rows of these ids, in the order they were written."""
    if not asked:
        return []
    with connection.cursor() as cursor:
        sql = _KNOWN.format(table=model._meta.db_table)  # noqa: SLF001 -- Django's documented door
        cursor.execute(sql, columns_of(sorted(asked), 2))
        keys = [key for (key,) in cursor.fetchall()]
    return model.objects.filter(pk__in=keys).order_by("pk") if keys else []


def _again(held: Held) -> _Answer:
    """What somebody is told who sends a held event again."""
    if held.held_for == HeldReason.VOID:
        return _Answer(Outcome.REFUSED, HeldReason.VOID)
    if held.state == HeldState.TAKEN:
        return _Answer(Outcome.REPEATED)
    if held.held_for == HeldReason.CONFLICT:
        return _Answer(Outcome.CONFLICT, HeldReason.CONFLICT)
    return _Answer(Outcome.HELD, held.held_for) if held.state == HeldState.OPEN else _Answer(Outcome.REFUSED, DROPPED)


def _delivery(results: Sequence[Recorded], events: Sequence[Event], source: str, at: datetime) -> Delivery:
    counts = Counter(one.outcome for one in results)
    instants = [one.instant for one in events]
    return Delivery.objects.create(
        source=source,
        received_at=at,
        given=len(results),
        accepted=counts[Outcome.ACCEPTED],
        repeated=counts[Outcome.REPEATED],
        held=counts[Outcome.HELD] + counts[Outcome.CONFLICT],
        refused=counts[Outcome.REFUSED],
        codes=dict(Counter(one.code for one in results if one.code)),
        first_at=moment_of(min(instants)) if instants else None,
        last_at=moment_of(max(instants)) if instants else None,
    )
