"""Shops as the operator runs them: all of them by state, one with its history, and what is decided of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow import overseeing
from ceping.ground.files.shown import page_picture
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act
from ceping.stages.points.queries import standing_of
from ceping.stages.shop.models import Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.overseen import (
    abuse_reports,
    changes_of,
    open_reports_by_shop,
    picture_of,
    review_overseen,
    reviews_overseen,
    shop_of_code,
    shops_by_state,
    shops_overseen,
    waiting_here,
)
from ceping.stages.shop.queries.shown import certificates_of, images_of, offers_of
from ceping.stages.shop.states import SHOP_NEXT, AbuseState, ShopState
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door

PAGE, _REVIEWS, _OFFERS = 30, 20, 12
_WIDTHS = (160, 480, 1440)
_SAID = {
    "approve": "店铺已开业，已通知店铺人员",
    "refuse": "已不准开店，已通知店铺人员",
    "suspend": "店铺已停业，已通知店铺人员",
    "reopen": "店铺已恢复营业，已通知店铺人员",
    "close": "店铺已退出，已通知店铺人员",
}
_ACTS: Mapping[str, Callable[..., Shop]] = {
    "refuse": overseeing.refuse_shop,
    "suspend": overseeing.suspend_shop,
    "reopen": overseeing.reopen_shop,
    "close": overseeing.close_shop,
}
# Which of them a state offers; one that waits is refused rather than closed.
_OFFERED: Mapping[ShopState, Sequence[str]] = {
    ShopState.PENDING: ("approve", "refuse"),
    ShopState.OPEN: ("suspend", "close"),
    ShopState.SUSPENDED: ("reopen", "close"),
    ShopState.CLOSED: (),
}


@require_safe
@door(Act.OVERSEE_SHOPS)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Shops that pass the state and the text of the address, thirty a page."""
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()[:60]
    state = state if state in ShopState.values else ""
    page = Paginator(shops_overseen(state, text), PAGE).get_page(request.GET.get("page"))
    shops = list(page)
    counts, stands = shops_by_state(), standing_of([one.code for one in shops])
    reported = open_reports_by_shop(shops)
    shown = {
        "nav_now": "shops",
        "page": page,
        "rows": [(one, stands[one.code], reported.get(one.pk, 0)) for one in shops],
        "states": [
            ("", "全部", sum(counts.values())),
            *((one.value, one.label, counts.get(one, 0)) for one in ShopState),
        ],
        "state": state,
        "text": text,
        "waiting": waiting_here(),
    }
    return render(request, "office/shops.html", shown)


@require_safe
@door(Act.OVERSEE_SHOPS)
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One shop: what it says of itself, its history, what is reported of it, and the acts its state offers."""
    return _page(request, shop_at(code))


@require_POST
@door(Act.OVERSEE_SHOPS)
def act(request: HttpRequest, code: str) -> HttpResponseBase:
    """The act the form names, by its `do`; refused ones are told on the page."""
    shop, do = shop_at(code), request.POST.get("do", "")
    if do not in _SAID:
        raise Http404
    try:
        _done(shop, do, request.POST.get("reason", ""), reader(request), timezone.now())
    except Refused as refused:
        return _page(request, shop_at(code), refused.findings)
    messages.success(request, _SAID[do])
    return redirect("office:shop", shop.code)


@require_POST
@door(Act.OVERSEE_SHOPS)
def hide(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """A review of the shop is hidden, and its points are taken back."""
    shop = shop_at(code)
    review = review_overseen(shop, pk)
    if review is None:
        raise Http404
    try:
        reason, by = request.POST.get("reason", ""), reader(request)
        overseeing.hide_review(review=review, reason=reason, by=by, at=timezone.now())
    except Refused as refused:
        return _page(request, shop, refused.findings)
    messages.success(request, "评价已隐藏，带来的积分已冲回")
    return redirect("office:shop", shop.code)


@require_safe
@door(Act.OVERSEE_SHOPS)
def picture(_request: HttpRequest, code: str, token: str, width: int) -> HttpResponseBase:
    """A picture of the shop, open or not, drawn anew as JPG."""
    file = picture_of(shop_at(code), token)
    if file is None or width not in _WIDTHS:
        raise Http404
    try:
        data = page_picture(file, 1, width=width)
    except Refused:
        raise Http404 from None
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def shop_at(code: str) -> Shop:
    """The shop of that id in any state. Raises Http404."""
    found = shop_of_code(code)
    if found is None:
        raise Http404
    return found


def _done(shop: Shop, do: str, reason: str, by: User, at: datetime) -> None:
    if do == "approve":
        overseeing.approve_shop(shop=shop, by=by, at=at)
    else:
        _ACTS[do](shop=shop, reason=reason, by=by, at=at)


def _page(request: HttpRequest, shop: Shop, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    titles, state = category_titles(), ShopState(shop.state)
    offers = list(offers_of(shop)[: _OFFERS + 1])
    pictures = images_of(offers)
    certificates = list(certificates_of(shop))
    shown = {
        "nav_now": "shops",
        "crumbs": [("店铺", reverse("office:shops")), (shop.name, "")],
        "shop": shop,
        "stand": standing_of([shop.code])[shop.code],
        "categories": [titles.get(one, one) for one in shop.categories],
        "offers": [(one, next(iter(pictures[one.pk]), "")) for one in offers[:_OFFERS]],
        "more_offers": len(offers) > _OFFERS,
        "certificates": certificates,
        "changes": list(changes_of(shop)),
        "reports": list(abuse_reports(shop=shop)[:_REVIEWS]),
        "open_reports": abuse_reports(AbuseState.OPEN, shop).count(),
        "reviews": list(reviews_overseen(shop)[:_REVIEWS]),
        "acts": _OFFERED[state] if SHOP_NEXT[state] else (),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/shop.html", shown, status=409 if refused else 200)
