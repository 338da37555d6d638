"""Claims of institutions of the own areas: who says they speak for whom, decided with a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.flow.claims import decide_claim
from ceping.ground.people.access import Refused
from ceping.ground.people.claims import claims_for
from ceping.ground.people.roles import Act
from ceping.web.recommender.reach import own_area, reader, told
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE = 50
_ANSWERS = {"replace", "add", "refuse"}


@require_safe
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
def page(request: HttpRequest) -> HttpResponseBase:
    """Waiting claims first, then those decided."""
    return _page(request)


@require_POST
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
@fresh_login
def decide(request: HttpRequest) -> HttpResponseBase:
    """The claim is over; 404 for one of another area, of the reader's own, or of nobody."""
    asked, by = request.POST, reader(request)
    number, do = asked.get("claim", ""), asked.get("do", "")
    known = number.isascii() and number.isdigit() and len(number) < 19 and do in _ANSWERS
    claim = claims_for(by).filter(pk=int(number)).first() if known else None
    if claim is None:
        raise Http404
    accepted, replace, reason = do != "refuse", do == "replace", asked.get("reason", "")
    try:
        decide_claim(claim=claim, accepted=accepted, replace=replace, by=by, at=timezone.now(), reason=reason)
    except Refused as refused:
        return _page(request, refused)
    messages.success(request, "已决定，并记入操作日志")
    return redirect("recommender:claims")


def _page(request: HttpRequest, refused: Refused | None = None) -> HttpResponseBase:
    own_area(reader(request))
    findings = refused.findings if refused else ()
    shown = {
        "nav_now": "area_claims",
        "page": Paginator(claims_for(reader(request)), PAGE).get_page(request.GET.get("page")),
        "refused": [told(one) for one in findings],
        "lead": "本推荐单位的机构有人来认领",
        "listing": reverse("recommender:claims"),
        "decide": reverse("recommender:decide_claim"),
    }
    return render(request, "ui/claims.html", shown, status=409 if findings else 200)
