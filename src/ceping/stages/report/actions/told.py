"""What happened to an entry is told to those who write for it, and where it concerns them to its recommender."""

from collections.abc import Mapping
from datetime import datetime

from ceping.ground.messages.actions import tell
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import recommenders, writers
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState

# Paths as the pages have them; a test holds them to the address table.
_OWN, _CHECK, _LIST = "/institution/{}/", "/recommender/{}/", "/recommender/"


def tell_entry(
    event: Event,
    entry: Entry,
    *,
    at: datetime,
    once: str,
    values: Mapping[str, str] | None = None,
    to_recommender: bool = False,
) -> int:
    """Everybody concerned is told, once; answers how many were. Called inside the transaction of what happened."""
    institution = entry.institution
    about = ("entry", entry.pk)
    area = institution.area.name if institution.area is not None else ""
    whole = {"institution": institution.name, "season": entry.season.title, "area": area, **(values or {})}
    own = writers([institution.pk])[institution.pk]
    told = tell(event, about=about, to=own, at=at, values=whole, once=once, link=_OWN.format(entry.pk))
    if to_recommender and institution.area_id is not None:
        theirs = recommenders([institution.area_id])[institution.area_id]
        # A draft is nobody's but the institution's own.
        link = _LIST if entry.state == EntryState.DRAFT else _CHECK.format(entry.pk)
        told += tell(event, about=about, to=theirs, at=at, values=whole, once=once, link=link)
    return told
