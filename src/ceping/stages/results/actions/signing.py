"""Two signatures under one result: the lead's closes what it was computed from, the organiser's freezes it."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.results.access import why_changed, why_not_sign_first, why_not_sign_second
from ceping.stages.results.actions.correcting import end_correction
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import versions_of
from ceping.stages.results.states import ComputationState, CorrectionState
from ceping.stages.scheme.models import Season


@transaction.atomic
def sign_first(*, computation: Computation, by: User, at: datetime) -> Computation:
    """The lead stands for it. Through `flow.results`, which closes the season in the same transaction."""
    held = _locked(computation)
    if why := why_not_sign_first(by, held) or why_changed(held):
        raise NotAllowed(why)
    held.state, held.lead, held.lead_at = ComputationState.SIGNED_LEAD, by, at
    held.save(update_fields=["state", "lead", "lead_at"])
    _record("sign_results_first", held, by, at, Role.LEAD)
    return held


@transaction.atomic
def sign_second(*, computation: Computation, by: User, at: datetime) -> Computation:
    """The organiser stands for it, and it never changes again. Through `flow.results`."""
    held = _locked(computation)
    if why := why_not_sign_second(by, held) or why_changed(held):
        raise NotAllowed(why)
    held.state, held.organiser, held.frozen_at = ComputationState.FROZEN, by, at
    held.version = len(versions_of(held.season)) + 1
    held.save(update_fields=["state", "organiser", "frozen_at", "version"])
    if held.correction is not None:
        end_correction(held.correction, CorrectionState.DONE, by, at)
    _record("freeze_results", held, by, at, Role.ORGANISER)
    return held


@transaction.atomic
def send_back(*, computation: Computation, reason: str, by: User, at: datetime) -> Computation:
    """The organiser does not sign: it goes back with the reason. Through `flow.results`, which reopens the season."""
    held = _locked(computation)
    if why := why_not_sign_second(by, held):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("results_reason_wanted"))
    held.state, held.sent_back_by, held.sent_back_at = ComputationState.SENT_BACK, by, at
    held.sent_back_reason = reason.strip()
    held.save(update_fields=["state", "sent_back_by", "sent_back_at", "sent_back_reason"])
    _record("send_back_results", held, by, at, Role.ORGANISER, reason=held.sent_back_reason)
    return held


def _locked(computation: Computation) -> Computation:
    # Whoever changes marks, values, calls or rulings holds the season too (`scheme.queries.hold_state`): what is signed
    # is what stands when it is signed.
    Season.objects.select_for_update().get(pk=computation.season_id)
    rows = Computation.objects.select_for_update(of=("self",)).select_related("season__scheme", "correction")
    return rows.get(pk=computation.pk)


def _record(act: str, held: Computation, by: User, at: datetime, role: Role, *, reason: str = "") -> None:
    body = {"number": held.number, "results_sha256": held.results_sha256, "version": held.version}
    about, chain = ("computation", held.pk), season_chain(held.season_id)
    record(act, by=by, role=role, at=at, about=about, chain=chain, reason=reason, body=body)
