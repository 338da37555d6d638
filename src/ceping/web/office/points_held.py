"""Held events and signals: what the log could not decide by itself, and what looks odd; a person says what it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.points.actions import decide_held, note_signal
from ceping.stages.points.models import Event, Held, Signal
from ceping.stages.points.queries.desk import (
    accepted_beside,
    held_counts,
    held_events,
    signal_counts,
    signals_found,
)
from ceping.stages.points.states import HeldReason, HeldState, SignalKind
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.points_words import ACTORS, KINDS, RATINGS, number_in, source_word, tabs_for
from ceping.web.ui.door import door

PAGE = 30
_DECISIONS = {"take": True, "drop": False}
_PARTS = (
    ("kind", "类型"),
    ("occurred_at", "发生"),
    ("actor_id", "用户"),
    ("actor_type", "身份"),
    ("rating", "评价"),
    ("voids", "作废的事件"),
)


@require_safe
@door(Act.OVERSEE_SHOPS)
def held(request: HttpRequest) -> HttpResponseBase:
    """Events that wait, or were decided; filtered by the address."""
    return _held(request, request.GET)


@require_POST
@door(Act.OVERSEE_SHOPS)
def decide(request: HttpRequest) -> HttpResponseBase:
    """The held event is taken or dropped, with the reason; the filters stay."""
    asked = request.POST
    key = number_in(asked.get("held"))
    found = Held.objects.filter(pk=key).first() if key is not None else None
    if found is None or asked.get("do") not in _DECISIONS:
        raise Http404
    take = _DECISIONS[asked["do"]]
    try:
        decide_held(held=found, take=take, reason=asked.get("reason", ""), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _held(request, asked, refused.findings, found.pk)
    messages.success(request, f"事件 {found.event_id} {'已收下并计分' if take else '不采用'}")
    said = {name: asked.get(name, "")[:64] for name in ("state", "reason_of", "shop") if asked.get(name)}
    return redirect(reverse("office:points_held") + (f"?{urlencode(said)}" if said else ""))


@require_safe
@door(Act.OVERSEE_SHOPS)
def signals(request: HttpRequest) -> HttpResponseBase:
    """Signals nobody looked at, or those somebody did."""
    return _signals(request, request.GET)


@require_POST
@door(Act.OVERSEE_SHOPS)
def note(request: HttpRequest) -> HttpResponseBase:
    """Somebody says what the signal was."""
    key = number_in(request.POST.get("signal"))
    found = Signal.objects.filter(pk=key).first() if key is not None else None
    if found is None:
        raise Http404
    try:
        note_signal(signal=found, note=request.POST.get("note", ""), by=reader(request), at=timezone.now())
    except Refused as refused:
        return _signals(request, request.POST, refused.findings)
    messages.success(request, "已记下，线索移到“看过的”")
    return redirect("office:points_signals")


def _held(
    request: HttpRequest, asked: Mapping[str, Any], refused: Sequence[Finding] = (), wrong: int | None = None
) -> HttpResponseBase:
    state, reason = asked.get("state") or HeldState.OPEN, asked.get("reason_of") or ""
    state = "" if state == "all" else state if state in HeldState.values else HeldState.OPEN
    reason = reason if reason in HeldReason.values else ""
    shop = (asked.get("shop") or "").strip()[:64]
    states, reasons = held_counts()
    page = Paginator(held_events(state, reason, shop), PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    beside = accepted_beside([one for one in rows if one.held_for == HeldReason.CONFLICT])
    shown = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), ("挂起的事件", "")],
        "tabs": tabs_for(reader(request), "points_held"),
        "page": page,
        "rows": [(one, source_word(one.source), _parts(one, beside.get(one.pk)), beside.get(one.pk)) for one in rows],
        "states": [
            *((one.value, one.label, states.get(one, 0)) for one in HeldState),
            ("all", "全部", sum(states.values())),
        ],
        "reasons": [(one.value, one.label, reasons.get(one, 0)) for one in HeldReason if reasons.get(one)],
        "state": state or "all",
        "reason": reason,
        "shop": shop,
        "open": states.get(HeldState.OPEN, 0),
        "wrong": wrong,
        "typed": request.POST,
        "refused": in_words(refused),
    }
    return render(request, "office/points_held.html", shown, status=409 if refused else 200)


def _parts(one: Held, beside: Event | None) -> list[tuple[str, str, str, bool]]:
    """What the held event says, beside what the accepted one says; empty parts of both are left out."""
    rows = []
    for name, word in _PARTS:
        mine, other = _said(name, getattr(one, name)), _said(name, getattr(beside, name)) if beside else ""
        if mine or other:
            rows.append((word, mine, other, beside is not None and getattr(one, name) != getattr(beside, name)))
    return rows


def _said(name: str, value: Any) -> str:  # noqa: ANN401 -- whatever a column holds
    if name == "occurred_at":
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    words = {"kind": KINDS, "actor_type": ACTORS, "rating": RATINGS}.get(name, {})
    return str(words.get(value, value))


def _signals(request: HttpRequest, asked: Mapping[str, Any], refused: Sequence[Finding] = ()) -> HttpResponseBase:
    kind, looked = asked.get("kind") or "", asked.get("looked") == "yes"
    kind = kind if kind in SignalKind.values else ""
    counts = signal_counts()
    page = Paginator(signals_found(looked=looked, kind=kind), PAGE).get_page(request.GET.get("page"))
    shown = {
        "nav_now": "points",
        "crumbs": [("积分", reverse("office:points")), ("异常线索", "")],
        "tabs": tabs_for(reader(request), "points_signals"),
        "page": page,
        "rows": [(one, _told(one)) for one in page],
        "kinds": [(one.value, one.label, counts.get(one, 0)) for one in SignalKind],
        "kind": kind,
        "looked": looked,
        "open": sum(counts.values()),
        "typed": request.POST,
        "refused": in_words(refused),
    }
    return render(request, "office/points_signals.html", shown, status=409 if refused else 200)


def _told(one: Signal) -> str:
    """What was seen, in words."""
    told = one.told
    match one.kind:
        case SignalKind.BURST:
            return f"{told.get('minute', '')} 这一分钟里成交 {one.number} 单"
        case SignalKind.SELF:
            return f"登录过这家店铺的用户 {told.get('actor', '')} 下单、评价或关注了 {one.number} 次"
        case SignalKind.RING:
            return f"与店铺 {told.get('shop', '')} 的人员互相下单或评价，共 {one.number} 次"
        case _:
            return f"用户 {told.get('actor', '')} 占 {told.get('of', '')} 次订单和评价中的 {one.number} 次"
