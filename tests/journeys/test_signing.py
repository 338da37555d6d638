"""From evaluated to frozen: the lead computes, reads, tries and signs, an organiser freezes, an auditor reads it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed.browser import barriers, needs_browser, shoot
from testbed.evaluated import NOW, Evaluated, evaluated
from testbed.scene import person

from ceping.ground.journal.queries import breaks_in
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job
from ceping.stages.results.models import Computation
from ceping.stages.results.tasks import compute, try_results

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), needs_browser]


@pytest.fixture
def found(settings: Any) -> Evaluated:
    settings.DEMO = True
    return evaluated(at=NOW)


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Callable[[User], Page]]:
    """A browser of their own for whoever is named; whatever a page complains of fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(user: User) -> Page:
        client = Client()
        client.force_login(user, backend="ceping.ground.people.login.NameBackend")
        context = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 1440, "height": 900})
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        return page

    yield enter
    for one in opened:
        one.close()
    assert complaints == []


def test_from_evaluated_to_frozen(found: Evaluated, desk: Callable[[User], Page]) -> None:
    lead = desk(found.lead)
    lead.goto("/office/results/")
    lead.get_by_role("button", name="开始计算").click()
    expect(lead.get_by_role("heading", level=1)).to_have_text("正在计算")
    compute(Job.objects.latest("pk").token)
    # The page asks by itself.
    expect(lead.get_by_role("heading", name="12 家机构的结果")).to_be_visible()
    assert barriers(lead) == []
    shoot(lead, "results")

    _read(lead)
    _try(lead)
    lead.goto("/office/results/")
    lead.get_by_role("button", name="签这次结果").click()
    lead.locator("#ask-yes").click()
    expect(lead.locator("main")).to_contain_text("已签，请主办方签发")

    organiser = desk(found.cast.organiser)
    organiser.goto("/office/results/")
    organiser.get_by_role("button", name="签发并冻结").click()
    organiser.locator("#ask-yes").click()
    expect(organiser.locator("main")).to_contain_text("结果已冻结")
    expect(organiser.get_by_role("link", name="提出更正")).to_be_visible()
    organiser.get_by_role("link", name="提出更正").click()
    assert barriers(organiser) == []
    made = Computation.objects.get(version=1)

    auditor = desk(person("审计员甲", Role.AUDITOR))
    auditor.goto("/auditor/")
    expect(auditor.locator("main")).to_contain_text("主办方签发并冻结结果")
    expect(auditor.locator("main")).to_contain_text(made.results_sha256[:16])
    assert list(breaks_in(f"season-{made.season_id}")) == []


def _read(lead: Page) -> None:
    lead.locator("table a").first.click()
    expect(lead.locator("[data-chart=radar] svg")).to_be_visible()
    lead.get_by_text("为什么是").first.click()
    expect(lead.locator(".why pre").first).to_contain_text("条款")
    assert barriers(lead) == []
    shoot(lead, "result")

    lead.go_back()
    lead.get_by_role("link", name="分布和稳健性").click()
    for kind in ("bins", "boxes", "intervals"):
        lead.locator(f"[data-chart={kind}]").scroll_into_view_if_needed()
        expect(lead.locator(f"[data-chart={kind}] svg")).to_be_visible()
    lead.get_by_text("家的名次有多稳").click()
    assert barriers(lead) == []
    shoot(lead, "charts")


def _try(lead: Page) -> None:
    lead.get_by_role("link", name="结果").last.click()
    lead.get_by_role("link", name="试算").click()
    lead.get_by_label("服务云订单量").fill("2")
    lead.get_by_text("没有改的权重按比例缩放").click()
    lead.get_by_role("button", name="试算").click()
    expect(lead.get_by_role("heading", name="正在试算")).to_be_visible()
    try_results(Job.objects.latest("pk").token)
    expect(lead.locator("#out")).to_contain_text("家名次变")
    assert barriers(lead) == []
    shoot(lead, "what-if")
