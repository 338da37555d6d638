"""What the rules may know of a shop, noted as a dated row; the shop's points follow at once."""

from datetime import date, datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.core.points import Shop, ShopRow, shop_of
from ceping.ground.journal.actions import record
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.points.actions.posting import Cause, day_of, post_points
from ceping.stages.points.actions.recording import CHAIN
from ceping.stages.points.models import Facts, Standing
from ceping.stages.points.queries.counted import shop_in
from ceping.stages.points.queries.shops import is_run_here, shop_of_id
from ceping.stages.points.states import Why

FACTS = Cause(Why.FACTS)
_EVER = date(1800, 1, 1)


@transaction.atomic
def note_facts(*, row: ShopRow, source: str, at: datetime, post: bool = True) -> Standing:
    """From today on these are the facts of the shop, which stands from now on if it was not known.

    A row that says nothing new leaves no trace. With `post=False` the points follow when the caller posts them. Raises
    Refused with what is wrong with the row, in core's words. Called by flows and by who took a delivery, which record.
    """
    shop = shop_of(row)
    if not isinstance(shop, Shop):
        raise Refused(fault(shop, place=row.shop_id[:64]))
    Standing.objects.bulk_create([Standing(shop=shop.shop_id)], ignore_conflicts=True)
    standing = Standing.objects.select_for_update(no_key=True).get(shop=shop.shop_id)
    name, category = _plain(row.shop_name), _plain(row.category)
    if (standing.name, standing.category) != (name, category):
        standing.name, standing.category = name, category
        standing.save(update_fields=["name", "category"])
    last = Facts.objects.filter(standing=standing).order_by("-on", "-pk").first()
    if last is not None and shop_in(last, shop.shop_id) == shop:
        return standing
    Facts.objects.create(
        standing=standing,
        # The first facts hold for all the time before: a shop had a past before it was told here.
        on=max(day_of(at), last.on) if last is not None else _EVER,
        registered_on=shop.registered_on,
        introduction=shop.introduction,
        website=shop.website,
        certificate_count=shop.certificate_count,
        product_count=shop.product_count,
        decorated=shop.decorated,
        source=source,
        noted_at=at,
    )
    if post:
        post_points(standings=[standing.pk], at=at, cause=FACTS)
        standing.refresh_from_db()
    return standing


@transaction.atomic
def take_facts(*, row: ShopRow, source: str, by: User | None, at: datetime, post: bool = True) -> Standing:
    """As `note_facts`, for another system that tells of its shop, and recorded.

    Raises Refused also for a shop that the platform itself runs: nobody else says what that is.
    """
    known = shop_of_id(row.shop_id)
    if known is not None and is_run_here(known):
        raise Refused(fault("points_shop_run_here", place=row.shop_id[:64]))
    standing = note_facts(row=row, source=source, at=at, post=post)
    record("note_shop", by=by, at=at, about=("shop", standing.shop), chain=CHAIN, body={"source": source})
    return standing


def _plain(text: str) -> str:
    # The database holds no NUL, and a name needs no other control characters either.
    return "".join(letter for letter in text if letter.isprintable())[:200]
