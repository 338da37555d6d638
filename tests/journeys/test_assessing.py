"""An assessor from the front page to the signed sheet by the keyboard, another after them, and the lead who settles."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed.browser import barriers, needs_browser

from ceping.ground.people.models import User
from ceping.stages.assessment.models import Assessor, Change, Difference, Mark, Sheet
from ceping.stages.assessment.queries.folder import tables_of
from tests.factories.assessed import OPINION, Bench, bench
from tests.web.office.test_assess_office import lead_of, press

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]


@pytest.fixture
def made(settings: Any) -> Bench:
    """Two assessors who have said nothing yet, and the lead's draw."""
    settings.DEMO = True
    found = bench(2, declared=False)
    assert press(lead_of(found), "assessment_act", found, do="draw", seed="公开摇号-0731") == 302
    return found


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for one in opened:
        one.close()


def desk_of(user: User, browser: Browser, live_server: Any, contexts: list[BrowserContext]) -> Page:
    client = Client()
    client.force_login(user, backend="ceping.ground.people.login.NameBackend")
    context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    contexts.append(context)
    return context.new_page()


def declare(page: Page) -> None:
    page.goto("/assessor/")
    page.get_by_role("link", name="作利益冲突申报").press("Enter")
    page.get_by_role("button", name="申报", exact=True).press("Enter")
    page.locator("#ask-yes").press("Enter")
    page.get_by_role("link", name="开始打分").press("Enter")


def mark_all(page: Page, marks: list[str]) -> None:
    """Each item by its keys alone: the mark, E and a reason where one is wanted, Enter to the next."""
    for number, mark in enumerate(marks):
        expect(page.locator("[data-desk]")).to_be_visible()
        for key in mark:
            page.keyboard.press(key)
        expect(page.locator("#mark")).to_have_value(mark)
        page.keyboard.press("e")
        page.keyboard.type(f"见附件第 {number + 1} 页")
        page.keyboard.press("Escape")
        here = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, here=here: url != here)


def sign(page: Page) -> None:
    for part, text in OPINION.items():
        page.locator(f"#{part}").focus()
        page.keyboard.type(text)
        expect(page.locator(f"[data-saves$='/{part}/'] [data-said]")).to_contain_text("已保存")
    page.get_by_role("button", name="签署评分表").press("Enter")
    page.locator("#ask-yes").press("Enter")
    page.wait_for_url("**/assessor/")


def test_from_the_front_page_to_the_ruling(
    made: Bench, browser: Browser, live_server: Any, contexts: list[BrowserContext]
) -> None:
    first, second = made.people
    page = desk_of(first.user, browser, live_server, contexts)
    declare(page)
    assert barriers(page) == []
    mark_all(page, ["9.5", "7", "6.5", "8", "7"])
    expect(page.get_by_role("heading", level=1)).to_have_text("评分表可以签署")
    sign(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("您的测评都已签署")

    other = desk_of(second.user, browser, live_server, contexts)
    declare(other)
    # What the first gave stays sealed here until both have signed.
    assert "9.5" not in other.content().partition("其他专家")[2].partition("键盘")[0]
    mark_all(other, ["3", "7", "6.5", "8", "7"])
    sign(other)
    assert Sheet.objects.filter(signed_at__isnull=False).count() == 2
    assert {one.version for one in Mark.objects.all()} <= {1, 2, 3}
    assert Change.objects.filter(mark__isnull=False, new__mark="9.5").exists()

    lead = desk_of(made.lead, browser, live_server, contexts)
    lead.goto("/office/assessment/")
    expect(lead.locator("main")).to_contain_text("1 项待裁定")
    lead.get_by_role("link", name="裁定与确认 1").click()
    assert barriers(lead) == []
    lead.get_by_label("机构资质的裁定分").fill("6")
    lead.get_by_label("机构资质的裁定理由").fill("调阅原件后按评分参照裁定")
    lead.get_by_role("button", name="裁定", exact=True).click()
    lead.locator("#ask-yes").click()
    expect(lead.locator("main")).to_contain_text("裁定 6 分")
    assert Difference.objects.get().decided_by == made.lead
    assert [row["mark"] for row in tables_of(made.season)["adjudications.csv"]] == ["6"]
    assert Assessor.objects.filter(declared_at__isnull=False).count() == 2
