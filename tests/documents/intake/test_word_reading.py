"""The filled official form read back: rows moved, tables cut, cells merged, and whatever else people do to a form."""

from collections.abc import Callable
from typing import Any

import pytest

from ceping.core.finding import Level
from ceping.documents.intake.word_reading import Reading
from tests.factories.word_form import C, Form, T

Read = Callable[..., Reading]
OVERVIEW, EXPERIENCE, MANAGEMENT = "一、服务机构概述", "二、2021年度中小企业服务经验", "三、运营管理情况"
OUTLOOK, CLIENTS, LIST = "四、服务成效及规划", "五、服务清单", "七、所需提供的资料清单"


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(("?" if one.level is Level.WARNING else "") + one.code, one.place) for one in reading.findings]


def values(reading: Reading) -> list[dict[str, str]]:
    return [dict(one.values) for one in reading.findings]


def report(reading: Reading) -> dict[str, Any]:
    assert reading.report is not None, told(reading)
    return reading.report


def table(block: Any) -> list[list[Any]]:
    """The rows of a table of the form, to be changed."""
    assert isinstance(block, T)
    return [list(row) for row in block.rows]


def overview(form: Form, change: Callable[[list[list[Any]]], list[list[Any]]]) -> Form:
    form["overview"][1] = T(change(table(form["overview"][1])))
    return form


def test_the_official_form_is_read_whole(whole: Reading) -> None:
    assert whole.findings == ()
    answers = report(whole)["answers"]
    assert report(whole)["institution"] == {"uscc": "91310199MA0000A197", "name": "上海示例企业服务有限公司"}
    assert len(answers) == 35
    assert answers["filled_on"] == "2022-01-10"
    assert answers["categories"] == ["technology", "consulting"]
    assert answers["introduction"] == "本机构为中小企业提供科技创新和管理咨询服务。"
    assert (answers["plan_near"], answers["plan_far"]) == ("明年服务两百家。", "五年内覆盖全市。")
    tables = report(whole)["tables"]
    assert {name: len(rows) for name, rows in tables.items()} == {
        "daily_services": 1,
        "activities": 1,
        "honours": 3,
        "departments": 1,
        "team": 2,
        "policies": 6,
        "clients": 52,
    }
    assert tables["honours"][2] == {
        "group": "projects",
        "name": "疫情防控",
        "obtained_on": "2020-06-01/2021-09-30",
        "issuer": "市经信委",
    }


# ── rows and cells of the grid ───────────────────────────────────────────


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[::-1],
        lambda rows: [*rows[7:], *rows[:7]],
        lambda rows: [one for row in rows for one in (row, [C("", 6)])],
        lambda rows: [*rows[:6], rows[7], rows[6], *rows[8:]],
        lambda rows: [row if at != 6 else [*row[2:], *row[:2]] for at, row in enumerate(rows)],
    ],
    ids=["reversed", "turned", "blank rows between", "two people swapped", "cells of a row moved"],
)
def test_rows_stand_anywhere(reading: Read, form: Form, whole: Reading, change: Any) -> None:
    assert reading(overview(form, change)) == whole


def test_labels_are_known_however_they_are_written(reading: Read, form: Form, whole: Reading) -> None:
    def change(rows: list[list[Any]]) -> list[list[Any]]:
        rows[1][0] = C("统 一 社 会\n信 用 代 码：")
        rows[11][0] = C("２０２１年度服务中小企业的总支出(万元)", 2)
        rows[12][2] = C('其中,"专精特新"企业数量', 2)
        return rows

    assert reading(overview(form, change)) == whole


def test_a_row_taken_out_is_told(reading: Read, form: Form) -> None:
    found = reading(overview(form, lambda rows: [row for at, row in enumerate(rows) if at not in (2, 6)]))
    assert told(found) == [
        ("word_field_missing", f"{OVERVIEW} {name}")
        for name in ("办公地址", "法定代表姓名", "法定代表手机", "法定代表电子邮箱")
    ]
    assert report(found)["answers"]["contact_phone"] == "13800000002"


def test_a_label_merged_over_rows_and_a_label_above_its_value(reading: Read, form: Form) -> None:
    def change(rows: list[list[Any]]) -> list[list[Any]]:
        rows[10:11] = [
            [C("机构简介", 1, "start"), C("（小四仿宋字体，300字以内）", 5)],
            [C("", 1, "on"), C("第一段。", 5)],
            [C("", 1, "on"), C("第二段。", 5)],
        ]
        rows[2:3] = [[C("办公地址", 6)], [C("示例路1号", 6)]]
        return rows

    found = reading(overview(form, change))
    assert told(found) == []
    assert report(found)["answers"]["introduction"] == "第一段。\n第二段。"
    assert report(found)["answers"]["address"] == "示例路1号"


def test_label_and_value_in_one_cell(reading: Read, form: Form, whole: Reading) -> None:
    def change(rows: list[list[Any]]) -> list[list[Any]]:
        rows[0] = [C("服务机构名称：上海示例企业服务有限公司", 6)]
        rows[2] = [C("办公地址\n上海市黄浦区示例路1号", 6)]
        return rows

    assert reading(overview(form, change)) == whole


def test_numbers_that_are_no_numbers_are_kept_and_told(reading: Read, form: Form) -> None:
    def change(rows: list[list[Any]]) -> list[list[Any]]:
        rows[11][1] = C("约120万元")
        rows[11][3] = C("３０．５万元")
        rows[12][1] = C("1,300")
        rows[3][1] = C("2012年3月", 2)
        return rows

    found = reading(overview(form, change))
    assert told(found) == [
        ("word_date_no_day", f"{OVERVIEW} 机构成立时间"),
        ("word_number_unclear", f"{OVERVIEW} 2021年度服务中小企业的总支出（万元）"),
        ("?word_value_tidied", f"{OVERVIEW} 其中，公益性的支出（万元）"),
        ("?word_value_tidied", f"{OVERVIEW} 2021年度服务中小企业数量"),
    ]
    answers = report(found)["answers"]
    assert [answers[one] for one in ("founded_on", "total_spend", "public_spend", "client_count")] == [
        "2012年3月",
        "约120万元",
        "30.5",
        "1300",
    ]


def test_several_cells_filled_where_one_is_asked_for(reading: Read, form: Form) -> None:
    def change(rows: list[list[Any]]) -> list[list[Any]]:
        rows[3] = [C("机构成立时间"), C("2012年3月1日", 2), C("注册地"), C("黄浦区", 2)]
        return rows

    found = reading(overview(form, change))
    assert [code for code, _ in told(found)] == ["word_cells_several", "word_date_unclear"]
    assert "注册地" in report(found)["answers"]["founded_on"]


def test_a_row_filled_in_twice_differently(reading: Read, form: Form) -> None:
    found = reading(overview(form, lambda rows: [*rows, [C("办公地址"), C("别处2号", 5)]]))
    assert told(found) == [("word_field_twice", f"{OVERVIEW} 办公地址")]
    assert report(found)["answers"]["address"] == "上海市黄浦区示例路1号"


# ── tables ───────────────────────────────────────────────────────────────


def test_tables_apart_joined_and_cut(reading: Read, form: Form, whole: Reading) -> None:
    """The two tables of part two apart; clients in three pieces, one with the heading again, one without."""
    rows = table(form["experience"][1])
    form["experience"][1:] = [T(rows[:10]), "", T(rows[10:])]
    clients = table(form["clients"][1])
    form["clients"][1:2] = [T(clients[:20]), "", T([clients[0], *clients[20:40]]), T(clients[40:])]
    found = reading(form)
    assert found.report == whole.report
    assert told(found) == [("?word_table_joined", CLIENTS)] * 2


def test_a_table_pasted_twice_is_refused_and_one_with_some_doubles_is_joined(
    reading: Read, form: Form, whole: Reading
) -> None:
    clients = table(form["clients"][1])
    form["clients"][1:2] = [T(clients), "", T(clients)]
    assert told(reading(form)) == [("word_table_doubled", CLIENTS)]
    form["clients"][1:4] = [T(clients), "", T([clients[0], *clients[1:4]])]
    found = reading(form)
    assert told(found) == [("?word_table_joined", CLIENTS)]
    assert len(report(found)["tables"]["clients"]) == len(report(whole)["tables"]["clients"]) + 3


def test_the_heading_again_on_every_page_of_one_table(reading: Read, form: Form, whole: Reading) -> None:
    rows = table(form["clients"][1])
    form["clients"][1] = T([*rows[:25], rows[0], *rows[25:]])
    assert reading(form) == whole


def test_columns_in_another_order_and_one_of_ones_own(reading: Read, form: Form, whole: Reading) -> None:
    rows = table(form["clients"][1])
    numbered = [[C("序号" if not at else str(at)), row[2], row[0], row[3], row[1]] for at, row in enumerate(rows)]
    form["clients"][1] = T(numbered)
    found = reading(form)
    assert found.report == whole.report
    assert told(found) == [("?word_column_unknown", CLIENTS)]
    assert values(found)[0] | {"given": ""} == {"name": "序号", "count": "52", "given": ""}


def test_a_column_taken_out(reading: Read, form: Form) -> None:
    form["clients"][1] = T([[*row[:2], row[3]] for row in table(form["clients"][1])])
    found = reading(form)
    assert told(found) == [("word_column_missing", CLIENTS)]
    assert report(found)["tables"]["clients"][0] == {
        "name": "上海甲乙科技有限公司",
        "contact": "联系人1",
        "service": "政策辅导",
    }


def test_groups_merged_repeated_or_named_once(reading: Read, form: Form) -> None:
    rows = table(form["management"][2])
    more = ["另一称号", "2021年5月1日", "市科委"]
    rows[2:3] = [[C("市级荣誉称号", 1, "start"), *rows[2][1:]], [C("", 1, "on"), *more]]
    rows[8:9] = [["集聚其他服务机构", "示例大学", "", "示例大学"], ["", "某院所", "", "某院所"]]
    rows.append(["其他", "一", "", ""])
    rows.append(["其他", "二", "", ""])
    rows.append(["省级荣誉", "三", "", ""])
    form["management"][2] = T(rows)
    found = reading(form)
    assert [(row["group"], row["name"]) for row in report(found)["tables"]["honours"]] == [
        ("city", "市级示范平台"),
        ("city", "另一称号"),
        ("gathered", "示例大学"),
        ("gathered", "某院所"),
        ("projects", "疫情防控"),
        ("other", "一"),
        ("other", "二"),
    ]
    assert told(found) == [("word_group_unknown", f"{MANAGEMENT} 荣誉、资质、能力")]


def test_rows_that_say_there_is_none(reading: Read, form: Form, whole: Reading) -> None:
    rows = table(form["management"][2])
    rows[1][1:] = ["无", "无", "无"]
    rows[3][1:] = ["/", "/", "—"]
    form["management"][2] = T(rows)
    found = reading(form)
    assert found.report == whole.report
    assert told(found) == [("?word_row_none", f"{MANAGEMENT} 荣誉、资质、能力")]
    assert values(found) == [{"count": "2", "given": "国家级荣誉称号、区级荣誉称号"}]


def test_a_table_for_each_department(reading: Read, form: Form) -> None:
    rows = table(form["management"][6])
    other = [[C("部门名称"), C("综合部", 4)], rows[1], ["孙五", "主任", "硕士", "高级", "管理"]]
    form["management"][6:7] = [
        T(rows[:4]),
        "",
        T(other),
        "",
        "部门名称：财务部",
        T([rows[1], ["李六", "", "", "", ""]]),
    ]
    found = reading(form)
    assert told(found) == []
    tables = report(found)["tables"]
    assert tables["departments"] == [{"department": name} for name in ("服务部", "综合部", "财务部")]
    assert [(row["member"], row["department"]) for row in tables["team"]] == [
        ("赵三", "服务部"),
        ("钱四", "服务部"),
        ("孙五", "综合部"),
        ("李六", "财务部"),
    ]


def test_departments_in_one_table_and_people_without_one(reading: Read, form: Form) -> None:
    rows = table(form["management"][6])
    form["management"][6] = T([*rows[:4], [C("部门名称"), C("", 4)], ["孙五", "", "", "", ""]])
    found = reading(form)
    assert told(found) == [("word_owner_missing", f"{MANAGEMENT} 团队人员")]
    assert report(found)["tables"]["team"][2] == {"member": "孙五"}


def test_cells_merged_down_and_across(reading: Read, form: Form) -> None:
    form["experience"][1] = T(
        [
            ["重点活动内容", "活动模式", "实际完成日期", "活动地点", "实际服务对象/数量"],
            ["甲", "线下", "2021.6.18", C("黄浦区", 1, "start"), "企业/4家"],
            ["乙", "线下", "2021.6.19", C("", 1, "on"), "企业/5家"],
            ["丙", "线下", "2021.6.20", C("静安区/企业/6家", 2)],
            [C("以上为重点活动", 5)],
        ]
    )
    form["experience"].append(
        T([["日常服务内容", "完成频次", "实际服务对象", "数量"], ["咨询", "☑每周", "企业", "8家"]])
    )
    found = reading(form)
    rows = report(found)["tables"]["activities"]
    assert [row["place"] for row in rows] == ["黄浦区", "黄浦区", "静安区/企业/6家"]
    assert report(found)["tables"]["daily_services"] == [
        {"content": "咨询", "frequency": "weekly", "clients": "企业", "client_count": "8"}
    ]
    assert told(found) == [
        ("?word_value_tidied", f"{EXPERIENCE} 日常服务 第 1 行 数量"),
        ("?word_cells_merged", f"{EXPERIENCE} 重点活动 活动地点"),
        ("?word_unread", EXPERIENCE),
    ]


def test_several_lines_in_the_cells_of_one_row(reading: Read, form: Form) -> None:
    rows = table(form["management"][2])
    rows[1][1:] = ["称号甲\n称号乙", "2021.3.1\n2021.4.1", "部委甲\n部委乙"]
    form["management"][2] = T(rows)
    found = reading(form)
    assert [(row["name"], row["obtained_on"], row["issuer"]) for row in report(found)["tables"]["honours"][:2]] == [
        ("称号甲", "2021-03-01", "部委甲"),
        ("称号乙", "2021-04-01", "部委乙"),
    ]
    assert told(found) == [("?word_row_divided", f"{MANAGEMENT} 荣誉、资质、能力 第 1 行")]


def test_many_values_put_straight_are_told_once(reading: Read, form: Form) -> None:
    rows = [["重点活动内容", "活动模式", "实际完成日期", "活动地点", "实际服务对象/数量"]]
    rows += [[f"活动{at}", "线下", f"202106{at:02d}", "上海", "企业/１家"] for at in range(10, 16)]
    daily = table(form["experience"][1])[:2]
    form["experience"][1] = T([*daily, *rows])
    found = reading(form)
    assert told(found) == [
        ("?word_values_tidied", f"{EXPERIENCE} 重点活动 实际完成日期"),
        ("?word_values_tidied", f"{EXPERIENCE} 重点活动 数量"),
    ]
    assert values(found)[0] == {"count": "6", "row": "1", "given": "20210610", "meant": "2021-06-10"}
