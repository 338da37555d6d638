"""A newcomer finds a shop, orders and rates; the seller takes the order, sees the points come and reads why."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed.browser import barriers, needs_browser, shoot
from testbed.market import a_shop, an_offer
from testbed.scene import Scene, scene

from ceping.ground.journal.queries import breaks_in
from ceping.ground.people.models import User
from ceping.stages.points.queries import standing_of
from ceping.stages.shop.models import Buyer, Order, Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, needs_browser]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PASSWORD = "mu-lan-hua-kai-le-2026"  # noqa: S105 -- of an account that lasts as long as this test


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any, now: datetime) -> None:
    """Some moments on from a day in the season; people of the demo have nothing to confirm with."""
    real, begun = timezone.now, timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + (real() - begun))
    settings.DEMO = True


@pytest.fixture
def contexts(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a browser as somebody, or as nobody; with scripts or without."""
    opened: list[BrowserContext] = []

    def context(user: User | None = None, *, size: dict[str, int] | None = None, scripts: bool = True) -> Page:
        made = browser.new_context(
            viewport=size or DESK,  # type: ignore[arg-type]
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
        )
        opened.append(made)
        if user is not None:
            client = Client()
            client.force_login(user, backend="ceping.ground.people.login.NameBackend")
            cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
            made.add_cookies([cookie])  # type: ignore[list-item]
        return made.new_page()

    yield context
    for one in opened:
        one.close()


@pytest.fixture
def here() -> Scene:
    return scene()


@pytest.fixture
def shop(here: Scene, now: datetime) -> Shop:
    made = a_shop(here.institution, at=now - timedelta(days=40))
    an_offer(made, "“专精特新”申报辅导", at=now - timedelta(days=30))
    return made


def _join(page: Page, name: str) -> None:
    page.locator("#name").fill(name)
    page.locator("#phone").fill("13800138000")
    page.locator("#login").fill("newcomer")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="注册并继续").click()


def _ordered(buyer: Page, shop: Shop) -> str:
    """From the search to an order placed; answers its number."""
    buyer.goto("/market/")
    shoot(buyer, "market-directory")
    assert barriers(buyer) == []
    buyer.get_by_role("searchbox").fill("申报辅导")
    buyer.get_by_role("searchbox").press("Enter")
    for link in (shop.name, "“专精特新”申报辅导", "下单"):
        buyer.get_by_role("link", name=link).first.click()
        assert barriers(buyer) == []
        shoot(buyer, f"market-{link}")
    _join(buyer, "王小洋")
    expect(buyer.locator("#phone")).to_have_value("13800138000")
    assert barriers(buyer) == []
    buyer.get_by_role("button", name="确认下单").click()
    expect(buyer.get_by_role("status").first).to_contain_text("已下单")
    return Order.objects.get().number


def _carried_out(seller: Page) -> None:
    """The order that waits is taken and completed."""
    seller.goto("/institution/shop/")
    expect(seller.get_by_role("heading", level=1)).to_have_text("1 个订单等您接")
    assert barriers(seller) == []
    shoot(seller, "seller-home")
    for link in ("去接单", "“专精特新”申报辅导"):
        seller.get_by_role("link", name=link).first.click()
        assert barriers(seller) == []
    seller.get_by_role("button", name="接单", exact=True).click()
    seller.get_by_role("button", name="完成", exact=True).click()
    expect(seller.get_by_role("main")).to_contain_text("已完成")


def test_from_search_to_a_rated_order_and_its_points(contexts: Any, here: Scene, shop: Shop) -> None:
    begun, buyer = time.monotonic(), contexts(size=PHONE)
    number = _ordered(buyer, shop)
    seller, before = contexts(here.alice), standing_of([shop.code])[shop.code].points
    _carried_out(seller)
    buyer.goto(f"/market/orders/{number}/")
    buyer.get_by_label("好评").check()
    buyer.get_by_label("评论（选填）").fill("一次通过，省了很多时间")
    assert barriers(buyer) == []
    buyer.get_by_role("button", name="提交评价").click()
    expect(buyer.get_by_role("main")).to_contain_text("一次通过")
    assert time.monotonic() - begun < 120
    seller.goto("/institution/shop/reviews/")
    assert barriers(seller) == []
    seller.get_by_role("textbox", name="回复").fill("谢谢，祝申报顺利")
    seller.get_by_role("button", name="回复", exact=True).click()
    expect(seller.get_by_role("heading", level=1)).to_have_text("评论都已回复")
    seller.goto("/institution/shop/points/")
    assert barriers(seller) == []
    shoot(seller, "seller-points")
    for rule in ("购买产品", "个人用户好评", "评论回复"):
        expect(seller.locator("#ledger")).to_contain_text(rule)
    assert standing_of([shop.code])[shop.code].points > before
    assert list(breaks_in("shops")) == []


def test_a_shop_is_asked_for_and_decorated_with_the_preview_at_hand(contexts: Any, here: Scene) -> None:
    page = contexts(here.alice)
    page.goto("/institution/shop/")
    assert barriers(page) == []
    page.get_by_label("公司注册日期").fill("2013-06-01")
    page.get_by_label("管理咨询类").check()
    page.get_by_role("button", name="申请开店").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("开店申请正在审核")
    page.get_by_role("link", name="装修", exact=True).click()
    assert barriers(page) == []
    page.get_by_label("竹").check()
    expect(page.locator("[data-banner]")).to_have_class("cp-shopbanner bamboo")
    page.get_by_label("资质证书").select_option("1")
    expect(page.locator("[data-blocks] li").nth(1)).to_have_text("资质证书")
    page.get_by_role("button", name="保存装修").click()
    expect(page.get_by_text("装修已保存")).to_be_visible()
    assert Shop.objects.get().theme == "bamboo"
    for path in ("offers/", "offers/new/", "profile/", "certificates/", "orders/"):
        page.goto(f"/institution/shop/{path}")
        assert barriers(page) == [], path


def test_the_public_pages_need_no_script(contexts: Any, shop: Shop) -> None:
    page = contexts(scripts=False)
    page.goto("/market/?q=申报")
    page.get_by_role("link", name=shop.name).first.click()
    page.get_by_role("button", name="关注").click()
    _join(page, "李不用脚本")
    page.get_by_role("button", name="关注").click()
    expect(page.get_by_role("button", name="已关注，取消")).to_be_visible()
    page.get_by_role("link", name="规则说明").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("分")
    assert Buyer.objects.get().user.name == "李不用脚本"
