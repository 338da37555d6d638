"""Rows: how a shop's state changed and why, what people report, how often a shop is looked at."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ceping.stages.shop.models.shop import Offer, Shop
from ceping.stages.shop.models.trade import Review
from ceping.stages.shop.states import AbuseKind, AbuseState, ShopState

_USER = settings.AUTH_USER_MODEL


class ShopChange(models.Model):
    """A shop's state from `before` to `after`, by whom and why; `before` is empty where it was asked for."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="changes")
    before = models.CharField(max_length=16, choices=ShopState, blank=True)
    after = models.CharField(max_length=16, choices=ShopState)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "店铺状态变更"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(after__in=["pending", "open"]) | ~Q(reason=""), name="shop_change_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.after}"


class AbuseReport(models.Model):
    """Somebody says that a shop, an offer or a review is not right; the operator decides, and they read the answer."""

    number = models.CharField(max_length=20, unique=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="abuse_reports")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, related_name="abuse_reports")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, related_name="abuse_reports")
    kind = models.CharField(max_length=16, choices=AbuseKind)
    text = models.TextField()
    filed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=AbuseState, default=AbuseState.OPEN)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "举报"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (Q(decided_at__isnull=False) & ~Q(answer="")),
                name="shop_abuse_answer",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="shop_abuse_desk")]

    def __str__(self) -> str:
        return self.number


class Visit(models.Model):
    """How often a shop's page was opened on a local day."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "访问"
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "day"], name="shop_visit_day")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day}"
