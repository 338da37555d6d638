"""Rows: what comes in from other systems and what goes out to them: tokens, deliveries, hooks and their calls."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from ceping.ground.people.sealing import SealedText
from ceping.stages.points.models.log import Standing
from ceping.stages.points.states import CallState, Scope

_USER = settings.AUTH_USER_MODEL


class Token(models.Model):
    """A key of another system to the interface; only its hash is here, and what it may do."""

    name = models.CharField(max_length=64)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=16, choices=Scope))
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "接口令牌"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """What was handed in at once, from where, and what became of it: nothing is accepted without a row of these."""

    source = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    given = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    codes = models.JSONField(default=dict)
    # Of the earliest and latest event in it: how late a feed is.
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "来件"
        indexes: ClassVar = [models.Index(fields=["source", "-received_at"], name="points_delivery_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.received_at:%Y-%m-%d %H:%M:%S}"


class Hook(models.Model):
    """An address of another system that is told when a shop's level changes, signed with `secret`."""

    name = models.CharField(max_length=64)
    url = models.URLField(max_length=500)
    secret = SealedText()
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "通知地址"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One message to a hook, tried until it is taken or given up; `answers` tells each try."""

    hook = models.ForeignKey(Hook, on_delete=models.PROTECT, related_name="calls")
    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="+")
    body = models.JSONField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=CallState, default=CallState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    answers = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "通知"
        ordering = ("-pk",)
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="points_call_due")]

    def __str__(self) -> str:
        return f"{self.hook_id} {self.state}"
