"""What the rules of points may know of a shop, in the shape `note_facts` of the points' stage takes."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q

from ceping.core.points import Place, ShopRow
from ceping.stages.shop.models import Certificate, Offer, Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.states import OfferKind, ShopState

SOURCE = "platform"


def facts_row(shop: Shop) -> ShopRow:
    """The shop as it is now: activities are no products; decorated once anything of its looks was chosen."""
    titles = category_titles()
    products = Offer.objects.filter(shop=shop, withdrawn_at=None, kind=OfferKind.PRODUCT).count()
    return ShopRow(
        Place(SOURCE, 1),
        shop.code,
        shop.name,
        "、".join(titles.get(one, one) for one in shop.categories),
        shop.registered_on.isoformat(),
        shop.introduction,
        shop.website,
        str(Certificate.objects.filter(shop=shop, removed_at=None).count()),
        str(products),
        "true" if shop.decorated_at is not None else "false",
    )


def activities_on(shops: Collection[str], day: date) -> dict[str, int]:
    """How many activities each shop that the platform runs had on offer when that day ended."""
    then = Q(offers__kind=OfferKind.ACTIVITY, offers__added_at__date__lte=day) & (
        Q(offers__withdrawn_at=None) | Q(offers__withdrawn_at__date__gt=day)
    )
    counted = Shop.objects.filter(code__in=shops).annotate(number=Count("offers", filter=then))
    return dict(counted.order_by("code").values_list("code", "number"))


def shop_codes_of(institutions: Collection[int]) -> dict[int, str]:
    """The shop of each institution by its key: the one that is not closed, else the last."""
    found: dict[int, str] = {}
    for one in Shop.objects.filter(institution__in=institutions).order_by("asked_at", "pk"):
        if one.state != ShopState.CLOSED or one.institution_id not in found:
            found[one.institution_id] = one.code
    return found
