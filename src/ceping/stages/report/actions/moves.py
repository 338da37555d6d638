"""An entry moved on or back by somebody else than its institution; called by `flow`, which knows why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.opening import opening_for
from ceping.stages.report.states import FOLLOWS, EntryState


@transaction.atomic
def move_entry(
    *,
    entry: Entry,
    to: EntryState,
    at: datetime,
    due_at: datetime | None = None,
    category: str = "",
    remarks: Sequence[tuple[str, str]] = (),
) -> Entry:
    """The entry stands in that state. Raises Refused when that does not follow from where it stands now.

    Access and the journal are the caller's, whose act it is. `due_at` and `remarks` (kind and key) are for what is
    returned: until that moment the places they are about are open, and no others.
    """
    held = Entry.objects.select_for_update(of=("self",)).select_related("season__scheme", "institution")
    locked = held.get(pk=entry.pk)
    if to not in FOLLOWS[EntryState(locked.state)]:
        raise Refused(fault("draft_state_not_following", state=EntryState(locked.state).label, wanted=to.label))
    locked.state, locked.changed_at, locked.due_at = to, at, due_at
    locked.opening = opening_for(locked, remarks) if to is EntryState.RETURNED else None
    if category:
        locked.category = category
    locked.save(update_fields=["state", "changed_at", "due_at", "opening", "category"])
    return locked
