"""Every page of every role, in a real browser over the demo season: it opens, scripts run, nobody is kept out of it.

The links of each front page are walked, a page of each kind; at office and at phone width. CEPING_SHOTS names a folder
for pictures of what was seen.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize
from testbed.browser import barriers, needs_browser

from ceping.flow.demo import fill_demo
from ceping.flow.demo_market import fill_market
from ceping.ground.people.models import User
from ceping.ground.people.roles import STAFF

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]
LOGINS = (
    "institution-06",
    "institution-20",
    "recommender-01",
    "recommender-08",
    "organiser-1",
    "lead-1",
    "assessor-1",
    "verifier-1",
    "security-1",
    "system-1",
    "auditor-1",
    "operator-1",
    "personal-1",
)
OFFICE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_PAGES = 40
# Documents and not pages, and the way out.
LEFT_OUT = re.compile(
    r"\.(jpg|pdf|docx|xlsx|zip|csv|json)$|/(download|export|file|pdf|word|copy)/|logout|/static/|/media/"
)
# Pages of one kind: those of a number, of a file's token, of a message's words.
ALIKE = re.compile(r"[0-9A-Za-z_-]{20,}|[0-9a-f]{8,}|[0-9]+|(?<=/words/)\w+/\w+")
SHOTS = os.environ.get("CEPING_SHOTS", "")


@pytest.fixture
def season(settings: Any) -> None:
    settings.STATICFILES_DIRS = []
    fill_demo(at=datetime.now(UTC))
    fill_market(at=datetime.now(UTC))
    for user in User.objects.filter(grants__role__in=STAFF).distinct():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


@pytest.mark.usefixtures("season")
def test_every_page_opens_and_keeps_nobody_out(browser: Browser, live_server: Any) -> None:
    wrong: list[str] = []
    seen: set[str] = set()
    strangers = browser.new_page(viewport=OFFICE)
    wrong += look(strangers, live_server.url, "/accounts/login/", "stranger")
    for login in LOGINS:
        wrong += walk(browser, live_server.url, login, seen)
    assert not wrong, "\n".join(wrong)
    # The walk went somewhere: the desks have that many kinds of pages.
    assert len(seen) > 40


def walk(browser: Browser, server: str, login: str, seen: set[str]) -> Iterator[str]:
    """What is wrong with the pages that person is led to; a kind of page seen before is not looked at again."""
    client = Client()
    client.force_login(User.objects.get(login=login), backend="ceping.ground.people.login.NameBackend")
    context = browser.new_context(locale="zh-CN")
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": server}])
    page = context.new_page()
    waiting, known = ["/"], {"/"}
    while waiting and len(known) < MOST_PAGES * 3:
        path = waiting.pop(0)
        yield from look(page, server, path, login)
        for link in page.eval_on_selector_all("a[href]", "links => links.map(one => one.href)"):
            parts = urlsplit(link)
            if not link.startswith(server) or LEFT_OUT.search(parts.path) or parts.path in known:
                continue
            known.add(parts.path)
            # What every role has alike is looked at once.
            kind = ALIKE.sub("#", parts.path)
            if kind in seen:
                continue
            seen.add(kind)
            waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    context.close()


def look(page: Page, server: str, path: str, login: str) -> Iterator[str]:
    """What is wrong with the page, loaded at office width and made as narrow as a phone."""
    with heard(page) as said:
        page.set_viewport_size(OFFICE)
        answer = page.goto(f"{server}{path}")
        if answer is None or answer.status != 200:
            yield f"{login} {path}: {answer.status if answer else 'no answer'}"
            return
        yield from (f"{login} {path}: {one}" for one in barriers(page))
        for name, size in (("office", OFFICE), ("phone", PHONE)):
            page.set_viewport_size(size)
            if SHOTS:
                named = re.sub(r"[^a-z0-9-]+", "_", f"{login}{path}".lower())
                page.screenshot(path=Path(SHOTS) / f"{named[:90]}-{name}.png", full_page=True)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                yield f"{login} {path}: scrolls sideways at {name} width"
    yield from (f"{login} {path}: {one}" for one in said)


@contextmanager
def heard(page: Page) -> Iterator[list[str]]:
    """What scripts of the page complain of meanwhile."""
    said: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text)

    def error(fault: Error) -> None:
        said.append(str(fault))

    page.on("console", console)
    page.on("pageerror", error)
    yield said
    page.remove_listener("console", console)
    page.remove_listener("pageerror", error)
