"""Services and activities as the seller keeps them: added, changed, withdrawn, put back, with their pictures."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ceping.core.finding import Finding, fault
from ceping.core.names import hidden_in, is_blank
from ceping.ground.files.actions import Arrived, add_file
from ceping.ground.journal.actions import record
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.stages.shop.actions.counting import word_shop
from ceping.stages.shop.actions.following import CHAIN
from ceping.stages.shop.actions.keeping import PURPOSE, held_for
from ceping.stages.shop.actions.opening import MOST_NAME, faults_in_text
from ceping.stages.shop.models import Offer, OfferImage, Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.states import OfferKind, Pricing

MOST_OFFERS = 300
MOST_IMAGES = 6
_MOST_FEN = 10**12
_MOST_QUOTA = 1_000_000


@dataclass(frozen=True, slots=True)
class Offering:
    """What is offered, as typed; `price_fen` and `quota` are -1 where what was typed is no number."""

    kind: str
    title: str
    summary: str
    description: str
    category: str
    pricing: str
    price_fen: int | None
    unit: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    quota: int | None


@transaction.atomic
def add_offer(*, shop: Shop, given: Offering, by: User, at: datetime) -> Offer:
    """It is on offer. Raises NotAllowed; Refused with all that is wrong, and for the same thing offered already."""
    held = held_for(shop, by)
    told = _faults(given)
    standing = Offer.objects.filter(shop=held, withdrawn_at=None)
    if standing.count() >= MOST_OFFERS:
        told.append(fault("shop_offers_many", most=MOST_OFFERS))
    if standing.filter(kind=given.kind, title=given.title.strip()).exists():
        told.append(fault("shop_offer_twice", place="title", title=given.title.strip()[:MOST_NAME]))
    if told:
        raise Refused(*told)
    made = Offer(shop=held, added_by=by, added_at=at, changed_at=at)
    _fill(made, given)
    made.save()
    word_shop(held)
    _record("add_offer", made, by, at)
    return made


@transaction.atomic
def change_offer(*, offer: Offer, given: Offering, by: User, at: datetime) -> Offer:
    """It is offered so from now on; orders placed keep what they said. Raises NotAllowed, Refused."""
    shop = held_for(offer.shop, by)
    held = Offer.objects.select_for_update().get(pk=offer.pk)
    told = _faults(given)
    if given.quota is not None and 0 <= given.quota < held.held_count:
        told.append(fault("shop_quota_held", place="quota", held=held.held_count))
    same = Offer.objects.filter(shop=shop, withdrawn_at=None, kind=given.kind, title=given.title.strip())
    if same.exclude(pk=held.pk).exists():
        told.append(fault("shop_offer_twice", place="title", title=given.title.strip()[:MOST_NAME]))
    if told:
        raise Refused(*told)
    _fill(held, given)
    held.changed_at = at
    held.save()
    word_shop(shop)
    held.shop = shop
    _record("change_offer", held, by, at)
    return held


@transaction.atomic
def turn_offer(*, offer: Offer, shown: bool, by: User, at: datetime) -> Offer:
    """It is withdrawn, or on offer again; what is ordered stands. Raises NotAllowed."""
    shop = held_for(offer.shop, by)
    held = Offer.objects.select_for_update().get(pk=offer.pk)
    held.shop = shop
    if (held.withdrawn_at is None) == shown:
        return held
    held.withdrawn_at, held.changed_at = (None if shown else at), at
    held.save(update_fields=["withdrawn_at", "changed_at"])
    word_shop(shop)
    _record("return_offer" if shown else "withdraw_offer", held, by, at)
    return held


@transaction.atomic
def add_image(*, offer: Offer, arrived: Arrived, by: User, at: datetime) -> OfferImage:
    """One more picture of it; the same picture stands once. Raises NotAllowed; Refused for too many."""
    shop = held_for(offer.shop, by)
    standing = OfferImage.objects.filter(offer=offer)
    same = standing.filter(file__blob__sha256=arrived.sha256).first()
    if same is not None:
        return same
    if (number := standing.count()) >= MOST_IMAGES:
        raise Refused(fault("shop_images_many", most=MOST_IMAGES))
    file = add_file(arrived=arrived, purpose=PURPOSE, institution=shop.institution, by=by, at=at)
    return OfferImage.objects.create(offer=offer, file=file, position=number)


@transaction.atomic
def remove_image(*, image: OfferImage, by: User) -> None:
    """The picture is shown no more. Raises NotAllowed."""
    held_for(image.offer.shop, by)
    OfferImage.objects.filter(pk=image.pk).delete()


def _fill(offer: Offer, given: Offering) -> None:
    offer.kind, offer.title, offer.summary = given.kind, given.title.strip(), given.summary.strip()
    offer.description, offer.category, offer.pricing = given.description.strip(), given.category, given.pricing
    offer.price_fen = given.price_fen if given.pricing == Pricing.PRICED else None
    offer.unit, offer.place, offer.quota = given.unit.strip(), given.place.strip(), given.quota
    offer.starts_at, offer.ends_at = given.starts_at, given.ends_at


def _faults(given: Offering) -> list[Finding]:
    told = []
    if given.kind not in OfferKind.values or given.pricing not in Pricing.values:
        told.append(fault("shop_offer_kind", place="kind"))
    if is_blank(given.title) or hidden_in(given.title) or len(given.title.strip()) > MOST_NAME:
        told.append(fault("shop_title_wanted", place="title", most=MOST_NAME))
    if given.category not in category_titles():
        told.append(fault("shop_category_wanted", place="category"))
    if given.pricing == Pricing.PRICED and (given.price_fen is None or not 0 < given.price_fen <= _MOST_FEN):
        told.append(fault("shop_price_wanted", place="price"))
    if given.quota is not None and not 0 <= given.quota <= _MOST_QUOTA:
        told.append(fault("shop_quota_wrong", place="quota", most=_MOST_QUOTA))
    if given.kind == OfferKind.ACTIVITY and given.starts_at is None:
        told.append(fault("shop_activity_start", place="starts_at"))
    if given.starts_at is not None and given.ends_at is not None and given.ends_at < given.starts_at:
        told.append(fault("shop_activity_turned", place="ends_at"))
    for place, text, most in (
        ("summary", given.summary, 120),
        ("description", given.description, 5000),
        ("unit", given.unit, 20),
        ("place", given.place, 200),
    ):
        told += faults_in_text(text, most, place=place)
    return told


def _record(act: str, offer: Offer, by: User, at: datetime) -> None:
    record(act, by=by, at=at, about=("shop", offer.shop.code), chain=CHAIN, body={"n": offer.pk})
