"""What a seller asks of the own shop: itself, its orders, offers and reviews, what waits, who looked at it."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import QuerySet, Sum

from ceping.ground.people.models import Institution
from ceping.stages.shop.models import Certificate, Offer, OfferImage, Order, Review, Shop, ShopChange, Visit
from ceping.stages.shop.states import OrderState, ShopState


def shop_of(institution: Institution) -> Shop | None:
    """The institution's shop: the one that is not closed, else the last there was."""
    found = Shop.objects.filter(institution=institution).select_related("institution", "area", "banner")
    return found.exclude(state=ShopState.CLOSED).first() or found.order_by("-pk").first()


def last_change(shop: Shop) -> ShopChange | None:
    """How it came to its state."""
    return shop.changes.first()


def orders_at(shop: Shop, states: tuple[str, ...] = ()) -> QuerySet[Order]:
    """Its orders, the newest first; of these states alone, if any."""
    found = Order.objects.filter(shop=shop).select_related("offer", "review")
    return (found.filter(state__in=states) if states else found).defer("phone", "note")


def order_at(shop: Shop, number: str) -> Order | None:
    """One of them, whole."""
    rows = Order.objects.filter(shop=shop, number=number) if "\0" not in number else Order.objects.none()
    return rows.select_related("offer", "buyer__user", "shop__institution", "review__reply").first()


def offers_kept(shop: Shop, *, shown: bool) -> QuerySet[Offer]:
    """What is on offer, or what was withdrawn; the newest first."""
    return Offer.objects.filter(shop=shop, withdrawn_at__isnull=shown).order_by("-pk")


def unanswered(shop: Shop) -> QuerySet[Review]:
    """Comments nobody answered yet."""
    return Review.objects.filter(shop=shop, hidden_at=None, reply=None).exclude(comment="")


def waiting_at(shop: Shop) -> Mapping[str, int]:
    """How many orders are to be taken, how many to be completed, how many comments to be answered."""
    orders = Order.objects.filter(shop=shop)
    return {
        "placed": orders.filter(state=OrderState.PLACED).count(),
        "accepted": orders.filter(state=OrderState.ACCEPTED).count(),
        "unanswered": unanswered(shop).count(),
    }


def visits_in(shop: Shop, today: date, days: int) -> int:
    """How often its page was opened in the last days, today included."""
    found = Visit.objects.filter(shop=shop, day__gt=today - timedelta(days=days), day__lte=today)
    return int(found.aggregate(all=Sum("number"))["all"] or 0)


def certificate_at(shop: Shop, pk: int) -> Certificate | None:
    """One of its certificates that is shown."""
    return Certificate.objects.filter(shop=shop, pk=pk, removed_at=None).select_related("shop").first()


def image_at(shop: Shop, pk: int) -> OfferImage | None:
    """A picture of something it offers."""
    return OfferImage.objects.filter(offer__shop=shop, pk=pk).select_related("offer__shop", "file__blob").first()


def is_own_picture(shop: Shop, token: str) -> bool:
    """Whether the file of that token is a picture of this shop, whatever its state."""
    return (
        (shop.banner is not None and shop.banner.token == token)
        or Certificate.objects.filter(shop=shop, image__token=token, removed_at=None).exists()
        or OfferImage.objects.filter(offer__shop=shop, file__token=token).exists()
    )
