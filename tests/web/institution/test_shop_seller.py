"""The seller's pages: a shop asked for, filled, its orders done, its reviews answered; what is refused, and to whom."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from testbed.market import a_buyer, a_shop, an_offer
from testbed.scene import Scene, person, scene

from ceping.flow.market import place_order, rate
from ceping.flow.overseeing import approve_shop
from ceping.ground.messages.models import Message
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.models import Event, Facts
from ceping.stages.points.queries import standing_of
from ceping.stages.shop.models import Certificate, Offer, OfferImage, Order, Reply, Shop, ShopChange
from ceping.stages.shop.states import OfferKind, Pricing, ShopState

pytestmark = pytest.mark.django_db
OPENING = {"name": "启衡咨询", "registered_on": "2013-06-01", "categories": ["consulting"], "introduction": "做咨询"}
OFFER = {"kind": "product", "title": "诊断", "category": "consulting", "pricing": "priced", "price": "4,800.50"}


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.fixture
def seller(here: Scene) -> Client:
    return browser(here.alice)


@pytest.fixture
def shop(here: Scene, now: datetime) -> Shop:
    return a_shop(here.institution, at=now - timedelta(days=90))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def to(name: str, *more: object) -> str:
    return reverse(f"institution:{name}", args=more)


def picture() -> SimpleUploadedFile:
    stream = BytesIO()
    Image.new("RGB", (640, 360), (40, 90, 80)).save(stream, "PNG")
    return SimpleUploadedFile("图.png", stream.getvalue(), "image/png")


def test_a_shop_is_asked_for_once_and_opens_with_its_facts(here: Scene, seller: Client, now: datetime) -> None:
    assert "开一个店铺" in seller.get(to("shop")).content.decode()
    assert seller.post(to("shop"), OPENING | {"registered_on": "2999-01-01", "categories": []}).status_code == 422
    assert not Shop.objects.exists()
    assert [seller.post(to("shop"), OPENING).status_code for _ in range(2)] == [302, 422]
    shop = Shop.objects.get()
    assert (shop.state, shop.code, ShopChange.objects.count()) == ("pending", here.institution.uscc, 1)
    assert "正在审核" in seller.get(to("shop")).content.decode()
    assert seller.post(to("shop_offer_new"), OFFER).status_code == 302
    assert not Facts.objects.exists()
    approve_shop(shop=shop, by=person("运营", Role.OPERATOR), at=now)
    facts = Facts.objects.get()
    assert (facts.product_count, facts.introduction, facts.website) == (1, True, False)
    assert Message.objects.filter(to=here.alice, key__startswith="shop_opened").exists()


def test_every_change_is_known_to_the_points(seller: Client, shop: Shop) -> None:
    before = standing_of([shop.code])[shop.code].points
    assert seller.post(to("shop_look"), {"theme": "teal", "block_reviews": "1"}).status_code == 302
    assert seller.post(to("shop_look"), {"theme": "pink"}).status_code == 422
    shop.refresh_from_db()
    assert (shop.theme, shop.blocks[0]) == ("teal", "reviews")
    given = {"name": "质量管理体系", "issued_on": "2020-05-12"}
    for _ in range(2):
        seller.post(to("shop_certificates"), given | {"image": picture()})
    assert Certificate.objects.count() == 1
    assert seller.post(to("shop_certificates"), {"name": "无图", "issued_on": "2020-05-12"}).status_code == 422
    assert seller.post(to("shop_offer_new"), OFFER).status_code == 302
    assert seller.post(to("shop_offer_new"), OFFER).status_code == 422
    assert Offer.objects.get().price_fen == 480_050
    after = standing_of([shop.code])[shop.code].points
    assert after > before
    seller.post(to("shop_certificate_remove", Certificate.objects.get().pk))
    assert standing_of([shop.code])[shop.code].points < after


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price": "-1"}, "价格没有填，或不对"),
        ({"price": "4.805"}, "价格没有填，或不对"),
        ({"title": " "}, "标题没有填，或太长"),
        ({"title": "长" * 61}, "标题没有填，或太长"),
        ({"category": "nothing"}, "没有选服务类别"),
        ({"quota": "3.5"}, "名额不对"),
        ({"kind": "activity"}, "活动没有开始时间"),
        ({"kind": "gift"}, "没有选类型或价格方式"),
        (
            {"kind": "activity", "starts_at": "2021-05-02T09:00", "ends_at": "2021-05-01T09:00"},
            "结束时间早于开始时间",
        ),
        ({"summary": "长" * 121}, ""),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_offered_says_why(seller: Client, change: dict[str, str], words: str) -> None:
    answer = seller.post(to("shop_offer_new"), OFFER | change)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Offer.objects.exists()


def test_an_offer_is_changed_pictured_withdrawn_and_put_back(seller: Client, shop: Shop, now: datetime) -> None:
    offer = an_offer(shop, at=now, pricing=Pricing.FREE, quota=5)
    assert seller.post(to("shop_offer", offer.pk), OFFER | {"title": "新诊断"}).status_code == 302
    for _ in range(2):
        assert seller.post(to("shop_offer_picture", offer.pk), {"image": picture()}).status_code == 302
    image = OfferImage.objects.get()
    shown = to("shop_picture", image.file.token, 480)
    assert seller.get(shown)["Content-Type"] == "image/jpeg"
    assert seller.post(to("shop_offer_picture", offer.pk), {}).status_code == 422
    for _ in range(2):
        assert seller.post(to("shop_offer_no_picture", offer.pk, image.pk)).status_code == 302
    assert seller.get(shown).status_code == 404
    seller.post(to("shop_offer_turn", offer.pk), {"shown": "no"})
    offer.refresh_from_db()
    assert (offer.title, offer.withdrawn_at is None) == ("新诊断", False)
    assert "新诊断" in seller.get(to("shop_offers") + "?state=withdrawn").content.decode()
    seller.post(to("shop_offer_turn", offer.pk), {"shown": "yes"})
    offer.refresh_from_db()
    assert offer.withdrawn_at is None


def test_an_order_goes_its_way_and_a_comment_is_answered_once(
    here: Scene, seller: Client, shop: Shop, now: datetime
) -> None:
    buyer = a_buyer(firm="上海砺锋自动化有限公司", uscc="91310000000000000X")
    order = place_order(
        offer=an_offer(shop, at=now, pricing=Pricing.QUOTED), buyer=buyer, phone="13800138000", note="", at=now
    )
    assert Message.objects.filter(to=here.alice, key__startswith="order_placed").exists()
    page = seller.get(to("shop_order", order.number)).content.decode()
    assert "13800138000" in page
    act = to("shop_order_act", order.number)
    assert seller.post(act, {"do": "complete"}).status_code == 409
    assert seller.post(act, {"do": "accept", "price": "一千"}).status_code == 422
    assert seller.post(act, {"do": "accept", "price": "1000"}).status_code == 302
    assert [seller.post(act, {"do": "complete"}).status_code for _ in range(2)] == [302, 409]
    assert Event.objects.filter(kind="order").count() == 1
    told = (
        buyer.user.messages.order_by("pk") if hasattr(buyer.user, "messages") else Message.objects.filter(to=buyer.user)
    )
    assert told.count() == 2
    order.refresh_from_db()
    review = rate(order=order, buyer=buyer, rating="good", comment="办得很快", at=now)
    assert "1 条评论等您回复" in seller.get(to("shop_reviews")).content.decode()
    given = {"review": str(review.pk), "text": "谢谢信任"}
    assert [seller.post(to("shop_reviews"), given).status_code for _ in range(2)] == [302, 302]
    assert seller.post(to("shop_reviews"), given | {"text": "再说一句"}).status_code == 422
    assert (Reply.objects.count(), Event.objects.filter(kind="reply").count()) == (1, 1)
    sheet = seller.get(to("shop_buyers")).content.decode("utf-8-sig")
    assert "上海砺锋自动化有限公司" in sheet
    assert "13800138000" not in sheet
    points = standing_of([shop.code])[shop.code].points
    assert seller.post(act, {"do": "refund", "reason": ""}).status_code == 422
    assert seller.post(act, {"do": "refund", "reason": "双方协商取消"}).status_code == 302
    assert standing_of([shop.code])[shop.code].points < points


def test_the_home_and_the_ledger_say_where_it_stands(seller: Client, shop: Shop, now: datetime) -> None:
    an_offer(shop, at=now)
    assert "还差" in seller.get(to("shop")).content.decode()
    assert "积分账目" in seller.get(to("shop_points")).content.decode()
    assert seller.get(to("shop_points") + "?before=x").status_code == 200


def test_a_log_in_is_an_act_of_an_open_shop(here: Scene, shop: Shop) -> None:
    browser(here.alice)
    assert Event.objects.filter(kind="login").count() == 1
    browser(person("过客", Role.PERSONAL))
    Shop.objects.filter(pk=shop.pk).update(state=ShopState.SUSPENDED)
    browser(here.alice)
    assert Event.objects.filter(kind="login").count() == 1


def test_another_institutions_people_find_nothing(here: Scene, shop: Shop, now: datetime) -> None:
    offer = an_offer(shop, at=now, kind=OfferKind.PRODUCT)
    order = place_order(offer=offer, buyer=a_buyer(), phone="13800138000", note="", at=now)
    stranger = browser(person("别家", Role.INSTITUTION, institution=here.other))
    a_shop(here.other, code="shop-2", name="别家的店", at=now)
    pages = [to("shop_offer", offer.pk), to("shop_order", order.number)]
    assert {stranger.get(one).status_code for one in pages} == {404}
    assert stranger.post(to("shop_order_act", order.number), {"do": "accept"}).status_code == 404
    assert stranger.post(to("shop_offer_turn", offer.pk), {"shown": "no"}).status_code == 404
    assert Order.objects.get().state == "placed"
