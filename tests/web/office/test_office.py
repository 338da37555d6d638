"""The organiser's pages: seasons, schemes by two persons, progress at a fixed price, reminders and more time."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from testbed.scene import START, Scene, an_institution, person, scene, shipped_files

from ceping.folder.demo.words import credit_code
from ceping.ground.journal.models import Entry as Act
from ceping.ground.messages.models import Message
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.queries import quota_for
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Extension, SchemeVersion, Season
from tests.web.recommender.test_pages import as_, submitted

pytestmark = pytest.mark.django_db
OFFICE = "/office/"


@pytest.fixture
def here(now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return scene()


@pytest.fixture
def client(here: Scene) -> Client:
    return as_(here.organiser)


def text(client: Client, address: str, **asked: object) -> str:
    answer = client.get(OFFICE + address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def another(here: Scene, number: int) -> Entry:
    made = an_institution(f"上海第{number}家", credit_code(number, "startup"), here.elsewhere)
    person("某人", Role.INSTITUTION, institution=made, main=True)
    return Entry.objects.create(season=here.season, institution=made, created_at=START, changed_at=START)


@pytest.mark.parametrize("address", ["", "entries/", "quotas/", "schemes/", "seasons/"])
def test_a_page_costs_the_same_with_one_and_three(address: str, here: Scene, now: datetime, client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            text(client, address)
        return len(asked)

    submitted(here.entry, now)
    queries()
    few = queries()
    for number in (3, 4):
        submitted(another(here, number), now)
    assert queries() == few <= 15


def test_numbers_lead_to_the_lists_they_count(here: Scene, now: datetime, client: Client) -> None:
    submitted(here.entry, now)
    another(here, 3)
    page = text(client, "")
    assert "1 家提交过，1 家还在机构手里" in page
    assert f"step=not_begun&amp;area={here.elsewhere.pk}" in page
    late = text(client, "entries/", step="not_begun", area=here.elsewhere.pk)
    assert "上海第3家" in late
    assert here.institution.name not in late
    assert here.institution.name in text(client, "entries/", q=here.institution.uscc.lower())
    assert "没有符合条件" in text(client, "entries/", step="late")
    assert client.get(f"{OFFICE}entries/", {"season": "999"}).status_code == 404


def test_late_is_late_by_ones_own_close(
    here: Scene, now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(here, 3)
    until = {"phase": "filing", "until": "2022-04-05T17:00", "reason": "停电", "sure": "yes"}
    assert client.post(f"{OFFICE}entries/extend/", {"entry": here.entry.pk, **until}).status_code == 302
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(days=23))
    client = as_(here.organiser)
    late = text(client, "entries/", step="late")
    assert "上海第3家" in late
    assert here.institution.name not in late


def test_a_reminder_is_seen_before_it_is_told(here: Scene, client: Client) -> None:
    asked = {"entry": here.entry.pk}
    seen = client.post(f"{OFFICE}entries/remind/", asked).content.decode()
    assert here.institution.name in seen
    assert "请完成自评报告" in seen
    assert not Message.objects.exists()
    for _ in range(2):
        assert client.post(f"{OFFICE}entries/remind/", {**asked, "sure": "yes"}).status_code == 302
    assert Message.objects.get().to == here.alice
    assert Act.objects.filter(act="remind").count() == 2


def test_all_of_a_filter_are_reminded(here: Scene, client: Client) -> None:
    another(here, 3)
    another(here, 4)
    client.post(f"{OFFICE}entries/remind/", {"whom": "all", "area": here.elsewhere.pk, "sure": "yes"})
    assert Message.objects.count() == 2
    assert not here.alice.messages.exists()


def test_more_time_for_an_area_is_journalled_and_told(here: Scene, client: Client) -> None:
    asked = {"whole_area": here.area.pk, "phase": "filing", "until": "2022-04-05T17:00", "sure": "yes"}
    refused = client.post(f"{OFFICE}entries/extend/", {**asked, "reason": " "})
    assert refused.status_code == 422
    assert "2022-04-05T17:00" in refused.content.decode(), "what was typed stands again"
    for wrong in ({"until": "soon"}, {"until": "2022-03-01T09:00"}):
        assert client.post(f"{OFFICE}entries/extend/", {**asked, "reason": "停电", **wrong}).status_code == 422
    assert not Extension.objects.exists()
    assert client.post(f"{OFFICE}entries/extend/", {**asked, "reason": "停电"}).status_code == 302
    assert Extension.objects.get().area == here.area
    assert "停电" in here.alice.messages.get().body
    assert Act.objects.get(act="extend_phase").reason == "停电"


def test_a_quota_needs_a_number_and_a_reason(here: Scene, client: Client) -> None:
    asked = {"area": here.area.pk, "category": "", "most": "3", "reason": "按上年核定"}
    for wrong in ({"most": "三"}, {"most": "-1"}, {"reason": ""}):
        assert client.post(f"{OFFICE}quotas/", {**asked, **wrong}).status_code == 422
    assert client.post(f"{OFFICE}quotas/", asked).status_code == 302
    assert quota_for(here.season, here.area) == 3
    assert "按上年核定" in text(client, "quotas/")


def test_the_list_goes_out_without_anything_personal(here: Scene, now: datetime, client: Client) -> None:
    submitted(here.entry, now)
    answer = client.post(f"{OFFICE}entries/export/", {"step": "submitted"})
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert here.institution.name in rows[-1]
    contact = here.entry.submissions.get().report["answers"]["contact_phone"]
    assert all(contact not in str(cell) for row in rows for cell in row)
    assert Act.objects.get(act="export_progress").body == {"count": 1, "filters": {"step": "submitted"}}


def test_a_scheme_is_published_by_two(here: Scene, client: Client) -> None:
    files = shipped_files()
    files["scheme.toml"] = files["scheme.toml"].replace("version = 1", "version = 2", 1)
    given = [SimpleUploadedFile(name, content.encode()) for name, content in files.items()]
    assert client.post(f"{OFFICE}schemes/upload/", {"files": given}).status_code == 302
    version = SchemeVersion.objects.get(version=2)
    address = f"{OFFICE}schemes/{version.pk}/"
    assert "示例" in client.get(address).content.decode()
    assert client.post(f"{address}propose/").status_code == 302
    same = client.post(f"{address}publish/")
    assert same.status_code == 409
    assert "提出发布的人不能自己发布" in same.content.decode()
    second = as_(here.second)
    assert second.post(f"{address}publish/").status_code == 302
    version.refresh_from_db()
    assert version.state == "published"
    told = text(client, f"schemes/{here.season.scheme_id}/against/{version.pk}/")
    assert "1 处不同" in told


def test_a_bad_scheme_is_told_whole_and_not_kept(here: Scene, client: Client) -> None:
    before = SchemeVersion.objects.count()
    for given in (b"\xff\xfe", b"id = 'x'", b""):
        answer = client.post(f"{OFFICE}schemes/upload/", {"files": [SimpleUploadedFile("scheme.toml", given)]})
        assert answer.status_code == 422
    assert SchemeVersion.objects.count() == before == 1
    assert here.season.scheme_id


def season_form(here: Scene) -> dict[str, object]:
    return {
        "title": "2022年测评",
        "version": here.season.scheme_id,
        "from": "2022-01-01",
        "to": "2022-12-31",
        "filing-opens": "2023-02-01T09:00",
        "filing-closes": "2023-03-31T17:00",
        "recommending-opens": "2023-03-01T09:00",
        "recommending-closes": "2023-04-15T17:00",
    }


def test_a_season_is_opened_and_moved_forward(here: Scene, client: Client) -> None:
    assert client.post(f"{OFFICE}seasons/new/", season_form(here)).status_code == 302
    made = Season.objects.get(title="2022年测评")
    address = f"{OFFICE}seasons/{made.pk}/"
    page = client.get(address).content.decode()
    assert "筹备" in page
    assert "示例" in page
    for _ in range(2):
        client.post(f"{address}advance/", {"seen": "draft"})
    made.refresh_from_db()
    assert made.state == "filing", "a second press of the same button moves nothing"
    phase = {"kind": "paper", "opens": "2023-03-01T09:00", "closes": "2023-04-20T17:00"}
    assert client.post(f"{address}phase/", phase).status_code == 409
    assert client.post(f"{address}phase/", {**phase, "reason": "补定"}).status_code == 302
    assert client.post(f"{address}phase/", {"kind": "paper", "close": "yes", "reason": "收齐"}).status_code == 302
    assert made.phases.get(kind="paper").closed_at is not None


def test_everything_wrong_with_a_calendar_is_told_at_once(here: Scene, client: Client) -> None:
    wrong = {"title": "", "filing-closes": "2023-05-31T17:00", "paper-opens": "2023-03-01T09:00", "to": "x"}
    answer = client.post(f"{OFFICE}seasons/new/", season_form(here) | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("没有填名称", "自评比推荐结束得还晚", "纸质材料只填了开始或结束", "测评时间没有填完整"):
        assert words in page
    assert Season.objects.count() == 1


def test_example_weights_are_confirmed_or_replaced_whole(here: Scene, client: Client) -> None:
    address = f"{OFFICE}seasons/{here.season.pk}/parameters/"
    assert client.post(address, {"status": "confirmed", "reason": "市经信委文件"}).status_code == 302
    here.season.refresh_from_db()
    assert here.season.parameters == "confirmed"
    assert client.post(address, {"status": "replaced", "reason": "x"}).status_code == 409
    page = text(client, f"seasons/{here.season.pk}/")
    names = [part.partition('"')[0] for part in page.split('name="weight-')[1:]]
    even = {f"weight-{name}": "0.5" for name in names}
    assert client.post(address, {"status": "replaced", "reason": "x", **even}).status_code == 409
    total = 100 - (len(names) - 1) * 0.5
    assert (
        client.post(
            address, {"status": "replaced", "reason": "专家会", **even, f"weight-{names[0]}": str(total)}
        ).status_code
        == 302
    )
    here.season.refresh_from_db()
    assert here.season.parameters == "replaced"


def test_a_report_is_read_and_nothing_can_be_done(here: Scene, now: datetime, client: Client) -> None:
    assert "还没有提交" in text(client, f"entries/{here.entry.pk}/")
    submitted(here.entry, now)
    for one in (client, as_(person("孙负责", Role.LEAD))):
        page = text(one, f"entries/{here.entry.pk}/")
        assert here.entry.submissions.get().receipt in page
        assert "<form" not in page.partition('id="main"')[2].partition("</main>")[0]
    assert as_(here.district).get(f"{OFFICE}entries/{here.entry.pk}/").status_code == 403
