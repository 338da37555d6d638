"""What the operator decides of shops, with all it brings along: points told, events voided, people told."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from ceping.flow.shopkeeping import tell_facts
from ceping.ground.messages.actions import tell
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import Reader, writers
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.actions import void_event
from ceping.stages.points.models import Event as ShopEvent
from ceping.stages.points.queries.log import voids_naming
from ceping.stages.shop.actions import overseeing
from ceping.stages.shop.models import AbuseReport, Review, Shop

# In which role somebody reads what came of their report.
_FILERS = (Role.ENTERPRISE, Role.PERSONAL, Role.INSTITUTION)


@transaction.atomic
def approve_shop(*, shop: Shop, by: User, at: datetime) -> Shop:
    """The shop is open, its points know what it is, its people are told. Raises NotAllowed, Refused."""
    held = overseeing.approve_shop(shop=shop, by=by, at=at)
    tell_facts(shop=held, at=at)
    _tell(Event.SHOP_OPENED, held, at)
    return held


@transaction.atomic
def refuse_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop does not come in, and its people read why. Raises NotAllowed, Refused."""
    held = overseeing.refuse_shop(shop=shop, reason=reason, by=by, at=at)
    _tell(Event.SHOP_REFUSED, held, at, reason)
    return held


@transaction.atomic
def suspend_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop pauses, and its people read why. Raises NotAllowed, Refused."""
    held = overseeing.suspend_shop(shop=shop, reason=reason, by=by, at=at)
    _tell(Event.SHOP_SUSPENDED, held, at, reason)
    return held


@transaction.atomic
def reopen_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop is open again, and its people read so. Raises NotAllowed, Refused."""
    held = overseeing.reopen_shop(shop=shop, reason=reason, by=by, at=at)
    tell_facts(shop=held, at=at)
    _tell(Event.SHOP_REOPENED, held, at, reason)
    return held


@transaction.atomic
def close_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop is out, and its people read why. Raises NotAllowed, Refused."""
    held = overseeing.close_shop(shop=shop, reason=reason, by=by, at=at)
    _tell(Event.SHOP_CLOSED, held, at, reason)
    return held


@transaction.atomic
def hide_review(*, review: Review, reason: str, by: User, at: datetime) -> Review:
    """The review is read by nobody and brings no points any more. Raises NotAllowed, Refused."""
    held = overseeing.hide_review(review=review, reason=reason, by=by, at=at)
    for event_id in (f"rating:{held.pk}", f"comment:{held.pk}"):
        event = ShopEvent.objects.filter(standing__shop=held.shop.code, event_id=event_id).first()
        # A refund may have voided it before.
        if event is not None and not voids_naming(event).exists():
            void_event(event=event, reason=reason, by=by, at=at)
    return held


@transaction.atomic
def decide_abuse(*, report: AbuseReport, upheld: bool, answer: str, hide: str, by: User, at: datetime) -> AbuseReport:
    """The report is answered and who filed it is told; with `hide` as reason its review is hidden as well.

    Raises NotAllowed, Refused.
    """
    held = overseeing.decide_abuse(report=report, upheld=upheld, answer=answer, by=by, at=at)
    if upheld and hide.strip() and held.review is not None and held.review.hidden_at is None:
        hide_review(review=held.review, reason=hide, by=by, at=at)
    role = next((one for one in _FILERS if one in held.filed_by.roles), None)
    if role is not None:
        tell(
            Event.ABUSE_ANSWERED,
            about=("abuse", held.number),
            to=[Reader(held.filed_by, role)],
            at=at,
            values={"name": held.filed_by.name, "scope": held.shop.name, "receipt": held.number, "reason": held.answer},
            once="answer",
        )
    return held


def _tell(event: Event, shop: Shop, at: datetime, reason: str = "") -> None:
    tell(
        event,
        about=("shop", shop.pk),
        to=writers([shop.institution_id])[shop.institution_id],
        at=at,
        values={"institution": shop.institution.name, "scope": shop.name, "reason": reason.strip()},
        # The change just made makes it one happening among those of the shop.
        once=str(shop.changes.latest("pk").pk),
        link=reverse("home"),
    )
