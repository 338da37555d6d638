"""Everybody's inbox: what one was told, the newest first, read one by one or all at once."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ceping.ground.messages.actions import mark_read
from ceping.ground.messages.queries import inbox as inbox_of
from ceping.ground.messages.queries import unread
from ceping.ground.people.models import User
from ceping.web.ui.door import door

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@door(signed_in=True)
def inbox(request: HttpRequest) -> HttpResponseBase:
    """The messages; a post says that `message` was read, or all were, and leads on to where it points."""
    reader = cast("User", request.user)
    if request.method == "POST":
        given = request.POST.get("message", "")
        wanted = None if given == "all" else [int(given)] if given.isascii() and given.isdigit() else []
        mark_read(messages=wanted, by=reader, at=timezone.now())
        found = inbox_of(reader).filter(pk__in=wanted).first() if wanted and "follow" in request.POST else None
        return redirect(found.link if found is not None and found.link else "inbox")
    only = request.GET.get("only", "")
    messages = inbox_of(reader).filter(read_at=None) if only == "unread" else inbox_of(reader)
    page = Paginator(messages, PAGE).get_page(request.GET.get("page"))
    shown = {"page": page, "unread": unread(reader), "only": only, "nav_now": "消息"}
    return render(request, "ui/inbox.html", shown)
