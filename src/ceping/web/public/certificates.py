"""Whether a certificate is genuine and still holds, by its check code; also where the code on its QR leads."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ceping.stages.publication.models import Certificate, Notice
from ceping.stages.publication.queries import as_code, certificate_by
from ceping.web.ui.door import door

_OUT = ("published", "replaced")


@never_cache
@require_safe
@door(public=True)
def form(request: HttpRequest) -> HttpResponseBase:
    """The field for a check code; one that is given leads to its own page."""
    code = as_code(request.GET.get("code", ""))
    return redirect("public:certificate", code) if code else render(request, "public/check.html", {"nav_now": "check"})


@never_cache
@require_safe
@door(public=True)
def answer(request: HttpRequest, code: str) -> HttpResponseBase:
    """The certificate of that code, or the notice, or that there is none (404); too many tries are told with 429."""
    if not ratelimit.consume(request, app="allauth.account", action="check", limit_get=True):
        return render(request, "public/check.html", {"busy": True, "code": code, "nav_now": "check"}, status=429)
    found = certificate_by(code)
    notice = None if found is not None else _notice(code)
    shown = {
        "code": as_code(code),
        "asked": True,
        "certificate": found,
        "notice": notice,
        "expired": found is not None and _is_over(found),
        "newer": _newer(found) if found is not None and found.state == "replaced" else None,
        "nav_now": "check",
    }
    return render(request, "public/check.html", shown, status=200 if found or notice else 404)


def _notice(code: str) -> Notice | None:
    """A notice carries a code as well."""
    rows = Notice.objects.filter(check_code=as_code(code), state__in=_OUT).select_related("season")
    return rows.order_by("-number").first()


def _is_over(certificate: Certificate) -> bool:
    until = certificate.release.valid_until
    return until is not None and timezone.localdate() > until


def _newer(certificate: Certificate) -> Certificate | None:
    """The one that took its place, if the institution still has one."""
    rows = Certificate.objects.filter(entry=certificate.entry_id, state="valid").exclude(pk=certificate.pk)
    return rows.select_related("release").order_by("-pk").first()
