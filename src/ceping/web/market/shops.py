"""A shop as anybody sees it: its page, what it offers, reviews, where its points come from, its pictures."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.flow import market
from ceping.ground.files.models import File
from ceping.ground.files.shown import page_picture
from ceping.ground.people.access import Refused
from ceping.stages.points.queries import explanation_of, standing_of
from ceping.stages.shop.access import is_own_shop
from ceping.stages.shop.actions.ordering import why_not_offered
from ceping.stages.shop.models import Offer, Shop
from ceping.stages.shop.queries.bought import is_following
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.shown import (
    certificates_of,
    images_of,
    is_shown,
    note_visit,
    offers_of,
    reviews_of,
)
from ceping.stages.shop.states import Block, Rating
from ceping.web.market.directory import rate_of
from ceping.web.market.reach import buyer_in, offer_at, shop_at, to_join, told_in
from ceping.web.ui.door import door

_OFFERS, _REVIEWS, _CERTIFICATES = 6, 5, 4
_WIDTHS = (480, 1440)


@require_safe
@door(public=True, writes_on_get=True)
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The shop; `kind` narrows what it offers, `all` shows more than six. The visit is counted."""
    shop = shop_at(code)
    note_visit(shop, timezone.localdate())
    kind, whole = request.GET.get("kind", ""), request.GET.get("all", "")
    every = list(offers_of(shop))
    wanted = list(offers_of(shop, kind)) if kind else every
    shown = wanted if whole == "offers" else wanted[:_OFFERS]
    certificates = list(certificates_of(shop))
    explained = explanation_of(shop.code)
    context = {
        **_head(request, shop),
        "offers": _with_pictures(shown),
        "rest": range(-len(shown) % 3),
        "kind": kind,
        "count": len(wanted),
        "more": len(wanted) > len(shown),
        "kinds": [
            ("", "全部", len(every)),
            ("product", "服务", sum(one.kind == "product" for one in every)),
            ("activity", "活动", sum(one.kind == "activity" for one in every)),
            ("free", "公益", sum(one.pricing == "free" for one in every)),
        ],
        "reviews": list(reviews_of(shop)[:_REVIEWS]),
        "ratings": _ratings(shop),
        "certificates": certificates if whole == "certificates" else certificates[:_CERTIFICATES],
        "certificate_count": len(certificates),
        "lines": [one for one in explained.lines if one.points] if explained is not None else [],
        "blocks": [*shop.blocks, *(one.value for one in Block if one.value not in shop.blocks)],
    }
    return render(request, "market/shop.html", context)


@require_safe
@door(public=True)
def reviews(request: HttpRequest, code: str) -> HttpResponseBase:
    """Every review, by pages of twenty; one rating alone if the address says so."""
    shop = shop_at(code)
    rating = request.GET.get("rating", "") if request.GET.get("rating") in Rating.values else ""
    shown = Paginator(reviews_of(shop, rating), 20).get_page(request.GET.get("page"))
    context = {**_head(request, shop), "reviews": shown, "page": shown, "rating": rating, "ratings": _ratings(shop)}
    return render(request, "market/reviews.html", context)


@require_safe
@door(public=True)
def points(request: HttpRequest, code: str) -> HttpResponseBase:
    """Each rule with what it counts for the shop, and what is missing to the next level."""
    shop = shop_at(code)
    return render(request, "market/points.html", {**_head(request, shop), "explained": explanation_of(shop.code)})


@require_safe
@door(public=True)
def offer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A service or an activity, with what others said of it and the way to order."""
    found = offer_at(pk)
    why_not = why_not_offered(found, timezone.now())
    context = {
        **_head(request, found.shop),
        "offer": found,
        "pictures": images_of([found])[found.pk],
        "category": category_titles().get(found.category, ""),
        "why_not": told_in([why_not])[0] if why_not is not None else None,
        "reviews": list(reviews_of(found.shop, offer=found)[:_REVIEWS]),
    }
    return render(request, "market/offer.html", context)


@require_POST
@door(public=True)
def follow(request: HttpRequest, code: str) -> HttpResponseBase:
    """The reader follows the shop or no longer does; who is no buyer becomes one first."""
    shop, buyer = shop_at(code), buyer_in(request)
    back = reverse("market:shop", args=[shop.code])
    if buyer is None:
        return to_join(back)
    act = market.unfollow if request.POST.get("follows") == "no" else market.follow
    try:
        act(shop=shop, buyer=buyer, at=timezone.now())
    except Refused as refused:
        context = {**_head(request, shop), "told": told_in(refused.findings)}
        return render(request, "market/refused.html", context, status=409)
    return redirect("market:follows" if request.POST.get("from") == "follows" else back)


@require_safe
@door(public=True)
def picture(_request: HttpRequest, token: str, width: int) -> HttpResponseBase:
    """A picture an open shop shows, drawn anew as JPG: what was uploaded itself is given to nobody."""
    file = File.objects.select_related("blob").filter(token=token).first() if is_shown(token) else None
    if file is None or width not in _WIDTHS:
        raise Http404
    try:
        data = page_picture(file, 1, width=width)
    except Refused:
        raise Http404 from None
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


def _head(request: HttpRequest, shop: Shop) -> dict[str, object]:
    """What the head of every page of a shop says."""
    buyer, titles = buyer_in(request), category_titles()
    return {
        "shop": shop,
        "stand": standing_of([shop.code])[shop.code],
        "rate": rate_of(shop),
        "categories": [titles.get(one, one) for one in shop.categories],
        "buyer": buyer,
        "following": is_following(buyer, shop),
        "own": buyer is not None and is_own_shop(buyer, shop),
        "nav_now": "market",
    }


def _with_pictures(offers: list[Offer]) -> list[tuple[Offer, str]]:
    pictures = images_of(offers)
    return [(one, next(iter(pictures[one.pk]), "")) for one in offers]


def _ratings(shop: Shop) -> list[tuple[str, str, int, str]]:
    """Word, name, number and look of each rating."""
    shown = reviews_of(shop).order_by()
    counted = {name: shown.filter(rating=name).count() for name in Rating.values}
    looks = {"good": "ok", "neutral": "warn", "bad": "ink"}
    return [(one.value, one.label, counted[one.value], looks[one.value]) for one in Rating]
