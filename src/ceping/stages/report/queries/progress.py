"""How far a whole season is: a line an entry, from which every count, list and reminder of the office is taken."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from ceping.stages.report.models import Answer, Entry, Row, Submission
from ceping.stages.report.states import WRITABLE, EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import closings_of
from ceping.stages.scheme.states import PhaseKind

_HANDED_IN = frozenset({EntryState.SUBMITTED, EntryState.PUT_FORWARD})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the office sees it; nothing of what its report says.

    `until` is its own close while it is with its institution; `late` says that this has passed, `paper` that a paper
    copy is expected and not there. `step` is `not_begun`, or the state.
    """

    pk: int
    institution: str
    uscc: str
    area: int | None
    category: str
    state: EntryState
    step: str
    until: datetime | None
    late: bool
    paper: bool


def lines_of(season: Season, *, at: datetime) -> list[Line]:
    """Every entry of the season by name, for three queries however many there are."""
    closes = closings_of(season)
    filing, paper = closes.get(PhaseKind.FILING), closes.get(PhaseKind.PAPER)
    missing = Submission.objects.filter(entry=OuterRef("pk"), withdrawn_at=None, paper__received_on=None)
    typed = Exists(Answer.objects.filter(entry=OuterRef("pk"))) | Exists(Row.objects.filter(entry=OuterRef("pk")))
    rows = (
        Entry.objects.filter(season=season)
        .annotate(begun=Q(typed), unreceived=Exists(missing))
        .order_by("institution__name_key", "pk")
        .values_list(
            "pk",
            "institution__name",
            "institution__uscc",
            "institution__area_id",
            "category",
            "state",
            "begun",
            "due_at",
            "unreceived",
            "institution_id",
        )
    )
    lines = []
    for pk, name, uscc, area, category, given, begun, due, unreceived, institution in rows:
        state = EntryState(given)
        until = due if state is EntryState.RETURNED else None
        if until is None and filing is not None:
            until = filing.of(institution, area)
        late = state in WRITABLE and until is not None and at >= until
        owed = paper is not None and unreceived and state in _HANDED_IN
        step = "not_begun" if state is EntryState.DRAFT and not begun else given
        lines.append(
            Line(pk, name, uscc, area, category, state, step, until if state in WRITABLE else None, late, owed)
        )
    return lines
