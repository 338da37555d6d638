"""A page that only reads cannot write: its queries run in a transaction that the database itself holds to that."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ceping.web.ui.door import door_of

_SAFE = ("GET", "HEAD", "OPTIONS")


class ReadingMiddleware:
    """Innermost. Safe methods run read-only, templates included; a door may say that a look is itself recorded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, with the reading transaction ended."""
        request.reading = None  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            reading = request.reading  # type: ignore[attr-defined]
            if reading is not None:
                # Rolled back always: inside a test's own transaction only that takes the setting back.
                transaction.set_rollback(True)
                reading.__exit__(None, None, None)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object) -> None:
        """Begins the reading transaction where the method is safe and the view does not say otherwise."""
        made = door_of(view)
        if (
            request.method not in _SAFE
            or view.__module__.startswith("allauth.")
            or (made is not None and made.writes_on_get)
        ):
            return
        reading = transaction.atomic()
        reading.__enter__()
        request.reading = reading  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
