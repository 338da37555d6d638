"""What else the security officer keeps: invitations that wait, areas that recommend, claims to decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ceping.ground.messages.invitations import invite_again, invite_by_letter
from ceping.ground.people.access import Refused
from ceping.ground.people.areas import add_area, areas_with_counts, close_area, rename_area
from ceping.ground.people.invitations import Contact, Invited, withdraw_invitation
from ceping.ground.people.models import Area, Invitation
from ceping.ground.people.queries import invitations_found
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.web.office.accounts import PAGE, bounds_in, key_of
from ceping.web.office.chosen import in_words, reader
from ceping.web.ui.claims_desk import Desk, claim_answered, claims_shown
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

_STATES = {"": "全部", "open": "等待接受", "used": "已接受", "expired": "已过期", "withdrawn": "已撤回"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.SECURITY_OFFICER)
@fresh_login
def invitations(request: HttpRequest) -> HttpResponseBase:
    """Who was invited as what and what came of it; one that waits is withdrawn with a reason, or sent again.

    The link of one sent again is shown this once.
    """
    if request.method != "POST":
        return _invitations(request)
    at, by = timezone.now(), reader(request)
    one = get_object_or_404(Invitation, pk=key_of(request.POST.get("invitation", "")))
    try:
        if request.POST.get("do") == "again":
            return _invitations(request, made=invite_again(invitation=one, by=by, at=at))
        withdraw_invitation(invitation=one, by=by, at=at, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _invitations(request, refused)
    messages.success(request, "邀请已撤回，链接不再有效")
    return redirect(request.get_full_path())


@never_cache
@require_POST
@door(Role.SECURITY_OFFICER)
@fresh_login
def invite_one(request: HttpRequest) -> HttpResponseBase:
    """Somebody invited to any role, by letter where there is an address; the link is shown this once."""
    asked = request.POST
    role, institution, area = bounds_in(asked)
    to = Contact(asked.get("name", ""), asked.get("email", ""), asked.get("phone", ""))
    by, at = reader(request), timezone.now()
    try:
        made = invite_by_letter(role=role, to=to, institution=institution, area=area, by=by, at=at)
    except Refused as refused:
        return _invitations(request, refused)
    return _invitations(request, made=made)


@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.SECURITY_OFFICER)
@fresh_login
def areas(request: HttpRequest) -> HttpResponseBase:
    """The areas with what hangs on them: added, renamed, closed."""
    told, asked = Refused(), request.POST
    if request.method == "POST":
        by, at, reason = reader(request), timezone.now(), asked.get("reason", "")
        do = asked.get("do", "")
        try:
            if do == "add":
                kind = asked.get("kind", "")
                add_area(code=asked.get("code", ""), name=asked.get("name", ""), kind=kind, by=by, at=at)
            elif do in {"rename", "close"}:
                area = get_object_or_404(Area, pk=key_of(asked.get("area", "")))
                if do == "close":
                    close_area(area=area, by=by, at=at, reason=reason)
                else:
                    rename_area(area=area, name=asked.get("name", ""), by=by, at=at, reason=reason)
            else:
                raise Http404
        except Refused as refused:
            told = refused
        else:
            messages.success(request, "已保存")
            return redirect("office:areas")
    return _shown(request, "office/areas.html", {"nav_now": "areas", "areas": list(areas_with_counts())}, told)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@door(Role.SECURITY_OFFICER)
@fresh_login
def claims(request: HttpRequest) -> HttpResponseBase:
    """Who says they speak for whom: waiting first; decided with a reason."""
    here = reverse("office:claims")
    desk = Desk(listing=here, decide=here, nav_now="claims", lead="同一信用代码有人再来认领")
    if request.method == "POST":
        return claim_answered(request, desk, by=reader(request))
    return claims_shown(request, desk, by=reader(request))


def _invitations(request: HttpRequest, told: Refused | None = None, made: Invited | None = None) -> HttpResponseBase:
    at, state = timezone.now(), request.GET.get("state", "")
    page = Paginator(invitations_found(state=state, at=at), PAGE).get_page(request.GET.get("page"))
    link = request.build_absolute_uri(reverse("invitation", args=[made.token])) if made else ""
    shown = {
        "nav_now": "accounts",
        "page": page,
        "states": _STATES.items(),
        "state": state,
        "at": at,
        "made": made,
        "link": link,
        "roles": [(one.value, name) for one, name in ROLE_NAMES.items()],
        "areas": list(Area.objects.all()),
    }
    return _shown(request, "office/invitations.html", shown, told or Refused())


def _shown(request: HttpRequest, template: str, shown: dict[str, object], told: Refused) -> HttpResponseBase:
    words = {"refused": in_words(told.findings), "typed": request.POST}
    return render(request, template, shown | words, status=422 if told.findings else 200)
