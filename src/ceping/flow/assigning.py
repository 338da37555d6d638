"""What hands work to assessors and verifiers; each of them is told in the same transaction."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from ceping.ground.messages.actions import tell
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import Reader
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment import actions as assessment
from ceping.stages.assessment.models import Assessor, Assignment, Difference, Draw, Mark
from ceping.stages.assessment.states import Way
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season
from ceping.stages.verification import actions as verification
from ceping.stages.verification.models import Frame, Survey

_HOME, _CALLS = "assessor:home", "verifier:home"


@transaction.atomic
def draw_assignments(
    *, season: Season, seed: str, reason: str = "", per_item: int | None = None, by: User, at: datetime
) -> Draw:
    """The panels are drawn, and every assessor who is in one is told of how many institutions."""
    made = assessment.draw_assignments(season=season, seed=seed, reason=reason, per_item=per_item, by=by, at=at)
    drawn = Assignment.objects.filter(draw=made, ended_at=None)
    _tell_assessors(season, drawn.values_list("assessor", "entry"), f"draw-{made.pk}", at)
    return made


@transaction.atomic
def assign_rows(
    *, season: Season, rows: Sequence[tuple[str, str, str]], way: Way, reason: str, by: User, at: datetime
) -> list[Assignment]:
    """As the action; whoever has more to mark than before is told."""
    made = assessment.assign_rows(season=season, rows=rows, way=way, reason=reason, by=by, at=at)
    _tell_new(season, made, at)
    return made


@transaction.atomic
def assign_by_hand(*, assessor: Assessor, entry: Entry, reason: str, by: User, at: datetime) -> list[Assignment]:
    """As the action, for every item that is marked; the assessor is told."""
    made = assessment.assign_by_hand(assessor=assessor, entry=entry, items=(), reason=reason, by=by, at=at)
    _tell_new(entry.season, made, at)
    return made


@transaction.atomic
def reopen_marks(*, entry: Entry, by: User, at: datetime) -> list[Mark]:
    """As the action; each assessor is told how many of the own marks are to be given anew."""
    again = assessment.reopen_marks(entry=entry, by=by, at=at)
    for whose, count in _by_user(one.sheet.assessor_id for one in again).items():
        tell(
            Event.MARKS_REOPENED,
            about=("entry", entry.pk),
            to=[Reader(whose, Role.ASSESSOR)],
            at=at,
            values={"institution": entry.institution.name, "season": entry.season.title, "count": str(count)},
            once=f"{at:%Y%m%d%H%M%S}",
            link=reverse(_HOME),
        )
    return again


@transaction.atomic
def ask_third(*, difference_of: Difference, assessor: Assessor, reason: str, by: User, at: datetime) -> Difference:
    """As the action; the third assessor is told."""
    held = assessment.ask_third(difference_of=difference_of, assessor=assessor, reason=reason, by=by, at=at)
    entry = difference_of.entry
    tell(
        Event.RULING_ASKED,
        about=("difference", held.pk),
        to=[Reader(assessor.user, Role.ASSESSOR)],
        at=at,
        values={"institution": entry.institution.name, "season": entry.season.title},
        once=str(assessor.pk),
        link=reverse(_HOME),
    )
    return held


@transaction.atomic
def hand_out(*, survey: Survey, verifiers: Collection[User], by: User, at: datetime) -> dict[int, int]:
    """As the action; each verifier is told how many lists there are."""
    given = verification.hand_out(survey=survey, verifiers=verifiers, by=by, at=at)
    for one in verifiers:
        _tell_verifier(survey, one, given.get(one.pk, 0), at)
    return given


@transaction.atomic
def hand_over(*, frame: Frame, to: User, reason: str, by: User, at: datetime) -> Frame:
    """As the action; whoever takes the list over is told."""
    moved = verification.hand_over(frame=frame, to=to, reason=reason, by=by, at=at)
    _tell_verifier(frame.survey, to, 1, at)
    return moved


def _tell_new(season: Season, made: Iterable[Assignment], at: datetime) -> None:
    _tell_assessors(season, ((one.assessor_id, one.entry_id) for one in made), f"{at:%Y%m%d%H%M%S}", at)


def _tell_assessors(season: Season, pairs: Iterable[tuple[int, int]], once: str, at: datetime) -> None:
    """Each of them how many institutions are new."""
    for whose, count in _by_user(assessor for assessor, _ in set(pairs)).items():
        tell(
            Event.ASSIGNED,
            about=("season", season.pk),
            to=[Reader(whose, Role.ASSESSOR)],
            at=at,
            values={"season": season.title, "name": whose.name, "count": str(count)},
            once=once,
            link=reverse(_HOME),
        )


def _by_user(assessors: Iterable[int]) -> Mapping[User, int]:
    counts = Counter(assessors)
    rows = Assessor.objects.filter(pk__in=counts).select_related("user").order_by("pk")
    return {one.user: counts[one.pk] for one in rows}


def _tell_verifier(survey: Survey, whose: User, count: int, at: datetime) -> None:
    if not count:
        return
    tell(
        Event.LISTS_HANDED,
        about=("survey", survey.pk),
        to=[Reader(whose, Role.VERIFIER)],
        at=at,
        values={"season": survey.season.title, "name": whose.name, "count": str(count)},
        once=f"{at:%Y%m%d%H%M%S}",
        link=reverse(_CALLS),
    )
