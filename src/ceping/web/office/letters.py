"""The outbox: letters that wait for a person, could not leave, or may have left; sent after all, or not at all."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.messages.actions import settle_letters
from ceping.ground.messages.posted import LOOKED_FOR, addressees, letters_found, masked_address
from ceping.ground.messages.sending import UNSURE
from ceping.ground.people.roles import Act
from ceping.web.office.accounts import key_of
from ceping.web.office.chosen import reader
from ceping.web.ui.door import door

PAGE = 50
_OPEN = ("held", "failed")


@require_safe
@door(Act.CHANGE_CALENDAR)
def listing(request: HttpRequest) -> HttpResponseBase:
    """The letters that pass the filters of the address, fifty a page; what a letter says is not shown."""
    state, text = _asked(request.GET.get("state", "")), request.GET.get("q", "").strip()[:80]
    page = Paginator(letters_found(state=state, text=text), PAGE).get_page(request.GET.get("page"))
    names = addressees(list(page))
    rows = [
        (one, names.get(one.pk, ""), masked_address(str(one.to)), one.fault == UNSURE, one.state in _OPEN)
        for one in page
    ]
    shown = {
        "nav_now": "letters",
        "page": page,
        "rows": rows,
        "any_open": any(row[-1] for row in rows),
        "states": LOOKED_FOR.items(),
        "state": state,
        "text": text,
    }
    return render(request, "office/letters.html", shown)


@require_POST
@door(Act.CHANGE_CALENDAR)
def settle(request: HttpRequest) -> HttpResponseBase:
    """The ticked letters go out, or never; the filters stay."""
    asked = request.POST
    ticked = [key for given in asked.getlist("letter") if (key := key_of(given))]
    if ticked:
        if asked.get("do") not in {"send", "drop"}:
            raise Http404
        send = asked["do"] == "send"
        count = settle_letters(letters=ticked, send=send, by=reader(request), at=timezone.now())
        messages.success(request, f"{count} 封{'已放行，一分钟内发出' if send else '不再发出'}")
    else:
        messages.warning(request, "没有选信件。请先在列表里勾选")
    said = {"state": _asked(asked.get("state", "")), "q": asked.get("q", "").strip()[:80]}
    filters = urlencode({name: value for name, value in said.items() if value})
    return redirect(reverse("office:letters") + (f"?{filters}" if filters else ""))


def _asked(state: str) -> str:
    return state if state in LOOKED_FOR else ""
