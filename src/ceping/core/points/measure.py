"""The eight closed measures: what a rule counts in a shop's facts and in its events of one window."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ceping.core.points.event import KINDS, Event
from ceping.core.points.grammar import EARLIEST_DAY, day_number_of, end_instant_of, first_instant_of
from ceping.core.points.shop import Shop
from ceping.core.scheme.points import (
    DayRuns,
    DistinctDays,
    EventCount,
    EventFilter,
    FactMeasure,
    Flag,
    FollowSet,
    Measure,
    Number,
    PointsFile,
    ShareAtLeast,
    YearsSince,
)

# Kind, type of actor, rating: events that agree in these differ to the rules only in who and when.
Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last local day, both counted; cumulative, from the first event, without a first day."""

    start: date | None
    end: date

    def instants(self) -> tuple[int, int]:
        """The first instant of the window and the first after it."""
        start = first_instant_of(self.start or EARLIEST_DAY)
        return start, end_instant_of(self.end)


@dataclass(frozen=True, slots=True)
class Tally:
    """All that the rules ask of one shop's events in force: whoever counts, whether here or in a database.

    `counts` of the window's events and their local `days` (numbers since 1970) by kind, type of actor and rating;
    `followers` at its end by type. `days` must hold every cell that `kinds_by_day` names; others may be left out.
    """

    counts: Mapping[Cell, int]
    days: Mapping[Cell, Collection[int]]
    followers: Mapping[str, int]

    def count(self, where: EventFilter) -> int:
        """The events that the filter lets through."""
        return sum(number for cell, number in self.counts.items() if passes(where, *cell))

    def days_of(self, where: EventFilter) -> set[int]:
        """The days with such an event."""
        return {day for cell in self.counts if passes(where, *cell) for day in self.days[cell]}


def tally_of(events: Sequence[Event], window: Window) -> Tally:
    """The tally of a shop's events in force, of any time."""
    start, end = window.instants()
    inside = [event for event in events if start <= event.instant < end]
    days: dict[Cell, set[int]] = defaultdict(set)
    for event in inside:
        days[event.kind, event.actor_type, event.rating].add(day_number_of(event.instant))
    return Tally(
        Counter((event.kind, event.actor_type, event.rating) for event in inside),
        days,
        Counter(followers(event for event in events if event.instant < end).values()),
    )


def kinds_by_day(points: PointsFile) -> frozenset[str]:
    """The kinds of events whose days some rule asks for."""
    kinds: set[str] = set()
    for rule in points.rules:
        if isinstance(rule.measure, DistinctDays | DayRuns):
            kinds |= set(rule.measure.where.kinds or KINDS)
    return frozenset(kinds)


def quantities(points: PointsFile, shop: Shop, events: Sequence[Event], window: Window) -> tuple[int, ...]:
    """What each rule counts for the shop, in the scheme's order; `events` are those in force, of any time."""
    return quantities_of(points, shop, tally_of(events, window), window.end)


def quantities_of(points: PointsFile, shop: Shop, tally: Tally, as_of: date) -> tuple[int, ...]:
    """The same from a tally of the window that ends on the day `as_of`."""
    return tuple(_quantity(rule.measure, shop, tally, as_of) for rule in points.rules)


def fact_quantity(measure: FactMeasure, shop: Shop, as_of: date) -> int:
    """What a measure on the shop's facts counts at the as-of date."""
    # By kind, not by class: a check for the class of a table costs more than the rest, and every shop is asked.
    if measure.kind == "years_since":
        return complete_years(shop.registered_on, as_of)
    return int(getattr(shop, measure.fact))


def complete_years(since: date, as_of: date) -> int:
    """Anniversaries passed, the day itself counted; 29 February counts on 1 March in common years; never negative."""
    early = (as_of.month, as_of.day) < (since.month, since.day)
    return max(0, as_of.year - since.year - early)


def followers(events: Iterable[Event]) -> dict[str, str]:
    """Who follows, and as which type, by each actor's last follow or unfollow; at one instant the greater id wins."""
    return {actor: event.actor_type for actor, event in last_follows(events).items() if event.kind == "follow"}


def last_follows(events: Iterable[Event]) -> dict[str, Event]:
    """The follow or unfollow that counts, by actor: the last; at one instant that of the greater id."""
    last: dict[str, Event] = {}
    for event in events:
        if event.kind not in ("follow", "unfollow"):
            continue
        known = last.get(event.actor_id)
        if known is None or (event.instant, event.event_id) > (known.instant, known.event_id):
            last[event.actor_id] = event
    return last


def runs_of(days: Iterable[int]) -> list[int]:
    """The lengths of the maximal runs of consecutive numbers."""
    lengths: list[int] = []
    before = None
    for day in sorted(set(days)):
        if before is not None and day == before + 1:
            lengths[-1] += 1
        else:
            lengths.append(1)
        before = day
    return lengths


def passes(where: EventFilter, kind: str, actor_type: str, rating: str) -> bool:
    """Whether the filter lets such events through."""
    return (
        (not where.kinds or kind in where.kinds)
        and (not where.actor_types or actor_type in where.actor_types)
        and (not where.ratings or rating in where.ratings)
    )


def _quantity(measure: Measure, shop: Shop, tally: Tally, as_of: date) -> int:
    if isinstance(measure, YearsSince | Flag | Number):
        return fact_quantity(measure, shop, as_of)
    if isinstance(measure, FollowSet):
        return sum(tally.followers.get(one, 0) for one in set(measure.actor_types or tally.followers))
    if isinstance(measure, ShareAtLeast):
        part, whole = tally.count(measure.part), tally.count(measure.whole)
        return int(whole > 0 and measure.denominator * part >= measure.numerator * whole)
    if isinstance(measure, EventCount):
        return tally.count(measure.where)
    if isinstance(measure, DistinctDays):
        return len(tally.days_of(measure.where))
    if isinstance(measure, DayRuns):
        return sum(length // measure.length for length in runs_of(tally.days_of(measure.where)))
    assert_never(measure)
