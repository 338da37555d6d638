"""points.toml: what a shop earns points for, and which level its points are; built from eight closed measures."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from ceping.core.finding import Finding, fault
from ceping.core.scheme.header import Reading
from ceping.core.scheme.reading import Rows, Table

EventKind = Literal["login", "follow", "unfollow", "order", "rating", "comment", "reply"]
ActorType = Literal["personal", "enterprise", "seller"]
Rating = Literal["good", "neutral", "bad"]

# A quantity has at most nine digits (a count of shops.csv), so these keep every sum within 64 bits in every engine.
_MOST_POINTS = 1_000_000
_MOST_CAP = 1_000_000_000_000
_RULE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_LEVEL = re.compile(r"[a-z]{1,16}", re.ASCII)


class EventFilter(Table):
    """Events of these kinds, actor types and ratings; a list left out means any, voids excepted."""

    kinds: Rows[EventKind] = ()
    actor_types: Rows[ActorType] = ()
    ratings: Rows[Rating] = ()


class YearsSince(Table):
    """Complete years from a date of the shop to the as-of date; the anniversary counts, 29 February on 1 March."""

    kind: Literal["years_since"]
    fact: Literal["registered_on"]


class Flag(Table):
    """1 when the fact is true or its text is not blank, otherwise 0."""

    kind: Literal["flag"]
    fact: Literal["introduction", "website", "decorated"]


class Number(Table):
    """A count among the shop's facts as it stands at the as-of date."""

    kind: Literal["number"]
    fact: Literal["certificate_count", "product_count"]


class EventCount(Table):
    """Events of the window that the filter lets through."""

    kind: Literal["event_count"]
    where: EventFilter


class DistinctDays(Table):
    """Distinct local days of the window with such an event."""

    kind: Literal["distinct_days"]
    where: EventFilter


class DayRuns(Table):
    """For every maximal run of consecutive such days inside the window: its length divided by `length`, whole."""

    kind: Literal["day_runs"]
    where: EventFilter
    length: int


class FollowSet(Table):
    """Actors of these types who follow at the end of the window, by their last follow or unfollow up to then."""

    kind: Literal["follow_set"]
    actor_types: Rows[ActorType] = ()


class ShareAtLeast(Table):
    """1 when there is any event of `whole` and `part` makes up at least numerator/denominator of them, exactly."""

    kind: Literal["share_at_least"]
    part: EventFilter
    whole: EventFilter
    numerator: int
    denominator: int


FactMeasure = YearsSince | Flag | Number
EventMeasure = EventCount | DistinctDays | DayRuns | FollowSet | ShareAtLeast
Measure = Annotated[
    YearsSince | Flag | Number | EventCount | DistinctDays | DayRuns | FollowSet | ShareAtLeast,
    Field(discriminator="kind"),
]


class PointsRule(Table):
    """One row of the official table: its cells as printed, what is measured, the points of one unit and the cap."""

    rule_id: str
    branch: str
    leaf: str
    unit: str
    score: str
    remark: str
    clause: str
    points: int
    cap: int | None = None
    measure: Measure


class LevelRow(Table):
    """One level from `least` to `most` points, both counted; the highest has no `most`; `printed` is the cell."""

    level: str
    rank: int
    least: int
    most: int | None = None
    printed: str


class LevelName(Table):
    """A level's word in the files and its name as printed."""

    level: str
    name: str


class PointsFile(Table):
    """points.toml as a whole; rules in the order of the ledger, levels in the order of their points."""

    title: str
    rules_title: str
    rules_columns: Rows[str]
    levels_title: str
    levels_columns: Rows[str]
    no_level_name: str
    rules: Rows[PointsRule] = Field(alias="rule")
    level_names: Rows[LevelName] = Field(alias="level_name")
    levels: Rows[LevelRow] = Field(alias="level")
    readings: Rows[Reading] = Field(default=(), alias="reading")


def points_faults(points: PointsFile, file: str) -> list[Finding]:
    """Everything wrong between the rows of one points.toml; `file` is its name in the findings."""
    return [*_rule_faults(points, file), *_level_faults(points, file)]


def _rule_faults(points: PointsFile, file: str) -> Iterator[Finding]:
    seen = Counter(rule.rule_id for rule in points.rules)
    for number, rule in enumerate(points.rules, start=1):
        place = f"rule[{number}]"
        if _RULE_ID.fullmatch(rule.rule_id) is None:
            yield fault("points_id_malformed", file=file, place=f"{place}.rule_id", given=rule.rule_id)
        if seen[rule.rule_id] > 1:
            yield fault("points_rule_twice", file=file, place=f"{place}.rule_id", given=rule.rule_id)
        if not 0 <= rule.points <= _MOST_POINTS:
            yield _range_fault(file, f"{place}.points", rule.points, 0, _MOST_POINTS)
        if rule.cap is not None and not 0 <= rule.cap <= _MOST_CAP:
            yield _range_fault(file, f"{place}.cap", rule.cap, 0, _MOST_CAP)
        measure = rule.measure
        if isinstance(measure, DayRuns) and not 1 <= measure.length <= 100_000:
            yield _range_fault(file, f"{place}.measure.length", measure.length, 1, 100_000)
        if isinstance(measure, ShareAtLeast):
            if not 1 <= measure.denominator <= _MOST_POINTS:
                yield _range_fault(file, f"{place}.measure.denominator", measure.denominator, 1, _MOST_POINTS)
            elif not 0 <= measure.numerator <= measure.denominator:
                yield _range_fault(file, f"{place}.measure.numerator", measure.numerator, 0, measure.denominator)


def _level_faults(points: PointsFile, file: str) -> Iterator[Finding]:
    names = Counter(row.level for row in points.level_names)
    for number, name in enumerate(points.level_names, start=1):
        if _LEVEL.fullmatch(name.level) is None or name.level == "none":
            yield fault("points_id_malformed", file=file, place=f"level_name[{number}].level", given=name.level)
        elif names[name.level] > 1:
            yield fault("points_level_twice", file=file, place=f"level_name[{number}].level", given=name.level)
    keys = Counter((row.level, row.rank) for row in points.levels)
    for number, row in enumerate(points.levels, start=1):
        place = f"level[{number}]"
        if row.level not in names:
            yield fault("points_level_unnamed", file=file, place=f"{place}.level", given=row.level)
        if keys[row.level, row.rank] > 1:
            yield fault("points_level_twice", file=file, place=place, given=f"{row.level} {row.rank}")
        if not 1 <= row.rank <= 99:
            yield _range_fault(file, f"{place}.rank", row.rank, 1, 99)
        if not 1 <= row.least <= _MOST_CAP:
            yield _range_fault(file, f"{place}.least", row.least, 1, _MOST_CAP)
    yield from _edge_faults(points.levels, file)


def _edge_faults(levels: tuple[LevelRow, ...], file: str) -> Iterator[Finding]:
    for number, row in enumerate(levels, start=1):
        if row.most is not None and row.most < row.least:
            yield fault("points_level_reversed", file=file, place=f"level[{number}]", least=row.least, most=row.most)
    for number, (lower, upper) in enumerate(pairwise(levels), start=2):
        place = f"level[{number}].least"
        if lower.most is None or lower.most >= upper.least:
            end = "∞" if lower.most is None else lower.most
            yield fault("points_levels_overlap", file=file, place=place, end=end, least=upper.least)
        elif lower.most + 1 < upper.least:
            yield fault("points_levels_gap", file=file, place=place, end=lower.most, least=upper.least)
    if levels and levels[-1].most is not None:
        yield fault("points_levels_end", file=file, place=f"level[{len(levels)}].most", end=levels[-1].most)


def _range_fault(file: str, place: str, given: int, least: int, most: int) -> Finding:
    return fault("points_out_of_range", file=file, place=place, given=given, least=least, most=most)
