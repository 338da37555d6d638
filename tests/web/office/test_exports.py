"""The office asks for contacts, another lets them go, the file is fetched once more confirmed; each by its page."""

import io
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from testbed.scene import Scene, scene

from ceping.flow.exports import made
from ceping.ground.exports.models import Export
from ceping.ground.journal.models import Entry as Act
from ceping.ground.work.models import Job
from ceping.web.ui.home import cards_for
from tests.web.recommender.test_pages import as_, submitted

pytestmark = pytest.mark.django_db
EXPORTS = "/office/exports/"


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    made = scene()
    submitted(made.entry, now)
    return made


@pytest.fixture
def client(here: Scene) -> Client:
    return as_(here.organiser)


def ask(client: Client, here: Scene, **changes: object) -> int:
    form = {"season": here.season.pk, "columns": ["contact_name", "contact_phone"], "reason": "发会议通知"}
    return client.post(f"{EXPORTS}new/", form | changes).status_code


def test_from_the_list_to_the_file(here: Scene, now: datetime, client: Client) -> None:
    assert "/office/exports/new/?season=" in client.get("/office/entries/", {"step": "submitted"}).content.decode()
    form = client.get(f"{EXPORTS}new/", {"season": here.season.pk, "step": "submitted"}).content.decode()
    assert "申请导出 1 家机构的联系方式" in form
    assert here.institution.name in form
    assert ask(client, here, step="submitted") == 302
    export = Export.objects.get()
    own = client.get(EXPORTS).content.decode()
    assert "等待审批" in own
    assert "同意导出" not in own
    second = as_(here.second)
    page = second.get(EXPORTS).content.decode()
    assert "1 份导出等您审批" in page
    assert "发会议通知" in page
    assert any("导出" in card.title for card in cards_for(here.second, now))
    assert not any("导出" in card.title for card in cards_for(here.organiser, now))
    # Who asked does not decide, whatever they post.
    assert client.post(f"{EXPORTS}{export.token}/decide/", {"do": "accept"}).status_code == 409
    assert second.post(f"{EXPORTS}{export.token}/decide/", {"do": "accept"}).status_code == 302
    assert client.post(f"{EXPORTS}{export.token}/file/").status_code == 409
    made(Job.objects.get(kind="export"), at=now)
    assert "下载" in client.get(EXPORTS).content.decode()
    answer = client.post(f"{EXPORTS}{export.token}/file/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert here.institution.name in str(list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values))
    assert second.post(f"{EXPORTS}{export.token}/file/").status_code == 409
    assert Act.objects.filter(act="take_export").count() == 1


def test_what_is_missing_is_told_and_what_was_typed_stays(here: Scene, client: Client) -> None:
    answer = client.post(f"{EXPORTS}new/", {"season": here.season.pk, "columns": "contact_phone", "reason": ""})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "没有写用途或理由" in page
    assert 'value="contact_phone" checked' in page
    assert not Export.objects.exists()


def test_it_is_confirmed_who_lets_go_and_who_fetches(here: Scene, now: datetime, settings: Any) -> None:
    assert ask(as_(here.organiser), here) == 302
    token = Export.objects.get().token
    settings.DEMO = False
    for user, act in ((here.second, "decide/"), (here.organiser, "file/")):
        client = as_(user)
        settings.DEMO = True
        client.get(EXPORTS)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(user), "has_second_factor", True)
            settings.DEMO = False
            answer = client.post(f"{EXPORTS}{token}/{act}", {"do": "accept"})
        assert answer.status_code == 302
        assert "/accounts/" in answer.headers["Location"]
    assert Export.objects.get().accepted is None
    assert now


def test_pages_cost_the_same_with_one_and_three(here: Scene, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(EXPORTS).status_code == 200
        return len(asked)

    ask(client, here)
    ask(as_(here.second), here)
    client.get(EXPORTS)
    few = queries()
    for _ in range(2):
        ask(client, here)
        ask(as_(here.second), here)
    assert queries() == few <= 15


def test_a_strange_name_of_a_request_is_none(here: Scene, client: Client) -> None:
    ask(client, here)
    assert client.post(f"{EXPORTS}nothing/withdraw/").status_code == 404
    assert as_(here.alice).post(f"{EXPORTS}{Export.objects.get().token}/withdraw/").status_code == 403
    assert client.post(f"{EXPORTS}{Export.objects.get().token}/decide/", {"do": "?"}).status_code == 404
    assert client.post(f"{EXPORTS}{Export.objects.get().token}/withdraw/").status_code == 302
