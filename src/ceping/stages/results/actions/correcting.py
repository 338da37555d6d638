"""A frozen result corrected: opened for named institutions with a reason, ended by a new frozen version or dropped.

The frozen one is never touched. Through `flow.results`, which opens those institutions' evaluation with it.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.results.access import why_not_correct, why_not_drop
from ceping.stages.results.models import Correction
from ceping.stages.results.queries import frozen_of
from ceping.stages.results.states import ComputationState, CorrectionState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState

LONGEST_REASON = 2000


@transaction.atomic
def open_correction(*, season: Season, entries: Sequence[Entry], reason: str, by: User, at: datetime) -> Correction:
    """The season's frozen result is being corrected for these entries.

    Raises NotAllowed: not an organiser, nothing frozen, one is open; Refused: no reason, nobody named, or somebody who
    was not evaluated in this season.
    """
    held = Season.objects.select_for_update(of=("self",)).select_related("scheme").get(pk=season.pk)
    frozen, why = frozen_of(held), why_not_correct(by, held)
    if why is not None or frozen is None:
        raise NotAllowed(why or fault("results_nothing_frozen", state=SeasonState(held.state).label))
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(fault("results_reason_wanted"))
    named = list(Entry.objects.filter(pk__in=[one.pk for one in entries], season=held, state=EntryState.PUT_FORWARD))
    if not named or len(named) < len({one.pk for one in entries}):
        raise Refused(fault("results_correction_whom"))
    made = Correction.objects.create(
        season=held,
        number=(held.corrections.aggregate(most=Max("number"))["most"] or 0) + 1,
        corrects=frozen,
        reason=reason.strip(),
        opened_by=by,
        opened_at=at,
    )
    made.entries.set(named)
    _record("open_correction", made, by, at, made.reason)
    return made


@transaction.atomic
def drop_correction(*, correction: Correction, reason: str, by: User, at: datetime) -> Correction:
    """It ends without a new version; nothing was changed for it. Raises NotAllowed; Refused without a reason."""
    Season.objects.select_for_update().get(pk=correction.season_id)
    rows = Correction.objects.select_for_update(of=("self",)).select_related("season__scheme", "corrects")
    held = rows.get(pk=correction.pk)
    if why := why_not_drop(by, held):
        raise NotAllowed(why)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refused(fault("results_reason_wanted"))
    held.dropped_reason = reason.strip()
    unsigned = held.computations.filter(state__in=[ComputationState.COMPUTED, ComputationState.SENT_BACK])
    unsigned.update(state=ComputationState.SUPERSEDED)
    end_correction(held, CorrectionState.DROPPED, by, at)
    _record("drop_correction", held, by, at, held.dropped_reason)
    return held


def end_correction(correction: Correction, state: CorrectionState, by: User, at: datetime) -> None:
    """It is over; part of the action that ends it, which holds the season."""
    correction.state, correction.ended_by, correction.ended_at = state, by, at
    correction.save(update_fields=["state", "ended_by", "ended_at", "dropped_reason"])


def _record(act: str, held: Correction, by: User, at: datetime, reason: str) -> None:
    entries = sorted(held.entries.values_list("pk", flat=True))
    body = {"number": held.number, "corrects": held.corrects_id, "entries": entries}
    about, chain = ("correction", held.pk), season_chain(held.season_id)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, chain=chain, reason=reason, body=body)
