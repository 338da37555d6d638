"""Abuse reported by somebody logged in: of a shop, of something it offers, of a review."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ceping.ground.people.access import Refused
from ceping.stages.shop.actions.reporting import report_abuse
from ceping.stages.shop.models import Offer, Review, Shop
from ceping.stages.shop.queries.bought import review_in
from ceping.stages.shop.queries.shown import offer_open
from ceping.stages.shop.states import AbuseKind
from ceping.web.market.reach import shop_at, told_in
from ceping.web.ui.door import door


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(signed_in=True)
def new(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form, and what is said once it came in; 422 with what is missing."""
    shop = shop_at(code)
    offer, review = _offer(shop, request.GET.get("offer", "")), _review(shop, request.GET.get("review", ""))
    told = []
    if request.method == "POST":
        try:
            made = report_abuse(
                shop=shop,
                offer=offer,
                review=review,
                kind=request.POST.get("kind", ""),
                text=request.POST.get("text", ""),
                by=request.user,  # type: ignore[arg-type]  # the door lets nobody through who is not known
                at=timezone.now(),
            )
        except Refused as refused:
            told = told_in(refused.findings)
        else:
            return redirect(f"{request.path}?number={made.number}")
    context = {
        "shop": shop,
        "offer": offer,
        "review": review,
        "kinds": AbuseKind.choices,
        "typed": request.POST,
        "told": told,
        "number": request.GET.get("number", "")[:20],
        "nav_now": "market",
    }
    return render(request, "market/report.html", context, status=422 if told else 200)


def _offer(shop: Shop, given: str) -> Offer | None:
    found = offer_open(int(given)) if given.isascii() and given.isdigit() and len(given) < 18 else None
    return found if found is not None and found.shop_id == shop.pk else None


def _review(shop: Shop, given: str) -> Review | None:
    return review_in(shop, int(given)) if given.isascii() and given.isdigit() and len(given) < 18 else None
