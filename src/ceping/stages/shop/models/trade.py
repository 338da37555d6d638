"""Rows: buyers, whom they follow, what they order, what they say of it and what the shop answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ceping.ground.people.sealing import SealedText
from ceping.stages.shop.models.shop import Offer, Shop
from ceping.stages.shop.states import BuyerKind, OrderState, Rating

_USER = settings.AUTH_USER_MODEL


class Buyer(models.Model):
    """An account that buys: a person, or a firm with its credit code; the phone lies sealed and logs nobody in."""

    user = models.OneToOneField(_USER, on_delete=models.PROTECT, related_name="buyer")
    kind = models.CharField(max_length=16, choices=BuyerKind)
    firm = models.CharField(max_length=200, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    phone = SealedText()
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = "买家"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="personal", firm="", uscc="") | (Q(kind="enterprise") & ~Q(firm="") & ~Q(uscc="")),
                name="shop_buyer_firm",
            ),
            models.UniqueConstraint(fields=["uscc"], condition=~Q(uscc=""), name="shop_buyer_uscc_once"),
        ]

    def __str__(self) -> str:
        return self.firm or str(self.user)

    @property
    def actor(self) -> str:
        """Who this is in the log of events."""
        return f"buyer:{self.pk}"


class Follow(models.Model):
    """Whether a buyer follows a shop; `turns` counts follows and unfollows, each of which is an event."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="follows")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="follows")
    follows = models.BooleanField(default=True)
    turns = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "关注"
        ordering = ("-changed_at", "-pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=["shop", "buyer"], name="shop_follow_once")]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.buyer_id}"


class Order(models.Model):
    """One buyer's order of one offer, with who bought as it was then; `price_fen` as offered or as both agreed.

    What the buyer wrote and the phone lie sealed. `ended` says why a cancelled or refunded order came to its end.
    """

    number = models.CharField(max_length=20, unique=True)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="orders")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="orders")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="orders")
    buyer_kind = models.CharField(max_length=16, choices=BuyerKind)
    buyer_name = models.CharField(max_length=200)
    firm = models.CharField(max_length=200, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    phone = SealedText()
    note = SealedText()
    title = models.CharField(max_length=60)
    price_fen = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=16, choices=OrderState, default=OrderState.PLACED)
    placed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    ended = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "订单"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=["completed", "rated", "refunded"]) | Q(completed_at__isnull=False),
                name="shop_order_completed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cancelled", "refunded"]) | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="shop_order_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "state", "-id"], name="shop_order_desk"),
            models.Index(fields=["buyer", "-id"], name="shop_order_own"),
            models.Index(fields=["placed_at"], name="shop_order_time"),
        ]

    def __str__(self) -> str:
        return self.number


class Review(models.Model):
    """What the buyer says of a completed order, once; one that the operator hid keeps its row."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="review")
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="reviews")
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="reviews")
    rating = models.CharField(max_length=16, choices=Rating)
    comment = models.TextField(blank=True)
    made_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    hidden_for = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "评价"
        ordering = ("-pk",)
        indexes: ClassVar = [models.Index(fields=["shop", "hidden_at", "-id"], name="shop_review_shown")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.rating}"


class Reply(models.Model):
    """The shop's answer to a comment, once."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="reply")
    text = models.TextField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "回复"

    def __str__(self) -> str:
        return f"{self.review_id}"
