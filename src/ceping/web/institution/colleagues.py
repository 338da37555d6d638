"""The institution's people: who fills in, who is invited, one more by a link, one less with a reason."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding, fault
from ceping.ground.messages.invitations import invite_by_letter
from ceping.ground.people.access import Refused
from ceping.ground.people.colleagues import colleagues_of, invited_to, remove_colleague
from ceping.ground.people.invitations import LIFETIME, Contact, withdraw_invitation
from ceping.ground.people.models import Institution
from ceping.ground.people.roles import Act, Role
from ceping.web.institution.reach import reader, said
from ceping.web.ui.door import door


@never_cache
@require_safe
@door(Role.INSTITUTION, Act.MANAGE_PEOPLE)
def page(request: HttpRequest) -> HttpResponseBase:
    """Everybody of the institution."""
    return _page(request)


@never_cache
@require_POST
@door(Role.INSTITUTION, Act.MANAGE_PEOPLE)
def add(request: HttpRequest) -> HttpResponseBase:
    """One more is invited, by letter where there is an address; the link is shown once, to be handed on."""
    given = request.POST
    to = Contact(given.get("name", "")[:64], given.get("email", "")[:254], given.get("phone", "")[:32])
    try:
        by, at = reader(request), timezone.now()
        made = invite_by_letter(role=Role.INSTITUTION, to=to, institution=_own(request), by=by, at=at)
    except Refused as refused:
        return _page(request, refused.findings)
    link = request.build_absolute_uri(reverse("invitation", args=[made.token]))
    one = made.invitation
    return _page(request, invited=one.name or one.email, link=link, letter=one.email)


@require_POST
@door(Role.INSTITUTION, Act.MANAGE_PEOPLE)
def remove(request: HttpRequest, grant: int) -> HttpResponseBase:
    """One less, with a reason."""
    one = colleagues_of(_own(request)).filter(pk=grant).first()
    if one is None:
        return _page(request, [fault("colleague_unknown")])
    try:
        reason = request.POST.get("reason", "")[:200]
        remove_colleague(grant=one, by=reader(request), at=timezone.now(), reason=reason)
    except Refused as refused:
        return _page(request, refused.findings)
    # Whoever took away their own role has no such page any more.
    return redirect("home" if one.user_id == reader(request).pk else "institution:colleagues")


@require_POST
@door(Role.INSTITUTION, Act.MANAGE_PEOPLE)
def withdraw(request: HttpRequest, invitation: int) -> HttpResponseBase:
    """An invitation that is not to be used."""
    one = invited_to(_own(request), timezone.now()).filter(pk=invitation).first()
    if one is None:
        return _page(request, [fault("people_invitation_over")])
    withdraw_invitation(invitation=one, by=reader(request), at=timezone.now(), reason="本机构收回")
    return redirect("institution:colleagues")


def _own(request: HttpRequest) -> Institution:
    grant = reader(request).grant_of(Role.INSTITUTION)
    assert grant is not None  # noqa: S101 -- the door lets nobody else through
    assert grant.institution is not None  # noqa: S101 -- held by the database
    return grant.institution


def _page(
    request: HttpRequest,
    refused: Any = (),  # noqa: ANN401 -- findings, as a list or a tuple
    *,
    invited: str = "",
    link: str = "",
    letter: str = "",
) -> HttpResponseBase:
    institution, found = _own(request), list[Finding](refused)
    people = list(colleagues_of(institution))
    shown = {
        "institution": institution,
        "people": people,
        "alone": len(people) == 1,
        "waiting": list(invited_to(institution, timezone.now())),
        "refused": [said(finding) for finding in found],
        "invited": invited,
        "link": link,
        "letter": letter,
        "days": LIFETIME.days,
        "me": reader(request),
        "crumbs": [("同事", "")],
        "nav_now": "colleagues",
    }
    return render(request, "institution/colleagues.html", shown, status=422 if found else 200)
