"""How a shop's points came about, day by day: what the rules say of the period up to each day, less the day before."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from ceping.core.points import Cell, Event, Tally, Window, last_follows, points_of, quantities_of
from ceping.core.points.grammar import local_day_of
from ceping.core.scheme.points import Flag, Number, YearsSince
from ceping.stages.points.models import DayCount, Standing
from ceping.stages.points.queries.counted import facts_on, follows_until, shop_in
from ceping.stages.points.queries.rules import Rules, rules_in_force

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class DayPoints:
    """Points gained or lost on a local day, by rule; rules without a movement are left out."""

    day: date
    points: dict[str, int]

    @property
    def total(self) -> int:
        """Of all rules."""
        return sum(self.points.values())


def points_by_rule_and_day(shop: str, period: tuple[date, date]) -> list[DayPoints]:
    """A line a day of the period (at most 400 days, its last), from acts alone: what a shop is counts from the start.

    The sum of the days is what the acts of the period give by the rules in force. Empty for an unknown shop.
    """
    first, last = max(period[0], period[1] - timedelta(days=_LONGEST - 1)), period[1]
    standing = Standing.objects.filter(shop=shop).first()
    if standing is None or first > last:
        return []
    facts = facts_on([standing.pk], last).get(standing.pk)
    if facts is None:
        return []
    days = _Days(standing, Window(first, last))
    rules, known = rules_in_force(), shop_in(facts, shop)
    counted = [rule for rule in rules.points.rules if not isinstance(rule.measure, YearsSince | Flag | Number)]
    found, before = [], {rule.rule_id: 0 for rule in counted}
    before |= _points(rules, quantities_of(rules.points, known, days.tally(), last), before)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        days.pass_over(day)
        now = _points(rules, quantities_of(rules.points, known, days.tally(), day), before)
        moved = {rule: points - before[rule] for rule, points in now.items() if points != before[rule]}
        found.append(DayPoints(day, moved))
        before = now
    return found


def _points(rules: Rules, quantities: tuple[int, ...], wanted: dict[str, int]) -> dict[str, int]:
    pairs = zip(rules.points.rules, quantities, strict=True)
    return {rule.rule_id: points_of(rule, quantity) for rule, quantity in pairs if rule.rule_id in wanted}


class _Days:
    """A tally that grows by a day; it begins with who followed before the first."""

    def __init__(self, standing: Standing, window: Window) -> None:
        start, _ = window.instants()
        rows = DayCount.objects.filter(standing=standing, number__gt=0, day__range=(window.start, window.end))
        self._rows: dict[date, list[tuple[Cell, int]]] = defaultdict(list)
        for day, kind, actor_type, rating, number in rows.values_list("day", "kind", "actor_type", "rating", "number"):
            self._rows[day].append(((kind, actor_type, rating), number))
        follows = follows_until(standing, window)
        self._last = last_follows(one for one in follows if one.instant < start)
        self._follows: dict[date, list[Event]] = defaultdict(list)
        for one in follows:
            if one.instant >= start:
                self._follows[local_day_of(one.instant)].append(one)
        self._counts: Counter[Cell] = Counter()
        self._days: dict[Cell, set[int]] = defaultdict(set)
        self._followers = Counter(one.actor_type for one in self._last.values() if one.kind == "follow")

    def tally(self) -> Tally:
        """As of the day last passed over."""
        return Tally(self._counts, self._days, self._followers)

    def pass_over(self, day: date) -> None:
        """The day's events are in the tally."""
        at = (day - date(1970, 1, 1)).days
        for cell, number in self._rows.get(day, ()):
            self._counts[cell] += number
            self._days[cell].add(at)
        for actor, event in last_follows(self._follows.get(day, ())).items():
            if (before := self._last.get(actor)) is not None and before.kind == "follow":
                self._followers[before.actor_type] -= 1
            if event.kind == "follow":
                self._followers[event.actor_type] += 1
            self._last[actor] = event
