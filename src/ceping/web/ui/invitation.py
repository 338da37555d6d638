"""The page behind an invitation's link: a new account with its own password, or the role for who is logged in."""

from django.contrib.auth import login as log_in
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.ground.people.invitations import NewAccount, accept_invitation, invitation_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.web.ui.door import door

_BACKEND = "ceping.ground.people.login.NameBackend"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@door(public=True)
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """What one is invited as and the form; after it one is logged in. A dead link is told with 410."""
    at = timezone.now()
    try:
        found = invitation_for(token, at=at)
    except Refused as dead:
        return render(request, "ui/invitation.html", {"findings": _told(dead.findings)}, status=410)
    told: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            user = accept_invitation(token=token, who=_who(request), at=at)
        except Refused as refused:
            told = refused.findings
        else:
            if not request.user.is_authenticated:
                log_in(request, user, backend=_BACKEND)
            return redirect("home")
    context = {
        "invitation": found,
        "role": ROLE_NAMES[Role(found.role)],
        "bounds": found.institution or found.area or "",
        "findings": _told(told),
        "login": found.login or request.POST.get("login", ""),
        "name": request.POST.get("name", found.name),
    }
    # The address is the secret. No other site learns it: the referrer policy of every page is same-origin; without any
    # referrer a browser would send the form with a null origin, and it would be refused.
    return render(request, "ui/invitation.html", context, status=422 if told else 200)


def _who(request: HttpRequest) -> User | NewAccount:
    if request.user.is_authenticated:
        return request.user
    typed = request.POST
    if typed.get("password", "") != typed.get("again", ""):
        raise Refused(fault("people_passwords_differ", place="again"))
    return NewAccount(typed.get("login", ""), typed.get("name", ""), typed.get("password", ""))


def _told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.message(), one.remedy()) for one in findings]
