"""States of a shop, an offer, an order and a report of abuse; what a shop looks like; who buys."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class ShopState(TextChoices):
    """Where a shop stands: only an open one is found and takes orders; its events go on standing whatever comes."""

    PENDING = "pending", "待审核"
    OPEN = "open", "营业中"
    SUSPENDED = "suspended", "已停业"
    CLOSED = "closed", "已退出"


SHOP_NEXT: Mapping[ShopState, frozenset[ShopState]] = MappingProxyType(
    {
        ShopState.PENDING: frozenset({ShopState.OPEN, ShopState.CLOSED}),
        ShopState.OPEN: frozenset({ShopState.SUSPENDED, ShopState.CLOSED}),
        ShopState.SUSPENDED: frozenset({ShopState.OPEN, ShopState.CLOSED}),
        ShopState.CLOSED: frozenset(),
    }
)


class Theme(TextChoices):
    """The colour of a shop's head, by the names of the tokens."""

    INK = "ink", "墨"
    TEAL = "teal", "青"
    BAMBOO = "bamboo", "竹"
    OCHRE = "ochre", "赭"


class Block(TextChoices):
    """What a shop's page is made of besides its head; the seller orders them."""

    OFFERS = "offers", "服务与活动"
    REVIEWS = "reviews", "评价"
    INTRODUCTION = "introduction", "店铺介绍"
    CERTIFICATES = "certificates", "资质证书"


class OfferKind(TextChoices):
    """What is offered."""

    PRODUCT = "product", "服务"
    ACTIVITY = "activity", "活动"


class Pricing(TextChoices):
    """What it costs: an amount, nothing (公益), or what both agree."""

    PRICED = "priced", "明码标价"
    FREE = "free", "公益"
    QUOTED = "quoted", "面议"


class BuyerKind(TextChoices):
    """Who buys, in the words of the log of events."""

    PERSONAL = "personal", "个人用户"
    ENTERPRISE = "enterprise", "企业用户"


class OrderState(TextChoices):
    """Where an order stands."""

    PLACED = "placed", "待接单"
    ACCEPTED = "accepted", "进行中"
    COMPLETED = "completed", "已完成，待评价"
    RATED = "rated", "已评价"
    CANCELLED = "cancelled", "已取消"
    REFUNDED = "refunded", "已退款"


ORDER_NEXT: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        OrderState.PLACED: frozenset({OrderState.ACCEPTED, OrderState.CANCELLED}),
        OrderState.ACCEPTED: frozenset({OrderState.COMPLETED, OrderState.CANCELLED}),
        OrderState.COMPLETED: frozenset({OrderState.RATED, OrderState.REFUNDED}),
        OrderState.RATED: frozenset({OrderState.REFUNDED}),
        OrderState.CANCELLED: frozenset(),
        OrderState.REFUNDED: frozenset(),
    }
)
# Those that hold a place of a quota.
HOLDING = (OrderState.PLACED, OrderState.ACCEPTED, OrderState.COMPLETED, OrderState.RATED)
# Those that count as sold.
SOLD = (OrderState.COMPLETED, OrderState.RATED)


class Rating(TextChoices):
    """What a buyer says of an order, in the words of the log of events."""

    GOOD = "good", "好评"
    NEUTRAL = "neutral", "中评"
    BAD = "bad", "差评"


class AbuseKind(TextChoices):
    """What somebody reports."""

    FALSE_REVIEW = "false_review", "评价不实或恶意"
    FAKE_ORDERS = "fake_orders", "刷单、刷好评"
    FALSE_CLAIMS = "false_claims", "夸大或虚假宣传"
    FALSE_PAPERS = "false_papers", "资质证书有问题"
    UNLAWFUL = "unlawful", "违法或不当内容"
    OTHER = "other", "其他"


class AbuseState(TextChoices):
    """Where a report of abuse stands."""

    OPEN = "open", "待处理"
    UPHELD = "upheld", "属实，已处理"
    DISMISSED = "dismissed", "不成立"
