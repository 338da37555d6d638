"""What moves a season with its result: the lead's signature closes the evaluation, the organiser's ends in a freeze.

A correction of a frozen result leaves the season where it stands: it opens the evaluation of the institutions it names,
is computed and signed by two like the first, and freezes a version of its own.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceping.ground.people.models import Institution, User
from ceping.stages.report.models import Entry
from ceping.stages.results import actions as results
from ceping.stages.results.models import Computation, Correction
from ceping.stages.scheme.actions import close_reopened, move_with_results, reopen_institutions
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState


@transaction.atomic
def sign_first(*, computation: Computation, by: User, at: datetime) -> Computation:
    """The lead signs; from then on nothing that the result was computed from changes."""
    held = results.sign_first(computation=computation, by=by, at=at)
    if held.correction is not None:
        close_reopened(season=held.season, by=by, at=at)
    else:
        move_with_results(season=held.season, to=SeasonState.COMPUTED, by=by, at=at)
    return held


@transaction.atomic
def sign_second(*, computation: Computation, by: User, at: datetime) -> Computation:
    """The organiser signs and the result is frozen; of a corrected one this is the new version that stands."""
    held = results.sign_second(computation=computation, by=by, at=at)
    if held.correction is None:
        move_with_results(season=held.season, to=SeasonState.SIGNED, by=by, at=at)
    return held


@transaction.atomic
def send_back(*, computation: Computation, reason: str, by: User, at: datetime) -> Computation:
    """The organiser sends it back with a reason; what it was computed from is open again."""
    held, said = results.send_back(computation=computation, reason=reason, by=by, at=at), reason.strip()
    if held.correction is not None:
        reopen_institutions(season=held.season, institutions=_institutions(held.correction), reason=said, by=by, at=at)
    else:
        move_with_results(season=held.season, to=SeasonState.EVALUATING, by=by, at=at, reason=said)
    return held


@transaction.atomic
def open_correction(*, season: Season, entries: Sequence[Entry], reason: str, by: User, at: datetime) -> Correction:
    """The season's frozen result is being corrected: of these entries marks, verified values and rulings may change.

    Raises NotAllowed and Refused as `results.open_correction`.
    """
    made = results.open_correction(season=season, entries=entries, reason=reason, by=by, at=at)
    reopen_institutions(season=made.season, institutions=_institutions(made), reason=made.reason, by=by, at=at)
    return made


@transaction.atomic
def drop_correction(*, correction: Correction, reason: str, by: User, at: datetime) -> Correction:
    """It ends without a new version and nothing may change any more. Raises as `results.drop_correction`."""
    held = results.drop_correction(correction=correction, reason=reason, by=by, at=at)
    close_reopened(season=held.season, by=by, at=at)
    return held


def _institutions(correction: Correction) -> list[Institution]:
    return [one.institution for one in correction.entries.select_related("institution").order_by("institution__uscc")]
