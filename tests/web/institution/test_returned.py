"""The desk while a report is returned: what can be changed is open, the rest is shown with why it is not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from testbed.scene import Scene

from ceping.flow.send_back import return_report
from ceping.stages.recommendation.actions import Note
from ceping.stages.report.actions import remove_row
from tests.web.institution.desk import Desk
from tests.web.institution.test_handing import handed_in

pytestmark = pytest.mark.django_db


def send_back(here: Scene, now: datetime, *about: tuple[str, str]) -> None:
    notes = [Note(kind, key, "请核对") for kind, key in about]
    here.entry.refresh_from_db()
    return_report(
        entry=here.entry, remarks=notes, due_at=now + timedelta(days=40), by=here.district, at=now - timedelta(hours=1)
    )


@pytest.fixture
def back(whole: Scene, desk: Desk, now: datetime) -> Desk:
    """Returned with a remark on a field, on a row, and on an item of the evidence."""
    handed_in(whole, desk)
    send_back(whole, now, ("field", "address"), ("row", "clients/3"), ("attachment", "7"))
    return desk


def field_of(text: str, key: str) -> str:
    return text.partition(f'id="f-{key}"')[2].partition('id="f-')[0]


def test_fields_that_were_not_returned_are_read_only_with_the_reason(back: Desk) -> None:
    text = back.get("parts/overview/")
    assert "本次只改退回的几处，其余只能查看。" in text
    assert "data-unit" in field_of(text, "address")
    closed = field_of(text, "introduction")
    assert "data-unit" not in closed
    assert "readonly" in closed
    assert "未退回" in closed
    assert "可改" in field_of(text, "address")
    assert "这一部分没有退回的地方" in back.get("parts/outlook/")


def test_a_row_that_was_returned_stands_open_among_closed_ones(back: Desk, whole: Scene) -> None:
    text = back.get("parts/clients/")
    rows = [one.partition("</tr>")[0] for one in text.split("<tr id=")[1:]]
    opened = [one[:20] for one in rows if "data-unit" in one]
    assert opened == ['"r-clients-3" data-u']
    assert [one[:13] for one in rows if "可改" in one] == ['"r-clients-3"']
    assert "这张表只退回了几行" in text
    assert "data-new=" not in text
    assert "导入 Excel" not in text
    third = whole.entry.rows.filter(table="clients").order_by("position", "pk")[2]
    assert back.send(f"rows/{third.pk}/", value=third.values | {"contact": "新人"}, revision=1)[0] == 200


def test_a_stale_window_is_told_and_the_rest_of_it_saves(back: Desk, whole: Scene) -> None:
    status, told = back.send("answers/introduction/", value="另一个窗口里写的", revision=1)
    assert status == 403
    assert told["findings"] == [
        {
            "code": "draft_place_closed",
            "message": "“机构简介”没有退回，只能查看",
            "remedy": "本次只改推荐单位退回的几处；确需改这里，请联系推荐单位",
        }
    ]
    assert back.send("answers/address/", value="新址 8 号", revision=1)[0] == 200
    assert back.send("tables/clients/add/", value={"name": "甲"})[1]["findings"][0]["code"] == "draft_table_closed"
    first = whole.entry.rows.filter(table="clients").order_by("position", "pk")[0]
    for path in ("", "remove/"):
        assert back.send(f"rows/{first.pk}/{path}", value={}, revision=1)[0] == 403
    assert whole.entry.rows.filter(table="clients", removed_at=None).count() == 52


@pytest.mark.parametrize("path", ["tables/clients/paste/", "tables/clients/import/"])
def test_lists_are_refused_before_they_are_read(back: Desk, path: str) -> None:
    status, text = back.post(path, text="a\tb\nc\td")
    assert status in (403, 422)
    assert "没有整表退回，不能添行或导入" in text
    if "import" in path:
        text = back.get(path)
        assert "没有整表退回" in text
        assert 'type="file"' not in text


def test_what_is_wrong_now_is_named_with_its_link(whole: Scene, desk: Desk, now: datetime) -> None:
    handed_in(whole, desk)
    send_back(whole, now, ("field", "fulltime_count"))
    assert desk.send("answers/headcount/", value="999", revision=1)[0] == 403
    assert desk.send("answers/fulltime_count/", value="998", revision=1)[0] == 200
    assert "data-unit" in field_of(desk.get("parts/overview/"), "headcount")
    text = desk.get()
    assert "因刚才的改动也可以改了" in text
    assert "#f-headcount" in text
    text = desk.get("parts/overview/")
    assert "data-unit" in field_of(text, "headcount")
    assert desk.send("answers/headcount/", value="999", revision=1)[0] == 200
    assert desk.send("answers/headcount/", value="1000", revision=2)[0] == 200


def test_a_remark_on_the_whole_says_that_everything_is_open(whole: Scene, desk: Desk, now: datetime) -> None:
    handed_in(whole, desk)
    send_back(whole, now, ("field", "address"), ("whole", ""))
    text = desk.get("parts/overview/")
    assert "整份报告都可以改。" in text
    assert "data-unit" in field_of(text, "introduction")
    assert "data-new=" in desk.get("parts/clients/")
    assert "可改</span>" not in text


def test_a_remark_on_a_part_stands_at_its_head(whole: Scene, desk: Desk, now: datetime) -> None:
    handed_in(whole, desk)
    send_back(whole, now, ("part", "clients"))
    assert desk.get("parts/clients/").count("退回意见：</b>请核对") == 1
    assert "data-new=" in desk.get("parts/clients/")
    assert "退回意见：</b>请核对" not in desk.get("parts/overview/")
    assert "五、服务清单（整个部分）" in desk.get()


def test_the_overview_says_what_can_be_changed_and_leads_there(back: Desk, whole: Scene) -> None:
    text = back.get()
    assert "本次只改退回的几处" in text
    assert text.count("可改</span>") == 3
    first = whole.entry.rows.filter(table="clients").order_by("position", "pk")[0]
    first.removed_at = first.changed_at
    first.save()
    assert "?t=clients&amp;row=2#r-clients-2" in back.get()


def test_a_returned_row_that_is_taken_out_is_told_so(back: Desk, whole: Scene, now: datetime) -> None:
    third = whole.entry.rows.filter(table="clients").order_by("position", "pk")[2]
    remove_row(entry=whole.entry, row=third.pk, by=whole.alice, at=now)
    assert "第 3 行（已删除）" in back.get()
    assert "退回意见 2" not in back.get("parts/clients/")


def test_evidence_shows_which_items_were_returned(back: Desk, whole: Scene) -> None:
    text = back.get("evidence/")
    assert "本次只改退回的几项" in text
    assert text.count("未退回 ") == 9
    assert "退回意见：</b>请核对" in text.partition('id="item-7"')[2].partition("</section>")[0]
    documents = text.count('class="cp-doc"')
    seventh = whole.entry.attachments.filter(item=7).count()
    assert text.count(">移除</button>") == seventh < documents
    closed = whole.entry.attachments.get(item=8)
    page = back.get(f"evidence/{closed.pk}/")
    assert "“附件 8”没有退回，只能查看" in page
    assert "换成新版本" not in page
    assert back.post(f"evidence/{closed.pk}/remove/")[0] == 422
    assert whole.entry.attachments.filter(item=8, removed_at=None).exists()


def test_a_returned_page_asks_no_more_than_any_other(whole: Scene, desk: Desk, now: datetime) -> None:
    handed_in(whole, desk)

    def asked(path: str) -> int:
        desk.get(path)
        with CaptureQueriesContext(connection) as found:
            desk.get(path)
        return sum(one["sql"].startswith("SELECT") for one in found)

    counts = []
    for most in (1, 3):
        send_back(whole, now, *(("row", f"clients/{number}") for number in range(1, most + 1)))
        counts.append([asked(path) for path in ("", "parts/clients/", "evidence/")])
        handed_in(whole, desk)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15
