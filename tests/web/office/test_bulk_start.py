"""The security officer's page for accounts in bulk: looked at, taken once, the slips given out with it."""

import base64
from typing import Any

import pypdfium2
import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from testbed.scene import Scene, person

from ceping.ground.messages.models import Letter
from ceping.ground.people.models import Institution
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Entry
from tests.web.office.test_accounts import found, officer

__all__ = ["found", "officer"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer", "media")]
HEAD = "机构名称,统一社会信用代码,推荐单位,联系人,手机,电子邮箱\n"
ROWS = (
    "上海有信科技有限公司,91310000MA1FL0AB2X,浦东新区,信女士,,xin@example.cn\n"
    "上海无邮科技有限公司,91310000MA1FL0AB3X,闵行区,吴先生,13800138000,\n"
)


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def sent(client: Client, found: Scene, text: str) -> str:
    """The address of the page that shows what is in the file."""
    file = SimpleUploadedFile("去年.csv", text.encode())
    answer = client.post("/office/start/", {"season": found.season.pk, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def test_a_list_is_looked_at_taken_and_its_slips_are_there_once(client: Client, found: Scene) -> None:
    page = sent(client, found, HEAD + ROWS)
    assert "可以收 2 家" in client.get(page).content.decode()
    assert not Letter.objects.exists()
    text = client.post(f"{page}take/").content.decode()
    data = base64.b64decode(text.partition("base64,")[2].partition('"')[0])
    pdf = pypdfium2.PdfDocument(data)
    assert len(pdf) == 1
    words = pdf[0].get_textpage().get_text_bounded()
    assert "上海无邮科技有限公司" in words
    path = "/invitations/" + "".join(words.split()).partition("/invitations/")[2][:44]
    assert Client().get(path).status_code == 200
    assert Letter.objects.get().to == "xin@example.cn"
    assert Entry.objects.filter(institution__uscc="91310000MA1FL0AB3X", season=found.season).exists()
    again = client.post(f"{page}take/").content.decode()
    assert "一切照旧" in again
    assert "base64" not in again
    assert "base64" in client.post(f"{page}take/", {"again": "yes"}).content.decode()


def test_a_faulty_list_goes_back_marked(client: Client, found: Scene) -> None:
    page = sent(client, found, HEAD + ROWS + "甲公司,123,火星区,,,\n")
    text = client.get(page).content.decode()
    assert "有 3 处要改" in text
    assert "火星区" in text
    assert client.post(f"{page}take/").status_code == 409
    assert not Institution.objects.filter(uscc="91310000MA1FL0AB2X").exists()
    assert b"".join(client.get(f"{page}marked/")).startswith(b"PK")


def test_what_is_no_list_is_told(client: Client, found: Scene) -> None:
    for file in (SimpleUploadedFile("去年.pdf", b"%PDF-1.4 x"), ""):
        assert client.post("/office/start/", {"season": found.season.pk, "file": file}).status_code == 422
    assert client.post("/office/start/", {"season": 0}).status_code == 404


def test_another_officer_does_not_reach_the_file(client: Client, found: Scene) -> None:
    page = sent(client, found, HEAD + ROWS)
    other = person("钱安全", Role.SECURITY_OFFICER)
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(other)
    assert client.get(page).status_code == 404
