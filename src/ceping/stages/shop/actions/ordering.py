"""Orders as the buyer makes and cancels them; what the shop does with one is the seller's."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.core.phone import kind_of, normalised
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.shop.access import why_not_cancel, why_not_deal
from ceping.stages.shop.actions.counting import count_offer, hold_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.models import Buyer, Offer, Order
from ceping.stages.shop.states import OrderState

MOST_A_DAY = 20
MOST_NOTE = 1000
_MOST_REASON = 300
_LETTERS = "23456789ACDEFHJKLMNPRTUVWXY"


@transaction.atomic
def place_order(*, offer: Offer, buyer: Buyer, phone: str, note: str, at: datetime) -> Order:
    """The shop has an order to take. Raises NotAllowed for the own shop or a closed one; Refused otherwise.

    One order of an offer at a time, so that a form sent twice makes one.
    """
    shop = hold_shop(offer.shop_id)
    held = Offer.objects.select_for_update().get(pk=offer.pk)
    if why := why_not_deal(buyer, shop):
        raise NotAllowed(why)
    number = normalised(phone)
    if told := [*_about_offer(held, at), *_about_order(number, note), *_about_buyer(held, buyer, at)]:
        raise Refused(*told)
    order = Order.objects.create(
        number=f"D{timezone.localtime(at):%y%m%d}{''.join(secrets.choice(_LETTERS) for _ in range(6))}",
        offer=held,
        shop=shop,
        buyer=buyer,
        buyer_kind=buyer.kind,
        buyer_name=buyer.user.name,
        firm=buyer.firm,
        uscc=buyer.uscc,
        phone=number,
        note=note.strip(),
        title=held.title,
        price_fen=held.price_fen,
        placed_at=at,
    )
    count_offer(held)
    _record("place_order", order, buyer, at)
    return order


@transaction.atomic
def cancel_order(*, order: Order, buyer: Buyer, reason: str, at: datetime) -> Order:
    """The buyer takes the order back before it is completed. Raises NotAllowed, Refused without a reason."""
    hold_shop(order.shop_id)
    held = Order.objects.select_for_update(of=("self",)).select_related("shop", "offer").get(pk=order.pk)
    if why := why_not_cancel(buyer, held):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("shop_reason_wanted", place="reason"))
    if len(reason.strip()) > _MOST_REASON:
        raise Refused(fault("shop_text_long", place="reason", most=_MOST_REASON))
    held.state, held.ended, held.ended_by, held.ended_at = OrderState.CANCELLED, reason.strip(), buyer.user, at
    held.save(update_fields=["state", "ended", "ended_by", "ended_at"])
    count_offer(held.offer)
    _record("cancel_order", held, buyer, at)
    return held


def why_not_offered(offer: Offer, at: datetime) -> Finding | None:
    """Why nobody can order it now: withdrawn, over, or full."""
    return next(iter(_about_offer(offer, at)), None)


def _about_offer(offer: Offer, at: datetime) -> list[Finding]:
    if offer.withdrawn_at is not None:
        return [fault("shop_offer_over", title=offer.title)]
    if offer.ends_at is not None and offer.ends_at <= at:
        return [fault("shop_offer_past", title=offer.title)]
    return [fault("shop_offer_full", title=offer.title)] if offer.left == 0 else []


def _about_order(phone: str, note: str) -> list[Finding]:
    told = [] if kind_of(phone) is not None else [fault("shop_phone_wanted", place="phone")]
    if len(note.strip()) > MOST_NOTE:
        told.append(fault("shop_text_long", place="note", most=MOST_NOTE))
    return told


def _about_buyer(offer: Offer, buyer: Buyer, at: datetime) -> list[Finding]:
    # Two orders of one buyer in two shops at one moment are counted one after the other.
    Buyer.objects.select_for_update(of=("self",)).get(pk=buyer.pk)
    waiting = Order.objects.filter(offer=offer, buyer=buyer, state__in=(OrderState.PLACED, OrderState.ACCEPTED))
    if (known := waiting.first()) is not None:
        return [fault("shop_order_twice", number=known.number)]
    lately = Order.objects.filter(buyer=buyer, placed_at__gt=at - timedelta(days=1)).count()
    return [fault("shop_order_busy", most=MOST_A_DAY)] if lately >= MOST_A_DAY else []


def _record(act: str, order: Order, buyer: Buyer, at: datetime) -> None:
    body = {"number": order.number}
    record(act, by=buyer.user, at=at, about=("shop", order.shop.code), chain=CHAIN, body=body)
