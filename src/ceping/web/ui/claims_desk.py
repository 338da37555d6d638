"""Claims of institutions as whoever decides them sees them: contacts masked until a reason is given."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from ceping.core.phone import masked
from ceping.flow.claims import decide_claim
from ceping.ground.people.access import Refused
from ceping.ground.people.claims import claims_for, reveal_claimant
from ceping.ground.people.models import Claim, User

PAGE = 50
_ANSWERS = {"replace", "add", "refuse"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is: where it lies, where its forms go, its entry in the bar, its first words."""

    listing: str
    decide: str
    nav_now: str
    lead: str


def claims_shown(
    request: HttpRequest, desk: Desk, *, by: User, refused: Refused | None = None, revealed: Claim | None = None
) -> HttpResponseBase:
    """Waiting claims first, then those decided; `revealed` alone with its phone and e-mail address in full."""
    page = Paginator(claims_for(by), PAGE).get_page(request.GET.get("page"))
    full = revealed.pk if revealed is not None else None
    shown = {
        "nav_now": desk.nav_now,
        "page": page,
        "lines": [(one, one.phone if one.pk == full else masked(one.phone), one.pk == full) for one in page],
        "refused": [{"message": f.message(), "remedy": f.remedy()} for f in (refused.findings if refused else ())],
        "lead": desk.lead,
        "listing": desk.listing,
        "decide": desk.decide,
    }
    return render(request, "ui/claims.html", shown, status=409 if refused else 200)


def claim_answered(request: HttpRequest, desk: Desk, *, by: User) -> HttpResponseBase:
    """The claim is decided, or its contact shown this once.

    Raises Http404 for one of another area, of the reader's own, or of nobody.
    """
    asked = request.POST
    number, do, reason = asked.get("claim", ""), asked.get("do", ""), asked.get("reason", "")
    known = number.isascii() and number.isdigit() and len(number) < 19 and do in _ANSWERS | {"reveal"}
    claim = claims_for(by).filter(pk=int(number)).first() if known else None
    if claim is None:
        raise Http404
    try:
        if do == "reveal":
            return claims_shown(
                request, desk, by=by, revealed=reveal_claimant(claim=claim, by=by, at=timezone.now(), reason=reason)
            )
        accepted, replace = do != "refuse", do == "replace"
        decide_claim(claim=claim, accepted=accepted, replace=replace, by=by, at=timezone.now(), reason=reason)
    except Refused as refused:
        return claims_shown(request, desk, by=by, refused=refused)
    messages.success(request, "已决定，并记入操作日志")
    return redirect(desk.listing)
