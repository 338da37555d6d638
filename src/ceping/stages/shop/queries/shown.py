"""What a shop shows to anybody: itself, what is on offer, its certificates and reviews; and its visits counted."""

from datetime import date

from django.db.models import F, QuerySet

from ceping.stages.shop.models import Certificate, Offer, OfferImage, Review, Shop, Visit
from ceping.stages.shop.states import OfferKind, Pricing, ShopState


def shop_open(code: str) -> Shop | None:
    """The open shop of that code."""
    rows = Shop.objects.filter(code=code, state=ShopState.OPEN) if "\0" not in code else Shop.objects.none()
    return rows.select_related("institution", "area", "banner").first()


def offers_of(shop: Shop, kind: str = "") -> QuerySet[Offer]:
    """What is on offer: all of it, `product`, `activity` or what is `free`."""
    found = Offer.objects.filter(shop=shop, withdrawn_at=None)
    if kind in OfferKind.values:
        found = found.filter(kind=kind)
    elif kind == Pricing.FREE:
        found = found.filter(pricing=Pricing.FREE)
    return found.order_by("-sold_count", "-pk")


def offer_open(pk: int) -> Offer | None:
    """The offer of an open shop, also one withdrawn, which says so."""
    rows = Offer.objects.filter(pk=pk, shop__state=ShopState.OPEN)
    return rows.select_related("shop__institution", "shop__area").first()


def images_of(offers: list[Offer]) -> dict[int, list[str]]:
    """Tokens of the pictures by offer, in the seller's order."""
    found: dict[int, list[str]] = {one.pk: [] for one in offers}
    for offer, token in OfferImage.objects.filter(offer__in=offers).values_list("offer_id", "file__token"):
        found[offer].append(token)
    return found


def is_shown(token: str) -> bool:
    """Whether the file of that token is a picture some open shop shows now."""
    where = {"shop__state": ShopState.OPEN}
    return (
        Shop.objects.filter(banner__token=token, state=ShopState.OPEN).exists()
        or Certificate.objects.filter(image__token=token, removed_at=None, **where).exists()
        or OfferImage.objects.filter(file__token=token, offer__shop__state=ShopState.OPEN).exists()
    )


def certificates_of(shop: Shop) -> QuerySet[Certificate]:
    """Those it shows, the newest first."""
    return Certificate.objects.filter(shop=shop, removed_at=None).select_related("image")


def reviews_of(shop: Shop, rating: str = "", offer: Offer | None = None) -> QuerySet[Review]:
    """Reviews that are shown, the newest first, with order, buyer and reply at hand."""
    found = Review.objects.filter(shop=shop, hidden_at=None)
    if rating:
        found = found.filter(rating=rating)
    if offer is not None:
        found = found.filter(order__offer=offer)
    return found.select_related("order", "reply", "buyer").order_by("-pk")


def note_visit(shop: Shop, day: date) -> None:
    """The shop's page was opened once more."""
    if not Visit.objects.filter(shop=shop, day=day).update(number=F("number") + 1):
        Visit.objects.bulk_create([Visit(shop=shop, day=day, number=1)], ignore_conflicts=True)
