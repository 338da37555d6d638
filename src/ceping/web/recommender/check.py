"""One report beside its gates: read, returned with remarks, put forward or not, and that undone."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from ceping.core.finding import Finding
from ceping.flow.advance import decide, undo
from ceping.flow.send_back import return_report
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.access import why_not_now, why_not_recommend
from ceping.stages.recommendation.actions import Note
from ceping.stages.recommendation.queries import decision_on, return_in_force, told_by
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import last_submission
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.reach import entry_for
from ceping.web.recommender.shown import figures_of, gates_of, parts_of, places_of
from ceping.web.ui.door import door

REMARKS = 5


@require_safe
@door(Act.RECOMMEND)
def page(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The submitted report with everything that can be done about it, or the reason why it cannot."""
    return _page(request, entry_for(_reader(request), pk))


@require_POST
@door(Act.RECOMMEND)
def send_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report goes back with the remarks of the form; what was typed stands again when it is refused."""
    entry = entry_for(_reader(request), pk)
    known = dict(places_of(rules_of(entry.season)))
    notes = []
    for place, text in zip(request.POST.getlist("place"), request.POST.getlist("text"), strict=False):
        # Words for a place the form does not have are not lost: they are about the whole.
        kind, _, key = (place if place in known else "whole:").partition(":")
        notes.append(Note(kind, key, text))
    at = timezone.now()
    try:
        # A day that cannot be read counts as passed: the answer says what is wanted.
        due = _moment(request.POST.get("due", "")) or at
        return_report(entry=entry, remarks=notes, due_at=due, by=_reader(request), at=at)
    except Refused as refused:
        return _page(request, entry, refused.findings)
    return redirect("recommender:check", pk)


@require_POST
@door(Act.RECOMMEND)
def decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The entry is put forward, or not."""
    entry = entry_for(_reader(request), pk)
    asked = request.POST
    forward, category = asked.get("forward") == "yes", asked.get("category", "")
    try:
        reason, at = asked.get("reason", ""), timezone.now()
        decide(entry=entry, forward=forward, category=category, reason=reason, by=_reader(request), at=at)
    except Refused as refused:
        return _page(request, entry, refused.findings)
    return redirect("recommender:check", pk)


@require_POST
@door(Act.RECOMMEND)
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The decision is undone."""
    entry = entry_for(_reader(request), pk)
    try:
        undo(entry=entry, by=_reader(request), at=timezone.now())
    except Refused as refused:
        return _page(request, entry, refused.findings)
    return redirect("recommender:check", pk)


def _page(request: HttpRequest, entry: Entry, refused: tuple[Finding, ...] = ()) -> HttpResponseBase:
    at, rules = timezone.now(), rules_of(entry.season)
    submission = last_submission(entry)
    decided = decision_on(entry)
    area = entry.institution.area
    returned = return_in_force(entry)
    shown: dict[str, object] = {
        "entry": entry,
        "submission": submission,
        "decided": decided,
        "returned": returned,
        "why_not": _said(why_not_recommend(_reader(request), entry, at)),
        "why_not_undo": _said(why_not_now(entry.season, area, at)) if area is not None else None,
        "refused": [_said(finding) for finding in refused],
        "categories": rules.header.categories,
        "places": places_of(rules),
        "drafts": _typed(request),
        "typed": request.POST,
    }
    if submission is not None:
        shown |= {
            "gates": gates_of(told_by(submission, rules), rules),
            "figures": figures_of(told_by(submission, rules), rules),
            "parts": parts_of(submission),
        }
    return render(request, "recommender/check.html", shown, status=409 if refused else 200)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The remarks as typed, with empty lines up to the usual number."""
    typed = list(zip(request.POST.getlist("place"), request.POST.getlist("text"), strict=False))
    return typed + [("whole:", "")] * max(REMARKS - len(typed), 1)


def _said(finding: Finding | None) -> dict[str, str] | None:
    return {"message": finding.message(), "remedy": finding.remedy()} if finding is not None else None


def _moment(text: str) -> datetime | None:
    """The moment of a date-and-time field in the season's own time zone; None when it cannot be read."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _reader(request: HttpRequest) -> User:
    return cast("User", request.user)
