"""What moves an entry back: a return with remarks, after which the institution writes again until its own date."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceping.ground.messages.actions import said_on
from ceping.ground.messages.events import Event
from ceping.ground.people.models import User
from ceping.stages.recommendation import actions as recommendation
from ceping.stages.recommendation.actions import Note
from ceping.stages.recommendation.models import Return
from ceping.stages.report import actions as report
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState


@transaction.atomic
def return_report(*, entry: Entry, remarks: Sequence[Note], due_at: datetime, by: User, at: datetime) -> Return:
    """The report is returned, open where its remarks are alone. Raises what `recommendation.note_return` raises."""
    fresh = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution__area")
        .get(pk=entry.pk)
    )
    made = recommendation.note_return(entry=fresh, remarks=remarks, due_at=due_at, by=by, at=at)
    about = [(remark.kind, remark.key) for remark in made.remarks.all()]
    report.move_entry(entry=fresh, to=EntryState.RETURNED, at=at, due_at=due_at, remarks=about)
    values = {"due": said_on(due_at), "count": str(len(remarks))}
    report.tell_entry(Event.RETURNED, fresh, at=at, once=str(made.pk), values=values)
    return made
