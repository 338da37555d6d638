"""Filling in: the overview's answer, pages per part, saving with conflicts, closed pages with their reason."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from testbed.scene import FILING, START, Scene, an_institution, person

from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import shipped_folders
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Answer, Entry, Row
from ceping.stages.scheme.actions import extend_phase
from ceping.stages.scheme.queries import phase_of, rules_of
from ceping.stages.scheme.states import PhaseKind
from ceping.web.institution.fields import field_ids
from ceping.web.institution.part import table_ids
from ceping.web.institution.parts import pages_of
from tests.web.institution.desk import Desk

pytestmark = pytest.mark.django_db


def questions(asked: CaptureQueriesContext) -> int:
    """The queries proper, without the transaction around them."""
    return sum(one["sql"].startswith("SELECT") for one in asked)


def test_the_overview_says_what_is_so_and_lists_every_gap(desk: Desk) -> None:
    text = desk.get()
    assert "<h1>自评报告还没有开始填写</h1>" in text
    assert "3月31日 17:00" in text
    assert "没有填写办公地址" in text
    assert 'parts/overview/#f-address"' in text


@pytest.mark.usefixtures("whole")
def test_a_whole_report_can_be_handed_in(desk: Desk) -> None:
    text = desk.get()
    assert "自评报告还差 1 项就能提交" in text
    assert "未确认" in text


def test_an_extension_is_shown_with_its_reason(here: Scene, desk: Desk, now: datetime) -> None:
    phase = phase_of(here.season, PhaseKind.FILING)
    assert phase is not None
    extend_phase(
        phase=phase, until=FILING[1] + timedelta(days=3), reason="机构搬迁", area=here.area, by=here.organiser, at=now
    )
    text = desk.get()
    assert "已延期至 4月3日 17:00" in text
    assert "机构搬迁" in text


@pytest.mark.parametrize("name", shipped_folders())
def test_every_field_and_table_of_every_shipped_form_has_its_page(name: str) -> None:
    scheme, _ = load(name)
    assert scheme is not None
    pages = pages_of(scheme.form)
    fields = [key for page in pages for key, _ in field_ids(scheme.form, page)]
    tables = [key for page in pages for key in table_ids(scheme.form, page)]
    assert sorted(fields) == sorted(field.id for field in scheme.form.fields)
    assert sorted(tables) == sorted(table.id for table in scheme.form.tables)
    assert len({page.id for page in pages}) == len(pages)


def test_every_part_opens_within_fifteen_queries(whole: Scene, desk: Desk) -> None:
    for page in pages_of(rules_of(whole.season).form):
        desk.get(f"parts/{page.id}/")
        with CaptureQueriesContext(connection) as asked:
            text = desk.get(f"parts/{page.id}/")
        assert page.heading in text
        assert questions(asked) <= 15, page.id


def test_the_overview_takes_as_many_queries_for_a_long_report(whole: Scene, desk: Desk) -> None:
    desk.get()
    with CaptureQueriesContext(connection) as few:
        desk.get()
    Row.objects.bulk_create(
        Row(entry=whole.entry, table="clients", position=100 + n, values={"name": f"第{n}家"}, changed_at=START)
        for n in range(300)
    )
    desk.get()
    with CaptureQueriesContext(connection) as many:
        desk.get()
    assert questions(many) == questions(few)
    assert questions(few) <= 15


def test_a_field_is_saved_with_the_servers_time(here: Scene, desk: Desk) -> None:
    assert desk.send("answers/address/", value="张杨路 1 号", revision=0) == (
        200,
        {"value": "张杨路 1 号", "revision": 1, "saved": "10:00:00"},
    )
    stored = here.entry.answers.get(field="address")
    assert (stored.value, stored.changed_by) == ("张杨路 1 号", here.alice)
    assert "张杨路 1 号" in desk.get("parts/overview/")


def test_two_tabs_are_told_of_each_other_and_nothing_is_lost(here: Scene, desk: Desk) -> None:
    colleague = person("李佳怡", Role.INSTITUTION, institution=here.institution)
    assert desk.send("answers/headcount/", value="28", revision=0)[0] == 200
    assert Desk(here, colleague).send("answers/headcount/", value="26", revision=1)[0] == 200
    status, told = desk.send("answers/headcount/", value="30", revision=1)
    assert status == 409
    assert (told["theirs"], told["mine"], told["by"], told["own"], told["revision"]) == ("26", "30", "李佳怡", False, 2)
    assert here.entry.answers.get(field="headcount").value == "26"
    assert desk.send("answers/headcount/", value="30", revision=2)[0] == 200
    status, told = Desk(here, here.alice).send("answers/headcount/", value="31", revision=1)
    assert (status, told["own"]) == (409, True)


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("answers/address/", {"value": ["x"], "revision": 0}),
        ("answers/address/", {"value": "x", "revision": "0"}),
        ("answers/address/", {"value": "x", "revision": -1}),
        ("answers/address/", {"value": "x", "revision": 2**40}),
        ("answers/address/", {"value": "x" * 20_001, "revision": 0}),
        ("answers/address/", {"value": "a\0b", "revision": 0}),
        ("answers/address/", {}),
        ("answers/nothing/", {"value": "x", "revision": 0}),
        ("answers/categories/", {"value": "hr", "revision": 0}),
        ("tables/clients/add/", {"value": {"nothing": "x"}}),
        ("tables/clients/add/", {"value": {"name": 5}}),
        ("tables/clients/add/", {"value": "x"}),
        ("tables/nothing/add/", {"value": {}}),
        ("rows/999999/", {"value": {}, "revision": 1}),
        ("rows/999999/remove/", {}),
    ],
)
def test_what_the_form_does_not_take_is_refused_kindly(
    here: Scene, desk: Desk, path: str, given: dict[str, object]
) -> None:
    status, told = desk.send(path, **given)
    assert status == 422
    assert told["findings"][0]["message"]
    assert not Answer.objects.filter(entry=here.entry).exists()
    assert not Row.objects.filter(entry=here.entry).exists()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", b'{"revision": NaN}', b"[" * 5_000])
def test_a_body_that_is_no_object_is_refused(desk: Desk, body: bytes) -> None:
    answer = desk.client.post(f"{desk.root}answers/address/", body, content_type="application/json")
    assert answer.status_code == 422


def test_an_expired_log_in_is_told_and_a_stranger_finds_nothing(here: Scene, desk: Desk) -> None:
    desk.client.logout()
    status, _ = desk.send("answers/address/", value="x", revision=0)
    assert status == 401
    stranger = Desk(here, here.bob)
    assert stranger.send("answers/address/", value="x", revision=0)[0] == 404
    assert stranger.client.get(desk.root).status_code == 404
    assert not Answer.objects.filter(entry=here.entry).exists()


def test_after_the_close_it_is_read_only_with_the_reason(whole: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: FILING[1])
    desk = Desk(whole, whole.alice)
    status, told = desk.send("answers/address/", value="迟了", revision=1)
    assert (status, told["findings"][0]["code"]) == (403, "draft_closed")
    text = desk.get("parts/overview/")
    assert "填报已于2022年3月31日 17:00截止，这里只能查看" in text
    assert "data-unit" not in text
    assert "填报已截止，自评报告没有提交" in desk.get()
    monkeypatch.setattr("django.utils.timezone.now", lambda: FILING[1] - timedelta(microseconds=1))
    assert desk.send("answers/address/", value="赶上", revision=1)[0] == 200


@pytest.mark.usefixtures("whole")
def test_findings_stand_at_their_field_with_the_boards_number(desk: Desk) -> None:
    desk.send("answers/fulltime_count/", value="999", revision=1)
    text = desk.get("parts/overview/")
    field = text.partition('id="f-fulltime_count"')[2].partition('id="f-equipment_count"')[0]
    assert '<span class="cp-zhu">1</span>' in field
    assert "填写的 999 大于“机构总人数（人）”" in field
    assert "填写的 999 大于“机构总人数（人）”" in text.partition('id="board"')[2]


def test_the_registration_stands_for_name_and_code(here: Scene, desk: Desk) -> None:
    text = desk.get("parts/overview/")
    assert f'value="{here.institution.name}"' in text
    assert "取自机构登记" in text


def test_who_writes_for_two_seasons_sees_the_newest_and_the_others(here: Scene, desk: Desk) -> None:
    assert desk.client.get("/institution/").headers["Location"] == desk.root
    other = an_institution("上海第二家有限公司", "91310000MA1FL0AB28", here.area)
    person_two = Desk(here, person("无报告", Role.INSTITUTION, institution=other))
    assert "还没有可以填写的自评报告" in person_two.client.get("/institution/").content.decode()
    assert Entry.objects.count() == 1
