"""What a shop's people do with orders, with the points it brings: the act and its event stand or fall together."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from ceping.core.points import Event
from ceping.core.points.grammar import instant_at
from ceping.ground.files.actions import Arrived
from ceping.ground.messages.actions import tell
from ceping.ground.messages.events import Event as Message
from ceping.ground.messages.queries import Reader
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.actions import note_facts, record_event
from ceping.stages.shop.actions import desk, keeping, offering, replying
from ceping.stages.shop.models import Certificate, Offer, Order, Reply, Review, Shop
from ceping.stages.shop.queries.facts import SOURCE, facts_row
from ceping.stages.shop.states import BuyerKind, OrderState, ShopState


@transaction.atomic
def complete_order(*, order: Order, by: User, at: datetime) -> Order:
    """The order is done and counts; the buyer may rate it now. Raises NotAllowed."""
    done = desk.complete_order(order=order, by=by, at=at)
    _tell(done, "order", f"order:{done.pk}", by, at)
    _tell_buyer(done, at)
    return done


@transaction.atomic
def refund_order(*, order: Order, reason: str, by: User, at: datetime) -> Order:
    """The completed order is taken back: its event counts no longer, nor do those of its review. Raises as the act."""
    done = desk.refund_order(order=order, reason=reason, by=by, at=at)
    _tell(done, "void", f"refund:{done.pk}", by, at, voids=f"order:{done.pk}")
    review = getattr(done, "review", None)
    if review is not None:
        _tell(done, "void", f"refund-rating:{done.pk}", by, at, voids=f"rating:{review.pk}")
        if review.comment:
            _tell(done, "void", f"refund-comment:{done.pk}", by, at, voids=f"comment:{review.pk}")
    _tell_buyer(done, at)
    return done


@transaction.atomic
def accept_order(*, order: Order, by: User, at: datetime, price_fen: int | None = None) -> Order:
    """The shop takes the order and the buyer is told. Raises NotAllowed."""
    done = desk.accept_order(order=order, by=by, at=at, price_fen=price_fen)
    _tell_buyer(done, at)
    return done


@transaction.atomic
def decline_order(*, order: Order, reason: str, by: User, at: datetime) -> Order:
    """The shop does not do it; the buyer reads why. Raises NotAllowed, Refused."""
    done = desk.decline_order(order=order, reason=reason, by=by, at=at)
    _tell_buyer(done, at)
    return done


@transaction.atomic
def change_profile(*, shop: Shop, given: keeping.Profile, by: User, at: datetime) -> Shop:
    """The shop says this of itself, and its points know. Raises as the act."""
    return _noted(keeping.change_profile(shop=shop, given=given, by=by, at=at), at)


@transaction.atomic
def decorate(*, shop: Shop, theme: str, blocks: Sequence[str], by: User, at: datetime) -> Shop:
    """The shop looks so, and its points know. Raises as the act."""
    return _noted(keeping.decorate(shop=shop, theme=theme, blocks=blocks, by=by, at=at), at)


@transaction.atomic
def set_banner(*, shop: Shop, arrived: Arrived | None, by: User, at: datetime) -> Shop:
    """The picture across the shop's head, or none; its points know. Raises as the act."""
    return _noted(keeping.set_banner(shop=shop, arrived=arrived, by=by, at=at), at)


@transaction.atomic
def add_certificate(
    *, shop: Shop, name: str, issued_on: date | None, arrived: Arrived, by: User, at: datetime
) -> Certificate:
    """The shop shows one certificate more, and its points know. Raises as the act."""
    made = keeping.add_certificate(shop=shop, name=name, issued_on=issued_on, arrived=arrived, by=by, at=at)
    _noted(made.shop, at)
    return made


@transaction.atomic
def remove_certificate(*, certificate: Certificate, by: User, at: datetime) -> Certificate:
    """The shop shows it no more, and its points know. Raises as the act."""
    done = keeping.remove_certificate(certificate=certificate, by=by, at=at)
    _noted(done.shop, at)
    return done


@transaction.atomic
def add_offer(*, shop: Shop, given: offering.Offering, by: User, at: datetime) -> Offer:
    """One thing more on offer, and the shop's points know. Raises as the act."""
    made = offering.add_offer(shop=shop, given=given, by=by, at=at)
    _noted(made.shop, at)
    return made


@transaction.atomic
def change_offer(*, offer: Offer, given: offering.Offering, by: User, at: datetime) -> Offer:
    """It is offered so, and the shop's points know. Raises as the act."""
    done = offering.change_offer(offer=offer, given=given, by=by, at=at)
    _noted(done.shop, at)
    return done


@transaction.atomic
def turn_offer(*, offer: Offer, shown: bool, by: User, at: datetime) -> Offer:
    """It is withdrawn or on offer again, and the shop's points know. Raises as the act."""
    done = offering.turn_offer(offer=offer, shown=shown, by=by, at=at)
    _noted(done.shop, at)
    return done


@transaction.atomic
def reply_review(*, review: Review, text: str, by: User, at: datetime) -> Reply:
    """The shop answers a comment, and its points know. Raises as the act."""
    made, new = replying.reply_review(review=review, text=text, by=by, at=at)
    if new:
        _record(review.shop, "reply", f"reply:{made.pk}", by, at)
    return made


def note_login(*, user: User, at: datetime) -> None:
    """Somebody of an institution logged in: an act of its open shop, once a log-in."""
    institutions = [grant.institution_id for grant in user.grants_in_force if grant.role == Role.INSTITUTION]
    for shop in Shop.objects.filter(institution__in=institutions, state=ShopState.OPEN):
        with suppress(Refused):
            # Two log-ins of one person in one instant are one.
            _record(shop, "login", f"login:{user.pk}:{instant_at(at)}", user, at)


def tell_facts(*, shop: Shop, at: datetime) -> None:
    """The points know what the shop is now; after it opened and after whatever the rules know of it changed."""
    note_facts(row=facts_row(shop), source=SOURCE, at=at)


def _tell(order: Order, kind: str, event_id: str, by: User, at: datetime, *, voids: str = "") -> None:
    # Who ordered says more than who clicked: rings and bursts are looked for among buyers.
    actor, actor_type = (order.buyer.actor, str(order.buyer_kind)) if kind == "order" else ("", "")
    event = Event(event_id, order.shop.code, kind, instant_at(at), actor, actor_type, "", voids)
    record_event(event=event, source=SOURCE, by=by, at=at)


def _record(shop: Shop, kind: str, event_id: str, by: User, at: datetime) -> None:
    event = Event(event_id, shop.code, kind, instant_at(at), f"user:{by.pk}", "seller", "", "")
    record_event(event=event, source=SOURCE, by=by, at=at)


def _noted(shop: Shop, at: datetime) -> Shop:
    # A shop that is not open yet is told of when it opens.
    if shop.opened_at is not None:
        tell_facts(shop=shop, at=at)
    return shop


def _tell_buyer(order: Order, at: datetime) -> None:
    role = Role.ENTERPRISE if order.buyer_kind == BuyerKind.ENTERPRISE else Role.PERSONAL
    tell(
        Message.ORDER_MOVED,
        about=("order", order.number),
        to=[Reader(order.buyer.user, role)],
        at=at,
        values={
            "name": order.buyer_name,
            "scope": order.shop.name,
            "receipt": order.number,
            "phase": OrderState(order.state).label,
            "reason": order.ended,
        },
        once=order.state,
        link=reverse("market:order", args=[order.number]),
    )
