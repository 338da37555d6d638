"""The eight closed measures: what a rule counts in a shop's facts and in its events of one window."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ceping.core.points.event import Event
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


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last local day, both counted; cumulative, from the first event, without a first day."""

    start: date | None
    end: date

    def instants(self) -> tuple[int, int]:
        """The first instant of the window and the first after it."""
        start = first_instant_of(self.start or EARLIEST_DAY)
        return start, end_instant_of(self.end)


class _Tally:
    """One shop's events in force, counted once for all rules; most events differ only in who and when."""

    def __init__(self, events: Sequence[Event], window: Window) -> None:
        start, end = window.instants()
        self._inside = [event for event in events if start <= event.instant < end]
        self._cells = Counter((event.kind, event.actor_type, event.rating) for event in self._inside)
        self._days: dict[EventFilter, set[int]] = {}
        self.followers = Counter(followers(event for event in events if event.instant < end).values())

    def count(self, where: EventFilter) -> int:
        return sum(number for cell, number in self._cells.items() if passes(where, *cell))

    def days(self, where: EventFilter) -> set[int]:
        if where not in self._days:
            cells = {cell for cell in self._cells if passes(where, *cell)}
            self._days[where] = {
                day_number_of(event.instant)
                for event in self._inside
                if (event.kind, event.actor_type, event.rating) in cells
            }
        return self._days[where]


def quantities(points: PointsFile, shop: Shop, events: Sequence[Event], window: Window) -> tuple[int, ...]:
    """What each rule counts for the shop, in the scheme's order; `events` are those in force, of any time."""
    tally = _Tally(events, window)
    return tuple(_quantity(rule.measure, shop, tally, window.end) for rule in points.rules)


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
    last: dict[str, Event] = {}
    for event in events:
        if event.kind not in ("follow", "unfollow"):
            continue
        known = last.get(event.actor_id)
        if known is None or (event.instant, event.event_id) > (known.instant, known.event_id):
            last[event.actor_id] = event
    return {actor: event.actor_type for actor, event in last.items() if event.kind == "follow"}


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


def _quantity(measure: Measure, shop: Shop, tally: _Tally, as_of: date) -> int:
    if isinstance(measure, YearsSince | Flag | Number):
        return fact_quantity(measure, shop, as_of)
    if isinstance(measure, FollowSet):
        return sum(tally.followers[one] for one in set(measure.actor_types or tally.followers))
    if isinstance(measure, ShareAtLeast):
        part, whole = tally.count(measure.part), tally.count(measure.whole)
        return int(whole > 0 and measure.denominator * part >= measure.numerator * whole)
    if isinstance(measure, EventCount):
        return tally.count(measure.where)
    if isinstance(measure, DistinctDays):
        return len(tally.days(measure.where))
    if isinstance(measure, DayRuns):
        return sum(length // measure.length for length in runs_of(tally.days(measure.where)))
    assert_never(measure)
