"""One row an act, never changed or removed: a trigger refuses, and the chain of hashes shows what got past it."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """An act in its chain: `number` from 1 without a gap, `previous` the hash of the entry before.

    `by` and `role` say who acted (no foreign key: the journal knows nothing of people and outlives them). `kind` and
    `key` name the record acted upon. `body` holds nothing personal, so that no erasure ever has to touch it.
    """

    chain = models.CharField(max_length=64)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    role = models.CharField(max_length=32, blank=True)
    act = models.CharField(max_length=64)
    kind = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    body = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "操作日志"
        ordering = ("chain", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "number"], name="journal_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="journal_number_from_one"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "key"], name="journal_about"),
            models.Index(fields=["by", "at"], name="journal_by"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.number} {self.act}"
