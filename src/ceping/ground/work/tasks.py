"""Work whose worker died is brought back: a task that lost its heartbeat runs again, and every task stands that."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.ground.work.actions import fail, finish, take_up
from ceping.ground.work.models import Job

_log = logging.getLogger(__name__)
_SILENT_SECONDS = 60.0
# A piece of work that took its worker along this often would do so again.
_MOST_ATTEMPTS = 3

Made = tuple[Mapping[str, Any], Sequence[Finding]]


def carry_out(token: str, work: Callable[[Job], Made]) -> None:
    """The work of that token is done by `work`, which answers result and findings, and ends as done or failed.

    What `work` refuses are its findings; anything else that it raises is told kindly and stands in the log.
    """
    _fresh_connection()
    try:
        job = take_up(token=token)
        if job is None:
            return
        try:
            result, findings = work(job)
        except Refused as refused:
            fail(job=job, findings=refused.findings, at=timezone.now())
        except Exception:  # noqa: BLE001 -- whatever broke, who waits is told; the log has the rest
            _log.exception("work broke: %s %s", job.kind, job.pk)
            fail(job=job, findings=[fault("work_broke")], at=timezone.now())
        else:
            finish(job=job, result=result, findings=findings, at=timezone.now())
    finally:
        _fresh_connection()


@app.periodic(cron="* * * * *")
@app.task(name="work.bring_back", queueing_lock="work.bring_back")
async def bring_back(timestamp: int) -> int:  # noqa: ARG001 -- given to every periodic task
    """Tasks whose worker is gone wait for another, but for what took three along; answers how many came back."""
    back = 0
    for one in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_SECONDS):
        _log.warning("task without a worker: %s %s, attempt %s", one.task_name, one.id, one.attempts)
        if one.attempts + 1 < _MOST_ATTEMPTS:
            await app.job_manager.retry_job(one)
            back += 1
        else:
            await app.job_manager.finish_job(one, Status.FAILED, delete_job=False)
            await sync_to_async(_give_up)(_token_in(one.task_kwargs))
    return back


def _fresh_connection() -> None:
    # A worker's thread lives for days: it takes none over and leaves none behind.
    if not connection.in_atomic_block:
        close_old_connections()


def _token_in(given: Mapping[str, Any] | str) -> str:
    # Through Django's connection the arguments come as the text they lie as.
    told = json.loads(given) if isinstance(given, str) else given
    return str(told.get("token", ""))


def _give_up(token: str) -> None:
    if token and (job := Job.objects.filter(token=token).first()) is not None:
        fail(job=job, findings=[fault("work_broke")], at=timezone.now())
