"""What is asked of work: one piece by its token, the newest of a kind about a record, how the whole queue stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker

from ceping.ground.work.models import OVER, Job


def job_about(about: str, token: str) -> Job | None:
    """That piece of work if it is about that record, which the caller may read."""
    return Job.objects.select_related("asked_by").filter(about=about, token=token).first()


def jobs_about(about: str, *kinds: str) -> QuerySet[Job]:
    """The work of these kinds about a record, the newest first."""
    return Job.objects.filter(about=about, kind__in=kinds).order_by("-asked_at", "-pk")


def under_way(about: str, *kinds: str) -> QuerySet[Job]:
    """What of it still goes on."""
    return jobs_about(about, *kinds).exclude(state__in=OVER)


@dataclass(frozen=True, slots=True)
class Queue:
    """How the background work stands: tasks due and at hand, failed within a day; when the oldest fell due.

    `heard_at` is when a worker last said that it lives, None when there is none.
    """

    waiting: int
    doing: int
    failed: int
    oldest_at: datetime | None
    heard_at: datetime | None


def queue_at(at: datetime) -> Queue:
    """The queue at that moment."""
    due = Q(status="todo") & (Q(scheduled_at=None) | Q(scheduled_at__lte=at))
    tasks = ProcrastinateJob.objects.aggregate(
        waiting=Count("pk", filter=due), doing=Count("pk", filter=Q(status="doing"))
    )
    events = ProcrastinateEvent.objects.aggregate(
        failed=Count("pk", filter=Q(type="failed", at__gt=at - timedelta(days=1))),
        oldest=Min(
            Coalesce("job__scheduled_at", "at"),
            filter=Q(type="deferred", job__in=ProcrastinateJob.objects.filter(due)),
        ),
    )
    heard = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))
    return Queue(tasks["waiting"], tasks["doing"], events["failed"], events["oldest"], heard["last"])
