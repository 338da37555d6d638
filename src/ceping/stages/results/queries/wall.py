"""How far marking and calling are, district by district, counted by the database: a wall asks every minute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from ceping.stages.assessment.models import Assignment, Difference, Mark
from ceping.stages.assessment.states import DifferenceState, MarkState
from ceping.stages.scheme.models import Season
from ceping.stages.verification.models import Attempt, Drawn


@dataclass(frozen=True, slots=True)
class Reach:
    """So many done out of so many."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        """The whole per cent reached; all of nothing is nothing."""
        return 100 * min(self.done, self.of) // self.of if self.of else 0


@dataclass(frozen=True, slots=True)
class Wall:
    """By district marks given of those asked for, and clients of the sample called at least once of those drawn."""

    marks: Mapping[int | None, Reach]
    calls: Mapping[int | None, Reach]
    differences: int

    @property
    def marked(self) -> Reach:
        """All marks together."""
        return _together(self.marks.values())

    @property
    def called(self) -> Reach:
        """All calls together."""
        return _together(self.calls.values())


def wall_of(season: Season) -> Wall:
    """The state of the evaluation in five queries."""
    asked = _by(Assignment.objects.filter(entry__season=season, ended_at=None), "entry__institution__area")
    mine = Assignment.objects.filter(
        entry=OuterRef("sheet__entry"), item=OuterRef("item"), assessor=OuterRef("sheet__assessor"), ended_at=None
    )
    marks = Mark.objects.filter(Exists(mine), sheet__entry__season=season).exclude(state=MarkState.REOPENED)
    given = _by(marks, "sheet__entry__institution__area")
    drawn = Drawn.objects.filter(frame__survey__season=season, draw__superseded_at=None, role="sample")
    called = drawn.filter(Exists(Attempt.objects.filter(client=OuterRef("client"), voided_at=None)))
    area = "frame__entry__institution__area"
    due = Difference.objects.filter(entry__season=season, state=DifferenceState.DUE).count()
    return Wall(_reaches(given, asked), _reaches(_by(called, area), _by(drawn, area)), due)


def _by(rows: Any, area: str) -> dict[int | None, int]:  # noqa: ANN401 -- rows of any of these models
    return dict(rows.order_by().values_list(area).annotate(Count("pk")))


def _reaches(done: Mapping[int | None, int], of: Mapping[int | None, int]) -> dict[int | None, Reach]:
    return {area: Reach(done.get(area, 0), whole) for area, whole in of.items()}


def _together(parts: Iterable[Reach]) -> Reach:
    found = list(parts)
    return Reach(sum(one.done for one in found), sum(one.of for one in found))
