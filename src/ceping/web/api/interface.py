"""The interface as one: its operations, what every fault of a request is answered with, and its addresses.

Each operation stands behind a door that is open to anybody: who asks is told by the key, which the operation wants.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ceping.core.finding import Finding, fault
from ceping.stages.points.actions import MOST_EVENTS
from ceping.web.api import events, shops
from ceping.web.api.body import StrictParser, check_body
from ceping.web.api.problem import Problem, answered
from ceping.web.ui.door import door

VERSION = "1.0.0"
api = NinjaAPI(
    title="测评平台接口",
    version=VERSION,
    description="店铺、事件、积分和账目。令牌由平台运营发放，放在 Authorization: Bearer 里。",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    parser=StrictParser(),
)
api.add_router("", events.router)
api.add_router("", shops.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponseBase:  # noqa: ARG001 -- as ninja calls it
    return problem.answer()


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponseBase:  # noqa: ARG001 -- as above
    """Shapes that do not fit: all of them at once, by where they stand."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return answered(404, [fault("api_not_there", given="")])
    if any(one["type"] == "too_long" for one in error.errors):
        return answered(413, [fault("api_too_many", most=MOST_EVENTS)])
    return answered(400, [_finding(one) for one in error.errors])


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponseBase:  # noqa: ARG001 -- as above
    """The library hides what the reader of bodies raised behind an error of its own."""
    if isinstance(error.__cause__, Problem):
        return error.__cause__.answer()
    raise error


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponseBase:  # noqa: ARG001 -- as above
    return answered(404, [fault("api_not_there", given="")])


def _finding(error: dict[str, Any]) -> Finding:
    # The source and the name of the whole argument say nothing to who sent it.
    parts = error["loc"][2:] if error["loc"][0] == "body" else error["loc"][1:]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
    match error["type"]:
        case "missing":
            return fault("api_field_missing", place=place)
        case "extra_forbidden":
            return fault("api_field_unknown", place=place[:80])
        case _:
            return fault("api_value", place=place)


def addresses() -> list[URLPattern]:
    """The operations' addresses, each behind its door."""
    found: dict[str, URLPattern] = {}
    for one in api.urls[0]:
        if isinstance(one, URLPattern) and one.name != "api-root":
            route = str(one.pattern)
            # One view serves all the methods of a route: its first name is the route's.
            found.setdefault(route, path(route, _guarded(one.callback), name=one.name))
    return list(found.values())


def _guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @csrf_exempt
    @never_cache
    @door(public=True)
    def asked(request: HttpRequest, **parts: str) -> HttpResponseBase:
        """The answer of the operation."""
        try:
            check_body(request)
        except Problem as problem:
            return problem.answer()
        answer = view(request, **parts)
        if answer.status_code == 405:
            allowed = answer.headers["Allow"]
            return answered(405, [fault("api_no_method", given=allowed)], {"Allow": allowed})
        return answer

    return asked
