"""The way to the identity provider and back, and the page of one's own link."""

import logging
from collections.abc import Callable
from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.ground.people.identity import links_of, unlink_identity
from ceping.ground.people.models import User
from ceping.web.ui.door import door
from ceping.web.ui.identity.adapter import refuse
from ceping.web.ui.identity.provider import CheckedAdapter
from ceping.web.ui.staying import fresh_login

_log = logging.getLogger(__name__)
# What a provider that is down, or answers what it should not, leads to.
_AMISS = (RequestException, OAuth2Error, ImproperlyConfigured, KeyError, TypeError, ValueError)


@never_cache
@require_POST
@door(public=True)
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider, to log in there."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return _sent(request, provider_id, AuthProcess.LOGIN, asked if safe else None)


@never_cache
@require_POST
@door(signed_in=True)
@fresh_login
def connect(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the provider, whose subject will be this person from then on."""
    return _sent(request, provider_id, AuthProcess.CONNECT, None)


@never_cache
@require_safe
@door(public=True, writes_on_get=True)
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider: logged in, asked for the second factor, linked, or told why not."""
    return _kindly(request, lambda: OAuth2CallbackView.adapter_view(CheckedAdapter(request, provider_id))(request))


@require_safe
@door(signed_in=True)
def page(request: HttpRequest) -> HttpResponseBase:
    """The own link, or the way to one."""
    shown = {"links": links_of(cast("User", request.user)), "label": settings.IDENTITY}
    return render(request, "ui/identity.html", shown)


@require_POST
@door(signed_in=True)
@fresh_login
def unlink(request: HttpRequest) -> HttpResponseBase:
    """The own link ends."""
    given = request.POST.get("link", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    try:
        unlink_identity(link=number, by=cast("User", request.user), at=timezone.now())
    except Refused as refused:
        for one in refused.findings:
            messages.error(request, f"{one.message()}。{one.remedy()}")
    else:
        # A claim would find them again the next time; only then is a link no more than a shortcut.
        after = f"再用{settings.IDENTITY}登录会重新关联" if settings.OIDC.claim else "以后请用密码登录"
        messages.success(request, f"已解除关联，{after}")
    return redirect("socialaccount_connections")


def _sent(request: HttpRequest, provider_id: str, process: str, to: str | None) -> HttpResponseBase:
    def send() -> HttpResponseBase:
        provider: Any = get_adapter(request).get_provider(request, provider=provider_id)
        answer: HttpResponseBase = provider.redirect(request, process=process, next_url=to)
        return answer

    return _kindly(request, send)


def _kindly(request: HttpRequest, step: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        try:
            return step()
        except SocialApp.DoesNotExist:
            raise Http404 from None
        except _AMISS as error:
            _log.warning("identity provider: %s", type(error).__name__, exc_info=error)
            refuse(request, fault("people_identity_unreadable"))
    except ImmediateHttpResponse as answer:
        response: HttpResponseBase = answer.response
        return response
