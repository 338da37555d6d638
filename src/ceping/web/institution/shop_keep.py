"""What the shop says of itself, how it looks, which certificates it shows."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ceping.flow import shopkeeping
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.shop.actions.keeping import Profile
from ceping.stages.shop.models import Shop
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.kept import certificate_at
from ceping.stages.shop.queries.shown import certificates_of
from ceping.stages.shop.states import Block, Theme
from ceping.web.institution.reach import reader
from ceping.web.institution.shop_reach import frame_of, own_shop, picture_in, told_in
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of

_TEXTS = ("name", "slogan", "introduction", "website", "address", "phone")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP)
def profile(request: HttpRequest) -> HttpResponseBase:
    """Name, introduction, website, address, phone, categories; 422 with what is wrong."""
    shop = own_shop(request)
    typed = {name: getattr(shop, name) for name in _TEXTS}
    chosen, told = list(shop.categories), []
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in _TEXTS}
        chosen = request.POST.getlist("categories")
        try:
            given = Profile(**typed, categories=tuple(chosen))
            shopkeeping.change_profile(shop=shop, given=given, by=reader(request), at=timezone.now())
        except Refused as refused:
            told = told_in(refused.findings)
        else:
            messages.success(request, "店铺信息已保存")
            return redirect("institution:shop_profile")
    context = {
        **frame_of(shop, "shop_profile"),
        "typed": typed,
        "chosen": chosen,
        "categories": list(category_titles().items()),
        "told": told,
    }
    return render(request, "institution/shop_profile.html", context, status=422 if told else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP, files=True)
def look(request: HttpRequest) -> HttpResponseBase:
    """Theme, banner and the order of the blocks; what is chosen shows at once where scripts run."""
    shop = own_shop(request)
    if request.method != "POST":
        return _look(request, shop)
    try:
        _decorate(request, shop)
    except Refused as refused:
        return _look(request, shop, told_in(refused.findings))
    messages.success(request, "装修已保存，店铺页面已更新")
    return redirect("institution:shop_look")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP, files=True)
def certificates(request: HttpRequest) -> HttpResponseBase:
    """What it shows; one more with its picture, 422 with what is wrong."""
    shop, told = own_shop(request), []
    if request.method == "POST":
        try:
            shopkeeping.add_certificate(
                shop=shop,
                name=request.POST.get("name", ""),
                issued_on=day_of(request.POST.get("issued_on", "")),
                arrived=picture_in(request, "image"),
                by=reader(request),
                at=timezone.now(),
            )
        except Refused as refused:
            told = told_in(refused.findings)
        else:
            messages.success(request, "证书已上架")
            return redirect("institution:shop_certificates")
    context = {
        **frame_of(shop, "shop_certificates"),
        "certificates": list(certificates_of(shop)),
        "typed": request.POST,
        "told": told,
    }
    return render(request, "institution/shop_certificates.html", context, status=422 if told else 200)


@require_POST
@door(Role.INSTITUTION, Act.RUN_SHOP)
def remove_certificate(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The shop shows it no more."""
    found = certificate_at(own_shop(request), pk)
    if found is None:
        raise Http404
    shopkeeping.remove_certificate(certificate=found, by=reader(request), at=timezone.now())
    messages.success(request, f"“{found.name}”已撤下")
    return redirect("institution:shop_certificates")


def _decorate(request: HttpRequest, shop: Shop) -> None:
    given, by, at = request.POST, reader(request), timezone.now()
    picture = picture_in(request, "banner") if "banner" in request.FILES else None
    places = {block.value: given.get(f"block_{block.value}", "") for block in Block}
    # The same place twice: the block that comes first in the form comes first on the page.
    blocks = sorted(places, key=lambda name: places[name] if places[name].isdigit() else "9")
    shopkeeping.decorate(shop=shop, theme=given.get("theme", ""), blocks=blocks, by=by, at=at)
    if picture is not None or given.get("no_banner"):
        shopkeeping.set_banner(shop=shop, arrived=picture, by=by, at=at)


def _look(request: HttpRequest, shop: Shop, told: list[dict[str, str]] | None = None) -> HttpResponseBase:
    standing = [*shop.blocks, *(one.value for one in Block if one.value not in shop.blocks)]
    context = {
        **frame_of(shop, "shop_look"),
        "themes": Theme.choices,
        "blocks": [(name, Block(name).label, number) for number, name in enumerate(standing, start=1)],
        "places": range(1, len(Block) + 1),
        "told": told or [],
    }
    return render(request, "institution/shop_look.html", context, status=422 if told else 200)
