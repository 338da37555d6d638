"""The directory: open shops by words, category and district, in one of the orders; never one that is not open."""

from dataclasses import dataclass

from django.db.models import Case, ExpressionWrapper, F, FloatField, QuerySet, Value, When

from ceping.ground.people.models import Area
from ceping.stages.shop.models import Offer, Shop
from ceping.stages.shop.queries.wording import words_in
from ceping.stages.shop.states import Pricing, ShopState


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; empty says nothing. `area` is an area's code, `free` wants something 公益."""

    words: str = ""
    category: str = ""
    area: str = ""
    free: bool = False


def shops_found(asked: Asked) -> QuerySet[Shop]:
    """Open shops that hold every word and lie where asked, unordered."""
    found = Shop.objects.filter(state=ShopState.OPEN)
    for word in words_in(asked.words):
        found = found.filter(found_by__contains=word)
    if asked.category:
        found = found.filter(categories__contains=[asked.category])
    if asked.area:
        found = found.filter(area__code=asked.area)
    if asked.free:
        free = Offer.objects.filter(withdrawn_at=None, pricing=Pricing.FREE)
        found = found.filter(pk__in=free.values("shop"))
    return found.order_by()


def by_name(found: QuerySet[Shop]) -> QuerySet[Shop]:
    """In the order Chinese readers look names up."""
    return found.order_by("name_key", "code")


def by_age(found: QuerySet[Shop]) -> QuerySet[Shop]:
    """The newest first."""
    return found.order_by("-opened_at", "code")


def by_rating(found: QuerySet[Shop]) -> QuerySet[Shop]:
    """The greatest share of good ratings first; of equal shares the one with more ratings; unrated last."""
    share = ExpressionWrapper(F("good_count") * Value(1.0) / F("rating_count"), output_field=FloatField())
    told = Case(When(rating_count__gt=0, then=share), default=Value(-1.0), output_field=FloatField())
    return found.order_by(told.desc(), "-rating_count", "code")


def areas_with_shops() -> list[tuple[str, str]]:
    """Code and name of every area that has an open shop."""
    open_in = Shop.objects.filter(state=ShopState.OPEN, area__isnull=False).values("area")
    return list(Area.objects.filter(pk__in=open_in).values_list("code", "name"))


def shown_in(codes: list[str]) -> list[Shop]:
    """The open shops of these codes, in that order, with institution and district at hand."""
    rows = {one.code: one for one in Shop.objects.filter(code__in=codes).select_related("institution", "area")}
    return [rows[code] for code in codes if code in rows]


def titles_shown(shops: list[Shop], words: str) -> dict[int, list[Offer]]:
    """Up to three offers by shop, those that hold a word searched for before the others."""
    wanted = words_in(words)
    titles: dict[int, list[Offer]] = {one.pk: [] for one in shops}
    for offer in Offer.objects.filter(shop__in=shops, withdrawn_at=None).order_by("shop", "-sold_count", "-pk"):
        titles[offer.shop_id].append(offer)
    for found in titles.values():
        found.sort(key=lambda one: not any(word in one.title.casefold() for word in wanted))
        del found[3:]
    return titles
