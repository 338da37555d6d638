"""Shops by their points: the order of a directory, answered by the database whatever was searched for."""

from typing import Any

from django.db.models import QuerySet

from ceping.stages.points.models import Standing


def ranked_in(codes: "QuerySet[Any, Any]", level: str = "") -> QuerySet[Standing]:
    """Standings of the shops whose ids `codes` selects, most points first; of one level alone, if any."""
    found = Standing.objects.filter(shop__in=codes)
    return (found.filter(level=level) if level else found).order_by("-points", "shop").defer("balances")


def codes_at(level: str) -> "QuerySet[Standing, str]":
    """The ids of shops of that level, to be asked within another question."""
    return Standing.objects.filter(level=level).values_list("shop", flat=True)
