"""A client verified in a browser: called by the keyboard, answered on a phone without a script, seen by the lead."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect
from testbed.browser import barriers, needs_browser

from ceping.ground.people.models import User
from ceping.stages.verification.actions import send_link
from ceping.stages.verification.models import Attempt, Drawn
from tests.factories.survey import MORNING, Field, calling

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, needs_browser]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """It is a working morning, some moments on; people of the demo have nothing to confirm with."""
    real, begun = timezone.now, timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: MORNING + (real() - begun))
    settings.DEMO = True


@pytest.fixture
def made() -> Field:
    return calling()


@pytest.fixture
def contexts(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a browser of a size, as somebody or as nobody."""
    opened: list[BrowserContext] = []

    def context(size: dict[str, int], user: User | None = None, *, script: bool = True) -> BrowserContext:
        made = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=live_server.url,
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        opened.append(made)
        if user is not None:
            client = Client()
            client.force_login(user, backend="ceping.ground.people.login.NameBackend")
            cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
            made.add_cookies([cookie])  # type: ignore[list-item]
        return made

    yield context
    for one in opened:
        one.close()


def test_called_answered_and_seen(made: Field, contexts: Any) -> None:
    first = Drawn.objects.get(position=1).client
    second = Drawn.objects.get(position=2).client
    token = send_link(client=second, address="{token}", email="", by=made.verifier, at=MORNING).token

    desk = contexts(DESK, made.verifier).new_page()
    desk.goto("/verifier/")
    desk.get_by_role("link", name="呼叫下一家").click()
    expect(desk.get_by_role("heading", level=2)).to_have_text(first.told("name"))
    assert barriers(desk) == []
    desk.get_by_text("显示完整号码").click()
    desk.get_by_role("button", name="显示", exact=True).click()
    expect(desk.get_by_role("link", name=first.told("phone"))).to_be_visible()
    # The first key is the full answer, whose questions are still open.
    desk.get_by_role("radio", name="是", exact=True).check()
    desk.keyboard.press("1")
    expect(desk.get_by_text("第 2、3 题还没有答")).to_be_visible()
    expect(desk.get_by_role("radio", name="是", exact=True)).to_be_checked()
    desk.get_by_role("radio", name="一致", exact=True).check()
    desk.get_by_role("radio", name="非常满意", exact=True).check()
    desk.keyboard.press("1")
    expect(desk.get_by_text("已记下")).to_be_visible()
    expect(desk.get_by_role("heading", level=2)).to_have_text(second.told("name"))

    phone = contexts(PHONE, script=False).new_page()
    phone.goto(f"/public/answer/{token}/")
    assert phone.locator("main").bounding_box()["width"] <= PHONE["width"]
    phone.get_by_role("radio", name="是", exact=True).check()
    phone.get_by_role("radio", name="满意", exact=True).check()
    phone.get_by_role("button", name="交出回答").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("已收到")
    assert phone.goto(f"/public/answer/{token}/").status == 410

    # The desk stood open on the one who has answered meanwhile: what is pressed there is not kept.
    desk.keyboard.press("6")
    expect(desk.get_by_text("刚刚有了新的记录")).to_be_visible()

    lead = contexts(DESK, made.lead).new_page()
    lead.goto("/office/calls/")
    expect(lead.get_by_role("heading", level=1)).to_contain_text("已呼 2 次")
    expect(lead.get_by_role("row").filter(has_text=made.here.institution.name)).to_contain_text("2/2")
    assert barriers(lead) == []
    lead.get_by_role("link", name=made.here.institution.name).click()
    expect(lead.get_by_text("样本小")).to_be_visible()
    made_calls = Attempt.objects.order_by("at").values_list("mode", "disposition")
    assert list(made_calls) == [("phone", "10"), ("online", "11")]
    assert timezone.now() - MORNING < timedelta(hours=1)
