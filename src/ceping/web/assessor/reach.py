"""What an assessor reaches: the own season, an entry that was assigned and nothing stands against, or nothing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.assessment.access import why_not_read
from ceping.stages.assessment.actions import Stale
from ceping.stages.assessment.models import Assessor
from ceping.stages.assessment.queries import own_assessorships
from ceping.stages.report.models import Entry

_CLOSED = frozenset({"assess_not_assigned", "assess_not_put_forward"})


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry that lies before its assessor."""

    assessor: Assessor
    entry: Entry


def reader(request: HttpRequest) -> User:
    """Who reads; a door stands before every view."""
    return cast("User", request.user)


def own_assessor(user: User) -> Assessor | None:
    """The person in the newest season they judge in; None while nobody has added them."""
    return own_assessorships(user).first()


def wanted_assessor(user: User) -> Assessor:
    """As `own_assessor`. Raises Http404 without a season."""
    found = own_assessor(user)
    if found is None:
        raise Http404
    return found


def opened(request: HttpRequest, pk: int, at: datetime) -> Opened:
    """The entry, if it is assigned and no conflict closes it. Raises Http404 for any other: it is not there at all."""
    user = reader(request)
    entry = Entry.objects.select_related("season__scheme", "institution__area").filter(pk=pk).first()
    if entry is None or why_not_read(user, entry, at) is not None:
        raise Http404
    assessor = own_assessorships(user).filter(season=entry.season).first()
    if assessor is None:
        raise Http404
    return Opened(assessor, entry)


def told(finding: Finding | None) -> dict[str, str] | None:
    """What a page says of a finding."""
    return {"message": finding.message(), "remedy": finding.remedy()} if finding is not None else None


def all_told(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """As `told`, of several."""
    return [{"message": one.message(), "remedy": one.remedy(), "place": one.place} for one in findings]


def number_in(text: str) -> int:
    """A number of a form; -1, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def json_answer(request: HttpRequest, change: Callable[[dict[str, Any]], dict[str, Any]]) -> HttpResponseBase:
    """What a change answers to a page that saves while somebody works.

    200 what stands now; 409 both values where somebody else changed it; 403, 404 or 422 with findings.
    """
    try:
        return JsonResponse(change(_given(request)))
    except Stale as stale:
        body = {
            "theirs": dict(stale.theirs),
            "mine": dict(stale.mine),
            "version": stale.version,
            "by": stale.by.name,
            "at": clock(stale.at),
        }
        return JsonResponse(body | {"findings": all_told(stale.findings)}, status=409)
    except NotAllowed as refused:
        if any(one.code in _CLOSED for one in refused.findings):
            raise Http404 from None
        return JsonResponse({"findings": all_told(refused.findings)}, status=403)
    except Refused as refused:
        return JsonResponse({"findings": all_told(refused.findings)}, status=422)


def clock(at: datetime) -> str:
    """The time of day as the pages show it."""
    return f"{timezone.localtime(at):%H:%M:%S}"


def text_in(given: dict[str, Any], name: str) -> str:
    """A text of the body, empty where there is none. Raises Refused for anything but text."""
    found = given.get(name, "")
    if not isinstance(found, str):
        raise Refused(fault("draft_value_unfit"))
    return found


def version_in(given: dict[str, Any]) -> int:
    """The version the writer saw. Raises Refused for anything but a count."""
    found = given.get("version")
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 1 << 31:
        raise Refused(fault("draft_value_unfit"))
    return found


def _given(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body or b"{}")
    except (ValueError, RecursionError, RawPostDataException):
        found = None
    if not isinstance(found, dict):
        raise Refused(fault("draft_value_unfit"))
    return found
