"""A frozen result to the street in a browser: two organisers, a stranger on a phone, a re-check, a correction.

The corrected package is computed again by the command line.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed.browser import barriers, needs_browser, shoot
from testbed.evaluated import NOW, Evaluated, computed, evaluated
from testbed.published import free_assessor, freeze
from testbed.scene import person

from ceping.ground.files.actions import bytes_of
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job
from ceping.stages.assessment.models import Mark
from ceping.stages.publication.models import Certificate, Notice, Objection, Release
from ceping.stages.publication.queries import PUBLIC, packages_of
from ceping.stages.publication.tasks import make
from ceping.stages.report.models import Entry
from ceping.stages.results.queries import RESULTS, path_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, needs_browser]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

EVIDENCE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


class Clock:
    """The platform's days, turned by hand; its moments go on by themselves."""

    shift = timedelta()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any) -> type[Clock]:
    real, begun = timezone.now, timezone.now()
    Clock.shift = timedelta()
    monkeypatch.setattr(timezone, "now", lambda: NOW + Clock.shift + (real() - begun))
    settings.DEMO = True
    settings.SESSION_IDLE_AGE = settings.SESSION_COOKIE_AGE = 10**9
    return Clock


@pytest.fixture
def found() -> Evaluated:
    made = evaluated(at=NOW)
    freeze(made)
    return made


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Any]:
    """Opens a page of a size, as somebody or as nobody."""
    opened: list[BrowserContext] = []

    def page(user: User | None = None, size: dict[str, int] = DESK, *, script: bool = True) -> Page:
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=live_server.url,
            java_script_enabled=script,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        if user is not None:
            client = Client()
            client.force_login(user, backend="ceping.ground.people.login.NameBackend")
            cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        return context.new_page()

    yield page
    for one in opened:
        one.close()


def sure(page: Page) -> None:
    """The dialog before what cannot be taken back."""
    page.locator("#ask-yes").click()


def put_out(first: Page, second: Page, starts_on: str, *, reason: str = "") -> Notice:
    """The notice proposed by the one and published by the other."""
    first.goto("/office/publication/")
    first.get_by_label("异议的书面受理方式").fill("中小企业服务处，电话 021-23112111")
    first.get_by_label("起始日").fill(starts_on)
    if reason:
        first.get_by_label("更正的理由").fill(reason)
    shoot(first, "publication-form")
    first.get_by_role("button", name="拟好，交第二人发布").click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("等第二人发布")
    expect(first.locator("main")).to_contain_text("拟的人不能自己发布")
    second.goto("/office/publication/")
    shoot(second, "publication-proposed")
    assert barriers(second) == []
    second.get_by_role("button", name="发布公示").click()
    sure(second)
    expect(second.get_by_role("heading", level=1)).to_contain_text("公示中")
    return Notice.objects.latest("pk")


def publish(first: Page, second: Page) -> Release:
    """The result proposed by the one and published by the other, its papers made."""
    first.goto("/office/publication/")
    first.get_by_role("button", name="拟好，交第二人发布").click()
    second.goto("/office/publication/")
    shoot(second, "publication-release")
    second.get_by_role("button", name="发布结果").click()
    sure(second)
    expect(second.get_by_role("heading", level=1)).to_contain_text("结果已发布")
    make(Job.objects.latest("pk").token)
    second.goto("/office/publication/")
    shoot(second, "publication-done")
    assert barriers(second) == []
    return Release.objects.latest("pk")


def object_to(stranger: Page, notice: Notice, name: str) -> str:
    """A stranger on a phone finds the notice, objects to an institution with evidence, and keeps the receipt."""
    stranger.goto("/public/notices/")
    shoot(stranger, "notices")
    stranger.get_by_role("link", name=f"关于{notice.season.title}结果的公示").first.click()
    expect(stranger.locator("article")).to_contain_text(name)
    shoot(stranger, "notice")
    stranger.get_by_role("link", name="填写异议").click()
    stranger.get_by_role("button", name="提交异议").click()
    stranger.get_by_label("对哪家机构的结果有异议").select_option(label=name)
    stranger.get_by_label("异议的内容").fill("该机构的服务资料与事实不符，见附件。")
    stranger.get_by_label("姓名或单位名称").fill("王先生")
    stranger.get_by_label("联系方式").fill("13800001111")
    file = {"name": "证据.pdf", "mimeType": "application/pdf", "buffer": EVIDENCE}
    stranger.get_by_label("证据").set_input_files([file])  # type: ignore[list-item]
    shoot(stranger, "objection-form")
    stranger.get_by_role("button", name="提交异议").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("异议已收到")
    shoot(stranger, "objection-receipt")
    return stranger.url


def keeps_nobody_out(page: Page, notice: Notice, release: Release, certificate: Certificate) -> None:
    """The public pages as axe sees them."""
    for address in (
        "/public/notices/",
        f"/public/notices/{notice.pk}/",
        f"/public/results/{release.pk}/",
        f"/public/check/{certificate.code}/",
    ):
        page.goto(address)
        assert barriers(page) == [], address


def answer(organiser: Page, lead: Page, assessor: Page, objection: Objection) -> None:
    """Taken up, looked at again by somebody who had no part, decided."""
    page = f"/office/publication/objections/{objection.pk}/"
    organiser.goto("/office/publication/objections/")
    shoot(organiser, "objections")
    organiser.get_by_role("link", name=objection.number).click()
    organiser.get_by_role("button", name="受理，交复核").click()
    lead.goto(page)
    shoot(lead, "objection")
    assert barriers(lead) == []
    lead.get_by_label("请哪位专家").select_option(label=lead.locator("#assessor option").last.inner_text())
    lead.get_by_role("button", name="请这位专家复核").click()
    assessor.goto("/assessor/rechecks/")
    assessor.get_by_role("link", name=objection.number).click()
    shoot(assessor, "recheck")
    assert barriers(assessor) == []
    assessor.get_by_text("异议部分成立").click()
    assessor.get_by_label("看了什么、事实如何、按哪条规则").fill("原件与所报不符，该项应减分。")
    assessor.get_by_role("button", name="交复核意见").click()
    organiser.goto(page)
    organiser.get_by_text("异议部分成立", exact=True).first.click()
    organiser.get_by_label("答复（异议人会看到）").fill("部分成立，将更正该机构得分。")
    organiser.get_by_role("button", name="答复", exact=True).click()
    sure(organiser)
    expect(organiser.get_by_role("heading", level=1)).to_contain_text("已答复")
    shoot(organiser, "objection-decided")


def correct(organiser: Page, found: Evaluated, entry: Entry) -> None:
    """The frozen result is opened for that institution, a mark mended, computed and signed by two again."""
    organiser.goto(f"/office/results/correction/?season={found.second.season.pk}")
    shoot(organiser, "correction")
    assert barriers(organiser) == []
    organiser.locator("[name=institutions]").fill(entry.institution.name)
    organiser.locator("[name=reason]").fill("异议部分成立")
    organiser.locator("button[value=open]").click()
    sure(organiser)
    expect(organiser.locator("main")).to_contain_text("更正已立项")
    Mark.objects.filter(sheet__entry=entry).update(mark="1", reason="复核后改")
    computed(found)
    freeze(found)


def test_from_the_frozen_result_to_the_corrected_package(
    found: Evaluated, desk: Any, clock: type[Clock], tmp_path: Path
) -> None:
    organiser, second = desk(found.cast.organiser), desk(person("另一位主办方", Role.ORGANISER))
    lead, free = desk(found.lead), free_assessor(found)
    notice = put_out(organiser, second, "2022-03-11")
    clock.shift = timedelta(days=2)
    entry = next(one for one in found.second.entries if one.institution.uscc == notice.rows[0][0])
    stranger = desk(size=PHONE, script=False)
    receipt = object_to(stranger, notice, entry.institution.name)
    answer(organiser, lead, desk(free.user), Objection.objects.get())
    stranger.goto(receipt)
    expect(stranger.locator("main")).to_contain_text("部分成立，将更正该机构得分")
    clock.shift = timedelta(days=8)
    correct(organiser, found, entry)
    again = put_out(organiser, second, "2022-03-18", reason="异议部分成立，更正得分")
    stranger.goto(f"/public/notices/{again.pk}/")
    expect(stranger.locator("main")).to_contain_text("异议部分成立，更正得分")
    shoot(stranger, "notice-corrected")
    stranger.goto(f"/public/notices/{notice.pk}/")
    expect(stranger.locator("main")).to_contain_text("已被更正代替")
    clock.shift = timedelta(days=20)
    release = publish(organiser, second)
    stranger.goto("/public/notices/")
    stranger.get_by_role("link", name="看发布的结果").click()
    shoot(stranger, "result-public")
    certificate = Certificate.objects.filter(release=release).select_related("entry__institution").first()
    assert certificate is not None
    stranger.get_by_label("证书上的核验码").fill(certificate.code.lower())
    stranger.get_by_role("button", name="查验").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("证书有效")
    shoot(stranger, "check")
    keeps_nobody_out(desk(size=PHONE), again, release, certificate)
    package = packages_of(release)[PUBLIC]
    folder = tmp_path / "package"
    zipfile.ZipFile(BytesIO(bytes_of(package.file).read_bytes())).extractall(folder)
    done = subprocess.run(
        [sys.executable, "-m", "ceping", "evaluate", str(folder), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    computed_again = (tmp_path / "out" / RESULTS).read_bytes()
    assert computed_again == path_of(again.computation, RESULTS).read_bytes()
    assert computed_again != path_of(notice.computation, RESULTS).read_bytes()
    assert json.loads(computed_again)["institutions"]


def test_an_institution_reads_its_score_and_objects_on_a_phone(found: Evaluated, desk: Any, clock: type[Clock]) -> None:
    organiser, second = desk(found.cast.organiser), desk(person("另一位主办方", Role.ORGANISER))
    notice = put_out(organiser, second, "2022-03-11")
    clock.shift = timedelta(days=2)
    entry = next(one for one in found.second.entries if one.institution.uscc == notice.rows[0][0])
    own = desk(person("机构的人", Role.INSTITUTION, institution=entry.institution), PHONE)
    own.goto("/institution/result/")
    shoot(own, "own-notice")
    own.get_by_role("link", name="提出异议").first.click()
    own.get_by_label("异议的内容").fill("核定的订单数少算了两单。")
    own.get_by_label("联系方式").fill("021-55550000")
    shoot(own, "own-objection")
    assert barriers(own) == []
    own.get_by_role("button", name="提交异议").click()
    expect(own.locator("#objections").locator("..").locator("..")).to_contain_text("YY-")
    organiser.goto(f"/office/publication/objections/{Objection.objects.get().pk}/")
    organiser.get_by_label("不予受理的理由").fill("订单数以平台流水为准，没有新的证据。")
    organiser.get_by_role("button", name="不予受理").click()
    clock.shift = datetime(2022, 3, 18, 2, tzinfo=UTC) - NOW
    publish(organiser, second)
    own.goto("/institution/result/")
    expect(own.locator("main")).to_contain_text("没有新的证据")
    expect(own.locator("main")).to_contain_text("每一分从哪里来")
    own.get_by_text("为什么").first.click()
    shoot(own, "own-result")
    assert barriers(own) == []
