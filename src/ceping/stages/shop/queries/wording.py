"""What the search reads of a shop, and what becomes of the words somebody searches for."""

import unicodedata

from ceping.stages.shop.models import Offer, Shop
from ceping.stages.shop.queries.categories import category_titles

_MOST_WORDS = 5


def folded(text: str) -> str:
    """One writing for all: compatibility forms and case are gone."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def words_in(text: str) -> list[str]:
    """The words asked for, at most five; NUL, which no database holds, is gone."""
    return folded(text.replace("\0", ""))[:60].split()[:_MOST_WORDS]


def found_by(shop: Shop) -> str:
    """Name, institution, district, categories and titles on offer, folded."""
    titles = category_titles()
    offers = Offer.objects.filter(shop=shop, withdrawn_at=None).values_list("title", flat=True)
    area = shop.area.name if shop.area is not None else ""
    parts = [shop.name, shop.institution.name, area, *(titles.get(one, one) for one in shop.categories), *offers]
    return folded("\n".join(parts))
