"""Rows: shops as their points see them, the log of their events, what is counted of it, and the ledger.

The log, the ledger and the facts of shops only grow: a trigger refuses everything else. Counts, followers and
standings are caches of them.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from ceping.stages.points.states import Why


def ordered_id(**more: Any) -> "models.CharField[str, str]":  # noqa: ANN401 -- whatever a column takes
    """A column of ids, which are ordered by bytes everywhere."""
    return models.CharField(max_length=64, db_collation="C", **more)


class Standing(models.Model):
    """A shop with its points and level as last posted: by these rules, on that day, of all its events up to `posted`.

    `balances` holds `[quantity, points]` by rule. All of it is a cache of the ledger but for who the shop is.
    """

    shop = ordered_id(unique=True)
    name = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=200, blank=True)
    posted = models.BigIntegerField(default=0)
    as_of = models.DateField(null=True)
    rules = models.CharField(max_length=80, blank=True)
    rules_sha256 = models.CharField(max_length=64, blank=True)
    points = models.BigIntegerField(default=0)
    level = models.CharField(max_length=16, default="none")
    level_rank = models.PositiveSmallIntegerField(default=0)
    balances = models.JSONField(default=dict)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "店铺积分"
        ordering = ("shop",)
        indexes: ClassVar = [models.Index(fields=["-points", "shop"], name="points_by_points")]

    def __str__(self) -> str:
        return f"{self.shop} {self.points}"


class Facts(models.Model):
    """What the rules may know of a shop from the day `on`; of one day the last row counts, none is ever changed."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="facts")
    on = models.DateField()
    registered_on = models.DateField()
    introduction = models.BooleanField()
    website = models.BooleanField()
    certificate_count = models.PositiveIntegerField()
    product_count = models.PositiveIntegerField()
    decorated = models.BooleanField()
    source = models.CharField(max_length=80)
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = "店铺信息"
        ordering = ("standing", "on", "pk")
        indexes: ClassVar = [models.Index(fields=["standing", "-on", "-id"], name="points_facts_on")]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.on}"


class Event(models.Model):
    """An act in a shop, as accepted. Its key is its sequence: no event with a smaller one is ever accepted later."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="events", db_index=False)
    event_id = ordered_id()
    kind = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()
    actor_id = models.CharField(max_length=128, blank=True, db_collation="C")
    actor_type = models.CharField(max_length=16, blank=True)
    rating = models.CharField(max_length=16, blank=True)
    voids = ordered_id(blank=True)
    source = models.CharField(max_length=80)
    received_at = models.DateTimeField()
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "店铺事件"
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standing", "event_id"], name="points_event_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["standing", "id"], name="points_event_sequence"),
            models.Index(fields=["standing", "voids"], condition=~Q(voids=""), name="points_event_voids"),
            models.Index(
                fields=["standing", "actor_id"],
                condition=Q(kind__in=["follow", "unfollow"]),
                name="points_event_follows",
            ),
            models.Index(fields=["occurred_at"], name="points_event_time"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind}"


class DayCount(models.Model):
    """How many events in force of that kind, type and rating a shop has on a local day; posted events alone."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="days", db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=16)
    actor_type = models.CharField(max_length=16, blank=True)
    rating = models.CharField(max_length=16, blank=True)
    number = models.IntegerField()

    class Meta:
        verbose_name = "每日计数"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["standing", "kind", "actor_type", "rating", "day"], name="points_day_count_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=0), name="points_day_count_sound"),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.day} {self.kind} {self.number}"


class Follower(models.Model):
    """An actor's follow or unfollow that counts now; posted events alone."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="followers", db_index=False)
    actor_id = models.CharField(max_length=128, db_collation="C")
    actor_type = models.CharField(max_length=16)
    follows = models.BooleanField()
    occurred_at = models.DateTimeField()
    event_id = ordered_id()

    class Meta:
        verbose_name = "关注"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standing", "actor_id"], name="points_follower_once"),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.actor_id}"


class LedgerEntry(models.Model):
    """One movement of a shop's points: how much more or less a rule counts and gives, and why.

    It is what the rules say of all events up to `sequence`, on the day `as_of`. `cause` names what brought it about (an
    event, a version of the rules), `corrects` the line whose quantity it takes back.
    """

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    rule_id = models.CharField(max_length=64)
    quantity = models.BigIntegerField()
    points = models.BigIntegerField()
    why = models.CharField(max_length=16, choices=Why)
    sequence = models.BigIntegerField()
    as_of = models.DateField()
    rules = models.CharField(max_length=80)
    cause = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name = "积分账目"
        ordering = ("-pk",)
        indexes: ClassVar = [
            models.Index(fields=["standing", "rule_id", "-id"], name="points_ledger_rule"),
            models.Index(fields=["standing", "-id"], name="points_ledger_last"),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.rule_id} {self.points:+}"


class Progress(models.Model):
    """How far the log is posted: every event up to `sequence` is in the ledger; one row, locked by whoever posts."""

    sequence = models.BigIntegerField(default=0)
    # Up to where the log was looked through for signals.
    watched = models.BigIntegerField(default=0)
    only = models.BooleanField(default=True, unique=True)

    class Meta:
        verbose_name = "记分进度"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="points_progress_only")]

    def __str__(self) -> str:
        return f"{self.sequence}"
