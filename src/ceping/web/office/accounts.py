"""The security officer's people: found by name or role, looked at one by one, what is done to them with its reason."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.phone import masked, normalised
from ceping.ground.messages.invitations import give_role, take_role
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area, Institution, User
from ceping.ground.people.particulars import Particulars, change_particulars
from ceping.ground.people.queries import people_found
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.ground.people.sealing import blind_index
from ceping.ground.people.standing import deactivate, end_sessions, reactivate, reset_second_factor, reveal_contact
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE = 50


@require_safe
@door(Role.SECURITY_OFFICER)
def listing(request: HttpRequest) -> HttpResponseBase:
    """Everybody that passes the filters of the address, fifty a page; a phone is found whole and shown masked."""
    asked = request.GET
    text, role, state = asked.get("q", "").strip(), asked.get("role", ""), asked.get("state", "")
    found = people_found(role=role if role in ROLE_NAMES else "", state=state)
    if text:
        phone = blind_index(normalised(text), kind="phone")
        by_text = Q(name__icontains=text) | Q(login__icontains=text) | Q(phone_index=phone)
        # Through ids: a person with two grants that match stands here once.
        through = Q(grants__institution__name__icontains=text) | Q(grants__institution__uscc=text.upper())
        found = found.filter(by_text | Q(pk__in=User.objects.filter(through).values("pk")))
    page = Paginator(found, PAGE).get_page(asked.get("page"))
    shown = {
        "nav_now": "accounts",
        "page": page,
        "rows": [(one, masked(one.phone), _roles(one)) for one in page],
        "roles": [(one.value, name) for one, name in ROLE_NAMES.items()],
        "text": text,
        "role": role,
        "state": state,
    }
    return render(request, "office/accounts.html", shown)


@require_safe
@door(Role.SECURITY_OFFICER)
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One account: what it holds and held, who gave it and when; and what can be done."""
    return _page(request, get_object_or_404(User, pk=pk))


@never_cache
@require_POST
@door(Role.SECURITY_OFFICER)
@fresh_login
def act(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the pressed button says, with the reason typed beside it."""
    user, by, at = get_object_or_404(User, pk=pk), reader(request), timezone.now()
    try:
        done = _do(request.POST, user, by, at)
    except Refused as refused:
        return _page(request, User.objects.get(pk=pk), refused)
    if isinstance(done, tuple):
        return _page(request, user, revealed=done)
    messages.success(request, done)
    return redirect("office:account", pk=pk)


def _do(asked: QueryDict, user: User, by: User, at: datetime) -> str | tuple[str, str]:
    """What is told after it, or the phone and address that were asked for. Raises Refused, Http404."""
    reason = asked.get("reason", "")
    match asked.get("do", ""):
        case "close":
            deactivate(user=user, by=by, at=at, reason=reason)
            return "账号已停用，正在使用的会话已经退出"
        case "open":
            reactivate(user=user, by=by, at=at, reason=reason)
            return "账号已恢复"
        case "factor":
            reset_second_factor(user=user, by=by, at=at, reason=reason)
            return "第二重验证已重置，此人登录后按提示重新设置"
        case "sessions":
            return f"已退出 {end_sessions(user=user, by=by, at=at, reason=reason)} 个会话"
        case "reveal":
            return reveal_contact(user=user, by=by, at=at, reason=reason)
        case "change":
            to = Particulars(asked.get("name", ""), asked.get("email", ""), asked.get("phone", ""))
            change_particulars(user=user, to=to, by=by, at=at, reason=reason)
            return "已更正"
        case "give":
            _give(asked, user, by, at)
            return "已授权，下一次打开页面时生效"
        case "take":
            grant = user.grants.filter(pk=key_of(asked.get("grant", ""))).first()
            if grant is None:
                raise Http404
            take_role(grant=grant, by=by, at=at, reason=reason)
            return "已收回，下一次打开页面时生效"
    raise Http404


def _give(asked: QueryDict, user: User, by: User, at: datetime) -> None:
    role, institution, area = bounds_in(asked)
    give_role(user=user, role=role, institution=institution, area=area, by=by, at=at, reason=asked.get("reason", ""))


def bounds_in(asked: QueryDict) -> tuple[Role, Institution | None, Area | None]:
    """The role of a form and what bounds it, by credit code and by area. Raises Http404 for no such role."""
    role = asked.get("role", "")
    if role not in ROLE_NAMES:
        raise Http404
    institution = Institution.objects.filter(uscc=asked.get("uscc", "").strip().upper() or "-").first()
    return Role(role), institution, Area.objects.filter(pk=key_of(asked.get("area", ""))).first()


def _page(
    request: HttpRequest, user: User, refused: Refused | None = None, revealed: tuple[str, str] | None = None
) -> HttpResponseBase:
    grants = user.grants.select_related("institution", "area", "granted_by", "revoked_by").order_by("-granted_at", "pk")
    shown = {
        "nav_now": "accounts",
        "person": user,
        "own": user.pk == reader(request).pk,
        "phone": masked(user.phone),
        "revealed": revealed,
        "grants": list(grants),
        "roles": [(one.value, name) for one, name in ROLE_NAMES.items()],
        "areas": list(Area.objects.all()),
        "refused": in_words(refused.findings) if refused else [],
        "typed": request.POST,
    }
    return render(request, "office/account.html", shown, status=422 if refused else 200)


def _roles(user: User) -> list[str]:
    held = [one for one in user.grants.all() if one.revoked_at is None]
    bounds = [str(one.institution or one.area or "") for one in held]
    return [
        ROLE_NAMES[Role(one.role)] + (f"（{within}）" if within else "")
        for one, within in zip(held, bounds, strict=True)
    ]


def key_of(text: str) -> int:
    """The key that was sent; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("9223372036854775807") else 0
