"""Working days by the yearly notices: known weeks, what a span needs, and the years without data."""

from datetime import date, timedelta

import pytest

from ceping.folder.calendar_days import after_working_days, calendar, is_working_day, working_days

YEARS = range(2020, 2027)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2021-02-11", False),  # 春节
        ("2021-02-07", True),  # 调休的星期日
        ("2021-02-18", True),
        ("2020-02-01", False),  # 延长的春节假期，原定上班
        ("2020-02-03", True),
        ("2022-12-31", False),
        ("2024-02-09", True),  # 除夕，鼓励休息而非放假
        ("2025-10-08", False),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2023-04-05", False),
        ("2023-04-04", True),
        ("2023-04-08", False),  # 平常的星期六
    ],
)
def test_known_days(day: str, worked: bool) -> None:  # noqa: FBT001 -- the expected answer
    assert is_working_day(date.fromisoformat(day)) is worked


def test_the_table_is_whole() -> None:
    table = calendar()
    assert sorted(table.years) == list(YEARS)
    assert not table.off & table.work
    assert all(day.weekday() >= 5 for day in table.work)
    assert [sorted(table.documents)] == [list(YEARS)]


@pytest.mark.parametrize(
    ("year", "count"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_working_days_of_a_year(year: int, count: int) -> None:
    days, _ = working_days(date(year, 1, 1), date(year, 12, 31))
    assert len(days) == count


def test_a_notice_of_five_working_days_over_the_national_day() -> None:
    # 9月30日公示：10月1—7日放假，8、9日（周六、日）上班。
    assert after_working_days(date(2022, 9, 30), 5) == (date(2022, 10, 12), [])


@pytest.mark.parametrize(
    ("first", "last", "unknown"),
    [
        ("2019-12-31", "2020-01-02", ["2019"]),
        ("2026-12-01", "2026-12-23", []),
        ("2026-12-01", "2026-12-24", ["2027"]),
        ("2025-12-20", "2026-01-05", []),
        ("2027-01-01", "2028-01-01", ["2027", "2028"]),
        ("2021-06-01", "2021-05-01", []),
    ],
)
def test_a_year_without_data_is_told(first: str, last: str, unknown: list[str]) -> None:
    _, findings = working_days(date.fromisoformat(first), date.fromisoformat(last))
    assert [finding.code for finding in findings] == ["holidays_unknown"] * len(unknown)
    assert [dict(finding.values)["year"] for finding in findings] == unknown


def test_counting_forward_agrees_with_listing() -> None:
    start = date(2023, 1, 10)
    for count in (0, 1, 7, 60):
        end, findings = after_working_days(start, count)
        assert findings == []
        assert len(working_days(start + timedelta(1), end)[0]) == count


@pytest.mark.parametrize("last", [date(9999, 12, 31), date(2040, 1, 1)])
def test_a_span_too_long_is_told(last: date) -> None:
    days, findings = working_days(date(2021, 1, 1), last)
    assert days == []
    assert [finding.code for finding in findings] == ["span_too_long"]


@pytest.mark.parametrize(("start", "count"), [(date(9999, 12, 30), 3), (date(2021, 1, 1), 10**9)])
def test_a_count_too_long_is_told(start: date, count: int) -> None:
    assert [finding.code for finding in after_working_days(start, count)[1]] == ["span_too_long"]
