"""How ids, times, dates, counts and blank texts are told, at every edge."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.points import grammar


@given(
    st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 12, 30)),  # noqa: DTZ001 -- zone follows
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from("T "),
)
def test_a_time_means_its_instant_in_any_zone(moment: datetime, minutes: int, between: str) -> None:
    moment = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert grammar.instant_of(moment.isoformat(between)) == expected
    assert grammar.instant_at(moment) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "2021-05-05", "2021-05-05T10:00:00", "2021-05-05T10:00Z", "2021-05-05T10:00:00z", "20210505T100000Z"),
        *("2021-05-05t10:00:00Z", "2021-05-05  10:00:00Z", " 2021-05-05T10:00:00Z", "2021-05-05T10:00:00Z\n"),
        *("2021-05-05T24:00:00Z", "2021-05-05T10:60:00Z", "2021-05-05T10:00:60Z", "2021-02-29T10:00:00Z"),
        *("2021-05-05T10:00:00,5Z", "2021-05-05T10:00:00.Z", "2021-05-05T10:00:00.1234567Z"),
        *("2021-05-05T10:00:00+8:00", "2021-05-05T10:00:00+08", "2021-05-05T10:00:00+0800"),
        *("2021-05-05T10:00:00+14:01", "2021-05-05T10:00:00-15:00", "2021-05-05T10:00:00+08:60"),
        *("２０21-05-05T10:00:00Z", "2021-05-05T1０:00:00Z", "2021-05-05T10:00:00 Z", "2021-05-05T10:00:00−08:00"),
        *("1989-12-31T15:59:59.999999Z", "2100-12-31T16:00:00Z", "0000-01-01T00:00:00Z"),
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert grammar.instant_of(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1989-12-31T16:00:00Z", date(1990, 1, 1)),
        ("2100-12-31T15:59:59.999999Z", date(2100, 12, 31)),
        ("2020-12-31T15:59:59.999999Z", date(2020, 12, 31)),
        ("2020-12-31T16:00:00Z", date(2021, 1, 1)),
        # Summer time of 1986-1991 is left out.
        ("1990-07-01T15:30:00Z", date(1990, 7, 1)),
        ("2021-01-01T13:59:59+14:00", date(2021, 1, 1)),
        ("2021-01-01T05:59:59+14:00", date(2020, 12, 31)),
    ],
)
def test_the_local_day_of_a_time(text: str, day: date) -> None:
    instant = grammar.instant_of(text)
    assert instant is not None
    assert grammar.local_day_of(instant) == day
    assert grammar.first_instant_of(day) <= instant < grammar.end_instant_of(day)


@pytest.mark.parametrize(
    ("text", "right"),
    [("a", True), ("A-z_0.9:", True), ("x" * 64, True), ("x" * 65, False), ("", False), ("a b", False), ("é", False)],
)
def test_ids(text: str, right: bool) -> None:  # noqa: FBT001 -- a table of cases
    assert grammar.is_id(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [("甲" * 128, True), ("甲" * 129, False), ("a\x1f", False), ("\x7f", False), ("\x85", False), ("\u200b", True)],
)
def test_actors(text: str, right: bool) -> None:  # noqa: FBT001 -- a table of cases
    assert grammar.is_actor(text) is right


def test_blank_is_white_space_and_what_nobody_sees() -> None:
    unseen = [chr(code) for code in range(0x110000) if chr(code).isspace() and code not in range(0x1C, 0x20)]
    assert all(grammar.is_blank(letter) for letter in [*unseen, *"\u200b\u200c\u200d\u2060\ufeff", ""])
    assert [letter for letter in "a。\u200e\u2061\x1c\u180e" if grammar.is_blank(letter)] == []


def test_counts_and_dates() -> None:
    good = {"0": 0, "7": 7, "999999999": 999_999_999}
    assert {text: grammar.count_of(text) for text in good} == good
    bad = ("", "00", "07", "-1", "+1", "1.0", "1000000000", "１", "1_0", " 1", "1\n")
    assert [text for text in bad if grammar.count_of(text) is not None] == []
    assert grammar.founding_day_of("1800-01-01") == date(1800, 1, 1)
    wrong = ("1799-12-31", "2021-02-29", "2021/01/01", "20210101", "2021-1-1", "2021-01-01\n", "２021-01-01")
    assert [text for text in wrong if grammar.founding_day_of(text) is not None] == []
