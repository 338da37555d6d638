"""A shop's points as the operator reads them: why it stands there, its ledger, its log; events put out of force."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.points.actions import void_event
from ceping.stages.points.models import Standing
from ceping.stages.points.queries import facts_of, is_run_here, standing_of, waits
from ceping.stages.points.queries.desk import (
    Logged,
    event_at,
    events_logged,
    held_events,
    logged,
    signals_found,
    standing_at,
)
from ceping.stages.points.states import HeldState
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.points_words import ACTORS, KINDS, RATINGS, number_in, source_word, tabs_for
from ceping.web.ui.door import door
from ceping.web.ui.points_shown import points_shown

_EVENTS = 30


@require_safe
@door(Act.OVERSEE_SHOPS)
def page(request: HttpRequest, shop: str) -> HttpResponseBase:
    """The shop's points explained, its ledger from `before`, its log filtered by the address."""
    return _page(request, _standing(shop))


@require_POST
@door(Act.OVERSEE_SHOPS)
def void(request: HttpRequest, shop: str) -> HttpResponseBase:
    """An event of the shop counts no longer; the ledger says who decided so and why."""
    standing = _standing(shop)
    sequence = number_in(request.POST.get("event"))
    event = event_at(standing, sequence) if sequence is not None else None
    if event is None:
        raise Http404
    before = standing_of([standing.shop])[standing.shop]
    try:
        void_event(event=event, reason=request.POST.get("reason", ""), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, standing, refused.findings)
    after = standing_of([standing.shop])[standing.shop]
    told = f"事件 {event.event_id} 已作废，积分 {before.points:,} → {after.points:,}"
    if before.name != after.name:
        told += f"，等级 {before.name} → {after.name}"
    messages.success(request, told)
    return redirect("office:points_shop", standing.shop)


def _standing(shop: str) -> Standing:
    found = standing_at(shop)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, standing: Standing, refused: Sequence[Finding] = ()) -> HttpResponseBase:
    asked = request.GET
    kind, text = asked.get("kind", ""), asked.get("event", "").strip()[:128]
    kind = kind if kind in KINDS else ""
    rows = list(events_logged(standing, kind=kind, text=text, before=number_in(asked.get("until")))[: _EVENTS + 1])
    shown = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), (standing.name or standing.shop, "")],
        "tabs": tabs_for(reader(request), ""),
        "standing": standing,
        "shown": points_shown(standing.shop, before=number_in(asked.get("before"))),
        "ledger_url": reverse("office:points_shop", args=[standing.shop]),
        "late": waits(standing),
        "here": is_run_here(standing),
        "facts": facts_of(standing),
        "events": [_line(one) for one in logged(standing, rows[:_EVENTS])],
        "until": rows[_EVENTS - 1].pk if len(rows) > _EVENTS else None,
        "kinds": KINDS.items(),
        "kind": kind,
        "text": text,
        "held": held_events(HeldState.OPEN, shop=standing.shop).count(),
        "signals": list(signals_found(looked=False).filter(standing=standing)[:5]),
        "refused": in_words(refused),
        "typed": request.POST,
    }
    return render(request, "office/points_shop.html", shown, status=409 if refused else 200)


def _line(one: Logged) -> dict[str, object]:
    """An event in words."""
    event = one.event
    what = KINDS.get(event.kind, event.kind)
    if event.rating:
        what = RATINGS.get(event.rating, event.rating)
    return {
        "event": event,
        "what": what,
        "who": ACTORS.get(event.actor_type, ""),
        "source": source_word(event.source),
        "void": one.void,
        "voiding": one.voiding,
        "may_void": event.kind != "void" and one.void is None,
    }
