"""Shops for tests: one that is open with two things on offer, and buyers."""

from datetime import date, datetime

from ceping.flow.shopkeeping import tell_facts
from ceping.ground.people.models import Institution
from ceping.ground.people.roles import Role
from ceping.stages.shop.actions.counting import word_shop
from ceping.stages.shop.models import Buyer, Offer, Shop
from ceping.stages.shop.states import BuyerKind, OfferKind, Pricing, ShopState
from testbed.scene import START, person

__all__ = ["a_buyer", "a_shop", "an_offer"]


def a_shop(institution: Institution, *, code: str = "shop-1", name: str = "启衡企业管理咨询", at: datetime) -> Shop:
    """An open shop whose points know it."""
    shop = Shop.objects.create(
        institution=institution,
        code=code,
        name=name,
        slogan="把管理做细，陪中小企业走远",
        introduction="面向张江及周边园区的中小企业，提供企业诊断和管理提升。",
        website="https://example.com/",
        registered_on=date(2013, 6, 1),
        area=institution.area,
        categories=["consulting", "hr"],
        state=ShopState.OPEN,
        asked_at=at,
        opened_at=at,
    )
    word_shop(shop)
    tell_facts(shop=shop, at=at)
    return shop


def an_offer(shop: Shop, title: str = "数字化转型诊断", *, at: datetime, **more: object) -> Offer:
    """Something on offer, 公益 unless said."""
    given: dict[str, object] = {"kind": OfferKind.PRODUCT, "pricing": Pricing.FREE, "category": "consulting", **more}
    offer = Offer.objects.create(shop=shop, title=title, added_at=at, changed_at=at, **given)
    word_shop(shop)
    tell_facts(shop=shop, at=at)
    return offer


def a_buyer(name: str = "王小洋", *, firm: str = "", uscc: str = "") -> Buyer:
    """A person who buys, or a firm."""
    role = Role.ENTERPRISE if firm else Role.PERSONAL
    kind = BuyerKind.ENTERPRISE if firm else BuyerKind.PERSONAL
    user = person(name, role)
    return Buyer.objects.create(user=user, kind=kind, firm=firm, uscc=uscc, phone="13800138000", joined_at=START)
