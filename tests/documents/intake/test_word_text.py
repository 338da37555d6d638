"""Free text, cover, supplement and promise of a filled form; and forms that are refused because they are none."""

from collections.abc import Callable
from typing import Any

import pytest

from ceping.core.finding import Level
from ceping.core.scheme.whole import Scheme
from ceping.documents.intake.word_reading import Reading
from tests.factories.word_form import C, Form, P, T, grid, run

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


# ── free text ────────────────────────────────────────────────────────────


def outlook(form: Form, near: list[Any]) -> Form:
    """Part four with this text where plans are asked for."""
    piece = form["outlook"]
    form["outlook"] = [*piece[:3], *near, *piece[6:]]
    return form


def test_text_without_small_headings_is_kept_and_told(reading: Read, form: Form) -> None:
    found = reading(outlook(form, ["明年两百家。", "", "五年全市。"]))
    assert told(found) == [("?word_text_undivided", f"{OUTLOOK} 近期计划")]
    assert report(found)["answers"]["plan_near"] == "明年两百家。\n\n五年全市。"
    assert "plan_far" not in report(found)["answers"]


@pytest.mark.parametrize(
    "near",
    [
        ["近期计划", "甲。", "乙。", "远期计划", "丙。"],
        ["近期计划：甲。", "乙。", "（2）远期计划：丙。"],
        ["①近期计划:", "　　甲。", "  乙。", "", "② 远期计划：", "丙。"],
        [T([[C("近期计划：\n甲。\n乙。\n远期计划：丙。")]])],
        [T([["近期计划", "甲。\n乙。"], ["远期计划", "丙。"]])],
    ],
    ids=["bare", "colon", "counted", "framed", "side by side"],
)
def test_small_headings_in_every_form(reading: Read, form: Form, near: list[Any]) -> None:
    found = reading(outlook(form, near))
    assert told(found) == []
    answers = report(found)["answers"]
    assert (answers["plan_near"], answers["plan_far"]) == ("甲。\n乙。", "丙。")


def test_what_small_headings_say_besides_is_kept(reading: Read, form: Form) -> None:
    found = reading(outlook(form, ["先说几句。", "近期计划（2022年）：", "甲。", "远期计划", "乙。"]))
    assert report(found)["answers"]["plan_near"] == "（2022年）：\n甲。"
    assert told(found) == [("?word_unread", f"{OUTLOOK} 近期计划")]


def test_cases_keep_their_count_and_tables_in_text_become_lines(reading: Read, form: Form) -> None:
    piece = form["outlook"]
    at = piece.index("案例：")
    form["outlook"] = [*piece[:at], "案例1：甲厂", "改造。", T([["年份", "金额"], ["2021", "5"]]), *piece[at + 2 :]]
    found = reading(form)
    assert report(found)["answers"]["benefit_cases"] == "案例1：甲厂\n改造。\n年份　金额\n2021　5"
    assert told(found) == [("?word_table_as_text", OUTLOOK)]


def test_an_answer_typed_right_behind_a_requirement(reading: Read, form: Form) -> None:
    piece = form["outlook"]
    form["outlook"] = [*piece[:2], f"{piece[2]}。近期计划：甲。", "远期计划：乙。", *piece[6:]]
    found = reading(form)
    assert told(found) == []
    answers = report(found)["answers"]
    assert (answers["plan_near"], answers["plan_far"]) == ("甲。", "乙。")


def test_text_before_the_first_small_heading_belongs_to_the_first_field(reading: Read, form: Form) -> None:
    found = reading(outlook(form, ["甲。", "远期计划：乙。"]))
    assert told(found) == [("?word_text_leading", f"{OUTLOOK} 近期计划")]
    answers = report(found)["answers"]
    assert (answers["plan_near"], answers["plan_far"]) == ("甲。", "乙。")


# ── cover, supplement, promise, attachments ──────────────────────────────


@pytest.mark.parametrize(
    "lines",
    [
        ["机构名称：（盖章）", "机 构 负 责 人 ：___王一___", "填写日期： 2022 年 1 月 10 日"],
        ["机构名称（盖章）：上海示例企业服务有限公司", "机构负责人：王一    填写日期：2022.1.10"],
        ["填写日期：2022/1/10", "机构负责人:王一", "机构名称：上海示例企业服务有限公司（盖章）"],
        [
            T(
                [
                    ["机构名称：（盖章）", "上海示例企业服务有限公司"],
                    ["机构负责人：", "王一"],
                    ["填写日期：", "2022-1-10"],
                ]
            )
        ],
    ],
)
def test_the_cover_in_any_form(reading: Read, form: Form, whole: Reading, lines: list[Any]) -> None:
    form["cover"] = ["2021年中小企业服务质量", "第三方测评自评报告", form["cover"][0], *lines]
    assert reading(form) == whole


def test_an_answer_under_its_label_on_the_cover_is_told(reading: Read, form: Form) -> None:
    form["cover"][2:] = [
        "机构名称：（盖章）",
        "上海示例企业服务有限公司",
        "机构负责人：",
        "王一",
        "填写日期：",
        "某某印制",
    ]
    found = reading(form)
    assert told(found) == [
        ("?word_cover_guessed", f"{OVERVIEW} 服务机构名称"),
        ("?word_cover_guessed", "封面 机构负责人"),
        ("?word_unread", "封面"),
    ]
    assert report(found)["answers"]["head_name"] == "王一"


def test_a_word_that_begins_like_a_label_is_no_answer(reading: Read, form: Form, whole: Reading) -> None:
    form["cover"].append("机构名称变更说明")
    found = reading(form)
    assert (found.report, told(found)) == (whole.report, [("?word_unread", "封面")])


def test_another_name_on_the_cover(reading: Read, form: Form) -> None:
    form["cover"][2] = "机构名称：（盖章）另一家公司"
    found = reading(form)
    assert told(found) == [("word_field_twice", f"{OVERVIEW} 服务机构名称")]
    assert report(found)["institution"]["name"] == "上海示例企业服务有限公司"


def test_the_supplement_is_read_where_it_is_filled(reading: Read, form: Form) -> None:
    form["overview"] += [
        "补充说明",
        "公益性支出专项审计报告：某所〔2022〕1号",
        "无收费标准的说明：",
        "免费服务。",
        "主要投资方：",
        T([["投资方名称", "性质", "投资比例（%）"], ["甲公司", "国有", "60%"], ["乙公司", "民营", "40"]]),
    ]
    found = reading(form)
    assert told(found) == [("?word_value_tidied", "补充说明 主要投资方 第 1 行 投资比例（%）")]
    answers, tables = report(found)["answers"], report(found)["tables"]
    assert (answers["special_audit"], answers["fee_note"]) == ("某所〔2022〕1号", "免费服务。")
    assert [row["share"] for row in tables["investors"]] == ["60", "40"]


def test_what_is_written_on_the_promise_and_the_checklist_is_no_answer(reading: Read, form: Form) -> None:
    piece = form["commitment"]
    form["commitment"] = [
        ("法定代表人签字：王一" if one == "法定代表人签字：" else "2022年1月10日" if one == "年   月   日" else one)
        for one in piece
    ]
    items = table(form["checklist"][2])
    form["checklist"][2] = T([[*row, "已附" if at else "备注"] for at, row in enumerate(items)])
    found = reading(form)
    assert told(found) == [
        ("?word_signature_typed", "六、真实性承诺"),
        ("?word_signature_typed", "六、真实性承诺"),
        ("?word_checklist_written", LIST),
    ]
    assert (report(found)["attachments"], report(found)["commitment"]) == ([], {})


def test_a_changed_promise_is_told(reading: Read, form: Form) -> None:
    form["commitment"][3] = str(form["commitment"][3]).replace("都是", "基本")
    assert [code for code, _ in told(reading(form))] == ["word_commitment_changed", "?word_unread"]


# ── refused ──────────────────────────────────────────────────────────────


def test_headings_missing_other_and_doubled(reading: Read, form: Form) -> None:
    form["overview"][0] = "一、机构概况"
    form["experience"][0] = "二、2020年度中小企业服务经验"
    form["clients"] += ["", "五、服务清单"]
    found = reading(form)
    assert found.report is None
    assert told(found) == [
        ("word_heading_missing", OVERVIEW),
        ("word_heading_otherwise", EXPERIENCE),
        ("word_heading_doubled", CLIENTS),
    ]


def test_tables_missing_and_doubled(reading: Read, form: Form) -> None:
    form["overview"].append(form["overview"][1])
    form["management"].pop(2)
    form["outlook"].append(form["clients"][1])
    found = reading(form)
    assert found.report is None
    assert told(found) == [
        ("word_table_doubled", OVERVIEW),
        ("word_table_doubled", CLIENTS),
        ("word_table_missing", f"{MANAGEMENT} 荣誉、资质、能力"),
    ]


def test_another_document_is_told_in_one_sentence(reading: Read) -> None:
    found = reading(["关于开会的通知", "各单位：", T([["时间", "地点"]])])
    assert told(found) == [("word_other_form", "")]


def test_headings_counted_by_word_or_run_into_a_table(reading: Read, form: Form, whole: Reading) -> None:
    form["overview"][0] = "服务机构概述"
    form["clients"][0:2] = [T([[C("五、服务清单", 4)], *table(form["clients"][1])])]
    assert reading(form) == whole


def test_contents_typed_by_hand_are_no_headings(reading: Read, form: Form, whole: Reading) -> None:
    form["cover"] += ["目  录", "一、服务机构概述………………1", "二、2021年度中小企业服务经验\t3"]
    assert reading(form) == whole


def test_a_heading_formatted_by_hand_in_pieces(reading: Read, form: Form, whole: Reading) -> None:
    form["overview"][0] = P(xml=run("一、", "<w:b/>") + run("服务机构", "<w:b/>") + run("概述"))
    assert reading(form) == whole


def test_a_blank_form_has_nothing_to_tell(reading: Read, form: Form, scheme: Scheme) -> None:
    form["cover"] = [line.text for line in scheme.form.cover.lines]
    form["overview"][1] = T(grid(scheme.form, "overview", {}))
    form["experience"][1] = T([row for row in table(form["experience"][1]) if "咨询" not in str(row)])
    found = reading(form)
    assert told(found) == []
    assert "uscc" not in report(found)["answers"]
