"""What the pages send while somebody types: one field, one row, rows added, taken out and brought back; JSON both ways.

A change names the revision it saw. 200 says what stands now; 409 that somebody else changed it, with both values; 403
that it is closed to the writer, 422 that the form does not take it, each with findings; 401 that the log-in expired.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.roles import Act
from ceping.stages.report import actions
from ceping.stages.report.actions import Conflict, Saved
from ceping.stages.report.models import Entry
from ceping.web.institution.reach import clock, own_entry, reader, said
from ceping.web.ui.door import door

Change = Callable[[Entry, dict[str, Any], datetime], dict[str, Any]]
_MOST_REVISION = 2**31 - 1


@require_POST
@door(Act.EDIT_REPORT)
def answer(request: HttpRequest, pk: int, field: str) -> HttpResponseBase:
    """A field holds what was typed."""

    def change(entry: Entry, given: dict[str, Any], at: datetime) -> dict[str, Any]:
        revision, by = _revision(given), reader(request)
        saved = actions.save_answer(entry=entry, field=field, value=given.get("value"), revision=revision, by=by, at=at)
        return _saved(saved)

    return _answer(request, pk, change)


@require_POST
@door(Act.EDIT_REPORT)
def row(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """A row holds what was typed, whole."""

    def change(entry: Entry, given: dict[str, Any], at: datetime) -> dict[str, Any]:
        values, revision = _values(given.get("value")), _revision(given)
        return _saved(
            actions.save_row(entry=entry, row=row, values=values, revision=revision, by=reader(request), at=at)
        )

    return _answer(request, pk, change)


@require_POST
@door(Act.EDIT_REPORT)
def add(request: HttpRequest, pk: int, table: str) -> HttpResponseBase:
    """A row stands at the end of the table, or after another."""

    def change(entry: Entry, given: dict[str, Any], at: datetime) -> dict[str, Any]:
        after = given.get("after")
        made = actions.add_rows(
            entry=entry,
            table=table,
            rows=[_values(given.get("value"))],
            after=after if isinstance(after, int) else None,
            by=reader(request),
            at=at,
        )
        return {"row": made[0].pk, "revision": made[0].revision, "saved": clock(at)}

    return _answer(request, pk, change)


@require_POST
@door(Act.EDIT_REPORT)
def remove(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """The row is out of the table."""
    by = reader(request)
    return _answer(
        request, pk, lambda entry, _, at: _stands(actions.remove_row(entry=entry, row=row, by=by, at=at).revision, at)
    )


@require_POST
@door(Act.EDIT_REPORT)
def restore(request: HttpRequest, pk: int, row: int) -> HttpResponseBase:
    """The row stands where it stood."""
    by = reader(request)
    return _answer(
        request, pk, lambda entry, _, at: _stands(actions.restore_row(entry=entry, row=row, by=by, at=at).revision, at)
    )


def _answer(request: HttpRequest, pk: int, change: Change) -> HttpResponseBase:
    at = timezone.now()
    try:
        # The change reads the entry under its lock and asks whose it is: no need to do so here before.
        return JsonResponse(change(Entry(pk=pk), _given(request), at))
    except Entry.DoesNotExist:
        raise Http404 from None
    except Conflict as conflict:
        body = {
            "theirs": conflict.theirs,
            "mine": conflict.mine,
            "revision": conflict.revision,
            "by": conflict.by.name if conflict.by else "",
            "own": conflict.by == reader(request),
            "at": clock(conflict.at),
        }
        return JsonResponse(body | _told(conflict), status=409)
    except NotAllowed as refused:
        if any(finding.code == "draft_not_yours" for finding in refused.findings):
            raise Http404 from None
        return JsonResponse(_told(refused), status=403)
    except Refused as refused:
        # A body that says nothing was refused before anybody asked whose report it was meant for.
        own_entry(request, pk)
        return JsonResponse(_told(refused), status=422)


def _given(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body. Raises Refused for anything else."""
    try:
        given = json.loads(request.body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError, RawPostDataException):
        # The last for a form, whose body was read as such already.
        given = None
    if not isinstance(given, dict):
        raise Refused(fault("draft_value_unfit"))
    return given


def _values(given: object) -> dict[str, str]:
    """The cells of a row by column id. Raises Refused for another shape."""
    if not isinstance(given, dict):
        raise Refused(fault("draft_value_unfit"))
    return given


def _revision(given: dict[str, Any]) -> int:
    revision = given.get("revision")
    if isinstance(revision, bool) or not isinstance(revision, int) or not 0 <= revision <= _MOST_REVISION:
        raise Refused(fault("draft_value_unfit"))
    return revision


def _no_number(name: str) -> float:
    raise ValueError(name)


def _saved(saved: Saved) -> dict[str, Any]:
    return {"value": saved.value, "revision": saved.revision, "saved": clock(saved.at)}


def _stands(revision: int, at: datetime) -> dict[str, Any]:
    return {"revision": revision, "saved": clock(at)}


def _told(refused: Refused) -> dict[str, Any]:
    return {"findings": [said(finding) for finding in refused.findings]}
