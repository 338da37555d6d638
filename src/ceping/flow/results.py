"""What moves a season with its result: the lead's signature closes the evaluation, the organiser's ends in a freeze."""

from datetime import datetime

from django.db import transaction

from ceping.ground.people.models import User
from ceping.stages.results import actions as results
from ceping.stages.results.models import Computation
from ceping.stages.scheme.actions import move_with_results
from ceping.stages.scheme.states import SeasonState


@transaction.atomic
def sign_first(*, computation: Computation, by: User, at: datetime) -> Computation:
    """The lead signs; from then on nothing that the result was computed from changes."""
    held = results.sign_first(computation=computation, by=by, at=at)
    move_with_results(season=held.season, to=SeasonState.COMPUTED, by=by, at=at)
    return held


@transaction.atomic
def sign_second(*, computation: Computation, by: User, at: datetime) -> Computation:
    """The organiser signs and the result is frozen."""
    held = results.sign_second(computation=computation, by=by, at=at)
    move_with_results(season=held.season, to=SeasonState.SIGNED, by=by, at=at)
    return held


@transaction.atomic
def send_back(*, computation: Computation, reason: str, by: User, at: datetime) -> Computation:
    """The organiser sends it back with a reason; marks and calls are open again."""
    held = results.send_back(computation=computation, reason=reason, by=by, at=at)
    move_with_results(season=held.season, to=SeasonState.EVALUATING, by=by, at=at, reason=reason.strip())
    return held
