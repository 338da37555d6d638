"""What people decide about events: held ones taken or dropped, others put out of force; always with a reason."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.core.points import Event
from ceping.core.points.grammar import instant_at
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points import models
from ceping.stages.points.access import why_not_oversee
from ceping.stages.points.actions.posting import Cause, post_points
from ceping.stages.points.actions.recording import CHAIN, hold_log, write_event
from ceping.stages.points.models import Held, Signal, Voiding
from ceping.stages.points.queries.counted import event_in
from ceping.stages.points.queries.log import voids_naming
from ceping.stages.points.states import HeldState, Why

_SOURCE = "office"


@transaction.atomic
def void_event(*, event: models.Event, reason: str, by: User, at: datetime) -> Voiding:
    """The event no longer counts; its shop's points follow, and the ledger says why. The event itself stays.

    Raises NotAllowed; Refused without a reason, for a void, and for what is out of force already.
    """
    _allow(by)
    _want(reason)
    hold_log()
    target = models.Event.objects.select_related("standing").get(pk=event.pk)
    if target.kind == "void":
        raise Refused(fault("void_of_void"))
    if voids_naming(target).exists():
        raise Refused(fault("points_void_already"))
    made = _void(target, reason.strip(), by, at)
    _record("void_event", target.standing.shop, reason, by, at, event=target.event_id)
    return made


@transaction.atomic
def decide_held(*, held: Held, take: bool, reason: str, by: User, at: datetime) -> Held:
    """The held event counts from now on, or never will.

    One that shares its id with another takes that one's place: that is voided, and this stands in the log under an id
    of its own. Raises NotAllowed; Refused without a reason and for what is decided.
    """
    _allow(by)
    _want(reason)
    hold_log()
    locked = Held.objects.select_for_update(of=("self",)).select_related("standing").get(pk=held.pk)
    if locked.state != HeldState.OPEN:
        raise Refused(fault("points_held_over", state=HeldState(locked.state).label))
    locked.state = HeldState.TAKEN if take else HeldState.DROPPED
    locked.reason, locked.decided_by, locked.decided_at = reason.strip(), by, at
    if take:
        locked.became = _take(locked, reason.strip(), by, at)
    locked.save(update_fields=["state", "reason", "decided_by", "decided_at", "became"])
    _record("take_held" if take else "drop_held", locked.standing.shop, reason, by, at, event=locked.event_id)
    return locked


@transaction.atomic
def note_signal(*, signal: Signal, note: str, by: User, at: datetime) -> Signal:
    """Somebody looked at the coincidence and says what it was. Raises NotAllowed, and Refused without a word."""
    _allow(by)
    _want(note)
    locked = Signal.objects.select_for_update(of=("self",)).select_related("standing").get(pk=signal.pk)
    locked.note, locked.looked_by, locked.looked_at = note.strip(), by, at
    locked.save(update_fields=["note", "looked_by", "looked_at"])
    _record("note_signal", locked.standing.shop, note, by, at, kind=locked.kind)
    return locked


def _take(held: Held, reason: str, by: User, at: datetime) -> models.Event:
    event = event_in(held, held.standing.shop)
    first = models.Event.objects.filter(standing=held.standing, event_id=held.event_id).first()
    if first is not None:
        if first.kind != "void" and not voids_naming(first).exists():
            _void(first, reason, by, at)
        event = event._replace(event_id=f"{held.event_id[:40]}:{held.pk}")
    if (
        event.kind == "void"
        and models.Event.objects.filter(standing=held.standing, event_id=event.voids, kind="void").exists()
    ):
        raise Refused(fault("void_of_void"))
    made = write_event(standing=held.standing, event=event, source=held.source, at=at)
    why = Why.VOID if event.kind == "void" else Why.EVENTS
    post_points(standings=[held.standing_id], at=at, cause=Cause(why, made.event_id, reason))
    return made


def _void(target: models.Event, reason: str, by: User, at: datetime) -> Voiding:
    event = Event(f"{_SOURCE}:{target.pk}", target.standing.shop, "void", instant_at(at), "", "", "", target.event_id)
    made = write_event(standing=target.standing, event=event, source=_SOURCE, at=at)
    post_points(standings=[target.standing_id], at=at, cause=Cause(Why.VOID, target.event_id, reason))
    return Voiding.objects.create(
        void=made, target=target, role=Role.OPERATOR, reason=reason, voided_by=by, voided_at=at
    )


def _allow(by: User) -> None:
    if why := why_not_oversee(by):
        raise NotAllowed(why)


def _want(reason: str) -> None:
    if not reason.strip():
        raise Refused(fault("points_reason_wanted"))


def _record(act: str, shop: str, reason: str, by: User, at: datetime, **body: str) -> None:
    record(act, by=by, role=Role.OPERATOR, at=at, about=("shop", shop), chain=CHAIN, reason=reason.strip(), body=body)
