"""The demo's shops: made once, on every step of an order, with points that hold and a journal that verifies."""

from datetime import UTC, datetime

import pytest

from ceping.flow.demo import fill_demo
from ceping.flow.demo_market import SHOPS, fill_market
from ceping.ground.journal.queries import breaks_in
from ceping.ground.people.models import User
from ceping.stages.points.queries import explanation_of, standing_of, waiting_count
from ceping.stages.shop.models import AbuseReport, Order, Review, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AT = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)


def test_every_step_of_an_order_is_there_to_be_seen() -> None:
    fill_demo(at=AT)
    assert fill_market(at=AT) == SHOPS + 1
    assert fill_market(at=AT) == 0
    states = set(Order.objects.values_list("state", flat=True))
    assert {"placed", "accepted", "completed", "rated"} <= states
    assert Order.objects.filter(buyer__user__login="personal-1", state="completed").exists()
    assert Review.objects.filter(reply=None).exclude(comment="").exists()
    assert AbuseReport.objects.exists()
    assert list(Shop.objects.exclude(state="open").values_list("state", flat=True)) == ["pending"]
    assert waiting_count() == 0
    stands = standing_of(list(Shop.objects.filter(state="open").values_list("code", flat=True)))
    assert all(one.points > 0 for one in stands.values())
    for code, stand in stands.items():
        told = explanation_of(code)
        assert told is not None
        assert told.total == stand.points
    assert not User.objects.filter(demo=False).exists()
    assert not list(breaks_in("shops"))
