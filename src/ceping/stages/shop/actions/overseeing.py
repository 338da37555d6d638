"""What the operator decides of shops: who comes in, who pauses, who goes; which review is hidden; what a report was."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.shop.access import why_not_oversee
from ceping.stages.shop.actions.counting import count_shop, hold_shop, word_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.models import AbuseReport, Review, Shop, ShopChange
from ceping.stages.shop.states import SHOP_NEXT, AbuseState, ShopState

MOST_REASON, MOST_ANSWER = 300, 1000
_LEAST_REASON = 4


def approve_shop(*, shop: Shop, by: User, at: datetime) -> Shop:
    """The shop that asked is open: found, and open to orders. Raises NotAllowed; Refused when it waits no longer."""
    return _move(shop, "approve_shop", (ShopState.PENDING, ShopState.OPEN), "", by, at)


def refuse_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop that asked does not come in; its people read why and may ask with another. Raises as `close_shop`."""
    return _move(shop, "refuse_shop", (ShopState.PENDING, ShopState.CLOSED), reason, by, at)


def suspend_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop takes no orders and is not found until it is reopened. Raises as `close_shop`."""
    return _move(shop, "suspend_shop", (ShopState.OPEN, ShopState.SUSPENDED), reason, by, at)


def reopen_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The suspended shop is open again. Raises as `close_shop`."""
    return _move(shop, "reopen_shop", (ShopState.SUSPENDED, ShopState.OPEN), reason, by, at)


def close_shop(*, shop: Shop, reason: str, by: User, at: datetime) -> Shop:
    """The shop is out for good; what happened in it stands. Its institution may ask for another.

    Raises NotAllowed; Refused without a reason, and from a state from which this does not lead.
    """
    return _move(shop, "close_shop", (None, ShopState.CLOSED), reason, by, at)


@transaction.atomic
def hide_review(*, review: Review, reason: str, by: User, at: datetime) -> Review:
    """Nobody reads the review any more and the good rate leaves it out; its row stays.

    Raises NotAllowed; Refused without a reason, and for one that is hidden.
    """
    _allow(by)
    told = _worded(reason)
    shop = hold_shop(review.shop_id)
    held = Review.objects.select_for_update(of=("self",)).select_related("order").get(pk=review.pk)
    held.shop = shop
    if held.hidden_at is not None:
        raise Refused(fault("shop_review_hidden"))
    held.hidden_at, held.hidden_by, held.hidden_for = at, by, told
    held.save(update_fields=["hidden_at", "hidden_by", "hidden_for"])
    count_shop(shop)
    _record("hide_review", shop.code, told, by, at, number=held.order.number, rating=held.rating)
    return held


@transaction.atomic
def decide_abuse(*, report: AbuseReport, upheld: bool, answer: str, by: User, at: datetime) -> AbuseReport:
    """The report is upheld or dismissed, and who filed it reads the answer.

    Raises NotAllowed; Refused without an answer, for too long a one, and for what is decided.
    """
    _allow(by)
    said = answer.strip()
    if not said:
        raise Refused(fault("shop_answer_wanted", place="answer"))
    if len(said) > MOST_ANSWER:
        raise Refused(fault("shop_text_long", place="answer", most=MOST_ANSWER))
    held = AbuseReport.objects.select_for_update(of=("self",)).select_related("shop", "filed_by").get(pk=report.pk)
    if held.state != AbuseState.OPEN:
        raise Refused(fault("shop_abuse_over", state=AbuseState(held.state).label))
    held.state = AbuseState.UPHELD if upheld else AbuseState.DISMISSED
    held.answer, held.decided_by, held.decided_at = said, by, at
    held.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _record("decide_abuse", held.shop.code, said, by, at, number=held.number, status=held.state)
    return held


@transaction.atomic
def _move(shop: Shop, act: str, way: tuple[ShopState | None, ShopState], reason: str, by: User, at: datetime) -> Shop:
    """Along `way`; from None, wherever the table lets it come from."""
    _allow(by)
    told = _worded(reason) if act != "approve_shop" else ""
    held = hold_shop(shop.pk)
    before, (wanted, after) = ShopState(held.state), way
    if after not in SHOP_NEXT[before] or (wanted is not None and before is not wanted):
        raise Refused(fault("shop_state_other", state=before.label))
    held.state = after
    if after is ShopState.OPEN and held.opened_at is None:
        held.opened_at = at
    if after is ShopState.CLOSED:
        held.closed_at = at
    held.save(update_fields=["state", "opened_at", "closed_at"])
    word_shop(held)
    ShopChange.objects.create(shop=held, before=before, after=after, reason=told, by=by, at=at)
    _record(act, held.code, told, by, at, before=before.value, to=after.value)
    return held


def _allow(by: User) -> None:
    if why := why_not_oversee(by):
        raise NotAllowed(why)


def _worded(reason: str) -> str:
    told = reason.strip()
    if len(told) < _LEAST_REASON:
        raise Refused(fault("shop_act_reason", place="reason", least=_LEAST_REASON))
    if len(told) > MOST_REASON:
        raise Refused(fault("shop_text_long", place="reason", most=MOST_REASON))
    return told


def _record(act: str, shop: str, reason: str, by: User, at: datetime, **body: str) -> None:
    record(act, by=by, role=Role.OPERATOR, at=at, about=("shop", shop), chain=CHAIN, reason=reason, body=body)
