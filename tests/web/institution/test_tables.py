"""Tables: rows come, go and come back; a pasted block; a file taken whole or given back; 5 000 rows in pages."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook
from testbed.scene import FILING, START, Scene

from ceping.stages.report.models import Row
from ceping.web.institution.tables import ROWS
from tests.factories.report import client
from tests.web.institution.desk import Desk

pytestmark = pytest.mark.django_db
CLIENT = {"name": "上海甲有限公司", "contact": "张三", "phone": "13800000001", "service": "诊断"}
LINE = "\t".join(CLIENT.values())


def rows(here: Scene, table: str = "clients") -> list[dict[str, str]]:
    return [row.values for row in here.entry.rows.filter(table=table, removed_at=None).order_by("position", "pk")]


def many(here: Scene, count: int) -> None:
    Row.objects.bulk_create(
        Row(
            entry=here.entry, table="clients", position=n, values=client(n % 60 + 1, contact=f"人{n}"), changed_at=START
        )
        for n in range(1, count + 1)
    )


def upload(desk: Desk, data: bytes, name: str, table: str = "clients") -> tuple[int, str]:
    return desk.post(f"tables/{table}/import/", file=SimpleUploadedFile(name, data))


def book(*lines: list[object]) -> bytes:
    made, out = Workbook(), io.BytesIO()
    for line in lines:
        made.active.append(line)
    made.save(out)
    return out.getvalue()


def test_a_row_comes_changes_goes_and_comes_back(here: Scene, desk: Desk) -> None:
    status, told = desk.send("tables/clients/add/", value=CLIENT)
    assert (status, rows(here)) == (200, [CLIENT])
    first = told["row"]
    _, inserted = desk.send("tables/clients/add/", value=CLIENT | {"name": "乙"}, after=first)
    desk.send("tables/clients/add/", value=CLIENT | {"name": "中"}, after=first)
    assert [row["name"] for row in rows(here)] == ["上海甲有限公司", "中", "乙"]
    assert desk.send(f"rows/{first}/", value=CLIENT | {"phone": "13800000009"}, revision=1)[0] == 200
    status, told = desk.send(f"rows/{first}/", value=CLIENT, revision=1)
    assert (status, told["theirs"]["phone"]) == (409, "13800000009")
    assert desk.send(f"rows/{inserted['row']}/remove/")[0] == 200
    assert len(rows(here)) == 2
    assert desk.send(f"rows/{inserted['row']}/", value={}, revision=2)[0] == 409
    assert desk.send(f"rows/{inserted['row']}/restore/")[0] == 200
    assert [row["name"] for row in rows(here)] == ["上海甲有限公司", "中", "乙"]


def test_another_institutions_row_is_no_row_here(here: Scene, desk: Desk) -> None:
    desk.send("tables/clients/add/", value=CLIENT)
    row = here.entry.rows.get().pk
    assert Desk(here, here.bob).send(f"rows/{row}/remove/")[0] == 404
    assert len(rows(here)) == 1


def test_a_pasted_block_is_shown_by_position_and_then_taken(here: Scene, desk: Desk) -> None:
    given = {"text": f"{LINE}\r\n\t\t\r\n上海乙有限公司\t李四\t02158881234\t培训\r\n", "column": "name"}
    status, text = desk.post("tables/clients/paste/", **given)
    assert status == 200
    assert "将收下 2 行" in text
    assert rows(here) == []
    assert desk.client.post(f"{desk.root}tables/clients/paste/", given | {"take": "1"}).json()["added"] == 2
    assert rows(here) == [
        CLIENT,
        {"name": "上海乙有限公司", "contact": "李四", "phone": "02158881234", "service": "培训"},
    ]


def test_a_pasted_header_is_recognised_in_any_order_and_can_be_corrected(here: Scene, desk: Desk) -> None:
    text = "联系电话\t备注\t企业名称\t联系人\n013800000001\t无\t上海甲有限公司\t张三"
    _, shown = desk.post("tables/clients/paste/", text=text)
    assert shown.count("selected") == 3
    desk.post("tables/clients/paste/", text=text, take="1", to=["phone", "service", "name", "contact"])
    assert rows(here) == [CLIENT | {"phone": "013800000001", "service": "无"}]


def test_quoted_cells_spoilt_digits_groups_and_replacement(here: Scene, desk: Desk) -> None:
    desk.post("tables/clients/paste/", text='"上海""甲""\n公司"\t张\t1.38E+10\t诊断', column="name", take="1")
    assert rows(here) == [{"name": '上海"甲"\n公司', "contact": "张", "service": "诊断"}]
    desk.post("tables/clients/paste/", text=LINE, column="name", take="1", instead="yes")
    assert rows(here) == [CLIENT]
    desk.post("tables/policies/paste/", text="考勤制度\n薪酬制度", column="name", fixed="hr", take="1")
    assert rows(here, "policies") == [{"group": "hr", "name": "考勤制度"}, {"group": "hr", "name": "薪酬制度"}]
    desk.post("tables/team/paste/", text="王一\t主任", column="member", fixed="综合部", take="1")
    assert rows(here, "team") == [{"department": "综合部", "member": "王一", "post": "主任"}]


@pytest.mark.parametrize("text", ["", "\t\t\n \n", "x" * 200_000, "甲\n" * 5_001], ids=range(4))
def test_a_paste_of_nothing_or_too_much_takes_nothing(here: Scene, desk: Desk, text: str) -> None:
    status, shown = desk.post("tables/clients/paste/", text=text, take="1")
    assert status == 422
    assert "没有收" in shown
    assert rows(here) == []


def test_a_paste_with_nul_is_no_text_and_takes_nothing(here: Scene, desk: Desk) -> None:
    assert desk.post("tables/clients/paste/", text="a\0b", take="1")[0] == 400
    assert rows(here) == []


def test_a_sound_file_is_shown_and_then_taken_whole(here: Scene, desk: Desk) -> None:
    desk.send("tables/clients/add/", value=CLIENT)
    data = book(
        ["手机", "企业名称", "参与的服务（活动）", "联系人"],
        *([13900000000 + n, f"上海第{n}家", "诊断", "某"] for n in range(3)),
    )
    status, place = upload(desk, data, "客户 名单.xlsx")
    assert status == 302
    shown = desk.client.get(place).content.decode()
    assert "客户 名单.xlsx 可以导入 3 行" in shown
    assert len(rows(here)) == 1
    assert desk.client.post(place, {"take": "1", "instead": "no"}).status_code == 302
    assert [row["phone"] for row in rows(here)] == ["13800000001", "13900000000", "13900000001", "13900000002"]
    assert desk.client.post(place, {"take": "1", "instead": "yes"}).status_code == 302
    assert len(rows(here)) == 3


def test_a_faulty_file_comes_back_marked_and_nothing_is_taken(here: Scene, desk: Desk) -> None:
    data = book(
        ["企业名称", "联系人", "手机", "参与的服务（活动）"],
        list(CLIENT.values()),
        ["上海乙有限公司", "李四", "1380000", "诊断"],
    )
    _, place = upload(desk, data, "补充名单.xlsx")
    shown = desk.client.get(place).content.decode()
    assert "补充名单.xlsx 没有导入" in shown
    assert "第 3 行 手机" in shown
    assert desk.client.post(place, {"take": "1"}).status_code == 200
    assert rows(here) == []
    marked = desk.client.get(f"{place}marked/")
    assert "attachment" in marked.headers["Content-Disposition"]
    copy = load_workbook(io.BytesIO(b"".join(marked.streaming_content)))  # type: ignore[attr-defined]
    assert len(copy.worksheets) == 2
    assert Desk(here, here.bob).client.get(place).status_code == 404


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "x.xlsx"),
        (b"MZ\x90\0", "x.exe"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "x.xls"),
    ],
    ids=["empty", "program", "broken", "old"],
)
def test_what_is_no_list_is_refused_at_the_gate(here: Scene, desk: Desk, data: bytes, name: str) -> None:
    status, shown = upload(desk, data, name)
    if status == 302:
        shown = desk.client.get(shown).content.decode()
        assert "没有导入" in shown
    else:
        assert status == 422
    assert 'role="alert"' in shown or "cp-finding" in shown
    assert rows(here) == []


def test_a_list_in_gb18030_is_taken_once_somebody_has_looked(here: Scene, desk: Desk) -> None:
    text = "企业名称,联系人,手机,参与的服务（活动）\n" + ",".join(CLIENT.values())
    _, place = upload(desk, text.encode("gb18030"), "名单.csv")
    assert "按 GB18030 读" in desk.client.get(place).content.decode()
    desk.client.post(place, {"encoding": "gb18030", "take": "1"})
    assert rows(here) == [CLIENT]


def test_after_the_close_nothing_is_taken(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: FILING[1])
    desk = Desk(here, here.alice)
    assert desk.post("tables/clients/paste/", text=LINE, column="name", take="1")[0] == 403
    assert upload(desk, book(["企业名称"]), "x.xlsx")[0] == 422
    assert rows(here) == []


def test_five_thousand_rows_are_worked_in_pages(here: Scene, desk: Desk) -> None:
    many(here, 5_000)
    desk.get("parts/clients/")
    with CaptureQueriesContext(connection) as asked:
        text = desk.get("parts/clients/", t="clients", page="3")
    assert text.count('data-row="') == ROWS
    assert "第 101—150 行，共 5000 行" in text
    assert sum(one["sql"].startswith("SELECT") for one in asked) <= 15
    assert 'id="r-clients-777"' in desk.get("parts/clients/", t="clients", row="777")
    assert "第 4951—5000 行" in desk.get("parts/clients/", t="clients", page="last")
    assert 'value="人4321"' in desk.get("parts/clients/", t="clients", q="人4321")
    assert desk.get("parts/clients/", t="clients", only="questions").count('data-row="') == ROWS
    assert "没有符合的行" in desk.get("parts/clients/", t="clients", only="errors")
    assert desk.get("parts/clients/", t="nothing", page="x", row="y", only="z")
    assert desk.send("tables/clients/add/", value=CLIENT)[0] == 422
