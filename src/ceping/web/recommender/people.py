"""Who works for the institutions of the area, and in this room: invited, and taken away with a reason."""

from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.phone import masked
from ceping.flow.hand_over import hand_over
from ceping.ground.messages.invitations import invite_by_letter, take_role
from ceping.ground.people.access import Refused
from ceping.ground.people.invitations import Contact, Invited, withdraw_invitation
from ceping.ground.people.models import Area, Grant, Institution, Invitation
from ceping.ground.people.roles import Act, Role
from ceping.web.recommender.reach import own_area, reader, told
from ceping.web.ui.door import door
from ceping.web.ui.staying import fresh_login

PAGE = 50


@require_safe
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
def page(request: HttpRequest) -> HttpResponseBase:
    """The institutions of the area with their people, and the room's own."""
    return _page(request, own_area(reader(request), request.GET.get("area", "")))


@never_cache
@require_POST
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
@fresh_login
def invite_one(request: HttpRequest) -> HttpResponseBase:
    """An invitation whose link is shown this once: a colleague, one more writer, or a new main contact.

    With `instead` the named grants end at the same moment: the contact has left.
    """
    asked, at, by = request.POST, timezone.now(), reader(request)
    area = own_area(by, asked.get("area", ""))
    to = Contact(asked.get("name", ""), asked.get("email", ""), asked.get("phone", ""))
    try:
        if number := asked.get("institution", ""):
            institution = _institution(area, number)
            if asked.get("main") == "yes":
                reason = asked.get("reason", "")
                made = hand_over(institution=institution, to=to, reason=reason, by=by, at=at)
            else:
                made = invite_by_letter(role=Role.INSTITUTION, to=to, institution=institution, by=by, at=at)
        else:
            made = invite_by_letter(role=Role.RECOMMENDER, to=to, area=area, by=by, at=at)
    except Refused as refused:
        return _page(request, area, refused)
    return _page(request, area, made=made)


@require_POST
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
@fresh_login
def take_away(request: HttpRequest) -> HttpResponseBase:
    """Somebody no longer works for an institution of the area, or in this room."""
    asked, by = request.POST, reader(request)
    area = own_area(by, asked.get("area", ""))
    grant = _grants(area).filter(pk=_key(asked.get("grant", ""))).first()
    if grant is None:
        raise Http404
    try:
        take_role(grant=grant, by=by, at=timezone.now(), reason=asked.get("reason", ""))
    except Refused as refused:
        return _page(request, area, refused)
    return redirect(_address(area))


@require_POST
@door(Act.RECOMMEND, Act.MANAGE_PEOPLE)
def withdraw(request: HttpRequest) -> HttpResponseBase:
    """A link that went to the wrong person no longer works."""
    asked, by = request.POST, reader(request)
    area = own_area(by, asked.get("area", ""))
    invitation = _waiting(area).filter(pk=_key(asked.get("invitation", ""))).first()
    if invitation is None:
        raise Http404
    try:
        withdraw_invitation(invitation=invitation, by=by, at=timezone.now(), reason=asked.get("reason", ""))
    except Refused as refused:
        return _page(request, area, refused)
    return redirect(_address(area))


def _page(
    request: HttpRequest, area: Area, refused: Refused | None = None, *, made: Invited | None = None
) -> HttpResponseBase:
    at, text = timezone.now(), request.GET.get("q", "").strip()
    institutions = Institution.objects.filter(area=area)
    if text:
        institutions = institutions.filter(Q(name__icontains=text) | Q(uscc__icontains=text))
    page = Paginator(institutions, PAGE).get_page(request.GET.get("page"))
    here = [one.pk for one in page.object_list]
    people: dict[int, list[Any]] = defaultdict(list)
    for grant in _grants(area).filter(institution__in=here).order_by("-main", "pk"):
        people[grant.institution_id or 0].append(_person(grant))
    waiting: dict[int, list[Any]] = defaultdict(list)
    for one in _waiting(area).filter(Q(institution__in=here) | Q(institution=None)).order_by("pk"):
        to = one.name or one.email or masked(one.phone)
        waiting[one.institution_id or 0].append({"invitation": one, "to": to, "over": one.expires_at <= at})
    shown = {
        "area": area,
        "nav_now": "people",
        "q": text,
        "page": page,
        "lines": [
            {"institution": one, "people": people[one.pk], "waiting": waiting[one.pk]} for one in page.object_list
        ],
        "own": [_person(grant) for grant in _grants(area).filter(area=area).order_by("pk")],
        "own_waiting": waiting[0],
        "me": reader(request).pk,
        "made": made,
        "link": _link(request, made) if made is not None else "",
        "refused": [told(finding) for finding in refused.findings] if refused is not None else [],
        "typed": request.POST if refused is not None else {},
    }
    return render(request, "recommender/people.html", shown, status=409 if refused else 200)


def _person(grant: Grant) -> dict[str, object]:
    return {"grant": grant, "name": grant.user.name, "phone": masked(grant.user.phone), "email": grant.user.email}


def _grants(area: Area) -> Any:  # noqa: ANN401 -- a queryset with its stubs' own parameters
    """Roles in force for the area's institutions and for the area itself."""
    bounds = Q(role=Role.INSTITUTION, institution__area=area) | Q(role=Role.RECOMMENDER, area=area)
    return Grant.objects.filter(bounds, revoked_at=None).select_related("user", "institution", "area")


def _waiting(area: Area) -> Any:  # noqa: ANN401 -- as above
    bounds = Q(role=Role.INSTITUTION, institution__area=area) | Q(role=Role.RECOMMENDER, area=area)
    return Invitation.objects.filter(bounds, accepted_at=None, withdrawn_at=None).select_related("institution", "area")


def _institution(area: Area, number: str) -> Institution:
    found = Institution.objects.filter(area=area, pk=_key(number)).first()
    if found is None:
        raise Http404
    return found


def _link(request: HttpRequest, made: Invited) -> str:
    return request.build_absolute_uri(reverse("invitation", args=[made.token]))


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _address(area: Area) -> str:
    return f"{reverse('recommender:people')}?area={area.code}"
