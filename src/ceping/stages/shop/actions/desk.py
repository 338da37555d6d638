"""Orders as the shop moves them: taken, completed, declined, refunded; each by a person of its institution."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.shop.access import why_not_move, why_not_run
from ceping.stages.shop.actions.counting import count_offer, count_shop, hold_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.models import Order
from ceping.stages.shop.states import OrderState

_MOST_REASON = 300
_MOST_FEN = 10**12


@transaction.atomic
def accept_order(*, order: Order, by: User, at: datetime, price_fen: int | None = None) -> Order:
    """The shop takes the order; where the price was to be agreed `price_fen` says what was. Raises NotAllowed."""
    held = _held(order, by, OrderState.ACCEPTED)
    if price_fen is not None and held.price_fen is None and 0 < price_fen <= _MOST_FEN:
        held.price_fen = price_fen
    held.state, held.accepted_at = OrderState.ACCEPTED, at
    held.save(update_fields=["state", "accepted_at", "price_fen"])
    _record("accept_order", held, by, at)
    return held


@transaction.atomic
def complete_order(*, order: Order, by: User, at: datetime) -> Order:
    """What was ordered is done; the buyer may rate it from now on. Raises NotAllowed."""
    held = _held(order, by, OrderState.COMPLETED)
    held.state, held.completed_at = OrderState.COMPLETED, at
    held.save(update_fields=["state", "completed_at"])
    _count(held)
    _record("complete_order", held, by, at)
    return held


@transaction.atomic
def decline_order(*, order: Order, reason: str, by: User, at: datetime) -> Order:
    """The shop does not do it; the buyer reads why. Raises NotAllowed, Refused without a reason."""
    return _end(order, OrderState.CANCELLED, "decline_order", reason, by, at)


@transaction.atomic
def refund_order(*, order: Order, reason: str, by: User, at: datetime) -> Order:
    """A completed order is taken back and counts no longer; the review stays. Raises NotAllowed, Refused."""
    return _end(order, OrderState.REFUNDED, "refund_order", reason, by, at)


def _end(order: Order, to: OrderState, act: str, reason: str, by: User, at: datetime) -> Order:
    held = _held(order, by, to)
    told = reason.strip()
    if not told:
        raise Refused(fault("shop_reason_wanted", place="reason"))
    if len(told) > _MOST_REASON:
        raise Refused(fault("shop_text_long", place="reason", most=_MOST_REASON))
    held.state, held.ended, held.ended_by, held.ended_at = to, told, by, at
    held.save(update_fields=["state", "ended", "ended_by", "ended_at"])
    _count(held)
    _record(act, held, by, at)
    return held


def _held(order: Order, by: User, to: OrderState) -> Order:
    shop = hold_shop(order.shop_id)
    if why := why_not_run(by, shop.institution_id):
        raise NotAllowed(why)
    held = Order.objects.select_for_update(of=("self",)).select_related("offer", "buyer__user").get(pk=order.pk)
    held.shop = shop
    if why := why_not_move(held, to):
        raise NotAllowed(why)
    return held


def _count(order: Order) -> None:
    count_shop(order.shop)
    count_offer(order.offer)


def _record(act: str, order: Order, by: User, at: datetime) -> None:
    record(act, by=by, at=at, about=("shop", order.shop.code), chain=CHAIN, body={"number": order.number})
