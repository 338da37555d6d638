"""When a client may be called: office hours by parts of the day, appointments within wider bounds, and how often.

All moments are local. Three parts of the day in which nobody answered end the tries; two tries a day are enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from ceping.core.scheme.verification import Disposition
from ceping.folder.calendar_days import is_working_day

# What stands against a call at this moment, or "" for nothing.
Wait = Literal["", "quiet", "part", "today", "tomorrow", "appointment"]
# How a client stands: to be called, waiting for an online answer, answered, or given up with the reason.
Standing = Literal["open", "online", "done", "refused", "number", "linked", "unsure", "tried"]


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of a working day in which calls are made, up to but without its end."""

    name: str
    title: str
    begin: time
    end: time


PARTS = (
    DayPart("morning", "上午 9:00—12:00", time(9), time(12)),
    DayPart("afternoon", "下午 13:30—16:00", time(13, 30), time(16)),
    DayPart("evening", "傍晚 16:00—18:00", time(16), time(18)),
)
# What a client asked for may lie outside office hours, at night it may not.
EARLIEST, LATEST = time(8), time(21)
MOST_A_DAY, MOST_TRIES = 2, 6
FURTHEST = timedelta(days=30)
# An appointment is kept from a little before its moment until an hour after it.
_BEFORE, _AFTER = timedelta(minutes=10), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt by telephone that stands, and what it came to."""

    at: datetime
    outcome: Disposition


def part_at(moment: datetime) -> DayPart | None:
    """The part of the day the moment lies in; None at night, at noon and on days off, which the State Council moves."""
    if not is_working_day(moment.date()):
        return None
    return next((part for part in PARTS if part.begin <= moment.time() < part.end), None)


def may_be_agreed(moment: datetime, now: datetime) -> bool:
    """Whether an appointment may lie there: ahead, within thirty days, not at night."""
    return now < moment <= now + FURTHEST and EARLIEST <= moment.time() < LATEST


def is_due(appointment: datetime | None, now: datetime) -> bool:
    """Whether the appointment is to be kept now."""
    return appointment is not None and appointment - _BEFORE <= now <= appointment + _AFTER


def standing_of(tried: Sequence[Tried], *, retry_after_unsure: int, link: bool, appointed: bool = False) -> Standing:
    """How a client stands after these attempts, in order; `link` says that an online answer may still come.

    Somebody who made an appointment is called once more, however often nobody answered before.
    """
    outcomes = [one.outcome.outcome_class for one in tried]
    if "completed" in outcomes:
        return "done"
    if "refused" in outcomes:
        return "refused"
    contacts = sum(one == "unsure" for one in outcomes)
    if contacts >= retry_after_unsure:
        return "unsure"
    last = outcomes[-1] if outcomes else ""
    if last == "number_problem":
        return "online" if link else "number"
    if last == "linked":
        return "linked"
    silent = [one.at for one in tried if one.outcome.outcome_class == "non_contact"]
    parts = {part.name for moment in silent if (part := part_at(moment)) is not None}
    if (len(parts) == len(PARTS) or len(tried) >= MOST_TRIES) and not appointed:
        return "online" if link else "tried"
    return "open"


def wait_for(tried: Sequence[Tried], appointment: datetime | None, now: datetime) -> Wait:
    """What stands against calling an open client now."""
    if appointment is not None:
        if is_due(appointment, now):
            return ""
        if now < appointment:
            return "appointment"
    here = part_at(now)
    if here is None:
        return "quiet"
    if not tried:
        return ""
    if sum(one.at.date() == now.date() for one in tried) >= MOST_A_DAY:
        return "today"
    if tried[-1].outcome.outcome_class == "unsure" and tried[-1].at.date() == now.date():
        return "tomorrow"
    silent = {part_at(one.at) for one in tried if one.outcome.outcome_class == "non_contact"}
    # One who missed an appointment may be called again in the same part of a day.
    return "part" if here in silent and appointment is None else ""
