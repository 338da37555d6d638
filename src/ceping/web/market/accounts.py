"""A buyer's account: made here, its phone changed, whom it follows."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core.finding import fault
from ceping.core.phone import masked
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.shop.actions.joining import Joining, change_phone, sign_up
from ceping.stages.shop.queries.bought import follows_of, reports_of
from ceping.stages.shop.states import BuyerKind
from ceping.web.market.directory import lines_of
from ceping.web.market.reach import buyer_in, to_join, told_in
from ceping.web.ui.door import door

_FIELDS = ("login", "name", "phone", "firm", "uscc")
_BACKEND = "ceping.ground.people.login.NameBackend"


@never_cache
@sensitive_post_parameters("password", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@door(public=True)
def join(request: HttpRequest) -> HttpResponseBase:
    """One page to become a buyer, who is logged in at once; 422 with what is wrong, 429 for too many in an hour."""
    if buyer_in(request) is not None:
        return redirect(_back(request))
    kind = BuyerKind.ENTERPRISE if _given(request, "kind") == BuyerKind.ENTERPRISE else BuyerKind.PERSONAL
    told, status = [], 200
    if request.method == "POST" and not request.user.is_authenticated:
        if not ratelimit.consume(request, app="allauth.account", action="join", limit_get=True):
            told, status = told_in([fault("buyer_busy")]), 429
        else:
            typed = {name: request.POST.get(name, "") for name in _FIELDS}
            try:
                buyer = sign_up(
                    given=Joining(kind, password=request.POST.get("password", ""), **typed), at=timezone.now()
                )
            except Refused as refused:
                told, status = told_in(refused.findings), 422
            else:
                login(request, buyer.user, backend=_BACKEND)
                return redirect(_back(request))
    context = {
        "kind": kind.value,
        "kinds": [(one.value, one.label) for one in BuyerKind],
        "typed": request.POST,
        "told": told,
        "at": {one["place"]: one for one in told},
        "next": _given(request, "next"),
        "login_url": settings.LOGIN_URL,
        "nav_now": "market",
    }
    return render(request, "market/join.html", context, status=status)


@never_cache
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.PERSONAL, Role.ENTERPRISE)
def account(request: HttpRequest) -> HttpResponseBase:
    """Who the buyer is, the phone shops call, what was reported and what came of it."""
    buyer = buyer_in(request)
    if buyer is None:
        return to_join(request.path)
    told = []
    if request.method == "POST":
        try:
            change_phone(buyer=buyer, phone=request.POST.get("phone", ""), by=buyer.user, at=timezone.now())
        except Refused as refused:
            told = told_in(refused.findings)
        else:
            return redirect("market:account")
    context = {
        "buyer": buyer,
        "phone": masked(buyer.phone),
        "reports": list(reports_of(buyer.user)[:20]),
        "told": told,
        "nav_now": "buyer",
    }
    return render(request, "market/account.html", context, status=422 if told else 200)


@never_cache
@require_safe
@door(Role.PERSONAL, Role.ENTERPRISE)
def follows(request: HttpRequest) -> HttpResponseBase:
    """The shops the reader follows, the newest first."""
    buyer = buyer_in(request)
    if buyer is None:
        return to_join(request.path)
    shown = Paginator(follows_of(buyer), 20).get_page(request.GET.get("page"))
    lines = lines_of([one.shop for one in shown])
    return render(request, "market/follows.html", {"lines": lines, "page": shown, "nav_now": "follows"})


def _given(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")


def _back(request: HttpRequest) -> str:
    """Where the reader came from, if it is one of ours."""
    back = _given(request, "next")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if back and ours else reverse("market:directory")
