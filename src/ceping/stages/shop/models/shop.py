"""Rows: shops, their certificates, what they offer with its pictures."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ceping.ground.files.models import File
from ceping.ground.people.models import Area, Institution
from ceping.stages.shop.states import Block, OfferKind, Pricing, ShopState, Theme

_USER = settings.AUTH_USER_MODEL


class Shop(models.Model):
    """The shop of an institution; `code` is its id in the log of events, for ever.

    `found_by` is what the search reads: name, categories, district, titles on offer, folded. The four counts are of
    reviews that are shown, orders completed and people who follow; whatever changes those rows counts again.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="shops")
    code = models.CharField(max_length=64, unique=True, db_collation="C")
    name = models.CharField(max_length=60)
    name_key = models.BinaryField(default=b"", editable=False)
    slogan = models.CharField(max_length=60, blank=True)
    introduction = models.TextField(blank=True)
    website = models.URLField(max_length=300, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    registered_on = models.DateField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="shops")
    categories = ArrayField(models.CharField(max_length=32), default=list)
    state = models.CharField(max_length=16, choices=ShopState, default=ShopState.PENDING)
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    theme = models.CharField(max_length=16, choices=Theme, default=Theme.INK)
    banner = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    blocks = ArrayField(models.CharField(max_length=16, choices=Block), default=list)
    decorated_at = models.DateTimeField(null=True)
    found_by = models.TextField(blank=True, editable=False, db_collation="C")
    good_count = models.PositiveIntegerField(default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    sold_count = models.PositiveIntegerField(default=0, editable=False)
    follower_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "店铺"
        ordering = ("name_key", "code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["institution"], condition=~Q(state="closed"), name="shop_one_each"),
            models.CheckConstraint(condition=~Q(state="open") | Q(opened_at__isnull=False), name="shop_open_since"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "name_key", "code"], name="shop_by_name"),
            models.Index(fields=["state", "-opened_at", "code"], name="shop_by_age"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own open signature
        """With the key of its name: common characters of GB 18030 stand in the order of their sounds."""
        self.name_key = self.name.encode("gb18030")
        if (fields := kwargs.get("update_fields")) is not None and "name" in fields:
            kwargs["update_fields"] = [*fields, "name_key"]
        super().save(*args, **kwargs)


class Certificate(models.Model):
    """A certificate a shop shows; what is taken down keeps its row."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=100)
    issued_on = models.DateField()
    image = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "资质证书"
        ordering = ("-issued_on", "pk")

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """A service or an activity; `price_fen` is in fen, `quota` how many orders it takes, None for any number."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="offers")
    kind = models.CharField(max_length=16, choices=OfferKind, default=OfferKind.PRODUCT)
    title = models.CharField(max_length=60)
    summary = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=32)
    pricing = models.CharField(max_length=16, choices=Pricing)
    price_fen = models.PositiveBigIntegerField(null=True)
    unit = models.CharField(max_length=20, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    quota = models.PositiveIntegerField(null=True)
    added_by = models.ForeignKey(_USER, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    sold_count = models.PositiveIntegerField(default=0, editable=False)
    held_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "服务与活动"
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pricing="priced", price_fen__gt=0) | (~Q(pricing="priced") & Q(price_fen=None)),
                name="shop_offer_price",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="shop_offer_forward",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "withdrawn_at", "-id"], name="shop_offer_shown")]

    def __str__(self) -> str:
        return self.title

    @property
    def left(self) -> int | None:
        """How many places are left; None without a quota."""
        return None if self.quota is None else max(0, self.quota - self.held_count)


class OfferImage(models.Model):
    """A picture of an offer, in the seller's order."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="images")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "图片"
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.offer_id} {self.position}"
