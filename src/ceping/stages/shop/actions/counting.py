"""The counts a shop and an offer carry, counted again from their rows by whatever changed those."""

from django.db.models import Count, Q

from ceping.stages.shop.models import Follow, Offer, Order, Review, Shop
from ceping.stages.shop.queries.wording import found_by
from ceping.stages.shop.states import HOLDING, SOLD, Rating


def hold_shop(shop: int) -> Shop:
    """The shop by its key, held until the transaction ends: whoever changes what it counts waits in turn."""
    return Shop.objects.select_for_update(of=("self",)).select_related("institution", "area").get(pk=shop)


def count_shop(shop: Shop) -> None:
    """Its counts are what its rows say now; the caller holds the shop."""
    shown = Review.objects.filter(shop=shop, hidden_at=None)
    told = shown.aggregate(all=Count("pk"), good=Count("pk", filter=Q(rating=Rating.GOOD)))
    shop.rating_count, shop.good_count = told["all"], told["good"]
    shop.sold_count = Order.objects.filter(shop=shop, state__in=SOLD).count()
    shop.follower_count = Follow.objects.filter(shop=shop, follows=True).count()
    shop.save(update_fields=["rating_count", "good_count", "sold_count", "follower_count"])


def count_offer(offer: Offer) -> None:
    """How many of it were sold, and how many places are held."""
    orders = Order.objects.filter(offer=offer)
    told = orders.aggregate(held=Count("pk", filter=Q(state__in=HOLDING)), sold=Count("pk", filter=Q(state__in=SOLD)))
    offer.held_count, offer.sold_count = told["held"], told["sold"]
    offer.save(update_fields=["held_count", "sold_count"])


def word_shop(shop: Shop) -> None:
    """The search finds the shop by what it is and offers now; after its name, categories, district or offers change."""
    shop.found_by = found_by(shop)
    shop.save(update_fields=["found_by"])
