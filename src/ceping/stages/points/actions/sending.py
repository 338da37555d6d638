"""Messages to other systems tried until they are taken, ever more seldom, then given up; sent again by hand."""

from datetime import datetime, timedelta

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.points.access import why_not_connect
from ceping.stages.points.actions.recording import CHAIN
from ceping.stages.points.actions.wire import Answer, post
from ceping.stages.points.models import Call, Hook
from ceping.stages.points.states import CallState

# After each try that failed; with the last of them two days have passed, and nobody is there.
WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720, 1440))
# Who tries has so long; were it killed meanwhile, another tries after that.
_AT_IT = timedelta(minutes=2)


def send_due(*, at: datetime, most: int = 100) -> int:
    """Every message that is due by then was tried once; answers how many."""
    done = 0
    while done < most and (call := _next(at)) is not None:
        answer = post(call.hook.url, call.hook.secret, _message(call), number=call.pk, stamp=int(at.timestamp()))
        _note(call, answer, at)
        done += 1
    return done


def try_hook(*, hook: Hook, by: User, at: datetime) -> Answer:
    """One message that says nothing but that it is a trial was sent now, as every other is, and nothing waits for it.

    Raises NotAllowed; Refused once the address is off.
    """
    if why := why_not_connect(by):
        raise NotAllowed(why)
    if hook.removed_at is not None:
        raise Refused(fault("points_hook_removed"))
    # Of no shop and under no number of its own; the answer is shown at once and no transaction is open meanwhile.
    message = {"call": 0, "made_at": at.isoformat(), "event": "test"}
    answer = post(hook.url, hook.secret, message, number=0, stamp=int(at.timestamp()))
    status = "" if answer.status is None else str(answer.status)
    record("try_hook", by=by, at=at, about=("hook", hook.pk), chain=CHAIN, body={"name": hook.name, "status": status})
    return answer


@transaction.atomic
def resend_call(*, call: Call, by: User, at: datetime) -> Call:
    """The message is due at once and has all its tries again. Raises NotAllowed; Refused while its address is off."""
    if why := why_not_connect(by):
        raise NotAllowed(why)
    locked = Call.objects.select_for_update(of=("self",)).select_related("hook").get(pk=call.pk)
    if locked.hook.removed_at is not None:
        raise Refused(fault("points_hook_removed"))
    locked.state, locked.tries, locked.due_at, locked.ended_at = CallState.WAITING, 0, at, None
    locked.save(update_fields=["state", "tries", "due_at", "ended_at"])
    record("resend_call", by=by, at=at, about=("hook", locked.hook_id), chain=CHAIN, body={"number": locked.pk})
    return locked


@transaction.atomic
def _next(at: datetime) -> Call | None:
    """The next that is due, taken up so that nobody else tries it; one whose address is off meanwhile has ended."""
    Call.objects.filter(state=CallState.WAITING, hook__removed_at__isnull=False).update(
        state=CallState.FAILED, ended_at=at
    )
    rows = Call.objects.select_for_update(of=("self",), skip_locked=True).select_related("hook")
    call = rows.filter(state=CallState.WAITING, due_at__lte=at).order_by("due_at", "pk").first()
    if call is None:
        return None
    call.tries, call.due_at = call.tries + 1, at + _AT_IT
    call.save(update_fields=["tries", "due_at"])
    return call


def _message(call: Call) -> dict[str, object]:
    return {"call": call.pk, "made_at": call.made_at.isoformat(), **call.body}


@transaction.atomic
def _note(call: Call, answer: Answer, at: datetime) -> None:
    locked = Call.objects.select_for_update(of=("self",)).select_related("hook").get(pk=call.pk)
    told = {"at": at.isoformat(), "status": answer.status, "told": answer.told, "milliseconds": answer.milliseconds}
    locked.answers = [*locked.answers, told]
    if answer.received:
        locked.state, locked.ended_at = CallState.DONE, at
    elif locked.tries > len(WAITS) or locked.hook.removed_at is not None:
        locked.state, locked.ended_at = CallState.FAILED, at
    else:
        locked.due_at = at + WAITS[locked.tries - 1]
    locked.save(update_fields=["state", "ended_at", "answers", "due_at"])
