"""Every request has a number: in each of its log lines, and on the page of what broke, to be read out by telephone.

And a moment: when its head was read, which is what a deadline counts, however long the body takes.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from structlog.contextvars import bound_contextvars

_LETTERS = "23456789ACDEFHJKLMNPRTUVWXY"


class NumberedMiddleware:
    """Outermost. The number is drawn, so that it tells nothing of how many ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response."""
        number = "".join(secrets.choice(_LETTERS) for _ in range(8))
        request.number = number  # type: ignore[attr-defined]
        request.arrived_at = timezone.now()  # type: ignore[attr-defined]
        with bound_contextvars(number=number):
            return self.get_response(request)


def arrived_at(request: HttpRequest) -> datetime:
    """When the head of the request was read."""
    found: datetime = request.arrived_at  # type: ignore[attr-defined]
    return found
