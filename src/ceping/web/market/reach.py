"""How a view gets a shop, an offer, an order or the reader's buyer account; 404 for what is not theirs to see."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from ceping.core.finding import Finding
from ceping.stages.shop.models import Buyer, Offer, Order, Shop
from ceping.stages.shop.queries.bought import buyer_of, order_of
from ceping.stages.shop.queries.shown import offer_open, shop_open


def shop_at(code: str) -> Shop:
    """The open shop. Raises Http404."""
    found = shop_open(code)
    if found is None:
        raise Http404
    return found


def offer_at(pk: int) -> Offer:
    """The offer of an open shop. Raises Http404."""
    found = offer_open(pk)
    if found is None:
        raise Http404
    return found


def order_at(buyer: Buyer | None, number: str) -> Order:
    """The buyer's own order. Raises Http404."""
    found = order_of(buyer, number) if buyer is not None else None
    if found is None:
        raise Http404
    return found


def buyer_in(request: HttpRequest) -> Buyer | None:
    """The buyer's account of whoever asks; None for strangers and for people who do not buy."""
    return buyer_of(request.user) if request.user.is_authenticated else None


def to_join(back: str) -> HttpResponseBase:
    """On to the page where one becomes a buyer or logs in, and from there back."""
    return redirect(f"{reverse('market:join')}?{urlencode({'next': back})}")


def told_in(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings in the shape of the templates: the field, what is so, what to do."""
    return [{"place": one.place, "message": one.message(), "remedy": one.remedy()} for one in findings]
