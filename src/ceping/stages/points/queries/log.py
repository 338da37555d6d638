"""Questions to the log itself: what takes an event out of force, what waits to be posted."""

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from ceping.stages.points.models import Event, Progress, Standing


def voids_naming(event: Event) -> QuerySet[Event]:
    """The voids of the event's shop that name it."""
    return Event.objects.filter(standing=event.standing_id, voids=event.event_id, kind="void").exclude(voids="")


def waits(standing: Standing) -> bool:
    """Whether the shop has events that are not in its points yet."""
    return Event.objects.filter(standing=standing, pk__gt=standing.posted).exists()


def waiting_count() -> int:
    """How many events of the log no round has passed yet."""
    passed = Coalesce(Subquery(Progress.objects.values("sequence")[:1]), 0)
    return Event.objects.filter(pk__gt=passed).count()
