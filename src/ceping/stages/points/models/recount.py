"""Rows: each time the whole platform was counted anew, and what differed from its ledger."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Recount(models.Model):
    """The log up to `sequence` counted anew on `day` by `rules`, beside the ledger as it was at `begun_at`.

    Of `shops` the `compared` ones were looked at; `passed` counts the others by why, `refused` rows of the log by code.
    `differing` rules and totals are not as the ledger holds them; `differences` are the first of them. Only added.
    """

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    engine = models.CharField(max_length=16)
    day = models.DateField()
    rules = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    events = models.BigIntegerField()
    shops = models.PositiveIntegerField()
    compared = models.PositiveIntegerField()
    passed = models.JSONField(default=dict)
    refused = models.JSONField(default=dict)
    differing = models.PositiveIntegerField()
    differences = models.JSONField(default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "全平台复算"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ended_at__gte=models.F("begun_at")), name="points_recount_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.differing}"
