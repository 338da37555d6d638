"""A returned report in a real browser: an old window is told, a place opens by itself, uploads wait for a log-in."""

from datetime import datetime
from io import BytesIO

import pytest
from testbed.browser import needs_browser
from testbed.scene import Scene

from tests.factories.scan import page as scanned
from tests.web.institution.desk import Desk
from tests.web.institution.test_browser import KEPT, SAVED, Window, settle, stored, window
from tests.web.institution.test_handing import handed_in
from tests.web.institution.test_returned import send_back

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]
__all__ = ["window"]


def test_a_window_from_before_is_told_and_its_open_places_save(window: Window, whole: Scene, now: datetime) -> None:
    page = window.open()
    before = stored(whole, "introduction")
    handed_in(whole, Desk(whole, whole.alice))
    send_back(whole, now, ("field", "address"))
    page.fill("#in-introduction", "退回之前打开的窗口")
    page.wait_for_selector("#f-introduction [data-refused]")
    assert "没有退回，只能查看" in page.inner_text("#f-introduction")
    page.wait_for_selector(KEPT)
    page.fill("#in-address", "新址 8 号")
    page.wait_for_selector(SAVED)
    assert stored(whole, "address") == "新址 8 号"
    assert stored(whole, "introduction") == before
    assert page.input_value("#in-introduction") == "退回之前打开的窗口"


def test_what_a_change_makes_wrong_opens_under_the_hand(window: Window, whole: Scene, now: datetime) -> None:
    handed_in(whole, Desk(whole, whole.alice))
    send_back(whole, now, ("field", "fulltime_count"))
    page = window.open()
    assert page.locator("#in-headcount").get_attribute("readonly") is not None
    page.fill("#in-fulltime_count", "998")
    page.wait_for_selector("#f-headcount[data-unit]")
    assert "因刚才的改动也可以改了" in page.inner_text("[data-slot=opening]")
    page.fill("#in-headcount", "999")
    settle(page)
    page.wait_for_selector("#e-fulltime_count .cp-finding", state="detached")
    page.fill("#in-headcount", "1000")
    settle(page)
    assert (stored(whole, "fulltime_count"), stored(whole, "headcount")) == ("998", "1000")


def test_files_wait_for_the_log_in_and_go_on(window: Window, whole: Scene) -> None:
    page = window.context.new_page()
    page.goto(f"{window.server.url}{window.desk.root}evidence/")
    window.context.clear_cookies(name="session")
    count = whole.entry.attachments.count()
    files = [
        {"name": f"活动照片{number}.png", "mimeType": "image/png", "buffer": _png(number)} for number in range(1, 4)
    ]
    page.set_input_files("#files", files)
    page.click("[data-send]")
    page.wait_for_selector("#login-again[open]")
    assert "登录已过期。重新登录后接着上传" in page.inner_text("[data-progress]")
    window.enter()
    page.click("#again-done")
    page.wait_for_selector("[data-progress] li[data-kind=ok] >> nth=2")
    assert whole.entry.attachments.count() == count + 3


def _png(seed: int) -> bytes:
    stream = BytesIO()
    scanned(seed, width=165, height=233).save(stream, "PNG")
    return stream.getvalue()
