"""Other systems: keys to the interface, shown once; addresses told of changed levels; what came of every message."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Role
from ceping.stages.points.actions.connecting import add_hook, make_token, remove_hook, revoke_token
from ceping.stages.points.actions.sending import resend_call, try_hook
from ceping.stages.points.models import Call, Hook, Token
from ceping.stages.points.queries.desk import calls_made, hooks_added, tokens_made
from ceping.stages.points.states import CallState, Scope
from ceping.web.office.chosen import in_words, reader
from ceping.web.office.points_words import number_in, tabs_for
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE, _DAYS = 30, 365


@never_cache
@require_safe
@door(Role.OPERATOR, Role.SYSTEM_ADMIN)
def page(request: HttpRequest) -> HttpResponseBase:
    """Keys, addresses and messages."""
    return _page(request)


@never_cache
@require_POST
@door(Role.OPERATOR, Role.SYSTEM_ADMIN)
@fresh_login
def key(request: HttpRequest) -> HttpResponseBase:
    """A key is made, and this answer alone shows it; or one is taken back."""
    asked, by, at = request.POST, reader(request), timezone.now()
    try:
        if asked.get("do") == "revoke":
            revoke_token(token=_found(Token, asked.get("token")), by=by, at=at)
            messages.success(request, "令牌已收回，立即失效")
            return redirect("office:points_keys")
        days = number_in(asked.get("days")) or 0
        made = make_token(name=asked.get("name", ""), scopes=asked.getlist("scope"), days=days, by=by, at=at)
    except Refused as refused:
        return _page(request, refused.findings, wrong="key")
    return _page(request, made=made.text, made_name=made.token.name)


@never_cache
@require_POST
@door(Role.OPERATOR, Role.SYSTEM_ADMIN)
@fresh_login
def hook(request: HttpRequest) -> HttpResponseBase:
    """An address is added, whose secret this answer alone shows; or tried; or told nothing any more."""
    asked, by, at = request.POST, reader(request), timezone.now()
    try:
        if asked.get("do") == "remove":
            remove_hook(hook=_found(Hook, asked.get("hook")), by=by, at=at)
            messages.success(request, "通知地址已停用")
            return redirect("office:points_keys")
        if asked.get("do") == "try":
            answer = try_hook(hook=_found(Hook, asked.get("hook")), by=by, at=at)
            status = f"状态 {answer.status}" if answer.status is not None else "没有连通"
            told = f"试发：{status}，{answer.milliseconds} 毫秒。{answer.told}"
            (messages.success if answer.received else messages.warning)(request, told)
            return redirect("office:points_keys")
        made = add_hook(name=asked.get("name", ""), url=asked.get("url", "").strip(), by=by, at=at)
    except Refused as refused:
        return _page(request, refused.findings, wrong="hook")
    return _page(request, secret=made.secret, made_name=made.name)


@require_POST
@door(Role.OPERATOR, Role.SYSTEM_ADMIN)
def resend(request: HttpRequest) -> HttpResponseBase:
    """A message that could not be delivered is tried anew."""
    call = _found(Call, request.POST.get("call"))
    try:
        resend_call(call=call, by=reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, refused.findings)
    messages.success(request, "一分钟内再发一次")
    return redirect("office:points_keys")


def _found(model: Any, given: str | None) -> Any:  # noqa: ANN401 -- one of three kinds of rows
    number = number_in(given)
    row = model.objects.filter(pk=number).first() if number is not None else None
    if row is None:
        raise Http404
    return row


def _page(request: HttpRequest, refused: Sequence[Finding] = (), **more: str) -> HttpResponseBase:
    state, at = request.GET.get("state", ""), timezone.now()
    state = state if state in CallState.values else ""
    calls = Paginator(calls_made(state), PAGE).get_page(request.GET.get("page"))
    tokens = [(one, _standing(one, at), [Scope(name).label for name in one.scopes]) for one in tokens_made()[:50]]
    shown = {
        "nav_now": "connections" if Role.OPERATOR not in reader(request).roles else "points",
        "tabs": tabs_for(reader(request), "points_keys"),
        "tokens": tokens,
        "scopes": Scope.choices,
        "days": _DAYS,
        "hooks": list(hooks_added()),
        "calls": calls,
        "states": [("", "全部"), *CallState.choices],
        "state": state,
        "typed": request.POST,
        "refused": in_words(refused),
        **more,
    }
    return render(request, "office/points_keys.html", shown, status=422 if refused else 200)


def _standing(token: Token, at: Any) -> str:  # noqa: ANN401 -- a moment
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at <= at else "holds"
