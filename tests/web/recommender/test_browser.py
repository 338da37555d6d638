"""The district's desk by hand and keyboard in a real browser: a cell becomes a remark, a code checks in a paper."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from testbed.browser import barriers, needs_browser
from testbed.scene import Scene

from ceping.flow.advance import decide
from ceping.stages.recommendation.queries import put_forward, return_in_force
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.paper import paper_of
from tests.web.recommender.test_pages import another, as_, here, submitted

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]
__all__ = ["here"]
PAGES = ("", "ranks/", "table/", "paper/", "people/")


@pytest.fixture
def page(live_server: Any, browser: Browser, here: Scene, now: datetime) -> Iterator[Page]:
    submitted(here.entry, now)
    another(here, 1, now)
    value = as_(here.district).cookies["session"].value
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "session", "value": value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_a_cell_and_a_usual_phrase_become_remarks_and_the_report_goes_back(page: Page, here: Scene) -> None:
    page.goto("/recommender/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommender/*/**")
    page.goto(f"/recommender/{here.entry.pk}/")
    page.click("[data-about='field:address']")
    page.keyboard.type("与租赁合同不一致")
    page.click("[data-about='table:clients']")
    page.keyboard.type("请补齐")
    assert page.inner_text("[data-place='field:address'] .cp-zhu") == "1"
    assert page.inner_text("button:has-text('退回修改')").replace(" ", "") == "退回修改（2条）"
    page.fill("#due", "2022-04-10T17:00")
    page.click("button:has-text('退回修改')")
    page.wait_for_selector("text=已退回，等机构改")
    made = return_in_force(here.entry)
    assert made is not None
    assert [(one.kind, one.key) for one in made.remarks.all()] == [("field", "address"), ("table", "clients")]


def test_ranks_move_by_keyboard_and_the_row_keeps_the_focus(page: Page, here: Scene, now: datetime) -> None:
    entries = list(Entry.objects.filter(institution__area=here.area).order_by("pk"))
    for entry in entries:
        decide(entry=entry, forward=True, by=here.district, at=now)
    page.goto("/recommender/ranks/")
    page.focus(f"#rank-{entries[0].pk} input[name=to]")
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_url("**moved=*")
    order = [entries[1].pk, entries[0].pk]
    assert [one.entry_id for one in put_forward(here.season, here.area)] == order
    page.wait_for_selector(f"#rank-{entries[0].pk} input[name=to]:focus")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"tbody tr:first-child#rank-{entries[0].pk}")


def test_a_scanned_code_and_enter_check_in_a_paper(page: Page, here: Scene, now: datetime) -> None:
    receipt = here.entry.submissions.get().receipt
    page.goto("/recommender/paper/")
    page.keyboard.type(f"CEPING:{receipt}:{'A' * 64}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"form >> text={here.institution.name}")
    page.check("input[name=seals]")
    page.check("input[name=cross]")
    page.click("text=登记收到")
    page.wait_for_selector("text=可以扫下一份")
    assert page.evaluate("document.activeElement.id") == "code"
    assert paper_of(here.entry, now).state == "received"


def test_the_table_is_issued_from_its_dialog_alone(page: Page, here: Scene, now: datetime) -> None:
    decide(entry=here.entry, forward=True, by=here.district, at=now)
    page.goto("/recommender/table/")
    page.click("[data-opens=issue]")
    page.click("dialog#issue [data-closes]")
    assert not here.season.issues.exists()
    page.click("[data-opens=issue]")
    page.click("dialog#issue .btn-seal")
    page.wait_for_selector("text=已出具")
    assert here.season.issues.get().number == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_open_to_all_and_fits(page: Page, here: Scene, now: datetime, width: int) -> None:
    other = Entry.objects.exclude(pk=here.entry.pk).latest("pk")
    decide(entry=other, forward=True, by=here.district, at=now + timedelta(minutes=1))
    page.set_viewport_size({"width": width, "height": 900})
    found = {}
    for address in (*(f"/recommender/{path}" for path in PAGES), f"/recommender/{here.entry.pk}/"):
        page.goto(address)
        found[address] = barriers(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[address].append("wider than the screen")
    assert {address: told for address, told in found.items() if told} == {}


def test_what_a_return_opens_is_said_before_it_is_sent(page: Page, here: Scene) -> None:
    page.goto(f"/recommender/{here.entry.pk}/")
    told = page.locator("[data-opened]")
    assert "就只能改哪一处" in told.inner_text()
    page.click("[data-about='row:clients/3']")
    page.keyboard.type("电话不对")
    page.click("[data-about='table:departments']")
    page.keyboard.type("请补齐")
    assert page.inner_text("[data-opened-list]").endswith("服务清单 第 3 行；部门、团队人员")
    page.click("[data-about='part:outlook']")
    page.keyboard.type("太简单")
    assert page.inner_text("[data-opened-list]").endswith("整个部分")
    page.click("[data-more]")
    page.keyboard.type("请重印")
    assert "退回后整份报告都能改" in told.inner_text()
    page.locator("[data-gone]").last.click()
    page.click("button:has-text('退回修改')")
    page.wait_for_selector("text=已退回，等机构改")
    text = page.inner_text("main")
    assert "机构现在能改：" in text
    here.entry.refresh_from_db()
    assert here.entry.opening is not None
    assert {"table:departments", "table:team", "field:plan_near"} <= set(here.entry.opening["places"])


def test_a_log_in_that_ended_is_asked_for_on_a_page_that_only_takes_posts(page: Page, here: Scene) -> None:
    page.clock.install()
    page.goto(f"/recommender/{here.entry.pk}/")
    page.click("[data-about='field:address']")
    page.keyboard.type("与租赁合同不一致")
    page.fill("#due", "2020-01-01T17:00")
    page.click("button:has-text('退回修改')")
    page.wait_for_url("**/return/")
    written = page.locator("[data-remark] textarea").first
    written.fill("写了很久的意见")
    page.fill("#due", "2022-04-10T17:00")
    kept = page.context.cookies()
    page.context.clear_cookies(name="session")
    page.clock.fast_forward(120_000)
    page.click("button:has-text('退回修改')")
    page.wait_for_selector("#login-again[open]")
    page.click("#again-done")
    page.wait_for_selector("#again-told:has-text('还没有登录')")
    other = as_(here.alice).cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": other, "url": page.evaluate("location.origin")}])
    page.click("#again-done")
    page.wait_for_selector("#again-told:has-text('另一个账号')")
    page.context.add_cookies(kept)
    page.click("#again-done")
    page.wait_for_selector("#login-again", state="hidden")
    page.wait_for_selector(".cp-toast:has-text('请再按一次')")
    assert written.input_value() == "写了很久的意见"
    assert return_in_force(here.entry) is None
    page.click("button:has-text('退回修改')")
    page.wait_for_selector("text=已退回，等机构改")
    made = return_in_force(here.entry)
    assert made is not None
    assert [one.text for one in made.remarks.all()] == ["写了很久的意见"]


def test_a_form_pressed_without_a_network_stays(page: Page, here: Scene) -> None:
    page.clock.install()
    page.goto(f"/recommender/{here.entry.pk}/")
    page.click("[data-about='field:address']")
    page.keyboard.type("断网时写的")
    page.clock.fast_forward(120_000)
    page.context.set_offline(True)
    page.click("button:has-text('退回修改')")
    page.wait_for_selector(".cp-toast:has-text('没有发出')")
    page.context.set_offline(False)
    page.click("button:has-text('退回修改')")
    page.wait_for_selector("text=已退回，等机构改")
