"""A log-in that ends while a page asks by itself is asked for in place; no page of its own comes into the fragment."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser
from testbed.browser import needs_browser
from testbed.scene import person, scene

from ceping.ground.people.roles import Role

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]


def test_a_fragment_that_renews_itself_waits_for_the_log_in(
    live_server: Any, browser: Browser, settings: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    scene()
    client = Client()
    client.force_login(person("邢审计", Role.AUDITOR), backend="ceping.ground.people.login.NameBackend")
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    # Nobody works it off here: the page asks again and again.
    client.post("/auditor/verify/begin/")
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(10_000)
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto("/auditor/verify/")
    before = page.inner_text("#result")
    assert "正在核验" in before
    context.clear_cookies(name="session")
    page.wait_for_selector("#login-again[open]")
    assert page.inner_text("#result") == before
    assert page.locator("#main input[type=password]").count() == 0
    context.add_cookies([cookie])
    with page.expect_response(lambda answer: answer.url.endswith("/auditor/verify/") and answer.ok):
        page.click("#again-done")
    page.wait_for_selector("#login-again", state="hidden")
    context.close()
