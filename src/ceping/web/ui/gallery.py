"""The gallery: every component of the pages once, with the words that say when it is used; for who builds pages."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceping.ground.people.roles import STAFF
from ceping.web.ui.door import door

_TOKENS = Path(__file__).parent / "static/ui/tokens.css"
_ICONS = Path(__file__).parent / "assets/icons.txt"
_COLOUR = re.compile(r"--c-([a-z0-9-]+): (#[0-9a-f]{6});")


@require_safe
@door(public=True)
def gallery(request: HttpRequest) -> HttpResponseBase:
    """The components; in the demo for everybody, else for staff."""
    known = request.user
    if not settings.DEMO and not (known.is_authenticated and known.roles & STAFF):
        raise PermissionDenied
    icons = _ICONS.read_text(encoding="ascii").split()
    return render(request, "ui/gallery.html", {"colours": colours(), "icons": icons, "nav_now": ""})


@cache
def colours() -> tuple[tuple[str, str], ...]:
    """Name and value of every colour of tokens.css."""
    return tuple(_COLOUR.findall(_TOKENS.read_text(encoding="utf-8")))
