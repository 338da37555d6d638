"""The heaviest hours once through, in a real browser against the real platform: from an invitation to the issued table.

An import that first fails kindly, a server killed in the middle of typing and a log-in that ends are on the way.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from testbed.browser import needs_browser

from ceping.documents.excel import Sheet, write_workbook

pytestmark = [pytest.mark.slow, needs_browser]
# Its report is whole but for the list of clients, which is too short.
NAME, AREA, WRITER = "institution-04", "recommender-04", "journey"
PASSWORD = "十分长的密码-2021"  # noqa: S105 -- of a person who lives as long as this test
HEADS = ("企业名称", "联系人", "手机", "参与的服务（活动）")
PATIENT = 60_000


@dataclass(frozen=True, slots=True)
class House:
    """The platform as a process of its own."""

    process: subprocess.Popen[bytes]
    url: str

    def kill_pages(self) -> None:
        """Whoever serves the pages dies at once, workers and all."""
        for one in psutil.Process(self.process.pid).children(recursive=True):
            # Children that read a file come and go meanwhile.
            with suppress(psutil.NoSuchProcess):
                if "granian" in " ".join(one.cmdline()):
                    one.send_signal(signal.SIGKILL)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("house")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("CEPING_", "DJANGO_"))}
    command = [sys.executable, "-m", "ceping", "run", "--demo", "--port", str(port)]
    process = subprocess.Popen(command, env=environ | {"CEPING_HOME": str(home)}, stdout=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        wait_for(url)
        yield House(process, url)
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(url: str) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/healthy/", timeout=2) as answer:  # noqa: S310 -- our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the platform does not answer")


def test_from_an_invitation_to_the_issued_table(house: House, browser: Browser, tmp_path: Path) -> None:
    district = someone(browser)
    institution = someone(browser)
    enter(district, house, AREA)
    name, link = invite(district, house)
    accept(institution, link)
    page = institution.new_page()
    page.goto(house.url)
    page.get_by_role("link", name="接着填").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("还差")
    fill_clients(page, tmp_path)
    type_while_the_server_dies(page, house)
    type_after_the_log_in_ended(page, institution)
    receipt = hand_in(page)
    put_forward(district, house, name, receipt)
    issue(district, house)


def someone(browser: Browser) -> BrowserContext:
    context = browser.new_context(locale="zh-CN", accept_downloads=True, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENT)
    return context


def enter(context: BrowserContext, house: House, login: str) -> None:
    page = context.new_page()
    page.goto(f"{house.url}/demo/")
    with page.expect_navigation():
        page.evaluate(f"document.querySelector('form[action=\"/demo/{login}/\"]').submit()")
    page.close()


def invite(district: BrowserContext, house: House) -> tuple[str, str]:
    """The contact left: the district gives the institution a new one. The institution's name and the link."""
    page = district.new_page()
    page.goto(f"{house.url}/demo/")
    form = page.locator(f'form[action="/demo/{NAME}/"]')
    name = (form.locator("small").text_content() or "").strip()
    page.goto(f"{house.url}/recommender/people/?q={name}")
    page.get_by_role("button", name="换联系人").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("姓名").fill("新来的人")
    dialog.get_by_label("手机").fill("13800000011")
    dialog.get_by_label("原因和核实方式").fill("原联系人离职，已收到盖章说明")
    dialog.get_by_role("button", name="换联系人").click()
    link = page.get_by_label("邀请链接").input_value()
    page.close()
    return name, link


def accept(institution: BrowserContext, link: str) -> None:
    page = institution.new_page()
    page.goto(link)
    form = page.locator("#main")
    form.get_by_label("登录名").fill(WRITER)
    form.get_by_label("密码", exact=True).fill(PASSWORD)
    form.get_by_label("再输一次密码").fill(PASSWORD)
    form.get_by_role("button", name="接受邀请").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.close()


def fill_clients(page: Page, folder: Path) -> None:
    """A list with two wrong rows is refused whole and comes back marked; mended, it is taken."""
    rows = [(f"上海旅程第{number:02d}号有限公司", "王芳", f"1390000{number:04d}", "政策咨询") for number in range(60)]
    bad = [
        *rows[:58],
        ("上海旅程第58号有限公司", "王芳", "1.39E+10", "政策咨询"),
        ("", "李雷", "13900000059", "融资对接"),
    ]
    for file, content in (("名单.xlsx", bad), ("名单-改好.xlsx", rows)):
        write_workbook(folder / file, [Sheet("服务清单", HEADS, content)], title="名单")
    page.get_by_role("link", name="五 服务清单").first.click()
    page.get_by_role("link", name="导入 Excel").click()
    page.locator("input[type=file]").set_input_files(folder / "名单.xlsx")
    page.get_by_role("button", name="看看这个文件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有导入")
    with page.expect_download() as marked:
        page.get_by_role("link", name="下载标注过的表格").click()
    assert marked.value.path().read_bytes()[:2] == b"PK"
    page.get_by_role("link", name="换一个文件").click()
    page.locator("input[type=file]").set_input_files(folder / "名单-改好.xlsx")
    page.get_by_role("button", name="看看这个文件").click()
    page.get_by_label("替换现有").check()
    page.get_by_role("button", name="收下 60 行").click()
    expect(page.locator(".cp-count50").first).to_contain_text("60")


def type_while_the_server_dies(page: Page, house: House) -> None:
    """What is typed stays on this device, and goes out by itself when the pages are back."""
    page.goto(re.sub(r"/parts/.*|/tables/.*", "/parts/overview/", page.url))
    house.kill_pages()
    field = page.locator("textarea").first
    field.fill("在服务器倒下的时候写下的简介，一个字也不能丢。")
    field.blur()
    wait_for(house.url)
    expect(page.locator("#saved[data-state=saved]")).to_be_visible()
    page.reload()
    expect(page.locator("textarea").first).to_have_value("在服务器倒下的时候写下的简介，一个字也不能丢。")


def type_after_the_log_in_ended(page: Page, institution: BrowserContext) -> None:
    """The log-in is asked for in place, and what was typed goes out after it."""
    institution.clear_cookies(name="session")
    field = page.locator("textarea").first
    field.fill("登录过期之后写下的简介，重新登录后接着保存。")
    field.blur()
    dialog = page.locator("#login-again")
    expect(dialog).to_be_visible()
    dialog.get_by_label("登录名").fill(WRITER)
    dialog.get_by_label("密码").fill(PASSWORD)
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#saved[data-state=saved]")).to_be_visible()
    page.reload()
    expect(page.locator("textarea").first).to_have_value("登录过期之后写下的简介，重新登录后接着保存。")


def hand_in(page: Page) -> str:
    """The receipt's number."""
    page.goto(re.sub(r"/parts/.*", "/submit/", page.url))
    for box in page.locator("input[name=stands]").all():
        box.check()
    page.locator("#signer").fill(signed_by(page))
    page.get_by_role("button", name="提交自评报告").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page).to_have_url(re.compile("/receipts/"))
    found = re.search(r"/receipts/(\d+)/", page.url)
    assert found is not None
    return found[1]


def signed_by(page: Page) -> str:
    """The legal representative, as the report names them."""
    other = page.context.new_page()
    other.goto(re.sub(r"/submit/.*", "/parts/overview/", page.url))
    name = other.get_by_label("法定代表姓名").input_value()
    other.close()
    return name


def put_forward(district: BrowserContext, house: House, name: str, receipt: str) -> None:
    page = district.new_page()
    page.goto(f"{house.url}/recommender/?q={name}")
    page.get_by_role("link", name=name).first.click()
    assert receipt
    for box in page.locator("input[name^=holds-]").all():
        box.check()
    for why in page.locator("input[name^=judged-]").all():
        why.fill("附件 1 第 1 页")
    page.get_by_role("button", name="推荐", exact=True).click()
    expect(page.locator("main")).to_contain_text("已推荐")
    page.close()


def issue(district: BrowserContext, house: House) -> None:
    """Whoever still waits is decided on, and the table goes out with its seal."""
    page = district.new_page()
    page.goto(f"{house.url}/recommender/table/")
    page.get_by_role("button", name="出具推荐汇总表").click()
    page.locator("dialog[open]").get_by_role("button", name="出具", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已出具")
    with page.expect_download() as paper:
        page.get_by_role("button", name="下载 PDF").click()
    assert paper.value.path().read_bytes()[:5] == b"%PDF-"
    page.close()
