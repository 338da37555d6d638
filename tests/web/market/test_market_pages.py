"""The buyers' pages: joining, ordering, rating, following, reporting; what is refused, and what is nobody else's."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from testbed.market import a_buyer, a_shop, an_offer
from testbed.scene import Scene, person, scene

from ceping.flow.shopkeeping import accept_order, complete_order
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.shop.models import AbuseReport, Buyer, Follow, Offer, Order, Review, Shop
from ceping.stages.shop.states import ShopState

pytestmark = pytest.mark.django_db
JOINING = {
    "kind": "personal",
    "name": "王小洋",
    "phone": "13800138000",
    "login": "wang.xy",
    "password": "mu-lan-2026-kai",
}


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.fixture
def shop(here: Scene, now: datetime) -> Shop:
    return a_shop(here.institution, at=now - timedelta(days=30))


@pytest.fixture
def offer(shop: Shop, now: datetime) -> Offer:
    return an_offer(shop, "数字化转型诊断", at=now - timedelta(days=20))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    return client


def at(name: str, *more: object) -> str:
    return reverse(f"market:{name}", args=more)


def ordered(client: Client, offer: Offer) -> Order:
    client.post(at("order_new", offer.pk), {"phone": "13800138000", "note": "二十人的工厂"})
    return Order.objects.latest("pk")


def test_the_directory_says_what_it_found_and_stands_any_address(client: Client, offer: Offer) -> None:
    for query, found in (("", True), ("?q=转型", True), ("?q=没有这样的词", False), ("?category=hr&sort=name", True)):
        answer = client.get(at("directory") + query)
        assert (answer.status_code, offer.shop.name in answer.content.decode()) == (200, found)
    for query in ("?page=999", "?page=x", "?sort=nothing&level=nothing&area=nowhere", "?q=" + "长" * 500):
        assert client.get(at("directory") + query).status_code == 200


def test_a_stranger_joins_on_the_way_and_comes_back(client: Client, offer: Offer) -> None:
    way = client.get(at("order_new", offer.pk))
    assert (way.status_code, "next=" in way["Location"]) == (302, True)
    join = way["Location"]
    assert client.post(join, JOINING | {"phone": "12", "password": "123"}).status_code == 422
    assert not Buyer.objects.exists()
    answer = client.post(join, JOINING)
    assert (answer.status_code, answer["Location"]) == (302, at("order_new", offer.pk))
    assert Client().post(at("join"), JOINING).status_code == 422
    far = Client().post(at("join") + "?next=https://evil.example/", JOINING | {"login": "another"})
    assert far["Location"] == at("directory")


def test_an_order_sent_twice_is_one_and_is_nobody_elses(offer: Offer) -> None:
    client = browser(a_buyer().user)
    assert client.post(at("order_new", offer.pk), {"phone": "1", "note": ""}).status_code == 422
    order = ordered(client, offer)
    assert client.post(at("order_new", offer.pk), {"phone": "13800138000"}).status_code == 422
    assert Order.objects.count() == 1
    assert "13800138000" not in client.get(at("order", order.number)).content.decode()
    other = browser(a_buyer("李四").user)
    for name in ("order", "cancel", "rate"):
        ask = other.get if name == "order" else other.post
        assert ask(at(name, order.number)).status_code == 404
    assert client.post(at("rate", order.number), {"rating": "good"}).status_code == 409
    assert client.post(at("cancel", order.number), {"reason": " "}).status_code == 422
    assert [client.post(at("cancel", order.number), {"reason": "订错了"}).status_code for _ in range(2)] == [302, 409]


def test_a_completed_order_is_rated_once(here: Scene, offer: Offer, now: datetime) -> None:
    client = browser(a_buyer().user)
    order = ordered(client, offer)
    complete_order(order=accept_order(order=order, by=here.alice, at=now), by=here.alice, at=now)
    rate = at("rate", order.number)
    assert client.post(rate, {"rating": "wonderful"}).status_code == 422
    assert client.post(rate, {"rating": "good", "comment": "长" * 501}).status_code == 422
    assert client.post(rate, {"rating": "good", "comment": "<b>很好</b>"}).status_code == 302
    assert client.post(rate, {"rating": "bad"}).status_code == 409
    assert Review.objects.get().rating == "good"
    page = client.get(at("shop", offer.shop.code)).content.decode()
    assert "&lt;b&gt;很好&lt;/b&gt;" in page


def test_following_turns_and_the_own_shop_is_refused(here: Scene, shop: Shop) -> None:
    client = browser(a_buyer().user)
    for _ in range(2):
        assert client.post(at("follow", shop.code), {"follows": "yes"}).status_code == 302
    assert Follow.objects.get().follows
    assert shop.name in client.get(at("follows")).content.decode()
    client.post(at("follow", shop.code), {"follows": "no"})
    assert not Follow.objects.get().follows
    own = Buyer.objects.create(user=here.alice, kind="personal", phone="13800138000", joined_at=here.alice.created_at)
    assert browser(own.user).post(at("follow", shop.code), {"follows": "yes"}).status_code == 409


def test_abuse_is_reported_with_words(shop: Shop) -> None:
    client = browser(person("路人", Role.PERSONAL))
    report = at("report", shop.code)
    assert client.post(report, {"kind": "", "text": ""}).status_code == 422
    assert (
        client.post(
            report + "?offer=x&review=9", {"kind": "fake_orders", "text": "这家店铺自己给自己下单、自己好评"}
        ).status_code
        == 302
    )
    assert (
        AbuseReport.objects.get().number
        in client.get(report + f"?number={AbuseReport.objects.get().number}").content.decode()
    )
    assert Client().post(report, {"kind": "fake_orders", "text": "x"}).status_code == 302
    assert AbuseReport.objects.count() == 1


def test_a_shop_that_is_not_open_is_not_there(client: Client, offer: Offer) -> None:
    pages = [at("shop", offer.shop.code), at("offer", offer.pk), at("points", offer.shop.code), at("shop", "%00")]
    assert [client.get(one).status_code for one in pages] == [200, 200, 200, 404]
    Shop.objects.update(state=ShopState.SUSPENDED)
    assert {client.get(one).status_code for one in pages} == {404}
    assert client.get(at("directory")).status_code == 200
