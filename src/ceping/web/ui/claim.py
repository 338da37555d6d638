"""The page for whoever has no account here though their institution has one, or its contact has left: a claim is held.

What is answered is the same for every credit code: nobody learns here who takes part.
"""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ceping.core import uscc
from ceping.ground.people.access import Refused
from ceping.ground.people.claims import Claimed, Stranger, claim_without_account
from ceping.ground.people.models import Area
from ceping.web.ui.door import door

_TYPED = ("uscc", "name", "area", "person", "email", "phone", "reason")
_RECEIPT = "claim_receipt"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(public=True)
def claim(request: HttpRequest) -> HttpResponseBase:
    """The form; what is typed wrong is told beside its field with 422, too many tries with 429."""
    areas = list(Area.objects.all())
    if request.method != "POST":
        return _form(request, areas)
    asked = {name: request.POST.get(name, "") for name in _TYPED}
    area = next((one for one in areas if one.code == asked["area"]), None)
    if not _may_try(request, asked["uscc"]):
        return _form(request, areas, busy=True)
    try:
        receipt = claim_without_account(
            who=Claimed(asked["uscc"], asked["name"], area, asked["reason"]),
            stranger=Stranger(asked["person"], asked["email"], asked["phone"]),
            at=timezone.now(),
        )
    except Refused as refused:
        return _form(request, areas, refused)
    # The next page is this browser's alone: an address with the receipt in it would tell whoever reads over a shoulder.
    request.session[_RECEIPT] = receipt
    return redirect("claimed")


@never_cache
@require_safe
@door(public=True)
def claimed(request: HttpRequest) -> HttpResponseBase:
    """The receipt of this browser's last claim and what comes next; without one, the form."""
    receipt = request.session.get(_RECEIPT, "")
    if not receipt:
        return redirect("claim")
    return render(request, "ui/claimed.html", {"receipt": f"{receipt[:4]} {receipt[4:]}"})


def _may_try(request: HttpRequest, code: str) -> bool:
    """By network, and by credit code whether it is known here or not."""
    given = uscc.normalised(code[:100])
    return bool(
        ratelimit.consume(request, action="claim")
        and (not given or ratelimit.consume(request, action="claim_code", key=given))
    )


def _form(
    request: HttpRequest, areas: list[Area], refused: Refused | None = None, *, busy: bool = False
) -> HttpResponseBase:
    findings = refused.findings if refused else ()
    shown = {
        "areas": areas,
        "busy": busy,
        "typed": request.POST,
        "wrong": {one.place: f"{one.message()}。{one.remedy()}" for one in findings},
    }
    return render(request, "ui/claim.html", shown, status=429 if busy else 422 if findings else 200)
