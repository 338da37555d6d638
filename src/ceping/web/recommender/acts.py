"""What is done about a report: returned with remarks, put forward or not, that undone, remarks settled."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from ceping.flow.advance import decide, undo
from ceping.flow.send_back import return_report
from ceping.ground.people.access import Refused
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.actions import Note, settle_remark
from ceping.stages.recommendation.models import Remark
from ceping.stages.scheme.queries import rules_of
from ceping.web.recommender.check import check_page
from ceping.web.recommender.filters import Chosen
from ceping.web.recommender.reach import entry_for, reader
from ceping.web.recommender.remarks import Places
from ceping.web.ui.door import door
from ceping.web.ui.moments import moment_of


@require_POST
@door(Act.RECOMMEND)
def send_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report goes back with the remarks of the form; what was typed stands again when it is refused."""
    entry = entry_for(reader(request), pk)
    places, notes = Places(rules_of(entry.season)), []
    for value, text in zip(request.POST.getlist("place"), request.POST.getlist("text"), strict=False):
        kind, _, key = places.place(value).value.partition(":")
        notes.append(Note(kind, key, text))
    at = timezone.now()
    try:
        # A day that cannot be read counts as passed: the answer says what is wanted.
        due = moment_of(request.POST.get("due", "")) or at
        return_report(entry=entry, remarks=notes, due_at=due, by=reader(request), at=at)
    except Refused as refused:
        return check_page(request, entry, refused.findings)
    return redirect(_back(request, pk))


@require_POST
@door(Act.RECOMMEND)
def decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The entry is put forward, or not. A gate counts as judged once it is ticked and its ground is said."""
    entry = entry_for(reader(request), pk)
    asked = request.POST
    judged = {
        key.removeprefix("holds-"): asked.get("judged-" + key.removeprefix("holds-"), "")
        for key, value in asked.items()
        if key.startswith("holds-") and value == "yes"
    }
    try:
        decide(
            entry=entry,
            forward=asked.get("forward") == "yes",
            category=asked.get("category", ""),
            reason=asked.get("reason", ""),
            judged=judged,
            by=reader(request),
            at=timezone.now(),
        )
    except Refused as refused:
        return check_page(request, entry, refused.findings)
    return redirect(_back(request, pk))


@require_POST
@door(Act.RECOMMEND)
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The decision is undone."""
    entry = entry_for(reader(request), pk)
    try:
        undo(entry=entry, by=reader(request), at=timezone.now())
    except Refused as refused:
        return check_page(request, entry, refused.findings)
    return redirect(_back(request, pk))


@require_POST
@door(Act.RECOMMEND)
def settle(request: HttpRequest, pk: int, remark: int) -> HttpResponseBase:
    """A remark of an earlier reading is settled, or not after all."""
    entry = entry_for(reader(request), pk)
    found = Remark.objects.filter(pk=remark, returned__submission__entry=entry).first()
    if found is None:
        raise Http404
    settled = request.POST.get("settled") == "yes"
    try:
        settle_remark(remark=found, settled=settled, by=reader(request), at=timezone.now())
    except Refused as refused:
        return check_page(request, entry, refused.findings)
    return redirect(_back(request, pk) + f"#remark-{remark}")


def _back(request: HttpRequest, pk: int) -> str:
    """The check page again, in the list it was opened from."""
    address = Chosen.of(request.GET).address()
    return reverse("recommender:check", args=[pk]) + (f"?{address}" if address else "")
