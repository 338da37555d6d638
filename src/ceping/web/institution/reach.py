"""Whose report it is: the reader's own entry or no page at all, and what every page of the desk shows of it."""

from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from ceping.core.finding import Finding
from ceping.ground.people.models import User
from ceping.stages.report.access import closes_at, why_not_change, why_not_write
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import own_entries
from ceping.stages.report.queries.opening import opening_of


def reader(request: HttpRequest) -> User:
    """Who asks; the door lets nobody else through."""
    return cast("User", request.user)


def own_entry(request: HttpRequest, pk: int) -> Entry:
    """The entry of an institution the reader writes for. Raises Http404 for any other."""
    found = own_entries(reader(request)).prefetch_related("season__phases").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def page_of(request: HttpRequest, entry: Entry, at: datetime, crumb: str = "", place: str = "") -> dict[str, Any]:
    """What every page of the desk needs: the season, the way back, until when, and why nothing can be changed.

    `limited` says that only what was returned can be; a page that is about one `place` is told so of that.
    """
    crumbs = [("自评报告", reverse("institution:entry", args=[entry.pk])), (crumb, "")] if crumb else []
    why_not = why_not_change(reader(request), entry, at, place) if place else why_not_write(reader(request), entry, at)
    return {
        "entry": entry,
        "season": entry.season,
        "crumbs": crumbs,
        "nav_now": "report",
        "closes_at": closes_at(entry),
        "now": at,
        "why_not": said(why_not),
        "writable": why_not is None,
        "limited": not opening_of(entry).whole,
    }


def said(finding: Finding | None) -> dict[str, str] | None:
    """A finding in words, for a template."""
    if finding is None:
        return None
    return {"code": finding.code, "message": finding.message(), "remedy": finding.remedy()}


def clock(at: datetime) -> str:
    """The server's time of day, as 已保存 shows it."""
    return f"{timezone.localtime(at):%H:%M:%S}"
