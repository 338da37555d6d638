"""Work asked for, moved on, ended and called off; whoever asked found out before whether it is allowed."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ceping.core.finding import Finding
from ceping.ground.people.models import User
from ceping.ground.work.models import OVER, Job, State


@transaction.atomic
def ask_for(
    *, kind: str, about: str, given: Mapping[str, Any], begin: Callable[[str], object], by: User, at: datetime
) -> Job:
    """The work waits for a worker; `begin` is called with its token inside the transaction and defers the task."""
    job = Job.objects.create(
        token=secrets.token_urlsafe(18), kind=kind, about=about, given=dict(given), asked_by=by, asked_at=at
    )
    begin(job.token)
    return job


def take_up(*, token: str) -> Job | None:
    """The work is being done now; None when it is over, so that a task run twice does nothing twice."""
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).select_related("asked_by").filter(token=token).first()
        if job is None or job.over:
            return None
        job.state, job.done = State.DOING, 0
        job.save(update_fields=["state", "done"])
    return job


def tell_progress(*, job: Job, done: int, total: int) -> bool:
    """How far it is, out of how many steps; answers whether to go on: it may have been called off meanwhile."""
    return bool(Job.objects.filter(pk=job.pk, state=State.DOING).update(done=done, total=total))


def finish(*, job: Job, result: Mapping[str, Any], findings: Sequence[Finding] = (), at: datetime) -> None:
    """The work is done, and this is what came of it."""
    _end(job, State.DONE, result, findings, at)


def fail(*, job: Job, findings: Sequence[Finding], at: datetime) -> None:
    """Nothing came of it, for these reasons."""
    _end(job, State.FAILED, {}, findings, at)


def call_off(*, job: Job, at: datetime) -> None:
    """Whoever asked does not want it any more; what is over stays as it is."""
    _end(job, State.CANCELLED, {}, (), at)


@transaction.atomic
def _end(job: Job, state: State, result: Mapping[str, Any], findings: Sequence[Finding], at: datetime) -> None:
    locked = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if locked.state in OVER:
        return
    locked.state, locked.result, locked.ended_at = state, dict(result), at
    # As they are read: the words of a finding may change, the page of an old job should not.
    locked.findings = [finding.as_json() for finding in findings]
    locked.done = locked.total if state is State.DONE else locked.done
    locked.save(update_fields=["state", "result", "ended_at", "findings", "done"])
