"""Waivers of gates and vetoes: the lead proposes, the organiser decides, each with a reason."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.results.access import may_propose, may_rule, why_not_rule_on
from ceping.stages.results.models import Ruling
from ceping.stages.results.states import Effect, RulingKind
from ceping.stages.scheme.queries import hold_state, rules_of

_FIT = {RulingKind.WAIVER: {Effect.WAIVE, Effect.REFUSE}, RulingKind.VETO: {Effect.VETO, Effect.REFUSE}}


@transaction.atomic
def propose_ruling(
    *, entry: Entry, kind: RulingKind, rule: str, effect: Effect, reason: str, by: User, at: datetime
) -> Ruling:
    """The proposal waits for the organiser. Raises NotAllowed, Refused: no such rule, no reason, one waits already."""
    hold_state(entry.season_id)
    held = (
        Entry.objects.select_for_update(of=("self",)).select_related("season__scheme", "institution").get(pk=entry.pk)
    )
    if not (may_propose(by) or may_rule(by)):
        raise NotAllowed(fault("results_not_yours"))
    if why := why_not_rule_on(held):
        raise NotAllowed(why)
    outcome = rules_of(held.season).outcome
    known = {one.id for one in (outcome.gates if kind == RulingKind.WAIVER else outcome.vetoes)}
    if held.state != EntryState.PUT_FORWARD or rule not in known or effect not in _FIT[kind]:
        raise Refused(fault("results_rule_unknown", given=rule[:60]))
    if not reason.strip():
        raise Refused(fault("results_reason_wanted"))
    if Ruling.objects.filter(entry=held, kind=kind, rule=rule, decided_at=None).exists():
        raise Refused(fault("results_ruling_waits"))
    made = Ruling.objects.create(
        entry=held, kind=kind, rule=rule, effect=effect, reason=reason.strip(), proposed_by=by, proposed_at=at
    )
    _record("propose_ruling", made, by, at, made.reason)
    return made


@transaction.atomic
def decide_ruling(*, ruling: Ruling, accepted: bool, reason: str, by: User, at: datetime) -> Ruling:
    """The organiser's word on a proposal. Raises NotAllowed; Refused without a reason, or when it is decided."""
    hold_state(ruling.entry.season_id)
    held = (
        Ruling.objects.select_for_update(of=("self",))
        .select_related("entry__season", "entry__institution")
        .get(pk=ruling.pk)
    )
    if not may_rule(by):
        raise NotAllowed(fault("results_not_yours"))
    if why := why_not_rule_on(held.entry):
        raise NotAllowed(why)
    if held.decided_at is not None:
        raise Refused(fault("results_ruling_over"))
    if not reason.strip():
        raise Refused(fault("results_reason_wanted"))
    held.accepted, held.decided_by, held.decided_at, held.decision_reason = accepted, by, at, reason.strip()
    held.save(update_fields=["accepted", "decided_by", "decided_at", "decision_reason"])
    _record("decide_ruling", held, by, at, held.decision_reason)
    return held


def _record(act: str, ruling: Ruling, by: User, at: datetime, reason: str) -> None:
    season = ruling.entry.season_id
    body = {
        "entry": ruling.entry_id,
        "kind": ruling.kind,
        "rule": ruling.rule,
        "effect": ruling.effect,
        "accepted": ruling.accepted,
    }
    role = Role.ORGANISER if may_rule(by) else Role.LEAD
    about = ("ruling", ruling.pk)
    record(act, by=by, role=role, at=at, about=about, chain=season_chain(season), reason=reason, body=body)
