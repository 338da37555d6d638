"""Measures, rounds, levels and explanation on small cases worked out by hand."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.points import EventRow, Place, ShopRow, Window, explain, level_of, score
from ceping.core.points.measure import complete_years, runs_of
from ceping.core.scheme.points import PointsFile
from ceping.core.scheme.reading import read_toml

DATA, _ = read_toml(Path(__file__).parents[2] / "src/ceping/schemes/shanghai-2021/points.toml", file="points.toml")
POINTS = PointsFile.model_validate(DATA)
YEAR = Window(date(2021, 1, 1), date(2021, 12, 31))


def shop(shop_id: str = "s", **facts: str) -> ShopRow:
    known = {
        "shop_name": "",
        "category": "",
        "registered_on": "2021-06-01",
        "introduction": "",
        "website": "",
        "certificate_count": "0",
        "product_count": "0",
        "decorated": "false",
    }
    return ShopRow(Place("shops.csv", 1), shop_id=shop_id, **(known | facts))


def event(event_id: str, kind: str, at: str = "2021-05-05T10:00:00+08:00", **cells: str) -> EventRow:
    blank = {"shop_id": "s", "actor_id": "", "actor_type": "", "rating": "", "voids": ""}
    return EventRow(Place("events.csv", 1), event_id=event_id, kind=kind, occurred_at=at, **(blank | cells))


def ledger_of(*events: EventRow, window: Window = YEAR, **facts: str) -> dict[str, tuple[int, int]]:
    scored = score(POINTS, [shop(**facts)], events, window)
    return {entry.rule_id: (entry.quantity, entry.points) for entry in scored.ledger}


def codes_of(*events: EventRow) -> list[tuple[str, str]]:
    return [(one.event_id, one.code) for one in score(POINTS, [shop()], events, YEAR).refused]


@pytest.mark.parametrize(
    ("since", "as_of", "years"),
    [
        (date(2016, 2, 29), date(2021, 2, 28), 4),
        (date(2016, 2, 29), date(2021, 3, 1), 5),
        (date(2016, 2, 29), date(2020, 2, 28), 3),
        (date(2016, 2, 29), date(2020, 2, 29), 4),
        (date(2010, 12, 31), date(2021, 12, 31), 11),
        (date(2010, 12, 31), date(2021, 12, 30), 10),
        (date(2022, 1, 1), date(2021, 12, 31), 0),
        (date(2021, 12, 31), date(2021, 12, 31), 0),
    ],
)
def test_complete_years(since: date, as_of: date, years: int) -> None:
    assert complete_years(since, as_of) == years


def test_facts_and_the_cap() -> None:
    facts = {"introduction": "x", "website": "y", "certificate_count": "21", "product_count": "2", "decorated": "true"}
    assert ledger_of(registered_on="2011-12-31", **facts) == {
        "company.years": (10, 50),
        "company.introduction": (1, 20),
        "company.website": (1, 20),
        "company.certificates": (21, 200),
        "product.count": (2, 20),
        "shop.decoration": (1, 50),
    }
    assert ledger_of(introduction="\u3000\u200b") == {}


def test_login_days_and_runs_stay_inside_the_window() -> None:
    days = [f"2020-12-{day}" for day in range(25, 32)] + [f"2021-01-{day:02d}" for day in range(1, 10)]
    logins = [event(f"e{n}", "login", f"{day}T00:00:00+08:00") for n, day in enumerate(days)]
    assert ledger_of(*logins) == {"login.day": (9, 9)}
    assert ledger_of(*logins, window=Window(None, date(2021, 12, 31))) == {
        "login.day": (16, 16),
        "login.streak": (1, 5),
    }
    twice = [*logins, event("again", "login", "2021-01-01T23:59:59+08:00")]
    assert ledger_of(*twice) == {"login.day": (9, 9)}


@given(st.sets(st.integers(0, 60)))
def test_runs_cover_every_day_once(days: set[int]) -> None:
    assert sum(runs_of(days)) == len(days)
    assert len(runs_of(days)) == sum(day - 1 not in days for day in days)


def test_the_last_follow_or_unfollow_wins_and_its_type_counts() -> None:
    def act(event_id: str, kind: str, at: str, who: str = "u", of: str = "personal") -> EventRow:
        return event(event_id, kind, at, actor_id=who, actor_type=of)

    early, late = "2020-03-01T00:00:00Z", "2021-03-01T00:00:00Z"
    assert ledger_of(act("a", "follow", early)) == {"follow.personal": (1, 1)}
    assert ledger_of(act("a", "follow", late), act("b", "unfollow", early)) == {"follow.personal": (1, 1)}
    assert ledger_of(act("a", "follow", early), act("b", "unfollow", late)) == {}
    assert ledger_of(act("a", "follow", early), act("b", "follow", late, of="enterprise")) == {
        "follow.enterprise": (1, 3)
    }
    # At one instant the greater id in byte order is the last one: "b" after "B".
    assert ledger_of(act("b", "follow", late), act("B", "unfollow", late)) == {"follow.personal": (1, 1)}
    assert ledger_of(act("b", "unfollow", late), act("B", "follow", late)) == {}
    assert ledger_of(act("a", "follow", "2022-01-01T00:00:00+08:00")) == {}


@pytest.mark.parametrize(("good", "bad", "reached"), [(7, 3, True), (69, 31, False), (0, 0, False), (1, 0, True)])
def test_the_rate_is_compared_exactly(good: int, bad: int, reached: bool) -> None:  # noqa: FBT001 -- a table of cases
    ratings = [
        event(f"e{n}", "rating", actor_type="personal", rating="good" if n < good else "bad") for n in range(good + bad)
    ]
    assert ("rating.rate" in ledger_of(*ratings)) is reached


def test_a_void_takes_its_target_away_whatever_its_own_time() -> None:
    order = event("o", "order")
    assert ledger_of(event("v", "void", "2099-01-01T00:00:00Z", voids="o"), order) == {}
    assert ledger_of(event("v", "void", voids="elsewhere"), order) == {"order.completed": (1, 10)}
    vain = event("w", "void", voids="v")
    assert ledger_of(order, event("v", "void", voids="o"), vain) == {}
    assert codes_of(order, event("v", "void", voids="o"), vain) == [("w", "void_of_void")]
    assert codes_of(event("v", "void", voids="v")) == [("v", "void_of_void")]
    # The void in the middle is refused itself, and still is a void.
    chain = [order, event("v", "void", voids="o"), vain, event("x", "void", voids="w")]
    assert codes_of(*chain) == [("w", "void_of_void"), ("x", "void_of_void")]


def test_equal_rows_are_one_event_and_unequal_ones_none() -> None:
    order = event("o", "order")
    same = event("o", "order", "2021-05-05 02:00:00.000Z")
    assert codes_of(order, same) == []
    assert ledger_of(order, same) == {"order.completed": (1, 10)}
    other = event("o", "order", actor_id="u")
    assert codes_of(order, same, other) == [("o", "id_conflict")] * 3
    assert ledger_of(order, same, other) == {}
    # A row refused by itself is in conflict with nobody.
    assert codes_of(order, event("o", "jump")) == [("o", "unknown_kind")]
    # A void whose target is in conflict has no effect and is not wrong.
    assert codes_of(order, other, event("v", "void", voids="o")) == [("o", "id_conflict")] * 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (event("", "order"), "missing_field"),
        (event("e", ""), "missing_field"),
        (event("e", "order", ""), "missing_field"),
        (event("e", "order", shop_id=""), "missing_field"),
        (event("e", "follow", actor_type="personal"), "missing_field"),
        (event("e", "unfollow", actor_id="u"), "missing_field"),
        (event("e", "comment"), "missing_field"),
        (event("e", "rating", actor_type="personal"), "missing_field"),
        (event("e", "void"), "missing_field"),
        (event("e e", "jump", "never"), "unknown_kind"),
        (event("e e", "order", "never"), "bad_value"),
        (event("e", "order", shop_id="no where"), "bad_value"),
        (event("e", "order", actor_id="a\tb"), "bad_value"),
        (event("e", "order", actor_type="robot"), "bad_value"),
        (event("e", "order", rating="great"), "bad_value"),
        (event("e", "order", voids="no no"), "bad_value"),
        (event("e", "comment", actor_type="seller"), "bad_value"),
        (event("e", "order", "never", shop_id="nobody"), "bad_time"),
        (event("e", "order", shop_id="nobody"), "unknown_shop"),
    ],
)
def test_a_row_alone_is_told_by_its_first_fault(row: EventRow, code: str) -> None:
    assert [code for _, code in codes_of(row)] == [code]


def test_shops_are_refused_by_row_and_doubled_ones_all() -> None:
    rows = [shop("a"), shop("b"), shop("a"), shop("b", decorated=""), shop("c d"), shop("", decorated="x")]
    scored = score(POINTS, rows, [event("e", "order", shop_id="a")], YEAR)
    assert sorted((one.shop_id, one.code) for one in scored.refused) == [
        ("", "missing_field"),
        ("a", "duplicate_shop"),
        ("a", "duplicate_shop"),
        ("a", "unknown_shop"),
        ("b", "missing_field"),
        ("c d", "bad_value"),
    ]
    assert [tuple(total) for total in scored.totals] == [("b", 0, "none", 0)]


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (0, None),
        (1, ("star", 1)),
        (100, ("star", 1)),
        (101, ("star", 2)),
        (80_001, ("crown", 5)),
        (10**9, ("crown", 5)),
    ],
)
def test_levels(total: int, level: tuple[str, int] | None) -> None:
    row = level_of(POINTS, total)
    assert (None if row is None else (row.level, row.rank)) == level


def test_an_explanation_names_every_rule_what_the_cap_took_and_the_way_up() -> None:
    scored = score(POINTS, [shop(certificate_count="25")], [event("o", "order")], YEAR)
    told = explain(POINTS, scored.totals[0], scored.ledger)
    assert [line.rule.rule_id for line in told.lines] == [rule.rule_id for rule in POINTS.rules]
    assert [(line.rule.rule_id, line.quantity, line.points, line.lost) for line in told.lines if line.quantity] == [
        ("company.certificates", 25, 200, 50),
        ("order.completed", 1, 10, 0),
    ]
    assert (told.total, told.level, told.next_level, told.distance) == (210, "3 星级", "4 星级", 91)
