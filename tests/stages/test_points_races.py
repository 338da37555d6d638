"""A round of posting and events that come in meanwhile: neither waits for the other."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from ceping.core.points import EventRow, Place, ShopRow
from ceping.stages.points.actions import note_facts, post_points, post_round, take_events
from ceping.stages.points.models import Standing
from ceping.stages.points.states import Outcome

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2021, 7, 1, 4, 0, tzinfo=UTC)
SHOP = ShopRow(Place("shops", 1), "s1", "店铺", "法律", "2015-03-04", "介绍", "", "3", "2", "true")


def order(number: int) -> EventRow:
    return EventRow(Place("feed", 1), f"e{number}", "s1", "order", "2021-06-01T00:00:00Z", "a", "personal", "", "")


def test_events_come_in_while_a_round_goes_on() -> None:
    standing = note_facts(row=SHOP, source="test", at=AT)
    take_events(rows=[order(1)], source="feed", by=None, at=AT)
    outcomes: list[Outcome] = []

    def send() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            taken = take_events(rows=[order(2)], source="feed", by=None, at=AT)
            outcomes.extend(one.outcome for one in taken.results)
        finally:
            connection.close()

    with transaction.atomic():
        # The shop is held until this transaction ends.
        assert post_points(standings=[standing.pk], at=AT)
        other = Thread(target=send)
        other.start()
        other.join(20)
        assert outcomes == [Outcome.ACCEPTED]
    while post_round(at=AT):
        pass
    assert Standing.objects.get().balances["order.completed"] == [2, 20]
