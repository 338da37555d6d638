"""Whose records a recommender reaches: the own areas, the season at work, one entry or none."""

from datetime import datetime

from django.db.models import Q
from django.http import Http404

from ceping.ground.people.access import hats_for
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import seasons_open


def own_area(user: User, code: str = "") -> Area:
    """The area of that code, or the first of the reader's. Raises Http404 for one that is not theirs."""
    areas = [grant.area for grant in user.grants_in_force if grant.area is not None]
    mine = {hat.area_id for hat in hats_for(user, Act.RECOMMEND)}
    found = next((area for area in areas if area.pk in mine and code in ("", area.code)), None)
    if found is None:
        raise Http404
    return found


def season_at_work(at: datetime) -> Season | None:
    """The newest season that somebody works in."""
    return seasons_open(at).first()


def entry_for(user: User, pk: int) -> Entry:
    """The entry in an own area, once its institution gave it away; a draft is nobody's but the institution's."""
    mine = [hat.area_id for hat in hats_for(user, Act.RECOMMEND) if hat.area_id is not None]
    readable = Q(institution__area_id__in=mine) & ~Q(state=EntryState.DRAFT)
    entries = Entry.objects.select_related("season__scheme", "institution__area")
    found = entries.filter(readable, pk=pk).first()
    if found is None:
        raise Http404
    return found
