"""An institution takes part in a season; called by `flow`, which knows who may say so."""

from datetime import datetime

from django.db import transaction

from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.models import Institution, User
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season


@transaction.atomic
def open_entry(*, season: Season, institution: Institution, by: User, at: datetime) -> Entry | None:
    """The institution's entry, an empty draft; None when it takes part already. Access is the caller's."""
    entry, made = Entry.objects.get_or_create(
        season=season, institution=institution, defaults={"created_at": at, "changed_at": at}
    )
    if not made:
        return None
    body = {"institution": institution.pk}
    record("open_entry", by=by, at=at, about=("entry", entry.pk), chain=season_chain(season.pk), body=body)
    return entry
