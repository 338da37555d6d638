"""What a buyer says of a completed order: a rating and, if they like, a comment; once."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.core.names import is_blank
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.shop.access import why_not_rate
from ceping.stages.shop.actions.counting import count_shop, hold_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.models import Buyer, Order, Review
from ceping.stages.shop.states import OrderState, Rating

MOST_COMMENT = 500


@transaction.atomic
def rate_order(*, order: Order, buyer: Buyer, rating: str, comment: str, at: datetime) -> Review:
    """The review stands on the shop's page. Raises NotAllowed; Refused without a rating or for too long a comment."""
    shop = hold_shop(order.shop_id)
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    held.shop = shop
    if why := why_not_rate(buyer, held):
        raise NotAllowed(why)
    if rating not in Rating.values:
        raise Refused(fault("shop_rating_wanted", place="rating"))
    text = "" if is_blank(comment) else comment.strip()
    if len(text) > MOST_COMMENT:
        raise Refused(fault("shop_text_long", place="comment", most=MOST_COMMENT))
    review = Review.objects.create(order=held, shop=shop, buyer=buyer, rating=rating, comment=text, made_at=at)
    held.state = OrderState.RATED
    held.save(update_fields=["state"])
    count_shop(shop)
    body = {"number": held.number, "rating": rating}
    record("rate_order", by=buyer.user, at=at, about=("shop", shop.code), chain=CHAIN, body=body)
    return review
