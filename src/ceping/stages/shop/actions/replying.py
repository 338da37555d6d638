"""The shop's answer to a comment, once."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.core.names import is_blank
from ceping.ground.journal.actions import record
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.actions.keeping import held_for
from ceping.stages.shop.models import Reply, Review

MOST_REPLY = 500


@transaction.atomic
def reply_review(*, review: Review, text: str, by: User, at: datetime) -> tuple[Reply, bool]:
    """The answer stands below the comment, and whether it is new: the same one sent twice stands once.

    Raises NotAllowed; Refused without words, where there is no comment, and for a second answer.
    """
    shop = held_for(review.shop, by)
    held = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    said = text.strip()
    standing = Reply.objects.filter(review=held).first()
    if standing is not None and standing.text == said:
        return standing, False
    if standing is not None:
        raise Refused(fault("shop_reply_once"))
    if held.hidden_at is not None or not held.comment:
        raise Refused(fault("shop_reply_nothing"))
    if is_blank(said):
        raise Refused(fault("shop_reply_wanted", place="text"))
    if len(said) > MOST_REPLY or "\x00" in said:
        raise Refused(fault("shop_text_long", place="text", most=MOST_REPLY))
    made = Reply.objects.create(review=held, text=said, by=by, at=at)
    record("reply_review", by=by, at=at, about=("shop", shop.code), chain=CHAIN, body={"n": held.pk})
    return made, True
