"""How ids, times, dates, counts and texts of the points files are written; cells are taken as they stand."""

import re
from datetime import UTC, date, datetime, timedelta

MICROSECONDS_A_DAY = 86_400_000_000
# Local means UTC+08:00 at all times; the summer time of 1986-1991 is left out on purpose.
LOCAL_OFFSET = 8 * 3_600_000_000
EARLIEST_DAY = date(1990, 1, 1)
LATEST_DAY = date(2100, 12, 31)
MOST_ACTOR_CHARACTERS = 128

_EPOCH = date(1970, 1, 1)
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_ACTOR = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,128}")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,6}))?"
    r"(?:Z|([+-])(0[0-9]|1[0-3]):([0-5][0-9])|([+-])14:00)",
    re.ASCII,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_COUNT = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
# Unicode White_Space, then the zero-width characters that look like nothing as well.
_UNSEEN = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u200b-\u200d\u2060\ufeff]*")


def is_id(text: str) -> bool:
    """Whether the text may be an event's or a shop's id."""
    return _ID.fullmatch(text) is not None


def is_actor(text: str) -> bool:
    """Whether the text may name an actor: 1 to 128 characters, none of them a control character."""
    return _ACTOR.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Whether nothing is left without white space and zero-width characters."""
    return _UNSEEN.fullmatch(text) is not None


def instant_of(text: str) -> int | None:
    """Microseconds since 1970 in UTC of a time with its zone, or None when it is not written so or out of range."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, zone_hours, zone_minutes, far = found.groups()
    try:
        days = (date(int(year), int(month), int(day)) - _EPOCH).days
    except ValueError:
        return None
    offset = 14 * 60 if far else int(zone_hours or 0) * 60 + int(zone_minutes or 0)
    if "-" in (sign, far):
        offset = -offset
    seconds = int(hour) * 3600 + (int(minute) - offset) * 60 + int(second)
    instant = days * MICROSECONDS_A_DAY + seconds * 1_000_000 + int((fraction or "").ljust(6, "0"))
    return instant if first_instant_of(EARLIEST_DAY) <= instant < end_instant_of(LATEST_DAY) else None


def local_day_of(instant: int) -> date:
    """The local date of an instant."""
    return _EPOCH + timedelta(days=day_number_of(instant))


def day_number_of(instant: int) -> int:
    """The local date of an instant as days since 1970-01-01."""
    return (instant + LOCAL_OFFSET) // MICROSECONDS_A_DAY


def first_instant_of(day: date) -> int:
    """The first instant of a local day."""
    return (day - _EPOCH).days * MICROSECONDS_A_DAY - LOCAL_OFFSET


def end_instant_of(day: date) -> int:
    """The first instant that no longer belongs to the local day."""
    return first_instant_of(day) + MICROSECONDS_A_DAY


def instant_at(moment: datetime) -> int:
    """The instant of an aware datetime; what is read from a database needs no text."""
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def date_of(text: str) -> date | None:
    """The date written as `YYYY-MM-DD`, or None."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def founding_day_of(text: str) -> date | None:
    """A registration date: as `date_of`, not before 1800."""
    day = date_of(text)
    return day if day is not None and day.year >= 1800 else None


def count_of(text: str) -> int | None:
    """A plain count of at most nine digits, or None."""
    return int(text) if _COUNT.fullmatch(text) else None
