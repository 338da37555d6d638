"""The directory of open shops, searched, filtered and sorted by its address; and the rules of points for everybody."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceping.stages.points.queries import Stand, rules_in_force, standing_of
from ceping.stages.points.queries.ranked import codes_at, ranked_in
from ceping.stages.shop.models import Offer, Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.directory import (
    Asked,
    areas_with_shops,
    by_age,
    by_name,
    by_rating,
    shops_found,
    shown_in,
    titles_shown,
)
from ceping.web.ui.door import door
from ceping.web.ui.templatetags.levels import ladder

_PAGE = 20
SORTS = {"points": "积分等级", "rating": "好评率", "newest": "最新开店", "name": "名称"}
_BY = {"rating": by_rating, "newest": by_age, "name": by_name}
_LEVELS = {"crown": "皇冠", "diamond": "钻石", "star": "星级", "none": "未评级"}


@dataclass(frozen=True, slots=True)
class Line:
    """A shop as the directory shows it."""

    shop: Shop
    stand: Stand
    categories: list[str]
    offers: list[Offer]
    rate: str


@require_safe
@door(public=True)
def page(request: HttpRequest) -> HttpResponseBase:
    """A page of twenty shops; everything asked stands in the address."""
    given = request.GET
    titles = category_titles()
    category = given.get("category", "") if given.get("category") in titles else ""
    sort = given.get("sort", "") if given.get("sort") in SORTS else "points"
    level = given.get("level", "") if given.get("level") in _LEVELS else ""
    asked = Asked(given.get("q", "")[:60], category, given.get("area", "")[:32], given.get("free") == "1")
    shown = Paginator(_codes(shops_found(asked), sort, level), _PAGE).get_page(given.get("page"))
    lines = lines_of(shown_in(list(shown.object_list)), asked.words)
    context = {
        "lines": lines,
        "page": shown,
        "total": shown.paginator.count,
        "asked": asked,
        "sort": sort,
        "sorts": list(SORTS.items()),
        "level": level,
        "levels": list(_LEVELS.items()),
        "categories": list(titles.items()),
        "areas": areas_with_shops(),
        "filtered": bool(asked.words or category or asked.area or asked.free or level),
        "nav_now": "market",
    }
    return render(request, "market/directory.html", context)


@require_safe
@door(public=True)
def rules(request: HttpRequest) -> HttpResponseBase:
    """规则说明: what brings how many points, and the levels."""
    points = rules_in_force().points
    context = {"rules": points.rules, "title": points.title, "ladder": ladder(), "nav_now": "market"}
    return render(request, "market/rules.html", context)


def lines_of(shops: list[Shop], words: str = "") -> list[Line]:
    """The shops with their points, categories and some of what they offer."""
    stands, offers, titles = standing_of([one.code for one in shops]), titles_shown(shops, words), category_titles()
    return [
        Line(one, stands[one.code], [titles.get(name, name) for name in one.categories], offers[one.pk], rate_of(one))
        for one in shops
    ]


def rate_of(shop: Shop) -> str:
    """The share of good ratings in per cent with one decimal; empty without a rating."""
    if not shop.rating_count:
        return ""
    tenths = (shop.good_count * 2000 + shop.rating_count) // (2 * shop.rating_count)
    return f"{tenths // 10}.{tenths % 10}"


def _codes(found: QuerySet[Shop], sort: str, level: str) -> "QuerySet[Any, Any]":
    """Ids of the shops found, in that order."""
    if sort == "points":
        return ranked_in(found.values("code"), level).values_list("shop", flat=True)
    if level:
        found = found.filter(code__in=codes_at(level))
    return _BY[sort](found).values_list("code", flat=True)
