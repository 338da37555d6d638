"""What is asked of work: one piece by its token, the newest of a kind about a record."""

from django.db.models import QuerySet

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
