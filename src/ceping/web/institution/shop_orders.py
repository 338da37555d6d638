"""The orders desk: what came in, one order with its next step, who bought as a file; and comments answered."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.finding import fault
from ceping.core.phone import masked
from ceping.flow import shopkeeping
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.shop.models import Order, Review, Shop
from ceping.stages.shop.queries.kept import order_at, orders_at, unanswered
from ceping.stages.shop.queries.shown import reviews_of
from ceping.stages.shop.states import ORDER_NEXT, SOLD, OrderState, Pricing
from ceping.web.institution.reach import reader
from ceping.web.institution.shop_reach import fen_in, frame_of, own_shop, told_in
from ceping.web.ui.door import door
from ceping.web.ui.saved import csv_of, saved_as

_TABS = {
    "placed": ("待接单", (OrderState.PLACED,)),
    "accepted": ("进行中", (OrderState.ACCEPTED,)),
    "done": ("已完成", (OrderState.COMPLETED, OrderState.RATED)),
    "ended": ("已取消、已退款", (OrderState.CANCELLED, OrderState.REFUNDED)),
}
_HEADS = (
    "订单编号",
    "服务或活动",
    "类型",
    "企业名称",
    "统一社会信用代码",
    "联系人",
    "电话（部分隐去）",
    "完成时间",
    "价格（元）",
)


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.RUN_SHOP)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Orders by where they stand, the newest first."""
    shop = own_shop(request)
    tab = request.GET.get("state", "") if request.GET.get("state") in _TABS else ""
    shown = Paginator(orders_at(shop, _TABS[tab][1] if tab else ()), 20).get_page(request.GET.get("page"))
    counts = {name: orders_at(shop, states).count() for name, (_, states) in _TABS.items()}
    context = {
        **frame_of(shop, "shop_orders"),
        "orders": shown,
        "page": shown,
        "state": tab,
        "states": [("", "全部", sum(counts.values())), *((n, w, counts[n]) for n, (w, _) in _TABS.items())],
    }
    return render(request, "institution/shop_orders.html", context)


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.RUN_SHOP)
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    """One order, whole, with what can be done of it."""
    shop = own_shop(request)
    return _page(request, shop, _order(shop, number))


@require_POST
@door(Role.INSTITUTION, Act.RUN_SHOP)
def act(request: HttpRequest, number: str) -> HttpResponseBase:
    """Taken, completed, declined or refunded; 409 where it is past that, 422 with what is missing."""
    shop = own_shop(request)
    order = _order(shop, number)
    try:
        words = _do(request, order)
    except NotAllowed as refused:
        return _page(request, shop, _order(shop, number), refused, status=409)
    except Refused as refused:
        return _page(request, shop, order, refused, status=422)
    messages.success(request, words)
    return redirect("institution:shop_order", number)


@require_safe
@door(Role.INSTITUTION, Act.RUN_SHOP)
def buyers(request: HttpRequest) -> HttpResponseBase:
    """Who bought, as a file: every order completed, phones partly hidden."""
    shop = own_shop(request)
    found = Order.objects.filter(shop=shop, state__in=SOLD).order_by("completed_at", "pk")
    rows = (
        (
            one.number,
            one.title,
            one.get_buyer_kind_display(),
            one.firm,
            one.uscc,
            one.buyer_name,
            masked(one.phone),
            f"{timezone.localtime(one.completed_at):%Y-%m-%d %H:%M}" if one.completed_at else "",
            "" if one.price_fen is None else f"{one.price_fen // 100}.{one.price_fen % 100:02}",
        )
        for one in found.iterator(chunk_size=500)
    )
    return saved_as(csv_of(_HEADS, rows), "买家名单.csv")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP)
def reviews(request: HttpRequest) -> HttpResponseBase:
    """Reviews, those to be answered first; an answer stands below its comment."""
    shop, told, asked = own_shop(request), [], request.POST.get("review", "")
    if request.method == "POST":
        review = reviews_of(shop).filter(pk=int(asked)).first() if asked.isascii() and asked.isdigit() else None
        if review is None:
            raise Http404
        review.shop = shop
        try:
            given = request.POST.get("text", "")
            shopkeeping.reply_review(review=review, text=given, by=reader(request), at=timezone.now())
        except Refused as refused:
            told = told_in(refused.findings)
        else:
            messages.success(request, "回复已发布")
            return redirect("institution:shop_reviews")
    waiting = unanswered(shop).select_related("order").order_by("-pk")
    rest = Review.objects.filter(shop=shop, hidden_at=None).exclude(pk__in=waiting.order_by().values("pk"))
    shown = Paginator(rest.select_related("order", "reply").order_by("-pk"), 20).get_page(request.GET.get("page"))
    context = {
        **frame_of(shop, "shop_reviews"),
        "waiting": list(waiting[:50]),
        "reviews": shown,
        "page": shown,
        "asked": asked,
        "typed": request.POST,
        "told": told,
    }
    return render(request, "institution/shop_reviews.html", context, status=422 if told else 200)


def _do(request: HttpRequest, order: Order) -> str:
    given, by, at = request.POST, reader(request), timezone.now()
    match given.get("do"):
        case "accept":
            price = fen_in(given.get("price", "")) if order.offer.pricing == Pricing.QUOTED else None
            if price is not None and price <= 0:
                raise Refused(fault("shop_agreed_price", place="price"))
            shopkeeping.accept_order(order=order, by=by, at=at, price_fen=price)
            return "已接单，买家会收到消息"
        case "complete":
            shopkeeping.complete_order(order=order, by=by, at=at)
            return "订单已完成，买家现在可以评价"
        case "decline":
            shopkeeping.decline_order(order=order, reason=given.get("reason", ""), by=by, at=at)
            return "已谢绝，买家会看到原因"
        case "refund":
            shopkeeping.refund_order(order=order, reason=given.get("reason", ""), by=by, at=at)
            return "已退款，这份订单不再计积分"
        case _:
            raise Http404


def _order(shop: Shop, number: str) -> Order:
    found = order_at(shop, number)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, shop: Shop, order: Order, refused: Refused | None = None, *, status: int = 200
) -> HttpResponseBase:
    context = {
        **frame_of(shop, "shop_orders"),
        "order": order,
        "review": getattr(order, "review", None),
        "may": {one.value for one in ORDER_NEXT[OrderState(order.state)]} - {OrderState.RATED.value},
        "quoted": order.offer.pricing == Pricing.QUOTED and order.price_fen is None,
        "typed": request.POST,
        "told": told_in(refused.findings) if refused is not None else [],
    }
    return render(request, "institution/shop_order.html", context, status=status)
