"""What counts of the whole platform found, the newest first."""

from collections.abc import Collection

from django.db.models import QuerySet

from ceping.stages.points.models import Recount, Standing


def recounts() -> QuerySet[Recount]:
    """Every count."""
    return Recount.objects.select_related("asked_by").defer("differences").order_by("-pk")


def recount_at(key: int) -> Recount | None:
    """That count, with what differed."""
    return Recount.objects.select_related("asked_by").filter(pk=key).first()


def last_recount() -> Recount | None:
    """The newest one."""
    return recounts().first()


def shops_in(shops: Collection[str]) -> dict[str, str]:
    """The shops' names by id."""
    return dict(Standing.objects.filter(shop__in=shops).values_list("shop", "name"))
