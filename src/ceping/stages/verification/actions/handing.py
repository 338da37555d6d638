"""Lists handed to verifiers by load, one by one over to another, and the calls closed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role, roles_for
from ceping.stages.verification.actions.shared import hold_survey, record_survey, wanted_reason
from ceping.stages.verification.models import Appointment, Frame, Link, Survey
from ceping.stages.verification.queries import boards_of, frames_of
from ceping.stages.verification.states import SurveyState


@transaction.atomic
def hand_out(*, survey: Survey, verifiers: Collection[User], by: User, at: datetime) -> dict[int, int]:
    """Every list without a verifier goes to the one of these with the fewest clients, the longest sample first.

    Answers how many lists each got, by their number. From the first hand-out on calls are made. Raises NotAllowed;
    Refused without a verifier, for somebody who is none, and when nothing is left to hand out.
    """
    held = hold_survey(survey, by, SurveyState.DRAWN, SurveyState.CALLING)
    for one in verifiers:
        _check_verifier(one)
    if not verifiers:
        raise Refused(fault("verify_verifier_wanted", place="verifiers"))
    wanted = Count("clients__drawn", filter=Q(clients__drawn__role="sample", clients__drawn__draw__superseded_at=None))
    rows = list(Frame.objects.filter(survey=held).annotate(wanted=wanted).order_by("-wanted", "pk"))
    loads = {one.pk: 0 for one in sorted(verifiers, key=lambda user: user.pk)}
    for frame in rows:
        if frame.verifier_id in loads:
            loads[frame.verifier_id] += frame.wanted
    given: dict[int, int] = dict.fromkeys(loads, 0)
    fresh = [frame for frame in rows if frame.verifier_id is None]
    if not fresh:
        raise Refused(fault("verify_all_handed"))
    for frame in fresh:
        whose = min(loads, key=lambda number: (loads[number], number))
        frame.verifier_id, frame.handed_at = whose, at
        loads[whose] += frame.wanted
        given[whose] += 1
    Frame.objects.bulk_update(fresh, ["verifier", "handed_at"])
    _begin(held)
    body = {"frames": len(fresh), "verifiers": sorted(loads)}
    record_survey("hand_out_clients", held, by, at, body=body)
    return given


@transaction.atomic
def hand_over(*, frame: Frame, to: User, reason: str, by: User, at: datetime) -> Frame:
    """One list goes to another verifier, with what was called so far. Raises NotAllowed, Refused without a reason."""
    held = hold_survey(frame.survey, by, SurveyState.DRAWN, SurveyState.CALLING)
    _check_verifier(to)
    said = wanted_reason(reason)
    moved = Frame.objects.select_for_update().get(pk=frame.pk, survey=held)
    before = moved.verifier_id
    moved.verifier, moved.handed_at = to, at
    moved.save(update_fields=["verifier", "handed_at"])
    _begin(held)
    body = {"entry": moved.entry_id, "from": before, "to": to.pk}
    record_survey("hand_over_clients", held, by, at, reason=said, body=body)
    return moved


@transaction.atomic
def close_calls(*, survey: Survey, reason: str, by: User, at: datetime) -> Survey:
    """No more calls and no more online answers, for good. Raises NotAllowed.

    Clients who might still be reached want a reason: Refused without one says how many there are.
    """
    held = hold_survey(survey, by, SurveyState.CALLING)
    frames = list(frames_of(held))
    left = sum(len(board.left) for board in boards_of(frames, at=at).values())
    said = reason.strip()
    if left and not said:
        raise Refused(fault("verify_unfinished", place="reason", count=left))
    if said:
        wanted_reason(said)
    Appointment.objects.filter(frame__survey=held, ended_at=None).update(ended_at=at)
    Link.objects.filter(frame__survey=held, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    held.state, held.closed_by, held.closed_at = SurveyState.CLOSED, by, at
    held.save(update_fields=["state", "closed_by", "closed_at"])
    record_survey("close_calls", held, by, at, reason=said, body={"left": left})
    return held


def _begin(survey: Survey) -> None:
    if survey.state == SurveyState.DRAWN:
        survey.state = SurveyState.CALLING
        survey.save(update_fields=["state"])


def _check_verifier(user: User) -> None:
    if Role.VERIFIER not in user.roles & roles_for(Act.RECORD_CALL) or not user.is_active:
        raise NotAllowed(fault("verify_no_verifier", name=user.name))
