"""A shop followed and no longer followed; each turn is told apart, for each is an event."""

from datetime import datetime, timedelta

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.shop.access import why_not_deal
from ceping.stages.shop.actions.counting import count_shop, hold_shop
from ceping.stages.shop.models import Buyer, Follow, Shop

CHAIN = "shops"
# Who turns back and forth more often than that within a day means something else.
MOST_TURNS = 10
_DAY = timedelta(days=1)


@transaction.atomic
def follow_shop(*, shop: Shop, buyer: Buyer, at: datetime) -> Follow | None:
    """The buyer follows the shop from now on; None when they did already. Raises NotAllowed, Refused."""
    held = hold_shop(shop.pk)
    if why := why_not_deal(buyer, held):
        raise NotAllowed(why)
    return _turn(held, buyer, at, follows=True)


@transaction.atomic
def unfollow_shop(*, shop: Shop, buyer: Buyer, at: datetime) -> Follow | None:
    """The buyer follows it no longer, whatever the shop's state; None when they did not. Raises Refused."""
    return _turn(hold_shop(shop.pk), buyer, at, follows=False)


def _turn(shop: Shop, buyer: Buyer, at: datetime, *, follows: bool) -> Follow | None:
    row = Follow.objects.filter(shop=shop, buyer=buyer).first()
    if (row is not None and row.follows) == follows:
        return None
    if row is None:
        row = Follow.objects.create(shop=shop, buyer=buyer, changed_at=at)
    else:
        if follows and row.turns >= MOST_TURNS and row.changed_at > at - _DAY:
            raise Refused(fault("shop_follow_busy"))
        row.follows, row.turns, row.changed_at = follows, row.turns + 1, at
        row.save(update_fields=["follows", "turns", "changed_at"])
    count_shop(shop)
    act = "follow_shop" if follows else "unfollow_shop"
    record(act, by=buyer.user, at=at, about=("shop", shop.code), chain=CHAIN)
    return row
