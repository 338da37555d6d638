"""What is no text is no answer: a request with NUL among its questions or fields is told so before any view is asked.

The database takes no NUL; where a form, a filter or a reason carried one, a page would break instead of answering.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from ceping.web.ui.faults import bad_request

_NUL = "\0"


class PlainMiddleware:
    """Answers 400 to what carries NUL in its address or form; files and JSON are looked at where they are read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """None for what is text throughout. The form was read by now: its token was looked for in it."""
        if _NUL in request.path or _has_nul(request.GET) or _has_nul(request.POST):
            return bad_request(request, ValueError("NUL"))
        return None


def _has_nul(asked: QueryDict) -> bool:
    return any(_NUL in name or any(_NUL in one for one in values) for name, values in asked.lists())
