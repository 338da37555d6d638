"""What still stands open before a season moves on, as findings a person can act on; and the move itself.

Nothing here stops the organiser: what is left open is told, and moving on all the same needs a reason, which the
journal keeps. From the evaluation on a season moves only with its results: computed, signed, published.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ceping.core.finding import Finding, Level, fault
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Area, User
from ceping.stages.recommendation.models import Issue, Putting
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.progress import Line, lines_of
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.actions import advance_season
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import phase_of, rules_of
from ceping.stages.scheme.states import ParameterStatus, PhaseKind, SeasonState

_BY_HAND = (SeasonState.DRAFT, SeasonState.FILING, SeasonState.RECOMMENDING)
_PHASE = {
    SeasonState.DRAFT: PhaseKind.FILING,
    SeasonState.FILING: PhaseKind.FILING,
    SeasonState.RECOMMENDING: PhaseKind.RECOMMENDING,
}
_MOST_NAMED = 5


def moves_by_hand(season: Season) -> bool:
    """Whether the organiser moves it on as a step of its own."""
    return SeasonState(season.state) in _BY_HAND


@transaction.atomic
def move_on(*, season: Season, reason: str, by: User, at: datetime) -> Season:
    """The season stands one state further.

    Raises Refused where its results move it, and without a reason when something is left open.
    """
    held = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=season.pk)
    if not moves_by_hand(held):
        raise Refused(fault("closing_by_results", state=SeasonState(held.state).label))
    told = list(alerts_of(held, at))
    if told and not reason.strip():
        raise Refused(fault("closing_reason_wanted", count=len(told)))
    return advance_season(season=held, by=by, at=at, reason=reason.strip())


def alerts_of(season: Season, at: datetime) -> Iterator[Finding]:
    """What a person should know before the season leaves the state it is in."""
    state = SeasonState(season.state)
    if state not in _BY_HAND:
        return
    yield from _calendar(season, state, at)
    if state is SeasonState.FILING:
        yield from _reports(lines_of(season, at=at))
    if state is SeasonState.RECOMMENDING:
        yield from _recommendations(season)
    if state is SeasonState.RECOMMENDING and season.parameters == ParameterStatus.ILLUSTRATIVE:
        examples = sum(item.item.origin == "illustrative" for item in rules_of(season).scored)
        if examples:
            yield _told("closing_illustrative", count=examples)


def _calendar(season: Season, state: SeasonState, at: datetime) -> Iterator[Finding]:
    kind = _PHASE[state]
    phase = phase_of(season, kind)
    if phase is None:
        yield _told("closing_no_phase", phase=kind.label)
    elif state is not SeasonState.DRAFT and at < (phase.closed_at or phase.closes_at):
        until = timezone.localtime(phase.closes_at)
        yield _told("closing_still_open", phase=kind.label, until=f"{until:%Y-%m-%d %H:%M}")


def _reports(lines: list[Line]) -> Iterator[Finding]:
    steps = Counter(line.step for line in lines)
    if not lines:
        yield _told("closing_nobody")
    if waiting := steps["not_begun"] + steps["draft"]:
        yield _told("closing_drafts", count=waiting)
    if steps["returned"]:
        yield _told("closing_returned", count=steps["returned"])
    if paper := sum(line.paper for line in lines):
        yield _told("closing_paper", count=paper)


def _recommendations(season: Season) -> Iterator[Finding]:
    undecided = Entry.objects.filter(season=season, state__in=[EntryState.SUBMITTED, EntryState.RETURNED])
    if count := undecided.count():
        yield _told(
            "closing_undecided", count=count, areas=_named(undecided.values_list("institution__area", flat=True))
        )
    forward = Putting.objects.filter(entry__season=season, forward=True, undone_at=None)
    if not forward.exists():
        yield _told("closing_none_forward")
    issued = dict(Issue.objects.filter(season=season, revoked_at=None).values_list("area", "scan"))
    if left := set(forward.values_list("area", flat=True)) - issued.keys():
        yield _told("closing_unissued", count=len(left), areas=_named(left))
    if unsealed := {area for area, scan in issued.items() if scan is None}:
        yield _told("closing_unscanned", count=len(unsealed), areas=_named(unsealed))


def _named(areas: Iterable[int | None]) -> str:
    """The first few by name."""
    known = [pk for pk in areas if pk is not None]
    names = list(Area.objects.filter(pk__in=known).order_by("order", "code").values_list("name", flat=True))
    return "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")


def _told(code: str, **values: Any) -> Finding:  # noqa: ANN401 -- as `fault` takes them
    return fault(code, level=Level.WARNING, **values)
