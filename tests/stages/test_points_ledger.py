"""The live ledger against core's own scoring of the same rows: in any order, repeated, late, voided, in any batches."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.points import EventRow, Place, ShopRow, Window, score
from ceping.stages.points import models
from ceping.stages.points.actions import note_facts, post_round, posting, take_events
from ceping.stages.points.models import Held, LedgerEntry, Standing
from ceping.stages.points.queries import entries_in, points_by_rule_and_day
from ceping.stages.points.queries.rules import shipped_rules
from ceping.stages.points.states import HeldReason

pytestmark = pytest.mark.django_db
AT = datetime(2021, 7, 1, 4, 0, tzinfo=UTC)
TODAY = date(2021, 7, 1)
KINDS = ("login", "login", "follow", "unfollow", "order", "rating", "comment", "reply", "void")
SHOPS = ("s1", "s2")
EMPTY = {"actor_id": "", "actor_type": "", "rating": "", "voids": ""}


def shop(shop_id: str) -> ShopRow:
    return ShopRow(Place("shops", 1), shop_id, f"店铺{shop_id}", "法律", "2015-03-04", "介绍", "", "3", "2", "true")


def row(event_id: str, kind: str, occurred_at: str, shop_id: str = "s1", **more: str) -> EventRow:
    parts = EMPTY | more
    return EventRow(Place("feed", 1), event_id, shop_id, kind, occurred_at, *parts.values())


@st.composite
def rows(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> EventRow:
    kind = draw(
        st.sampled_from(("login", "login", "follow", "unfollow", "order", "rating", "comment", "reply", "void"))
    )
    day = date(2020, 12, 20) + timedelta(days=draw(st.integers(0, 40)))
    at = f"{day}T{draw(st.sampled_from(('00:00:00', '15:59:59.999999', '16:00:00')))}Z"
    acts = kind in {"follow", "unfollow", "rating", "comment"}
    return EventRow(
        Place("feed", 1),
        draw(ids),
        draw(st.sampled_from(SHOPS)),
        kind,
        at,
        draw(st.sampled_from(("a", "b"))) if acts else "",
        draw(st.sampled_from(("personal", "enterprise"))) if acts else "",
        draw(st.sampled_from(("good", "bad"))) if kind == "rating" else "",
        draw(ids) if kind == "void" else "",
    )


IDS = st.integers(1, 30).map(lambda number: f"e{number}")
LOGS = st.lists(rows(IDS), max_size=40)


def feed(log: list[EventRow], seed: int) -> None:
    """The rows in some order, some twice, in batches of some size, posted now and then."""
    chance = random.Random(seed)  # noqa: S311 -- an order, not a secret
    sent = [*log, *chance.sample(log, k=len(log) // 3)]
    chance.shuffle(sent)
    # A round may end long before the log does.
    with patch.object(posting, "_A_ROUND", chance.choice((1, 4, 10_000))):
        while sent:
            size = chance.randint(1, 9)
            batch, sent = sent[:size], sent[size:]
            take_events(rows=batch, source="feed", by=None, at=AT)
            if chance.random() < 0.5:
                post_round(at=AT)
        while post_round(at=AT):
            pass


def without_conflicts(log: list[EventRow]) -> list[EventRow]:
    return list({(one.shop_id, one.event_id): one for one in log}.values())


def ledger() -> dict[tuple[str, str], tuple[int, int]]:
    sums = (
        LedgerEntry.objects.order_by().values("standing__shop", "rule_id").annotate(q=Sum("quantity"), p=Sum("points"))
    )
    return {(one["standing__shop"], one["rule_id"]): (one["q"], one["p"]) for one in sums if one["q"]}


@given(log=LOGS.map(without_conflicts), seed=st.integers(0, 2**32))
def test_any_order_repetition_and_delay_gives_the_command_s_sums(log: list[EventRow], seed: int) -> None:
    points = shipped_rules().points
    with transaction.atomic():
        for one in SHOPS:
            note_facts(row=shop(one), source="test", at=AT)
        feed(log, seed)
        told = score(points, [shop(one) for one in SHOPS], log, Window(None, TODAY))
        assert ledger() == {(one.shop_id, one.rule_id): (one.quantity, one.points) for one in told.ledger}
        standings = {one.shop: one for one in Standing.objects.all()}
        assert {one.shop_id: (one.points, one.level, one.level_rank) for one in told.totals} == {
            key: (one.points, one.level, one.level_rank) for key, one in standings.items()
        }
        for window in (Window(date(2021, 1, 1), date(2021, 1, 20)), Window(date(2020, 12, 1), date(2020, 12, 31))):
            told = score(points, [shop(one) for one in SHOPS], log, window)
            lines = [line for one in SHOPS for line in entries_in(shipped_rules(), standings[one], window)]
            assert lines == told.ledger
        transaction.set_rollback(True)


@given(log=LOGS, seed=st.integers(0, 2**32))
def test_held_ids_are_the_command_s_conflicts(log: list[EventRow], seed: int) -> None:
    with transaction.atomic():
        for one in SHOPS:
            note_facts(row=shop(one), source="test", at=AT)
        feed(log, seed)
        told = score(shipped_rules().points, [shop(one) for one in SHOPS], log, Window(None, TODAY))
        held = Held.objects.filter(held_for=HeldReason.CONFLICT).values_list("standing__shop", "event_id")
        assert set(held) == {(one.shop_id, one.event_id) for one in told.refused if one.code == "id_conflict"}
        transaction.set_rollback(True)


@pytest.mark.parametrize("first", ["order", "void"])
def test_what_waits_for_a_later_round_touches_nothing_yet(first: str) -> None:
    note_facts(row=shop("s1"), source="test", at=AT)
    kept, gone = (row(one, "order", "2021-06-01T00:00:00Z", actor_id="a") for one in ("kept", "gone"))
    void = row("void", "void", "2021-06-02T00:00:00Z", voids="gone")
    pair = [gone, void] if first == "order" else [void, gone]
    # All of it stands in the log before the first round begins.
    take_events(rows=[kept, *pair], source="feed", by=None, at=AT)
    with patch.object(posting, "_A_ROUND", 1):
        while post_round(at=AT):
            pass
    assert ledger()["s1", "order.completed"] == (1, 10)


def test_the_days_of_a_period_add_up_to_the_period() -> None:
    note_facts(row=shop("s1"), source="test", at=AT)
    log = [row(f"l{day}", "login", f"2021-03-{day:02}T02:00:00Z") for day in range(1, 22)]
    log += [
        row("f1", "follow", "2021-03-05T02:00:00Z", actor_id="a", actor_type="enterprise"),
        row("f2", "unfollow", "2021-03-06T02:00:00Z", actor_id="a", actor_type="enterprise"),
        row("r1", "rating", "2021-03-07T02:00:00Z", actor_type="personal", rating="good"),
    ]
    feed(log, 1)
    days = points_by_rule_and_day("s1", (date(2021, 3, 1), date(2021, 3, 31)))
    assert len(days) == 31
    sums: Counter[str] = Counter()
    for day in days:
        sums.update(day.points)
    window = Window(date(2021, 3, 1), date(2021, 3, 31))
    told = score(shipped_rules().points, [shop("s1")], log, window)
    acts = {
        one.rule_id: one.points for one in told.ledger if not one.rule_id.startswith(("company", "product", "shop"))
    }
    assert {rule: points for rule, points in sums.items() if points} == acts
    assert days[4].points == {"login.day": 1, "follow.enterprise": 3}
    assert days[5].points == {"login.day": 1, "follow.enterprise": -3}


@pytest.mark.parametrize("table", ["points_event", "points_ledgerentry", "points_facts"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_is_relied_on_only_grows(table: str, sql: str) -> None:
    note_facts(row=shop("s1"), source="test", at=AT)
    feed([row("l1", "login", "2021-03-01T02:00:00Z")], 1)
    with connection.cursor() as cursor:
        # Else what waits to be checked would stop a TRUNCATE before the trigger does.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(sql.format(table))
    assert models.Event.objects.count() == 1
