"""More time: given by the organiser with a reason, and told to everybody who has it now."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.messages.actions import said_on
from ceping.ground.messages.events import Event
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area, Institution, User
from ceping.stages.report import actions as report
from ceping.stages.report.models import Entry
from ceping.stages.scheme.actions import extend_phase
from ceping.stages.scheme.models import Extension, Phase
from ceping.stages.scheme.states import PhaseKind


@transaction.atomic
def extend(
    *,
    phase: Phase,
    until: datetime,
    reason: str,
    by: User,
    at: datetime,
    institutions: Sequence[Institution] = (),
    area: Area | None = None,
) -> list[Extension]:
    """These institutions, or all of the area, have until then.

    Raises what `extend_phase` raises, and Refused when nobody is chosen.
    """
    if area is None and not institutions:
        raise Refused(fault("season_nobody_chosen"))
    given = [
        extend_phase(phase=phase, until=until, reason=reason, institution=one, by=by, at=at) for one in institutions
    ]
    if area is not None:
        given.append(extend_phase(phase=phase, until=until, reason=reason, area=area, by=by, at=at))
    entries = Entry.objects.filter(season=phase.season).select_related("season", "institution__area")
    whose = entries.filter(institution__in=institutions) if area is None else entries.filter(institution__area=area)
    values = {"phase": PhaseKind(phase.kind).label, "due": said_on(until), "reason": reason.strip()}
    for entry in whose:
        once = f"{phase.kind}-{given[-1].pk}"
        report.tell_entry(Event.EXTENDED, entry, at=at, once=once, values=values, to_recommender=area is None)
    return given
