"""What buyers do in shops, with the points it brings: the act and its event stand or fall together."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from ceping.core.points import Event
from ceping.core.points.grammar import instant_at
from ceping.ground.messages.actions import tell
from ceping.ground.messages.events import Event as Message
from ceping.ground.messages.queries import writers
from ceping.stages.points.actions import record_event
from ceping.stages.shop.actions import ordering
from ceping.stages.shop.actions.following import follow_shop, unfollow_shop
from ceping.stages.shop.actions.rating import rate_order
from ceping.stages.shop.models import Buyer, Follow, Offer, Order, Review, Shop

SOURCE = "platform"


@transaction.atomic
def place_order(*, offer: Offer, buyer: Buyer, phone: str, note: str, at: datetime) -> Order:
    """The order lies with the shop, whose people are told. Raises NotAllowed, Refused."""
    made = ordering.place_order(offer=offer, buyer=buyer, phone=phone, note=note, at=at)
    _tell_shop(Message.ORDER_PLACED, made, at)
    return made


@transaction.atomic
def cancel_order(*, order: Order, buyer: Buyer, reason: str, at: datetime) -> Order:
    """The buyer takes it back, and the shop's people are told. Raises NotAllowed, Refused."""
    done = ordering.cancel_order(order=order, buyer=buyer, reason=reason, at=at)
    _tell_shop(Message.ORDER_CANCELLED, done, at)
    return done


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
    _tell_shop(Message.ORDER_RATED, made.order, at)
    return made


def _tell(shop: Shop, kind: str, event_id: str, buyer: Buyer, at: datetime, *, rating: str = "") -> None:
    event = Event(event_id, shop.code, kind, instant_at(at), buyer.actor, str(buyer.kind), rating, "")
    record_event(event=event, source=SOURCE, by=buyer.user, at=at)


def _tell_shop(what: Message, order: Order, at: datetime) -> None:
    shop = order.shop
    tell(
        what,
        about=("order", order.number),
        to=writers([shop.institution_id])[shop.institution_id],
        at=at,
        values={
            "institution": shop.institution.name,
            "scope": order.title,
            "receipt": order.number,
            "who": order.firm or order.buyer_name,
            "reason": order.ended,
        },
        once=order.state,
        link=reverse("institution:shop_order", args=[order.number]),
    )
