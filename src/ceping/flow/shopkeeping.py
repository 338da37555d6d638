"""What a shop's people do with orders, with the points it brings: the act and its event stand or fall together."""

from datetime import datetime

from django.db import transaction

from ceping.core.points import Event
from ceping.core.points.grammar import instant_at
from ceping.ground.people.models import User
from ceping.stages.points.actions import note_facts, record_event
from ceping.stages.shop.actions import desk
from ceping.stages.shop.models import Order, Shop
from ceping.stages.shop.queries.facts import SOURCE, facts_row


@transaction.atomic
def complete_order(*, order: Order, by: User, at: datetime) -> Order:
    """The order is done and counts. Raises NotAllowed."""
    done = desk.complete_order(order=order, by=by, at=at)
    _tell(done, "order", f"order:{done.pk}", by, at)
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
    return done


def tell_facts(*, shop: Shop, at: datetime) -> None:
    """The points know what the shop is now; after it opened and after whatever the rules know of it changed."""
    note_facts(row=facts_row(shop), source=SOURCE, at=at)


def _tell(order: Order, kind: str, event_id: str, by: User, at: datetime, *, voids: str = "") -> None:
    # Who ordered says more than who clicked: rings and bursts are looked for among buyers.
    actor, actor_type = (order.buyer.actor, str(order.buyer_kind)) if kind == "order" else ("", "")
    event = Event(event_id, order.shop.code, kind, instant_at(at), actor, actor_type, "", voids)
    record_event(event=event, source=SOURCE, by=by, at=at)
