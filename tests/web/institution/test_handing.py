"""Handing in: one press one submission, its receipt, taking back, remarks answered, changes told."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from testbed.scene import FILING, Scene

from ceping.flow.send_back import return_report
from ceping.stages.recommendation.actions import Note
from ceping.stages.report.models import Submission
from ceping.stages.report.states import EntryState
from tests.web.institution.desk import Desk

pytestmark = pytest.mark.django_db


def press(here: Scene, **changes: Any) -> dict[str, Any]:
    chosen = here.entry.answers.get(field="categories").value[0]
    return {"key": str(uuid4()), "category": chosen, "signer": "王一"} | changes


def handed_in(here: Scene, desk: Desk, **changes: Any) -> Submission:
    status, place = desk.post("submit/", **press(here, **changes))
    assert status == 302, place
    return here.entry.submissions.order_by("-number")[0]


def returned(here: Scene, now: datetime) -> None:
    notes = [
        Note("field", "address", "地址与执照不一致"),
        Note("row", "clients/3", "请补联系人"),
        Note("whole", "", "请重印"),
    ]
    here.entry.refresh_from_db()
    return_report(
        entry=here.entry, remarks=notes, due_at=now + timedelta(days=40), by=here.district, at=now + timedelta(hours=1)
    )


def test_the_page_shows_the_commitment_whole_and_what_is_chosen(whole: Scene, desk: Desk) -> None:
    text = desk.get("submit/")
    assert "愿承担相应的责任；" in text
    assert "我单位不会以任何形式干预后续进行的材料审查、测评和成绩确定工作。" in text
    assert text.count("btn-seal") == 1
    assert re.search(r'name="key" value="[0-9a-f-]{36}"', text)
    assert whole.entry.submissions.count() == 0


def test_one_press_is_one_submission_with_a_receipt_to_read_out(whole: Scene, desk: Desk) -> None:
    given = press(whole)
    first, again = desk.post("submit/", **given), desk.post("submit/", **given)
    assert first == again == (302, f"{desk.root}receipts/1/")
    made = whole.entry.submissions.get()
    text = desk.get("receipts/1/")
    assert made.receipt in text
    assert "2022年3月10日 10:00:00（服务器时间）" in text
    assert made.report_sha256[:8] in text
    assert 'src="data:image/svg+xml' in text
    assert "自评报告已提交，等待推荐单位审核" in desk.get()


def test_gaps_stop_it_and_questions_are_ticked(whole: Scene, desk: Desk) -> None:
    whole.entry.answers.filter(field="head_name").delete()
    status, text = desk.post("submit/", **press(whole))
    assert status == 409
    value = re.search(r'name="stands" value="([^"]+)"', text)
    assert value is not None
    whole.entry.answers.filter(field="address").delete()
    status, text = desk.post("submit/", **press(whole, stands=[value[1]]))
    assert status == 409
    assert "还差 1 项才能提交" in text
    assert "btn-seal" not in text
    assert whole.entry.submissions.count() == 0
    desk.send("answers/address/", value="张杨路 1 号", revision=0)
    made = handed_in(whole, desk, stands=[value[1]])
    assert made.let_stand == [["report_asked", "封面 机构负责人"]]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"signer": "李四"}, "“李四”不是法定代表姓名“王一”"),
        ({"category": "legal"}, "没有在服务类别中勾选"),
        ({"category": ""}, "没有在服务类别中勾选"),
        ({"key": ""}, "这次提交没有编号"),
        ({"key": "x"}, "这次提交没有编号"),
        ({"stands": ["", "|", "x|y"], "signer": ""}, ""),
    ],
)
def test_a_press_that_is_not_sound_changes_nothing(
    whole: Scene, desk: Desk, changes: dict[str, Any], told: str
) -> None:
    status, text = desk.post("submit/", **press(whole, **changes))
    assert status == 409
    assert told in text
    assert whole.entry.submissions.count() == 0
    assert not whole.entry.answers.filter(field="@commitment").exists()


def test_the_close_is_the_servers_and_is_told(whole: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: FILING[1])
    desk = Desk(whole, whole.alice)
    status, text = desk.post("submit/", **press(whole))
    assert status == 409
    assert "填报已于2022年3月31日 17:00截止" in text
    monkeypatch.setattr("django.utils.timezone.now", lambda: FILING[1] - timedelta(microseconds=1))
    assert desk.post("submit/", **press(whole))[0] == 302


def test_withdrawn_and_handed_in_again_with_the_difference(whole: Scene, desk: Desk) -> None:
    handed_in(whole, desk)
    assert "需在 3月31日 17:00 前重新提交" in desk.get()
    assert "这里只能查看" in desk.get("parts/overview/")
    assert desk.post("withdraw/")[0] == 302
    assert "这次提交已于" in desk.get("receipts/1/")
    assert desk.post("withdraw/")[0] == 409
    desk.send("answers/address/", value="新址 8 号", revision=1)
    handed_in(whole, desk)
    text = desk.get("changes/1/2/")
    assert "第 2 次提交改了 1 处" in text
    assert "<ins>新址 8 号</ins>" in text
    assert "两次提交内容相同" in desk.get("changes/2/2/")
    assert desk.client.get(f"{desk.root}changes/1/3/").status_code == 404
    assert Desk(whole, whole.bob).client.get(f"{desk.root}receipts/1/").status_code == 404


def test_a_returned_report_shows_its_remarks_where_they_belong(whole: Scene, desk: Desk, now: datetime) -> None:
    handed_in(whole, desk)
    returned(whole, now)
    text = desk.get()
    assert "退回意见 3 条" in text
    assert "4月19日 10:00 前交回" in text
    assert f"{desk.root}parts/overview/#f-address" in text
    assert f"{desk.root}parts/clients/?t=clients&amp;row=3#r-clients-3" in text
    part = desk.get("parts/overview/")
    assert "退回意见：</b>地址与执照不一致" in part.partition('id="f-address"')[2].partition('id="f-founded_on"')[0]
    assert "退回意见 2：请补联系人" in desk.get("parts/clients/")
    assert desk.get("parts/clients/").count("请重印") == 1


def test_a_remark_is_answered_and_the_report_goes_back(whole: Scene, desk: Desk, now: datetime) -> None:
    handed_in(whole, desk)
    returned(whole, now)
    remark = whole.entry.submissions.get().returned.remarks.first()
    assert remark is not None
    assert desk.post(f"remarks/{remark.pk}/", answer=" 已按执照更正 ")[0] == 302
    remark.refresh_from_db()
    assert remark.answer == "已按执照更正"
    assert Desk(whole, whole.bob).post(f"remarks/{remark.pk}/", answer="x")[0] == 404
    assert handed_in(whole, desk).number == 2
    whole.entry.refresh_from_db()
    assert whole.entry.state == EntryState.SUBMITTED
    assert desk.post(f"remarks/{remark.pk}/", answer="迟了")[0] == 409


def test_three_submissions_take_as_many_queries_as_one(whole: Scene, desk: Desk) -> None:
    handed_in(whole, desk)
    desk.get()
    with CaptureQueriesContext(connection) as one:
        desk.get()
    for _ in range(2):
        desk.post("withdraw/")
        handed_in(whole, desk)
    with CaptureQueriesContext(connection) as three:
        desk.get()
    assert len(three) == len(one)
    assert sum(asked["sql"].startswith("SELECT") for asked in one) <= 15


def test_the_paper_copy_is_told(whole: Scene, desk: Desk, now: datetime) -> None:
    made = handed_in(whole, desk)
    assert "纸质材料：尚未收到" in desk.get()
    paper = made.paper
    paper.received_on, paper.received_by, paper.seals_complete, paper.cross_page_seal = (
        now.date(),
        whole.district,
        True,
        False,
    )
    paper.save()
    assert "3月10日收到（王区里），印章齐全，缺骑缝章" in desk.get()
