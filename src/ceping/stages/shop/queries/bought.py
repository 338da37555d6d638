"""What a buyer has: the account, orders, whom they follow."""

from django.db.models import QuerySet

from ceping.ground.people.models import User
from ceping.stages.shop.models import AbuseReport, Buyer, Follow, Order, Review, Shop


def buyer_of(user: object) -> Buyer | None:
    """The buyer's account of whoever is logged in."""
    if not isinstance(user, User):
        return None
    found = Buyer.objects.filter(user=user).first()
    if found is not None:
        found.user = user
    return found


def orders_of(buyer: Buyer, states: tuple[str, ...] = ()) -> QuerySet[Order]:
    """The buyer's orders, the newest first, with shop and review at hand; of these states alone, if any."""
    found = Order.objects.filter(buyer=buyer).select_related("shop__institution", "offer", "review")
    return (found.filter(state__in=states) if states else found).defer("phone", "note")


def order_of(buyer: Buyer, number: str) -> Order | None:
    """One of them, whole."""
    rows = Order.objects.filter(buyer=buyer, number=number) if "\0" not in number else Order.objects.none()
    return rows.select_related("shop__institution", "offer", "review__reply").first()


def follows_of(buyer: Buyer) -> QuerySet[Follow]:
    """Whom the buyer follows, the newest first."""
    return Follow.objects.filter(buyer=buyer, follows=True).select_related("shop__area", "shop__institution")


def is_following(buyer: Buyer | None, shop: Shop) -> bool:
    """Whether the buyer follows the shop."""
    return buyer is not None and Follow.objects.filter(shop=shop, buyer=buyer, follows=True).exists()


def reports_of(user: User) -> QuerySet[AbuseReport]:
    """What the person reported and what came of it."""
    return AbuseReport.objects.filter(filed_by=user).select_related("shop")


def review_in(shop: Shop, pk: int) -> Review | None:
    """A shown review of the shop."""
    return Review.objects.filter(shop=shop, pk=pk, hidden_at=None).select_related("order").first()
