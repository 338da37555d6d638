"""What moves an entry forward: a decision of its recommender, and its undoing. One transaction over both stages."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from ceping.ground.messages.events import Event
from ceping.ground.people.models import User
from ceping.stages.recommendation import actions as recommendation
from ceping.stages.recommendation.models import Putting
from ceping.stages.report import actions as report
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState


@transaction.atomic
def decide(
    *,
    entry: Entry,
    forward: bool,
    category: str = "",
    reason: str = "",
    judged: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> Putting:
    """The entry is put forward, or not. Raises what `recommendation.note_decision` raises."""
    fresh = _locked(entry)
    made = recommendation.note_decision(
        entry=fresh, forward=forward, category=category, reason=reason, judged=judged, by=by, at=at
    )
    to = EntryState.PUT_FORWARD if forward else EntryState.NOT_PUT_FORWARD
    report.move_entry(entry=fresh, to=to, at=at, category=made.category)
    event = Event.PUT_FORWARD if forward else Event.NOT_PUT_FORWARD
    report.tell_entry(event, fresh, at=at, once=str(made.pk), values={"reason": made.reason})
    return made


@transaction.atomic
def undo(*, entry: Entry, by: User, at: datetime) -> Putting:
    """The decision is taken back and the entry stands as submitted."""
    fresh = _locked(entry)
    made = recommendation.undo_decision(entry=fresh, by=by, at=at)
    report.move_entry(entry=fresh, to=EntryState.SUBMITTED, at=at)
    report.tell_entry(Event.DECISION_UNDONE, fresh, at=at, once=str(made.pk))
    return made


def _locked(entry: Entry) -> Entry:
    return (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution__area")
        .get(pk=entry.pk)
    )
