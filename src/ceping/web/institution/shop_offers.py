"""Services and activities: the list, one more, one changed, withdrawn or put back, its pictures."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceping.flow import shopkeeping
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.shop.actions.offering import MOST_IMAGES, Offering, add_image, remove_image
from ceping.stages.shop.models import Offer, Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.kept import image_at, offers_kept
from ceping.stages.shop.states import OfferKind, Pricing
from ceping.web.institution.reach import reader
from ceping.web.institution.shop_reach import fen_in, frame_of, own_shop, picture_in, told_in, whole_in
from ceping.web.ui.door import door
from ceping.web.ui.moments import moment_of

_TEXTS = ("kind", "title", "summary", "description", "category", "pricing", "unit", "place")
_OTHERS = ("price", "quota", "starts_at", "ends_at")


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.RUN_SHOP)
def listing(request: HttpRequest) -> HttpResponseBase:
    """What is on offer, and what was withdrawn."""
    shop = own_shop(request)
    shown = request.GET.get("state") != "withdrawn"
    context = {
        **frame_of(shop, "shop_offers"),
        "offers": list(offers_kept(shop, shown=shown)),
        "shown": shown,
        "counts": (offers_kept(shop, shown=True).count(), offers_kept(shop, shown=False).count()),
        "now": timezone.now(),
    }
    return render(request, "institution/shop_offers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP)
def new(request: HttpRequest) -> HttpResponseBase:
    """One thing more on offer; 422 with what is wrong."""
    shop = own_shop(request)
    if request.method != "POST":
        return _form(request, shop, None, {"kind": OfferKind.PRODUCT, "pricing": Pricing.PRICED})
    try:
        made = shopkeeping.add_offer(shop=shop, given=_given(request), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _form(request, shop, None, request.POST.dict(), told_in(refused.findings))
    messages.success(request, f"“{made.title}”已上架，可以再传几张图片")
    return redirect("institution:shop_offer", made.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them as it is offered, to be changed; 422 with what is wrong."""
    shop = own_shop(request)
    offer = _offer(shop, pk)
    if request.method != "POST":
        return _form(request, shop, offer, _typed(offer))
    try:
        shopkeeping.change_offer(offer=offer, given=_given(request), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _form(request, shop, offer, request.POST.dict(), told_in(refused.findings))
    messages.success(request, "已保存")
    return redirect("institution:shop_offer", pk)


@require_POST
@door(Role.INSTITUTION, Act.RUN_SHOP)
def turn(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Withdrawn, or on offer again."""
    offer, shown = _offer(own_shop(request), pk), request.POST.get("shown") == "yes"
    shopkeeping.turn_offer(offer=offer, shown=shown, by=reader(request), at=timezone.now())
    messages.success(request, f"“{offer.title}”已{'上架' if shown else '下架'}")
    return redirect("institution:shop_offers")


@require_POST
@door(Role.INSTITUTION, Act.RUN_SHOP, files=True)
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One more picture of it; 422 with why not."""
    shop = own_shop(request)
    offer = _offer(shop, pk)
    try:
        add_image(offer=offer, arrived=picture_in(request, "image"), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _form(request, shop, offer, _typed(offer), told_in(refused.findings))
    return redirect("institution:shop_offer", pk)


@require_POST
@door(Role.INSTITUTION, Act.RUN_SHOP)
def no_picture(request: HttpRequest, pk: int, image: int) -> HttpResponseBase:
    """The picture is shown no more; one that is gone already is no fault."""
    shop = own_shop(request)
    _offer(shop, pk)
    found = image_at(shop, image)
    if found is not None:
        remove_image(image=found, by=reader(request))
    return redirect("institution:shop_offer", pk)


def _offer(shop: Shop, pk: int) -> Offer:
    found = Offer.objects.filter(shop=shop, pk=pk).first()
    if found is None:
        raise Http404
    found.shop = shop
    return found


def _given(request: HttpRequest) -> Offering:
    given = request.POST
    return Offering(
        **{name: given.get(name, "") for name in _TEXTS},
        price_fen=fen_in(given.get("price", "")),
        quota=whole_in(given.get("quota", "")),
        starts_at=moment_of(given.get("starts_at", "")),
        ends_at=moment_of(given.get("ends_at", "")),
    )


def _typed(offer: Offer) -> dict[str, str]:
    """The offer as its form holds it."""
    fen, zone = offer.price_fen, "%Y-%m-%dT%H:%M"
    return {
        **{name: getattr(offer, name) for name in _TEXTS},
        "price": "" if fen is None else f"{fen // 100}.{fen % 100:02}".removesuffix(".00"),
        "quota": "" if offer.quota is None else str(offer.quota),
        "starts_at": timezone.localtime(offer.starts_at).strftime(zone) if offer.starts_at else "",
        "ends_at": timezone.localtime(offer.ends_at).strftime(zone) if offer.ends_at else "",
    }


def _form(
    request: HttpRequest,
    shop: Shop,
    offer: Offer | None,
    typed: dict[str, str],
    told: list[dict[str, str]] | None = None,
) -> HttpResponseBase:
    context = {
        **frame_of(shop, "shop_offers"),
        "offer": offer,
        "typed": typed,
        "kinds": OfferKind.choices,
        "pricings": Pricing.choices,
        "categories": [(name, word) for name, word in category_titles().items()],
        "images": list(offer.images.select_related("file")) if offer is not None else [],
        "most_images": MOST_IMAGES,
        "told": told or [],
    }
    return render(request, "institution/shop_offer.html", context, status=422 if told else 200)
