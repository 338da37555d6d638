"""What stands against a calendar before a season is opened on it: every fault at once, each at its phase."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ceping.core.finding import Finding, fault
from ceping.stages.scheme.states import PhaseKind

# Without these a season cannot run as far as the recommendation.
_NEEDED = (PhaseKind.FILING, PhaseKind.RECOMMENDING)
# The first closes before the second closes, else the second has nothing to do.
_CLOSES_FIRST = (
    (PhaseKind.FILING, PhaseKind.RECOMMENDING),
    (PhaseKind.RECOMMENDING, PhaseKind.EVALUATING),
    (PhaseKind.EVALUATING, PhaseKind.NOTICE),
)

Calendar = Mapping[PhaseKind, tuple[datetime | None, datetime | None]]


def calendar_faults(calendar: Calendar, *, at: datetime) -> list[Finding]:
    """Every fault of the calendar as typed; a phase of which neither end is given does not take place."""
    return list(_faults(calendar, at))


def phases_in(calendar: Calendar) -> dict[PhaseKind, tuple[datetime, datetime]]:
    """The phases that take place."""
    return {kind: (opens, closes) for kind, (opens, closes) in calendar.items() if opens and closes}


def _faults(calendar: Calendar, at: datetime) -> Iterator[Finding]:
    for kind in PhaseKind:
        opens, closes = calendar.get(kind, (None, None))
        if (opens is None) != (closes is None):
            yield fault("season_phase_half", place=kind.value, phase=kind.label)
        elif opens is None and kind in _NEEDED:
            yield fault("season_phase_wanted", place=kind.value, phase=kind.label)
        elif opens is not None and closes is not None and opens >= closes:
            yield fault("season_phase_reversed", place=kind.value, phase=kind.label)
        elif closes is not None and closes <= at:
            yield fault("season_phase_past", place=kind.value, phase=kind.label)
    whole = phases_in(calendar)
    for first, second in _CLOSES_FIRST:
        if first in whole and second in whole and whole[first][1] > whole[second][1]:
            yield fault("season_phase_order", place=second.value, first=first.label, second=second.label)
