"""Rows: what waits for a person or was decided by one: held events, voidings, versions of the rules, signals."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ceping.stages.points.models.log import Event, Standing, ordered_id
from ceping.stages.points.states import HeldReason, HeldState, SignalKind
from ceping.stages.scheme.models import SchemeVersion

_USER = settings.AUTH_USER_MODEL


class Held(models.Model):
    """An event that changes nothing until a person decides; the eight parts as they came."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="held")
    event_id = ordered_id()
    kind = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()
    actor_id = models.CharField(max_length=128, blank=True, db_collation="C")
    actor_type = models.CharField(max_length=16, blank=True)
    rating = models.CharField(max_length=16, blank=True)
    voids = ordered_id(blank=True)
    sha256 = models.BinaryField(max_length=32)
    held_for = models.CharField(max_length=16, choices=HeldReason)
    source = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=HeldState, default=HeldState.OPEN)
    became = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "挂起的事件"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standing", "event_id", "sha256"], name="points_held_once"),
            models.CheckConstraint(
                condition=Q(state=HeldState.OPEN, decided_at=None) | (Q(decided_at__isnull=False) & ~Q(reason="")),
                name="points_held_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="points_held_state")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.held_for}"


class Voiding(models.Model):
    """A person took an event out of force: which, by which void, in which role and why."""

    void = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="voiding")
    target = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="voidings")
    role = models.CharField(max_length=32)
    reason = models.TextField()
    voided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField()

    class Meta:
        verbose_name = "事件作废"
        ordering = ("-pk",)
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="points_voiding_reason")]

    def __str__(self) -> str:
        return f"{self.target_id}"


class Adoption(models.Model):
    """From then on points are posted by that version of the rules; the last row is in force."""

    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    adopted_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        verbose_name = "积分规则版本"
        ordering = ("-pk",)
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="points_adoption_reason")]

    def __str__(self) -> str:
        return f"{self.version}"


class Signal(models.Model):
    """A coincidence in a shop's events; `key` makes it once, `told` holds what was seen, a person says what it was."""

    kind = models.CharField(max_length=16, choices=SignalKind)
    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="signals")
    key = models.CharField(max_length=200, unique=True)
    day = models.DateField()
    number = models.PositiveIntegerField()
    told = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    note = models.TextField(blank=True)
    looked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "异常线索"
        ordering = ("-day", "-pk")
        indexes: ClassVar = [models.Index(fields=["looked_at", "-day"], name="points_signal_open")]

    def __str__(self) -> str:
        return self.key
