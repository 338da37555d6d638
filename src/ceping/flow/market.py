"""What buyers do in shops, with the points it brings: the act and its event stand or fall together."""

from datetime import datetime

from django.db import transaction

from ceping.core.points import Event
from ceping.core.points.grammar import instant_at
from ceping.stages.points.actions import record_event
from ceping.stages.shop.actions.following import follow_shop, unfollow_shop
from ceping.stages.shop.actions.rating import rate_order
from ceping.stages.shop.models import Buyer, Follow, Order, Review, Shop

SOURCE = "platform"


@transaction.atomic
def follow(*, shop: Shop, buyer: Buyer, at: datetime) -> Follow | None:
    """The buyer follows the shop, and its points know. Raises NotAllowed, Refused."""
    made = follow_shop(shop=shop, buyer=buyer, at=at)
    if made is not None:
        _tell(shop, "follow", f"follow:{made.pk}:{made.turns}", buyer, at)
    return made


@transaction.atomic
def unfollow(*, shop: Shop, buyer: Buyer, at: datetime) -> Follow | None:
    """The buyer follows it no longer, and its points know."""
    made = unfollow_shop(shop=shop, buyer=buyer, at=at)
    if made is not None:
        _tell(shop, "unfollow", f"follow:{made.pk}:{made.turns}", buyer, at)
    return made


@transaction.atomic
def rate(*, order: Order, buyer: Buyer, rating: str, comment: str, at: datetime) -> Review:
    """The buyer says what the order was like: one event of the rating, one of the comment if there is any."""
    made = rate_order(order=order, buyer=buyer, rating=rating, comment=comment, at=at)
    _tell(made.shop, "rating", f"rating:{made.pk}", buyer, at, rating=made.rating)
    if made.comment:
        _tell(made.shop, "comment", f"comment:{made.pk}", buyer, at)
    return made


def _tell(shop: Shop, kind: str, event_id: str, buyer: Buyer, at: datetime, *, rating: str = "") -> None:
    event = Event(event_id, shop.code, kind, instant_at(at), buyer.actor, str(buyer.kind), rating, "")
    record_event(event=event, source=SOURCE, by=buyer.user, at=at)
