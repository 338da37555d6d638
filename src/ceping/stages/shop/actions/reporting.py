"""Abuse reported: of a shop, an offer or a review, by somebody known, for the operator."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.models import AbuseReport, Offer, Review, Shop
from ceping.stages.shop.states import AbuseKind

MOST_A_DAY = 10
MOST_TEXT = 1000
_LEAST_TEXT = 10
_LETTERS = "23456789ACDEFHJKLMNPRTUVWXY"


@transaction.atomic
def report_abuse(
    *,
    shop: Shop,
    kind: str,
    text: str,
    by: User,
    at: datetime,
    offer: Offer | None = None,
    review: Review | None = None,
) -> AbuseReport:
    """The operator has something to look at. Raises Refused for what says nothing, and for too many in a day."""
    User.objects.select_for_update().get(pk=by.pk)
    said = text.strip()
    if kind not in AbuseKind.values or len(said) < _LEAST_TEXT:
        raise Refused(fault("shop_abuse_wanted", place="text"))
    if len(said) > MOST_TEXT:
        raise Refused(fault("shop_text_long", place="text", most=MOST_TEXT))
    if AbuseReport.objects.filter(filed_by=by, filed_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(fault("shop_abuse_busy", most=MOST_A_DAY))
    made = AbuseReport.objects.create(
        number="J" + "".join(secrets.choice(_LETTERS) for _ in range(8)),
        shop=shop,
        offer=offer,
        review=review,
        kind=kind,
        text=said,
        filed_by=by,
        filed_at=at,
    )
    body = {"number": made.number, "kind": kind}
    record("report_abuse", by=by, at=at, about=("shop", shop.code), chain=CHAIN, body=body)
    return made
