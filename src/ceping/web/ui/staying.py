"""How long a log-in lasts: so long without a sign of its reader, and so long in all; what was typed is not lost.

Whoever stayed too long is nobody from then on: the door leads a page to the log-in and answers a fragment with 401.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_BEGAN, _SEEN = "began_at", "seen_at"
_TOUCHED_EVERY = 60
_LOOKS = {"GET", "HEAD"}
# What a page asks by itself, again and again, says so; it is no sign that anybody sits before it.
POLLING = "X-Polling"


@receiver(user_logged_in)
def begin(request: HttpRequest, **_: object) -> None:
    """A log-in begins now, also one more in the same browser; it is listed, by whatever way somebody came in."""
    request.session[_BEGAN] = request.session[_SEEN] = int(timezone.now().timestamp())
    # allauth lists its own log-ins alone: what is not listed could not be ended.
    if "REMOTE_ADDR" in request.META and hasattr(request, "user"):
        UserSession.objects.create_from_request(request)


class StayingMiddleware:
    """Ends what lasted too long before any view is asked; notes a sign of life at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response."""
        session = request.session
        if SESSION_KEY not in session:
            return self.get_response(request)
        now = int(timezone.now().timestamp())
        began, seen = session.get(_BEGAN), session.get(_SEEN)
        if began is None or seen is None:
            session[_BEGAN] = session[_SEEN] = now
        elif now - seen >= settings.SESSION_IDLE_AGE or now - began >= settings.SESSION_COOKIE_AGE:
            logout(request)
        elif now - seen >= _TOUCHED_EVERY and POLLING not in request.headers:
            session[_SEEN] = now
        return self.get_response(request)


def fresh_login(view: View) -> View:
    """The view asks for the password or second factor again, unless it was given within the last five minutes.

    For what leaves the house or cannot be undone: publish, export, grant. Stands under `door` and `require_POST`. Who
    confirmed comes back to the page the act was asked for on and asks once more; nothing is carried out behind them.
    People of the demo have nothing to confirm with.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 -- any view's own
        # A look is no act: a view that shows and does asks before it does.
        if request.method in _LOOKS or settings.DEMO or _confirmed_lately(request):
            return view(request, *args, **kwargs)
        methods = get_adapter().get_reauthentication_methods(request.user)
        way = methods[0]["url"] if methods else settings.LOGIN_URL
        messages.info(request, "这一步要先确认身份。确认后请再按一次")
        target = f"{redirect(way).url}?{urlencode({'next': _page_of(request)})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)

    return cast("View", asked)


def _confirmed_lately(request: HttpRequest) -> bool:
    """Whether password, key or code was given within the last minutes, at the log-in or since."""
    given = get_authentication_records(request, request.user)
    if not given:
        return False
    age = timezone.now().timestamp() - float(given[-1]["at"])
    return bool(age < account_settings.REAUTHENTICATION_TIMEOUT)


def _page_of(request: HttpRequest) -> str:
    """The page the form stands on, if it is one of ours."""
    came = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(came)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
