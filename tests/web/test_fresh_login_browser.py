"""A grave act that asks first who it is, in a real browser: what was typed is there afterwards, in its own form."""

from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from testbed.browser import needs_browser
from testbed.scene import an_institution, scene

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]
PASSWORD = "liu-he-ta-2022"  # noqa: S105 -- of a person who lives as long as this test


@pytest.fixture
def page(browser: "Browser", live_server: Any, settings: Any) -> "Page":
    """The people of an area, before somebody whose log-in is some hours old."""
    settings.STATICFILES_DIRS = []
    here = scene()
    an_institution("上海第三家信息服务有限公司", "91310000MA1FL0AB3T", here.area)
    here.district.set_password(PASSWORD)
    here.district.save()
    Authenticator.objects.create(user=here.district, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = Client()
    client.force_login(here.district, backend="ceping.ground.people.login.NameBackend")
    context = browser.new_context(locale="zh-CN")
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    opened = context.new_page()
    opened.goto(f"{live_server.url}/recommender/people/?area={here.area.code}")
    return opened


def test_what_was_typed_is_there_after_the_question(page: "Page") -> None:
    second = page.get_by_role("button", name="换联系人").nth(1)
    second.click()
    dialog = page.locator("dialog[open]")
    about = dialog.locator("h2").inner_text()
    dialog.get_by_label("姓名").fill("赵接手")
    dialog.get_by_label("手机").fill("13800138000")
    dialog.get_by_label("原因").fill("原联系人离职")
    dialog.get_by_role("button", name="换联系人").click()
    page.wait_for_url("**/reauthenticate/**")
    asked = page.locator("main form:has(input[type=password])")
    for password in ("wrong", PASSWORD):
        asked.locator("input[type=password]").fill(password)
        asked.locator("button").first.click()
    page.wait_for_url("**/recommender/people/**")
    assert dialog.locator("h2").inner_text() == about
    assert dialog.get_by_label("姓名").input_value() == "赵接手"
    assert dialog.get_by_label("原因").input_value() == "原联系人离职"
    dialog.get_by_role("button", name="换联系人").click()
    page.get_by_text("请把链接交给赵接手").wait_for()
    page.goto(page.url)
    assert page.evaluate("sessionStorage.getItem('ceping:typed')") is None


def test_who_goes_elsewhere_finds_nothing_of_it_again(page: "Page", live_server: Any) -> None:
    where = page.url
    page.get_by_role("button", name="换联系人").first.click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("姓名").fill("赵接手")
    dialog.get_by_label("手机").fill("13800138000")
    dialog.get_by_label("原因").fill("原联系人离职")
    dialog.get_by_role("button", name="换联系人").click()
    page.wait_for_url("**/reauthenticate/**")
    page.goto(f"{live_server.url}/inbox/")
    page.goto(where)
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("sessionStorage.getItem('ceping:typed')") is None
