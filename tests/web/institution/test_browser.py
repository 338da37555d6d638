"""The desk in a real browser: what is typed is saved, or kept, whatever becomes of network, log-in and tabs."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from testbed.browser import needs_browser
from testbed.scene import Scene, person

from ceping.ground.people.roles import Role
from tests.web.institution.desk import Desk

PASTE = """([place, text]) => {
  const cell = document.querySelector(place), held = new DataTransfer();
  cell.focus();
  held.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true}));
}"""
SAVED = "#saved[data-state=saved]"
KEPT = "#saved[data-state=local]"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    needs_browser,
]


class Window:
    """One browser of one person at the scene's report."""

    def __init__(self, browser: Browser, server: Any, desk: Desk) -> None:
        self.context: BrowserContext = browser.new_context()
        self.context.set_default_timeout(10_000)
        self.server, self.desk = server, desk
        self.enter()

    def enter(self) -> None:
        value = self.desk.client.cookies["session"].value
        self.context.add_cookies([{"name": "session", "value": value, "url": self.server.url}])

    def open(self, part: str = "overview", query: str = "") -> Page:
        page = self.context.new_page()
        page.goto(f"{self.server.url}{self.desk.root}parts/{part}/{query}")
        return page


@pytest.fixture
def window(live_server: Any, browser: Browser, whole: Scene) -> Iterator[Window]:
    made = Window(browser, live_server, Desk(whole, whole.alice))
    yield made
    made.context.close()


def stored(here: Scene, field: str) -> Any:
    return here.entry.answers.get(field=field).value


def waiting(page: Page) -> list[str]:
    """What lies on this device because the server does not have it yet."""
    return [key for key in page.evaluate("() => Object.keys(localStorage)") if key.startswith("ceping:draft:")]


def settle(page: Page) -> None:
    """Everything typed is with the server; the content policy allows no predicate that runs in the page."""
    for _ in range(100):
        page.wait_for_timeout(100)
        if not waiting(page):
            return
    raise AssertionError(waiting(page))


def test_a_field_saves_itself_and_the_board_follows(window: Window, whole: Scene) -> None:
    page = window.open()
    page.fill("#in-fulltime_count", "999")
    page.wait_for_selector(SAVED)
    assert page.inner_text("#saved") == "已保存 10:00:00"
    page.wait_for_selector("#e-fulltime_count .cp-finding")
    assert "填写的 999 大于" in page.inner_text("#board")
    page.fill("#in-founded_on", "2013.6.8")
    page.press("#in-founded_on", "Tab")
    settle(page)
    assert stored(whole, "founded_on") == "2013-06-08"
    page.fill("#in-introduction", "一二三，abc 👩‍🔧")
    assert page.inner_text("#n-introduction") == "8"


def test_two_tabs_and_a_colleague_choose_and_lose_nothing(
    window: Window, whole: Scene, browser: Browser, live_server: Any
) -> None:
    mine = window.open()
    other = person("李佳怡", Role.INSTITUTION, institution=whole.institution)
    colleague = Window(browser, live_server, Desk(whole, other))
    theirs = colleague.open()
    theirs.fill("#in-address", "对方的地址")
    theirs.wait_for_selector(SAVED)
    mine.fill("#in-address", "我的地址")
    band = mine.wait_for_selector("[data-conflict]")
    assert band is not None
    told = band.inner_text()
    assert "李佳怡" in told
    assert "对方的地址" in told
    assert "我的地址" in told
    assert stored(whole, "address") == "对方的地址"
    mine.click("[data-take=mine]")
    settle(mine)
    assert stored(whole, "address") == "我的地址"
    theirs.fill("#in-address", "又一个地址")
    theirs.click("[data-take=theirs]")
    settle(theirs)
    assert theirs.input_value("#in-address") == stored(whole, "address") == "我的地址"
    colleague.context.close()


def test_without_a_network_it_stays_on_the_device_and_goes_out_later(window: Window, whole: Scene) -> None:
    page = window.open()
    before = stored(whole, "address")
    window.context.set_offline(True)
    page.fill("#in-address", "断网时写的")
    page.wait_for_selector(KEPT)
    assert "网络断开，已留在本机" in page.inner_text("#saved")
    assert len(waiting(page)) == 1
    assert stored(whole, "address") == before
    window.context.set_offline(False)
    page.wait_for_selector(SAVED)
    assert stored(whole, "address") == "断网时写的"
    assert waiting(page) == []


def test_a_page_that_was_closed_gives_back_what_it_kept(window: Window, whole: Scene) -> None:
    page = window.open()
    window.context.set_offline(True)
    page.fill("#in-address", "关掉之前写的")
    page.wait_for_selector(KEPT)
    page.close()
    window.context.set_offline(False)
    page = window.open()
    page.wait_for_selector(SAVED)
    assert page.input_value("#in-address") == stored(whole, "address") == "关掉之前写的"


def test_an_expired_log_in_keeps_the_words_and_sends_them_after(window: Window, whole: Scene) -> None:
    page = window.open()
    window.context.clear_cookies(name="session")
    page.fill("#in-address", "过期之后写的")
    page.wait_for_selector(KEPT)
    assert "登录已过期。刚才填的都在" in page.inner_text("#saved")
    page.wait_for_selector("#login-again[open]")
    window.enter()
    page.click("#again-done")
    page.wait_for_selector(SAVED)
    assert page.input_value("#in-address") == stored(whole, "address") == "过期之后写的"


def test_rows_grow_go_and_come_back(window: Window, whole: Scene) -> None:
    page = window.open("clients", "?t=clients&page=last")
    count = whole.entry.rows.filter(table="clients", removed_at=None).count()
    page.fill("tr.newrow [name=name]", "上海新添有限公司")
    page.press("tr.newrow [name=name]", "Tab")
    page.wait_for_selector(SAVED)
    page.wait_for_selector("tr.newrow")
    row = page.locator("tr[data-unit]").last
    row.locator("[name=phone]").fill("13800001111")
    settle(page)
    rows = whole.entry.rows.filter(table="clients", removed_at=None)
    assert rows.order_by("-position")[0].values == {"name": "上海新添有限公司", "phone": "13800001111"}
    row.locator("[data-remove]").click()
    page.wait_for_selector(".cp-undo")
    assert rows.count() == count
    page.click(".cp-undo button")
    page.wait_for_selector(".cp-undo", state="detached")
    assert rows.count() == count + 1


def test_the_first_words_of_a_row_outlive_network_and_page(window: Window, whole: Scene) -> None:
    page = window.open("clients", "?t=clients&page=last")
    window.context.set_offline(True)
    page.fill("tr.newrow [name=name]", "上海断网有限公司")
    page.press("tr.newrow [name=name]", "Tab")
    page.wait_for_selector(KEPT)
    page.close()
    window.context.set_offline(False)
    settle(window.open("clients", "?t=clients&page=last"))
    assert whole.entry.rows.order_by("-pk")[0].values == {"name": "上海断网有限公司"}


def test_a_block_pasted_into_a_cell_is_shown_and_then_taken(window: Window, whole: Scene) -> None:
    page = window.open("clients")
    count = whole.entry.rows.filter(table="clients", removed_at=None).count()
    block = "上海甲乙有限公司\t张三\t021-58881234\t诊断\n上海丙丁有限公司\t李四\t013\t诊断\n"
    page.evaluate(PASTE, ["#r-clients-1 [name=name]", block])
    page.wait_for_selector("#paste[open]")
    assert page.inner_text("#paste-h") == "将收下 2 行"
    rows = whole.entry.rows.filter(table="clients", removed_at=None)
    assert rows.count() == count
    page.click("#paste [name=take]")
    page.wait_for_url("**page=last**")
    assert [one.values["phone"] for one in rows.order_by("position")][count:] == ["021-58881234", "013"]
