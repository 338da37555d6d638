"""The facts of a shop: one row each, refused when something is missing, badly written or doubled."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ceping.core.points.grammar import count_of, founding_day_of, is_blank, is_id
from ceping.core.points.refusal import Place, Refusal

SHOP_COLUMNS = (
    "shop_id",
    "shop_name",
    "category",
    "registered_on",
    "introduction",
    "website",
    "certificate_count",
    "product_count",
    "decorated",
)
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class ShopRow:
    """One row of the table of shops, every cell as text, empty for missing."""

    place: Place
    shop_id: str
    shop_name: str
    category: str
    registered_on: str
    introduction: str
    website: str
    certificate_count: str
    product_count: str
    decorated: str


@dataclass(frozen=True, slots=True)
class Shop:
    """What the rules may know of a shop at the as-of date; texts stand for whether they are given at all."""

    shop_id: str
    registered_on: date
    introduction: bool
    website: bool
    certificate_count: int
    product_count: int
    decorated: bool


def accepted_shops(rows: Iterable[ShopRow]) -> tuple[dict[str, Shop], list[Refusal]]:
    """The shops by id in byte order, and one refusal for every row that is none."""
    good: list[tuple[Place, Shop]] = []
    refused: list[Refusal] = []
    for row in rows:
        answer = shop_of(row)
        if isinstance(answer, Shop):
            good.append((row.place, answer))
        else:
            refused.append(Refusal(row.place, "", row.shop_id, answer))
    refused += _doubled(good)
    count = Counter(shop.shop_id for _, shop in good)
    once = sorted(shop.shop_id for _, shop in good if count[shop.shop_id] == 1)
    by_id = {shop.shop_id: shop for _, shop in good}
    return {shop_id: by_id[shop_id] for shop_id in once}, refused


def shop_of(row: ShopRow) -> Shop | str:
    """The shop of one row, or the code of what is wrong with it; missing is never zero."""
    if not (row.shop_id and row.registered_on and row.certificate_count and row.product_count and row.decorated):
        return "missing_field"
    registered_on = founding_day_of(row.registered_on)
    certificates = count_of(row.certificate_count)
    products = count_of(row.product_count)
    decorated = _FLAGS.get(row.decorated)
    if not is_id(row.shop_id) or registered_on is None or certificates is None or products is None or decorated is None:
        return "bad_value"
    return Shop(
        row.shop_id,
        registered_on,
        introduction=not is_blank(row.introduction),
        website=not is_blank(row.website),
        certificate_count=certificates,
        product_count=products,
        decorated=decorated,
    )


def _doubled(good: list[tuple[Place, Shop]]) -> Iterator[Refusal]:
    count = Counter(shop.shop_id for _, shop in good)
    for place, shop in good:
        if count[shop.shop_id] > 1:
            yield Refusal(place, "", shop.shop_id, "duplicate_shop")
