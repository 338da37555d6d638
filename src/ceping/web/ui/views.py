"""Where everybody arrives, and whether the platform lives."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ceping.web.ui.door import door
from ceping.web.ui.home import cards_for


@door(public=True)
def healthy(_request: HttpRequest) -> HttpResponseBase:
    """Whether pages and database answer: for the supervisor and for whoever watches the machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
@door(signed_in=True)
def still(request: HttpRequest) -> HttpResponseBase:
    """Who is logged in, and the token their forms carry now: a page asks before what was typed in it goes out."""
    return JsonResponse({"reader": str(request.user.pk), "token": get_token(request)})


@door(public=True)
def home(request: HttpRequest) -> HttpResponseBase:
    """Strangers to the log-in, everybody else to what is waiting for them."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    shown = {"cards": cards_for(request.user, timezone.now()), "nav_now": "home"}
    return render(request, "ui/home.html", shown)
