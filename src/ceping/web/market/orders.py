"""Orders of a buyer: placed, looked at, cancelled, rated."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.core.phone import masked
from ceping.flow import market
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.shop.access import why_not_deal
from ceping.stages.shop.actions.ordering import why_not_offered
from ceping.stages.shop.models import Buyer, Order
from ceping.stages.shop.queries.bought import orders_of
from ceping.stages.shop.states import OrderState, Rating
from ceping.web.market.reach import buyer_in, offer_at, order_at, to_join, told_in
from ceping.web.ui.door import door

_TABS = {
    "open": ("进行中", (OrderState.PLACED, OrderState.ACCEPTED)),
    "rate": ("待评价", (OrderState.COMPLETED,)),
    "over": ("已结束", (OrderState.RATED, OrderState.CANCELLED, OrderState.REFUNDED)),
}


@never_cache
@sensitive_post_parameters("phone", "note")
@require_http_methods(["GET", "HEAD", "POST"])
@door(public=True)
def new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The form of an order, sent in one step; 422 with what is wrong. Who is no buyer becomes one first."""
    offer, buyer, at = offer_at(pk), buyer_in(request), timezone.now()
    if buyer is None:
        return to_join(reverse("market:order_new", args=[pk]))
    told = []
    typed = {"phone": buyer.phone, "note": ""}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            order = market.place_order(offer=offer, buyer=buyer, at=at, **typed)
        except Refused as refused:
            told = told_in(refused.findings)
        else:
            return redirect(f"{reverse('market:order', args=[order.number])}?new=1")
    why_not = why_not_deal(buyer, offer.shop) or why_not_offered(offer, at)
    context = {
        "offer": offer,
        "shop": offer.shop,
        "buyer": buyer,
        "typed": typed,
        "told": told,
        "why_not": told_in([why_not])[0] if why_not is not None else None,
        "nav_now": "market",
    }
    return render(request, "market/order_new.html", context, status=422 if told else 200)


@never_cache
@require_safe
@door(Role.PERSONAL, Role.ENTERPRISE)
def listing(request: HttpRequest) -> HttpResponseBase:
    """The reader's orders, the newest first, by where they stand."""
    buyer = buyer_in(request)
    if buyer is None:
        return to_join(request.path)
    tab = request.GET.get("state", "") if request.GET.get("state") in _TABS else ""
    shown = Paginator(orders_of(buyer, _TABS[tab][1] if tab else ()), 20).get_page(request.GET.get("page"))
    waiting = orders_of(buyer, _TABS["rate"][1]).count()
    tabs = [("", "全部"), *((name, word) for name, (word, _) in _TABS.items())]
    context = {"orders": shown, "page": shown, "tab": tab, "tabs": tabs, "waiting": waiting, "nav_now": "orders"}
    return render(request, "market/orders.html", context)


@never_cache
@require_safe
@door(Role.PERSONAL, Role.ENTERPRISE)
def page(request: HttpRequest, number: str) -> HttpResponseBase:
    """One order: where it stands, what comes next, the form to rate it once it is completed."""
    return _page(request, buyer_in(request), number)


@require_POST
@door(Role.PERSONAL, Role.ENTERPRISE)
def cancel(request: HttpRequest, number: str) -> HttpResponseBase:
    """The order is taken back; 422 without a reason, 409 where it is too late."""
    buyer = buyer_in(request)
    order = order_at(buyer, number)
    try:
        market.cancel_order(order=order, buyer=_known(buyer), reason=request.POST.get("reason", ""), at=timezone.now())
    except Refused as refused:
        return _page(request, buyer, number, refused)
    return redirect("market:order", number)


@require_POST
@door(Role.PERSONAL, Role.ENTERPRISE)
def rate(request: HttpRequest, number: str) -> HttpResponseBase:
    """The buyer's word stands; 422 without a rating, 409 where there is nothing to rate."""
    buyer = buyer_in(request)
    order, given = order_at(buyer, number), request.POST
    try:
        market.rate(
            order=order,
            buyer=_known(buyer),
            rating=given.get("rating", ""),
            comment=given.get("comment", ""),
            at=timezone.now(),
        )
    except Refused as refused:
        return _page(request, buyer, number, refused)
    return redirect("market:order", number)


def _known(buyer: Buyer | None) -> Buyer:
    # order_at answered 404 without one.
    if buyer is None:
        raise TypeError("no buyer")
    return buyer


def _page(request: HttpRequest, buyer: Buyer | None, number: str, refused: Refused | None = None) -> HttpResponseBase:
    order = order_at(buyer, number)
    told = told_in(refused.findings) if refused is not None else []
    context = {
        "order": order,
        "review": getattr(order, "review", None),
        "phone": masked(order.phone),
        "steps": _steps(order),
        "may_cancel": order.state in (OrderState.PLACED, OrderState.ACCEPTED),
        "may_rate": order.state == OrderState.COMPLETED,
        "ratings": list(Rating.choices),
        "typed": request.POST,
        "told": told,
        "new": "new" in request.GET,
        "nav_now": "orders",
    }
    status = (422 if any(one["place"] for one in told) else 409) if told else 200
    return render(request, "market/order.html", context, status=status)


def _steps(order: Order) -> list[tuple[str, object, str]]:
    """The way of an order: each step's word, when it was, and whether it is `done`, `now` or still to come."""
    reviewed = getattr(order, "review", None)
    moments = [
        ("已下单", order.placed_at),
        ("店铺接单", order.accepted_at),
        ("完成", order.completed_at),
        ("评价", reviewed.made_at if reviewed is not None else None),
    ]
    if order.ended_at is not None:
        kept = [(word, at) for word, at in moments if at is not None]
        moments = [*kept, (OrderState(order.state).label, order.ended_at)]
    following = next((word for word, at in moments if at is None), "")
    return [(word, at, "done" if at else ("now" if word == following else "")) for word, at in moments]
