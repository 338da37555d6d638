"""Buyers in shops: what an act leaves in the points, what is refused to whom, what the directory finds."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from testbed.market import a_buyer, a_shop, an_offer
from testbed.scene import Scene, scene

from ceping.flow import market, shopkeeping
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.points.models import Event
from ceping.stages.points.queries import explanation_of
from ceping.stages.points.queries.ranked import ranked_in
from ceping.stages.shop.actions import desk
from ceping.stages.shop.actions.joining import Joining, sign_up
from ceping.stages.shop.actions.ordering import MOST_A_DAY, cancel_order, place_order
from ceping.stages.shop.actions.reporting import report_abuse
from ceping.stages.shop.models import Buyer, Order, Shop
from ceping.stages.shop.queries.directory import Asked, by_name, by_rating, shops_found
from ceping.stages.shop.states import BuyerKind, OrderState, ShopState

pytestmark = pytest.mark.django_db
_PHONE = "13800138000"


@pytest.fixture
def found() -> Scene:
    return scene()


@pytest.fixture
def shop(found: Scene, now: datetime) -> Shop:
    return a_shop(found.institution, at=now)


def _points(shop: Shop) -> dict[str, int]:
    told = explanation_of(shop.code)
    assert told is not None
    return {line.rule.rule_id: line.points for line in told.lines if line.points}


def _completed(found: Scene, shop: Shop, buyer: Buyer, now: datetime) -> Order:
    offer = an_offer(shop, at=now)
    order = place_order(offer=offer, buyer=buyer, phone=_PHONE, note="", at=now)
    desk.accept_order(order=order, by=found.alice, at=now)
    return shopkeeping.complete_order(order=order, by=found.alice, at=now)


def _codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.findings}


def test_a_rated_order_and_a_follow_are_points_at_once(found: Scene, shop: Shop, now: datetime) -> None:
    firm = a_buyer("龚超", firm="上海砺锋自动化有限公司", uscc="91310115MA1K4T7Q5X"[:-1] + "Y")
    order = _completed(found, shop, firm, now)
    assert _points(shop)["order.completed"] == 10
    market.rate(order=order, buyer=firm, rating="good", comment="很实用", at=now)
    market.follow(shop=shop, buyer=firm, at=now)
    told = _points(shop)
    wanted = {"rating.good.enterprise": 2, "comment.enterprise": 2, "follow.enterprise": 3, "rating.rate": 50}
    assert {rule: told[rule] for rule in wanted} == wanted
    market.unfollow(shop=shop, buyer=firm, at=now + timedelta(seconds=1))
    assert market.unfollow(shop=shop, buyer=firm, at=now + timedelta(seconds=2)) is None
    assert "follow.enterprise" not in _points(shop)
    shop.refresh_from_db()
    assert (shop.rating_count, shop.good_count, shop.sold_count, shop.follower_count) == (1, 1, 1, 0)

    shopkeeping.refund_order(order=order, reason="协商退款", by=found.alice, at=now + timedelta(minutes=1))
    assert not {"order.completed", "rating.good.enterprise", "comment.enterprise", "rating.rate"} & set(_points(shop))


def test_an_order_is_rated_once_and_only_when_completed_by_its_own_buyer(
    found: Scene, shop: Shop, now: datetime
) -> None:
    buyer, other = a_buyer(), a_buyer("别人")
    offer = an_offer(shop, at=now)
    order = place_order(offer=offer, buyer=buyer, phone=_PHONE, note="", at=now)
    with pytest.raises(NotAllowed) as early:
        market.rate(order=order, buyer=buyer, rating="good", comment="", at=now)
    assert _codes(early) == {"shop_rate_early"}
    desk.accept_order(order=order, by=found.alice, at=now)
    with pytest.raises(NotAllowed) as stranger:
        shopkeeping.complete_order(order=order, by=found.bob, at=now)
    assert _codes(stranger) == {"shop_not_yours"}
    shopkeeping.complete_order(order=order, by=found.alice, at=now)
    for who, rating, code in ((other, "good", "shop_order_not_yours"), (buyer, "great", "shop_rating_wanted")):
        with pytest.raises(Refused) as refused:
            market.rate(order=order, buyer=who, rating=rating, comment="", at=now)
        assert _codes(refused) == {code}
    market.rate(order=order, buyer=buyer, rating="bad", comment=" \u200b", at=now)
    with pytest.raises(NotAllowed) as again:
        market.rate(order=order, buyer=buyer, rating="good", comment="", at=now)
    assert _codes(again) == {"shop_rated_already"}
    assert list(Event.objects.filter(standing__shop=shop.code).values_list("kind", flat=True)) == ["order", "rating"]
    with pytest.raises(NotAllowed):
        cancel_order(order=order, buyer=buyer, reason="不要了", at=now)


def test_nobody_deals_with_the_own_shop_by_person_or_by_credit_code(found: Scene, shop: Shop, now: datetime) -> None:
    offer = an_offer(shop, at=now)
    inside = Buyer.objects.create(user=found.alice, kind=BuyerKind.PERSONAL, phone=_PHONE, joined_at=now)
    same = a_buyer("同码", firm=found.institution.name, uscc=found.institution.uscc)
    for buyer in (inside, same):
        with pytest.raises(NotAllowed) as ordering:
            place_order(offer=offer, buyer=buyer, phone=_PHONE, note="", at=now)
        with pytest.raises(NotAllowed) as following:
            market.follow(shop=shop, buyer=buyer, at=now)
        assert _codes(ordering) == _codes(following) == {"shop_own"}
    assert not Event.objects.exists()


def test_what_cannot_be_ordered(shop: Shop, now: datetime) -> None:
    buyer, second = a_buyer(), a_buyer("第二位")
    few = an_offer(shop, "精益生产工作坊", at=now, quota=1)
    order = place_order(offer=few, buyer=buyer, phone="021-55001234", note="", at=now)
    past = an_offer(shop, "去年的讲座", at=now, ends_at=now - timedelta(days=1))
    gone = an_offer(shop, "下架的服务", at=now, withdrawn_at=now)
    free = an_offer(shop, at=now)
    tried = ((few, _PHONE, "shop_offer_full"), (past, _PHONE, "shop_offer_past"), (gone, _PHONE, "shop_offer_over"))
    for offer, phone, code in (*tried, (free, "12", "shop_phone_wanted")):
        with pytest.raises(Refused) as refused:
            place_order(offer=offer, buyer=second, phone=phone, note="", at=now)
        assert _codes(refused) == {code}
    # A form sent twice is one order; a cancelled one frees its place.
    place_order(offer=free, buyer=buyer, phone=_PHONE, note="", at=now)
    with pytest.raises(Refused) as twice:
        place_order(offer=free, buyer=buyer, phone=_PHONE, note="", at=now)
    assert _codes(twice) == {"shop_order_twice"}
    assert cancel_order(order=order, buyer=buyer, reason="改期", at=now).state == OrderState.CANCELLED
    assert place_order(offer=few, buyer=second, phone=_PHONE, note="", at=now).number
    Shop.objects.filter(pk=shop.pk).update(state=ShopState.SUSPENDED)
    with pytest.raises(NotAllowed) as closed:
        place_order(offer=free, buyer=second, phone=_PHONE, note="", at=now)
    assert _codes(closed) == {"shop_not_open"}


def test_too_many_in_a_day(shop: Shop, now: datetime) -> None:
    buyer = a_buyer()
    for number in range(MOST_A_DAY):
        offer = an_offer(shop, f"服务 {number}", at=now)
        order = place_order(offer=offer, buyer=buyer, phone=_PHONE, note="", at=now)
    with pytest.raises(Refused) as refused:
        place_order(offer=an_offer(shop, "再一项", at=now), buyer=buyer, phone=_PHONE, note="", at=now)
    assert _codes(refused) == {"shop_order_busy"}
    assert order.phone == _PHONE
    for _ in range(10):
        report_abuse(shop=shop, kind="other", text="说明写得和实际不一样，请核实", by=buyer.user, at=now)
    with pytest.raises(Refused) as reports:
        report_abuse(shop=shop, kind="other", text="说明写得和实际不一样，请核实", by=buyer.user, at=now)
    assert _codes(reports) == {"shop_abuse_busy"}


def test_a_firm_joins_once_and_everything_wrong_is_told_at_once(now: datetime) -> None:
    good = Joining(
        BuyerKind.ENTERPRISE, "lifeng.auto", "xiangzhang-2046-heke", "龚超", _PHONE, "上海砺锋", "91310000MA1FL0AB1X"
    )
    bad = Joining(BuyerKind.ENTERPRISE, "a b", "12345", " ", "1", "", "9131")
    with pytest.raises(Refused) as refused:
        sign_up(given=bad, at=now)
    places = {one.place for one in refused.value.findings}
    assert places == {"login", "name", "phone", "firm", "uscc", "password"}
    assert not Buyer.objects.exists()
    checked = Joining(**{**{name: getattr(good, name) for name in good.__slots__}, "uscc": "91310000132200821H"})
    made = sign_up(given=checked, at=now)
    assert made.user.roles == {"enterprise"}
    with pytest.raises(Refused) as again:
        sign_up(given=checked, at=now)
    assert _codes(again) == {"buyer_login_taken", "buyer_uscc_taken"}


def test_the_directory_finds_open_shops_by_every_word_and_sorts_by_points(
    found: Scene, shop: Shop, now: datetime
) -> None:
    other = a_shop(found.other, code="shop-2", name="安科技服务", at=now)
    an_offer(other, "ISO 体系辅导", at=now, pricing="quoted")
    an_offer(shop, at=now)

    def names(words: str, **more: object) -> list[str]:
        return list(by_name(shops_found(Asked(words, **more))).values_list("name", flat=True))  # type: ignore[arg-type]

    assert names("") == ["安科技服务", "启衡企业管理咨询"]
    assert names("ｉｓｏ 闵行") == ["安科技服务"]
    assert names("浦东 数字化 管理咨询类") == names("", area="pudong") == names("", free=True) == ["启衡企业管理咨询"]
    assert names("iso 浦东") == names("%") == names("_") == []
    codes = shops_found(Asked()).values("code")
    assert [one.shop for one in ranked_in(codes)] == ["shop-1", "shop-2"]
    assert [one.code for one in by_rating(shops_found(Asked()))] == ["shop-1", "shop-2"]
    Shop.objects.filter(pk=other.pk).update(state=ShopState.SUSPENDED)
    assert names("安科技") == []
    with CaptureQueriesContext(
        connection,
    ) as asked:
        list(ranked_in(shops_found(Asked("管理")).values("code"))[:20])
    assert len(asked) == 1
