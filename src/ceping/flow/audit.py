"""The journal looked through and carried out: its verification as work beside the pages, its export with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.queries import breaks_in, heads
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.queries import under_way
from ceping.ground.work.tasks import Made

KIND, ABOUT = "verify_journal", "journal:all"
# Of a chain that is broken throughout the first breaks say enough.
_MOST_TOLD = 20


@transaction.atomic
def ask_to_verify(*, by: User, at: datetime) -> Job:
    """Every chain is looked through by a worker; while that goes on nobody begins another. Raises NotAllowed."""
    _allow(by)
    going = under_way(ABOUT, KIND).first()
    return going if going is not None else ask_for(kind=KIND, about=ABOUT, given={}, begin=_begin, by=by, at=at)


def verified(job: Job) -> Made:
    """The work itself: for each chain its head and where it does not hold."""
    told: list[dict[str, Any]] = []
    known = heads()
    for number, head in enumerate(known):
        tell_progress(job=job, done=number, total=len(known))
        breaks = [{"number": one.number, "what": one.what} for one in breaks_in(head.chain)]
        told.append(
            {
                "chain": head.chain,
                "entries": head.number,
                "sha256": head.sha256,
                "broken": len(breaks),
                "breaks": breaks[:_MOST_TOLD],
            }
        )
    return {"chains": told}, []


@transaction.atomic
def note_journal_export(*, filters: Mapping[str, str], count: int, reason: str, by: User, at: datetime) -> None:
    """The journal is carried out: what of it, how much, and why. Raises NotAllowed, Refused without a reason."""
    _allow(by)
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))
    body = {"filters": dict(filters), "count": count}
    record("export_journal", by=by, role=Role.AUDITOR, at=at, about=("journal", ""), reason=reason.strip(), body=body)


def _allow(by: User) -> None:
    if not hats_for(by, Act.READ_JOURNAL):
        raise NotAllowed(fault("journal_not_auditor"))


def _begin(token: str) -> None:
    app.configure_task("flow.verify_journal").defer(token=token)
