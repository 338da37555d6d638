"""The eight closed measures: what a rule counts in a shop's facts and in its events of one window."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ceping.core.points.event import Event
from ceping.core.points.grammar import day_number_of, end_instant_of, first_instant_of
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
    """From the first to the last local day, both counted; without a first day it is cumulative: from the first event."""

    start: date | None
    end: date

    def holds(self, instant: int) -> bool:
        """Whether the instant's local date lies in the window."""
        after_start = self.start is None or instant >= first_instant_of(self.start)
        return after_start and instant < end_instant_of(self.end)


def quantities(points: PointsFile, shop: Shop, events: Sequence[Event], window: Window) -> tuple[int, ...]:
    """What each rule counts for the shop, in the scheme's order; `events` are those in force, of any time."""
    inside = [event for event in events if window.holds(event.instant)]
    up_to_end = [event for event in events if event.instant < end_instant_of(window.end)]
    return tuple(_quantity(rule.measure, shop, inside, up_to_end, window.end) for rule in points.rules)


def fact_quantity(measure: FactMeasure, shop: Shop, as_of: date) -> int:
    """What a measure on the shop's facts counts at the as-of date."""
    if isinstance(measure, YearsSince):
        return complete_years(shop.registered_on, as_of)
    if isinstance(measure, Flag):
        given = {"introduction": shop.introduction, "website": shop.website, "decorated": shop.decorated}
        return int(given[measure.fact])
    return {"certificate_count": shop.certificate_count, "product_count": shop.product_count}[measure.fact]


def complete_years(since: date, as_of: date) -> int:
    """Anniversaries passed, the day itself counted; 29 February counts on 1 March in common years; never negative."""
    early = (as_of.month, as_of.day) < (since.month, since.day)
    return max(0, as_of.year - since.year - early)


def followers(events: Iterable[Event]) -> dict[str, str]:
    """Who follows, and as which type, by each actor's last follow or unfollow; at one instant the greater id is last."""
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


def passes(where: EventFilter, event: Event) -> bool:
    """Whether the filter lets the event through."""
    return (
        (not where.kinds or event.kind in where.kinds)
        and (not where.actor_types or event.actor_type in where.actor_types)
        and (not where.ratings or event.rating in where.ratings)
    )


def _quantity(measure: Measure, shop: Shop, inside: Sequence[Event], up_to_end: Sequence[Event], as_of: date) -> int:
    if isinstance(measure, YearsSince | Flag | Number):
        return fact_quantity(measure, shop, as_of)
    if isinstance(measure, FollowSet):
        types = followers(up_to_end).values()
        return sum(not measure.actor_types or one in measure.actor_types for one in types)
    if isinstance(measure, ShareAtLeast):
        whole = _count(measure.whole, inside)
        part = _count(measure.part, inside)
        return int(whole > 0 and measure.denominator * part >= measure.numerator * whole)
    if isinstance(measure, EventCount):
        return _count(measure.where, inside)
    days = {day_number_of(event.instant) for event in inside if passes(measure.where, event)}
    if isinstance(measure, DistinctDays):
        return len(days)
    if isinstance(measure, DayRuns):
        return sum(length // measure.length for length in runs_of(days))
    assert_never(measure)


def _count(where: EventFilter, events: Iterable[Event]) -> int:
    return sum(passes(where, event) for event in events)
