"""The operator in a browser: a shop comes in, a fake order is voided, the level falls, and the ledger says why."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect
from testbed.browser import barriers, needs_browser, shoot
from testbed.market import a_buyer, a_shop, an_offer
from testbed.scene import person, scene

from ceping.core.points import EventRow, Place
from ceping.flow import market, shopkeeping
from ceping.ground.journal.queries import breaks_in
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.actions import post_round, take_events
from ceping.stages.points.models import LedgerEntry, Voiding
from ceping.stages.points.queries import standing_of
from ceping.stages.shop.actions.desk import accept_order
from ceping.stages.shop.actions.ordering import place_order
from ceping.stages.shop.actions.reporting import report_abuse
from ceping.stages.shop.models import Buyer, Order, Shop
from ceping.stages.shop.states import ShopState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, needs_browser]
DESK = {"width": 1440, "height": 900}
REASON = "买家与卖家是同一人，经核实为刷单"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any, now: datetime) -> None:
    """Some moments on from a day in the season; people of the demo have nothing to confirm with."""
    real, begun = timezone.now, timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + (real() - begun))
    settings.DEMO = True


@pytest.fixture
def contexts(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a browser as somebody."""
    opened: list[BrowserContext] = []

    def context(user: User) -> BrowserContext:
        made = browser.new_context(
            viewport=DESK,  # type: ignore[arg-type]
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        opened.append(made)
        client = Client()
        client.force_login(user, backend="ceping.ground.people.login.NameBackend")
        cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
        made.add_cookies([cookie])  # type: ignore[list-item]
        return made

    yield context
    for one in opened:
        one.close()


def completed(shop: Shop, buyer: Buyer, seller: User, at: datetime) -> Order:
    """An order of the buyer that the shop completed."""
    order = place_order(offer=shop.offers.get(), buyer=buyer, phone="13800138000", note="", at=at)
    return shopkeeping.complete_order(order=accept_order(order=order, by=seller, at=at), by=seller, at=at)


def points() -> tuple[int, str]:
    stand = standing_of(["shop-1"])["shop-1"]
    return stand.points, stand.name


def a_faked_order(at: datetime) -> tuple[Shop, Order]:
    """A shop of two stars with an honest order and another, of which somebody told; and one that asks to open."""
    here = scene()
    asking = a_shop(here.other, code="shop-2", name="精工技术服务", at=at)
    Shop.objects.filter(pk=asking.pk).update(state=ShopState.PENDING, opened_at=None)
    shop = a_shop(here.institution, at=at)
    an_offer(shop, at=at)
    # Eighty points from what the shop is, ten for its one product, ten for each order.
    honest, fake = [completed(shop, a_buyer(name), here.alice, at) for name in ("王小洋", "周假冒")]
    market.rate(order=honest, buyer=honest.buyer, rating="bad", comment="", at=at)
    report_abuse(shop=shop, kind="fake_orders", text="这家店铺有人自己给自己下单", by=honest.buyer.user, at=at)
    assert points() == (110, "2 星级")
    return shop, fake


def test_a_fake_order_is_voided_and_the_level_falls(contexts: Any, now: datetime) -> None:
    shop, fake = a_faked_order(now - timedelta(hours=1))
    operator, event = person("钱运营", Role.OPERATOR), f"order:{fake.pk}"
    page = contexts(operator).new_page()
    page.goto("/")
    expect(page.get_by_text("1 家店铺等您审核").first).to_be_visible()
    shoot(page, "operator-home")
    page.get_by_role("link", name="去审核").click()
    assert barriers(page) == []
    page.get_by_role("link", name="精工技术服务").click()
    assert barriers(page) == []
    page.get_by_role("button", name="准许开业").click()
    expect(page.get_by_text("店铺已开业，已通知店铺人员")).to_be_visible()

    page.get_by_role("link", name="积分", exact=True).click()
    assert barriers(page) == []
    page.get_by_role("link", name=shop.name).click()
    expect(page.get_by_role("main")).to_contain_text("2 星级")
    line = page.get_by_role("listitem").filter(has_text=event)
    line.get_by_text("作废", exact=True).click()
    line.get_by_label("理由").fill(REASON)
    assert barriers(page) == []
    line.get_by_role("button", name="作废这个事件").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("不再计分")
    dialog.get_by_role("button", name="作废").click()
    expect(page.get_by_role("status").first).to_contain_text("等级 2 星级 → 1 星级")
    expect(page.locator("#ledger")).to_contain_text(f"理由：{REASON}")
    # The newest line is the void itself.
    expect(page.get_by_role("listitem").filter(has_text=event).last).to_contain_text("已作废")
    shoot(page, "operator-ledger")
    assert points() == (100, "1 星级")
    assert Voiding.objects.get().reason == LedgerEntry.objects.latest("pk").reason == REASON

    page.get_by_role("link", name="举报", exact=True).click()
    page.locator("td.first a").click()
    assert barriers(page) == []
    page.get_by_label("答复（举报人会看到）").fill("属实，刷单的订单已作废")
    page.get_by_role("button", name="属实，已处理").click()
    page.get_by_role("dialog").get_by_role("button", name="答复").click()
    expect(page.get_by_text("已通知举报人")).to_be_visible()
    assert list(breaks_in("points")) == list(breaks_in("shops")) == []


def test_a_held_event_is_decided_between_its_two_contents(contexts: Any, now: datetime) -> None:
    here, at = scene(), now - timedelta(hours=1)
    a_shop(here.institution, at=at)
    rows = [EventRow(Place("t", 1), "e1", "shop-1", "order", "2022-03-09T01:00:00Z", who, "", "", "") for who in "ab"]
    for row in rows:
        take_events(rows=[row], source="api:1:服务云", by=None, at=at)
    post_round(at=at)
    before = points()
    page = contexts(person("钱运营", Role.OPERATOR)).new_page()
    page.goto("/office/points/held/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 个挂起的事件等您决定")
    page.get_by_text("决定", exact=True).click()
    page.get_by_label("理由").fill("对方来函更正")
    assert barriers(page) == []
    shoot(page, "operator-held")
    page.get_by_role("button", name="收下，计分").click()
    expect(page.get_by_text("没有挂起的事件")).to_be_visible()
    # One order stands in the place of the other.
    assert points() == before
    for path in ("signals", "rules", "feeds", "import", "connections"):
        page.goto(f"/office/points/{path}/")
        assert barriers(page) == [], path


def test_a_review_is_hidden_and_its_points_go(contexts: Any, now: datetime) -> None:
    shop, fake = a_faked_order(now - timedelta(hours=1))
    market.rate(order=fake, buyer=fake.buyer, rating="good", comment="天下第一", at=now - timedelta(minutes=30))
    assert points() == (112, "2 星级")
    page = contexts(person("钱运营", Role.OPERATOR)).new_page()
    page.goto(f"/office/shops/at/{shop.code}/")
    assert barriers(page) == []
    shoot(page, "operator-shop")
    review = page.locator(".cp-comment").filter(has_text="天下第一")
    review.get_by_text("隐藏这条评价").click()
    review.get_by_label("原因").fill("刷单的好评")
    review.get_by_role("button", name="隐藏").click()
    page.get_by_role("dialog").get_by_role("button", name="隐藏").click()
    expect(page.get_by_text("评价已隐藏，带来的积分已冲回")).to_be_visible()
    assert points() == (110, "2 星级")
    assert barriers(page) == []
