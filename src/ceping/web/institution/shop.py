"""The seller's home: where the shop stands, what waits, what brings the next level; and the form to ask for a shop."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ceping.ground.files.models import File
from ceping.ground.files.shown import page_picture
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act, Role
from ceping.stages.shop.actions.opening import Asking, ask_to_open
from ceping.stages.shop.queries.categories import category_titles
from ceping.stages.shop.queries.kept import is_own_picture, last_change, shop_of, unanswered, visits_in, waiting_at
from ceping.stages.shop.states import ShopState
from ceping.web.institution.reach import reader
from ceping.web.institution.shop_reach import frame_of, institution_of, own_shop, told_in
from ceping.web.ui.door import door
from ceping.web.ui.moments import day_of
from ceping.web.ui.points_shown import days_shown, points_shown

_DAYS = 30
_WIDTHS = (480, 1440)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.INSTITUTION, Act.RUN_SHOP)
def home(request: HttpRequest) -> HttpResponseBase:
    """The shop at a glance; without one, or after the last one closed, the form to ask, 422 with what is wrong."""
    shop = shop_of(institution_of(request))
    if request.method == "POST":
        return _ask(request)
    if shop is None or shop.state == ShopState.CLOSED:
        return _form(request)
    today = timezone.localdate()
    context = {
        **frame_of(shop, "shop"),
        "change": last_change(shop),
        "waiting": waiting_at(shop),
        "visits": visits_in(shop, today, _DAYS),
        "comments": list(unanswered(shop).select_related("order")[:3]),
        "shown": points_shown(shop.code, ledger=False),
        "days": days_shown(shop.code, today - timedelta(days=_DAYS - 1), today) if shop.opened_at else None,
        "number": _DAYS,
    }
    return render(request, "institution/shop.html", context)


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.RUN_SHOP)
def points(request: HttpRequest) -> HttpResponseBase:
    """The shop's points explained, what comes next, and its ledger from `before`."""
    shop = own_shop(request)
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    context = {
        **frame_of(shop, "shop_points"),
        "shown": points_shown(shop.code, before=before),
        "ledger_url": reverse("institution:shop_points"),
    }
    return render(request, "institution/shop_points.html", context)


@require_safe
@door(Role.INSTITUTION, Act.RUN_SHOP)
def picture(request: HttpRequest, token: str, width: int) -> HttpResponseBase:
    """A picture of the own shop, also before it is open."""
    shop = own_shop(request)
    file = File.objects.select_related("blob").filter(token=token).first() if is_own_picture(shop, token) else None
    if file is None or width not in _WIDTHS:
        raise Http404
    try:
        data = page_picture(file, 1, width=width)
    except Refused:
        raise Http404 from None
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _ask(request: HttpRequest) -> HttpResponseBase:
    given = request.POST
    asked = Asking(
        given.get("name", ""),
        day_of(given.get("registered_on", "")),
        tuple(given.getlist("categories")),
        given.get("introduction", ""),
    )
    try:
        ask_to_open(institution=institution_of(request), given=asked, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _form(request, told_in(refused.findings))
    return redirect("institution:shop")


def _form(request: HttpRequest, told: list[dict[str, str]] | None = None) -> HttpResponseBase:
    institution = institution_of(request)
    before = shop_of(institution)
    context = {
        "institution": institution,
        "before": before,
        "change": last_change(before) if before is not None else None,
        "categories": list(category_titles().items()),
        "chosen": request.POST.getlist("categories"),
        "typed": request.POST,
        "told": told or [],
        "nav_now": "shop",
    }
    return render(request, "institution/shop_open.html", context, status=422 if told else 200)
