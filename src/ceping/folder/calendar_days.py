"""Which days are working days by the State Council's yearly notices, and where their data ends."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from ceping.core.finding import Finding, fault

FILE = "holidays.toml"
_SATURDAY = 5
_LAST_SURE_DAY = (12, 23)
# Longer than any period of a season; keeps a mistyped year from walking through centuries.
_MOST = 3660


@dataclass(frozen=True, slots=True)
class Calendar:
    """The table as read: the years it holds, the days off, the weekend days worked (调休), the notice of each year."""

    years: frozenset[int]
    off: frozenset[date]
    work: frozenset[date]
    documents: dict[int, str]


@cache
def calendar() -> Calendar:
    """The shipped table."""
    table = tomllib.loads(files("ceping.core").joinpath("tables", FILE).read_text(encoding="utf-8"))
    off: set[date] = set()
    for year in table["year"]:
        for first, last in year["off"]:
            start, end = date.fromisoformat(first), date.fromisoformat(last)
            off |= {start + timedelta(days) for days in range((end - start).days + 1)}
    return Calendar(
        frozenset(year["year"] for year in table["year"]),
        frozenset(off),
        frozenset(date.fromisoformat(day) for year in table["year"] for day in year["work"]),
        {year["year"]: year["document"] for year in table["year"]},
    )


def is_working_day(day: date) -> bool:
    """Whether people work on this day; of a year without data, whether it is Monday to Friday."""
    known = calendar()
    return day in known.work or (day.weekday() < _SATURDAY and day not in known.off)


def faults_in_span(first: date, last: date) -> list[Finding]:
    """One finding for each year the span needs and the table does not hold.

    The last eight days of a year need the next year's notice too: it may move them (2018-12-29 was worked).
    """
    needed = set(range(first.year, last.year + 1))
    needed |= {year + 1 for year in needed if first <= date(year, 12, 31) and last > date(year, *_LAST_SURE_DAY)}
    known = calendar().years
    shown = f"{min(known)}—{max(known)}"
    return [fault("holidays_unknown", file=FILE, year=year, known=shown) for year in sorted(needed - known)]


def working_days(first: date, last: date) -> tuple[list[date], list[Finding]]:
    """The working days from first to last, both included, and a finding for each year whose notice is not known."""
    span = (last - first).days
    if span < 0:
        return [], []
    if span > _MOST:
        return [], [fault("span_too_long", file=FILE, first=first, last=last, most=_MOST)]
    days = [day for days in range(span + 1) if is_working_day(day := first + timedelta(days))]
    return days, faults_in_span(first, last)


def after_working_days(start: date, count: int) -> tuple[date, list[Finding]]:
    """The day on which `count` working days are over, the day after `start` being the first, and as above."""
    if count > _MOST or start.year + _MOST // 365 > date.max.year:
        return start, [fault("span_too_long", file=FILE, first=start, last=count, most=_MOST)]
    day = start
    left = count
    while left > 0:
        day += timedelta(1)
        left -= is_working_day(day)
    return day, faults_in_span(start, day)
