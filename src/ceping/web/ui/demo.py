"""One click into the demo: who is in it, and a button for each; on this machine's own addresses and nowhere else.

The addresses exist only in demo mode. Each request is looked at again all the same: from this machine, for a name of
this machine, through no proxy (a proxy on this machine would make strangers look local), and only for demo people.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from types import MappingProxyType

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.web.ui.door import door

_BACKEND = "ceping.ground.people.login.NameBackend"
# What a proxy adds; any of them means that the peer is not who sent the request.
_PROXIED = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")
FINDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.INSTITUTION: "本机构的自评报告：填写、附件、提交、退回意见",
        Role.RECOMMENDER: "本区或本协会的机构：审核、退回、推荐排序、汇总表",
        Role.ORGANISER: "测评年度：日程、进度、延期、催报",
        Role.LEAD: "测评机构：专家、抽取、进度、裁定、核验，查看各机构报告",
        Role.ASSESSOR: "测评打分：分派给自己的机构、核定、评分表、回避申报",
        Role.VERIFIER: "核验员：呼叫台、预约、自己的记录、练习",
        Role.OPERATOR: "平台运营：店铺审核",
        Role.SYSTEM_ADMIN: "系统管理：备份与设置，不看业务数据",
        Role.SECURITY_OFFICER: "安全管理：账号与角色",
        Role.AUDITOR: "审计：操作日志的查询与校验",
        Role.ENTERPRISE: "企业用户：查找店铺、下单、评价、关注",
        Role.PERSONAL: "个人用户：查找店铺、下单、评价、关注",
    }
)


@never_cache
@require_safe
@door(public=True)
def people(request: HttpRequest) -> HttpResponseBase:
    """Everybody in the demo by role, with what each finds."""
    _check(request)
    grants = Grant.objects.filter(revoked_at=None).select_related("institution", "area").order_by("pk")
    known = User.objects.filter(demo=True, is_active=True).prefetch_related(
        Prefetch("grants", queryset=grants, to_attr="held")
    )
    by_role: dict[Role, list[tuple[User, str]]] = {role: [] for role in FINDS}
    for user in known.order_by("pk"):
        for grant in user.held:
            by_role[Role(grant.role)].append((user, str(grant.institution or grant.area or "")))
    groups = [(ROLE_NAMES[role], FINDS[role], found) for role, found in by_role.items() if found]
    return render(request, "ui/demo.html", {"groups": groups})


@never_cache
@require_POST
@door(public=True)
def enter(request: HttpRequest, name: str) -> HttpResponseBase:
    """The browser is logged in as that demo person. 404 for anybody real."""
    _check(request)
    user = get_object_or_404(User, login=name, demo=True, is_active=True)
    if user.has_usable_password():
        raise Http404
    login(request, user, backend=_BACKEND)
    return redirect("home")


def _check(request: HttpRequest) -> None:
    """Raises Http404 outside the demo, PermissionDenied unless the request comes straight from this machine."""
    if not settings.DEMO:
        raise Http404
    proxied = any(name in _PROXIED or name.startswith("HTTP_X_FORWARDED") for name in request.META)
    host, _ = split_domain_port(request.get_host())
    if proxied or not _is_loopback(request.META.get("REMOTE_ADDR", "")) or not _is_loopback(host):
        raise PermissionDenied


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
