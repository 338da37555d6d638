"""The lock and the question before every change of a draft: it is held, and this person may write in it now."""

from datetime import datetime

from ceping.ground.people.access import NotAllowed
from ceping.ground.people.models import User
from ceping.stages.report.access import why_not_write
from ceping.stages.report.models import Entry


def opened(entry: Entry, by: User, at: datetime) -> Entry:
    """The entry, locked until the transaction ends. Raises NotAllowed."""
    held = Entry.objects.select_for_update(of=("self",)).select_related("season__scheme", "institution")
    locked = held.get(pk=entry.pk)
    if reason := why_not_write(by, locked, at):
        raise NotAllowed(reason)
    return locked
