"""Claims of institutions of the own areas: who says they speak for whom, decided with a reason."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.people.roles import Act
from ceping.web.recommender.reach import own_area, reader
from ceping.web.ui.claims_desk import Desk, claim_answered, claims_shown
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login


@require_safe
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
def page(request: HttpRequest) -> HttpResponseBase:
    """Waiting claims first, then those decided."""
    own_area(reader(request))
    return claims_shown(request, _desk(), by=reader(request))


@never_cache
@require_POST
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
@fresh_login
def decide(request: HttpRequest) -> HttpResponseBase:
    """The claim is over, or its contact shown; 404 for one of another area, of the reader's own, or of nobody."""
    own_area(reader(request))
    return claim_answered(request, _desk(), by=reader(request))


def _desk() -> Desk:
    return Desk(
        listing=reverse("recommender:claims"),
        decide=reverse("recommender:decide_claim"),
        nav_now="area_claims",
        lead="本推荐单位的机构有人来认领",
    )
