"""A complete report is clean; each single change brings exactly its own findings, at the place people know."""

from pathlib import Path
from typing import Any

import pytest

from ceping.core.report import read_report_bytes, read_report_file
from ceping.core.report.reading import LARGEST
from ceping.core.scheme.loading import Scheme, load
from tests.factories.report import attachments, client, complete_report, told

PART_ONE = "一、服务机构概述"
PART_FIVE = "五、服务清单"
LIST = "七、所需提供的资料清单"
HONOURS = "三、运营管理情况 荣誉、资质、能力"


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    scheme, findings = load("shanghai-2021")
    assert findings == []
    assert scheme is not None
    return scheme


def test_a_complete_report_has_no_finding(scheme: Scheme) -> None:
    assert told(scheme, complete_report()) == []


def test_a_path_that_cannot_be_one_and_too_many_bytes_are_told() -> None:
    assert [one.code for one in read_report_file(Path("a\0b"), file="a")[1]] == ["file_unreadable"]
    assert [one.code for one in read_report_bytes(b" " * (LARGEST + 1))[1]] == ["report_too_large"]


def test_an_empty_report_names_every_gap(scheme: Scheme) -> None:
    found = told(scheme, {"scheme": "shanghai-2021", "institution": {"uscc": "", "name": ""}})
    required = [field for field in scheme.form.fields if field.required]
    assert [place for code, place in found if code == "report_unanswered"] == [
        f"{scheme.form.place_of[f'field:{field.id}']} {field.name}" for field in required
    ]
    assert [place for code, place in found if code == "?report_asked"] == [
        "封面 机构负责人",
        "封面 填写日期",
        f"{PART_ONE} 服务云店铺名称",
    ]
    assert [row for row in found if row[0] not in ("report_unanswered", "?report_asked")] == [
        ("?report_table_asked", "二、2021年度中小企业服务经验 日常服务"),
        ("?report_table_asked", "二、2021年度中小企业服务经验 重点活动"),
        ("?report_table_asked", "三、运营管理情况 团队人员"),
        ("report_list_short", PART_FIVE),
        ("report_item_missing", f"{LIST} 第 1 项"),
        ("report_item_or_note", f"{LIST} 第 3 项"),
        ("report_item_missing", f"{LIST} 第 4 项"),
        ("report_item_missing", f"{LIST} 第 5 项"),
        ("report_item_missing", f"{LIST} 第 7 项"),
        ("report_item_missing", f"{LIST} 第 8 项"),
        ("report_item_missing", f"{LIST} 第 10 项"),
        ("report_commitment_missing", "六、真实性承诺"),
    ]


@pytest.mark.parametrize(
    ("field", "value", "code", "name"),
    [
        ("address", None, "report_unanswered", "办公地址"),
        ("address", "\u200b\u3000", "report_unanswered", "办公地址"),
        ("equipment_count", "", "report_unanswered", "仪器、设备数量台（套）"),
        ("shop_name", None, "?report_asked", "服务云店铺名称"),
        ("address", "上海\u202e市", "?report_hidden_characters", "办公地址"),
        ("address", "路" * 501, "report_too_long", "办公地址"),
        ("introduction", "字" * 301, "report_too_long", "机构简介"),
        ("uscc", "91310199MA0000A196", "report_identity_differs", "统一社会信用代码"),
        ("founded_on", "2021-01-01", "report_date_late", "机构成立时间"),
        ("founded_on", "2012年3月1日", "report_date_otherwise", "机构成立时间"),
        ("founded_on", "2012-02-30", "report_date_malformed", "机构成立时间"),
        ("founded_on", "2012-W01-1", "report_date_malformed", "机构成立时间"),
        ("founded_on", "20120301", "report_date_malformed", "机构成立时间"),
        ("independent", "是", "report_option_unknown", "当前是否为独立法人"),
        ("categories", ["finance", "finance"], "report_option_repeated", "服务类别"),
        ("categories", ["banking"], "report_option_unknown", "服务类别"),
        ("categories", "finance", "report_several_wanted", "服务类别"),
        ("categories", [], "report_unanswered", "服务类别"),
        ("nature", ["企业"], "report_one_wanted", "单位性质"),
        ("registered_capital", "-1", "report_below", "当前注册资本"),
        ("registered_capital", "100000001", "report_above", "当前注册资本"),
        ("office_area", "320.555", "report_too_fine", "机构办公场地面积"),
        ("headcount", "40.5", "report_too_fine", "机构总人数（人）"),
        ("headcount", "４０", "report_number_otherwise", "机构总人数（人）"),
        ("headcount", "4E+1", "report_number_otherwise", "机构总人数（人）"),
        ("headcount", "1_000", "not_a_number", "机构总人数（人）"),
        ("headcount", "1,000", "not_a_number", "机构总人数（人）"),
        ("headcount", "NaN", "not_a_number", "机构总人数（人）"),
        ("headcount", "9" * 101, "report_too_long", "机构总人数（人）"),
        ("legal_phone", "1380000000", "phone_malformed", "法定代表手机"),
        ("contact_phone", "021-58881234", "?phone_landline", "联系人手机"),
        ("legal_email", "wang＠example.cn", "report_email_malformed", "法定代表电子邮箱"),
        ("legal_email", "wang@example", "report_email_malformed", "法定代表电子邮箱"),
        ("public_spend", "120.01", "report_part_exceeds", "其中，公益性的支出（万元）"),
        ("specialised_count", "131", "report_part_exceeds", "其中，“专精特新”企业数量"),
        ("headcount", "19", "report_part_exceeds", "其中，中小企业服务专职人员数量（人）"),
        ("qualified_count", "21", "report_part_exceeds", "大专及以上学历或中级及以上技术职称专职人数"),
        ("client_count", "51", "report_list_exceeds", "2021年度服务中小企业数量"),
    ],
)
def test_one_answer_changed_is_one_finding(scheme: Scheme, field: str, value: Any, code: str, name: str) -> None:
    place = f"{scheme.form.place_of[f'field:{field}']} {name}"
    found = told(scheme, complete_report(answers={field: value}))
    assert [row for row in found if not row[0].startswith("uscc_")] == [(code, place)]


@pytest.mark.parametrize("value", ["0", "0.0", "-0"])
def test_zero_is_an_answer(scheme: Scheme, value: str) -> None:
    assert told(scheme, complete_report(answers={"public_spend": value})) == []


def test_exactly_the_limit_is_within(scheme: Scheme) -> None:
    answers = {"introduction": "字" * 300, "public_spend": "120", "client_count": "52", "founded_on": "2020-12-31"}
    assert told(scheme, complete_report(answers=answers)) == []


def test_identity_need_not_be_repeated(scheme: Scheme) -> None:
    assert told(scheme, complete_report(answers={"uscc": None, "name": None})) == []


def test_a_code_that_fails_may_be_confirmed_with_licence_and_reason(scheme: Scheme) -> None:
    pilot = "91350100M0001TGQXM"
    place = f"{PART_ONE} 统一社会信用代码"
    wrong = [("uscc_check_digit_pilot", place)]
    reason = {"uscc_reason": "试点期代码，见证照。"}
    assert told(scheme, complete_report(uscc=pilot)) == wrong
    assert told(scheme, complete_report(uscc=pilot, answers=reason)) == [("?uscc_check_digit_pilot", place)]
    without = complete_report(uscc=pilot, answers=reason, attachments=attachments(without=1))
    assert told(scheme, without) == [*wrong, ("report_item_missing", f"{LIST} 第 1 项")]
    assert told(scheme, complete_report(uscc="1", answers=reason)) == [("uscc_length", place)]


def test_who_is_no_legal_person_names_its_investors(scheme: Scheme) -> None:
    place = "补充说明 主要投资方"
    investors = [{"name": "甲公司", "nature": "国有", "share": "100.5"}]
    assert told(scheme, complete_report(answers={"independent": "no"})) == [("report_table_empty", place)]
    assert told(scheme, complete_report(answers={"independent": "no"}, tables={"investors": investors})) == [
        ("report_above", f"{place} 第 1 行 投资比例（%）")
    ]


@pytest.mark.parametrize(
    ("group", "day", "expected"),
    [
        ("national", "2021-01-01", []),
        ("national", "2021-12-31", []),
        ("national", "2020-12-31", [("report_date_outside", "取得时间")]),
        ("patents", "2022-01-01", [("report_date_outside", "取得时间")]),
        ("funds", "", [("report_unanswered", "取得时间")]),
        ("funds", "2021-01-01/2021-02-01", [("report_date_malformed", "取得时间")]),
        ("gathered", "", []),
        ("other", "2019-05-05", []),
        ("projects", "2020-06-01/2021-01-01", []),
        ("projects", "2021-12-31/2023-01-01", []),
        ("projects", "2020-01-01/2020-12-31", [("report_not_in_progress", "取得时间")]),
        ("projects", "2022-01-01", [("report_not_in_progress", "取得时间")]),
        ("projects", "2020-06-01", [("?report_not_in_progress", "取得时间")]),
        ("projects", "2021-09-30/2020-06-01", [("report_dates_crossed", "取得时间")]),
        ("", "2021-01-01", [("report_unanswered", "荣誉、资质、能力")]),
        ("provincial", "2021-01-01", [("report_option_unknown", "荣誉、资质、能力")]),
    ],
)
def test_what_was_obtained_falls_into_the_period(
    scheme: Scheme, group: str, day: str, expected: list[tuple[str, str]]
) -> None:
    row = {"group": group, "name": "某称号", "obtained_on": day, "issuer": "某部门"}
    found = told(scheme, complete_report(tables={"honours": [{}, row]}))
    assert found == [(code, f"{HONOURS} 第 2 行 {name}") for code, name in expected]


def test_fixed_rows_left_empty_are_no_rows(scheme: Scheme) -> None:
    honours = [{"group": "national", "name": "", "obtained_on": " ", "issuer": "\u200b"}]
    assert told(scheme, complete_report(tables={"honours": honours}, attachments=attachments(without=2))) == []


def test_certified_or_every_policy_named(scheme: Scheme) -> None:
    place = "三、运营管理情况 制度"
    five = [{"group": group, "name": "制度"} for group in ("service", "finance", "hr", "quality", "fees")]
    assert told(scheme, complete_report(tables={"policies": five})) == [("report_group_empty", place)]
    assert told(scheme, complete_report(tables={"policies": None}, answers={"certified": "yes"})) == [
        ("report_item_missing", f"{LIST} 第 9 项")
    ]


def test_rows_of_the_client_list(scheme: Scheme) -> None:
    clients = [client(number) for number in range(1, 51)]
    clients += [
        client(1, phone="13811111111"),
        client(51, phone="13800000002"),
        client(52, phone="", contact=" "),
        {"name": " ", "contact": "", "phone": "\u3000", "service": ""},
        client(53, name="上海示例企业服务有限责任公司"),
        client(54, name=client(2)["name"].replace("科", "\u79d1") + "浦东分公司"),
        client(55, name="Ａbc公司"),
        client(56, name="abc公司"),
        client(57, fax="1"),
    ]
    assert told(scheme, complete_report(tables={"clients": clients})) == [
        ("report_unanswered", f"{PART_FIVE} 第 53 行 联系人"),
        ("report_unanswered", f"{PART_FIVE} 第 53 行 手机"),
        ("report_column_unknown", f"{PART_FIVE} 第 59 行"),
        ("?report_same_name", f"{PART_FIVE} 第 51 行 企业名称"),
        ("?report_alike_name", f"{PART_FIVE} 第 58 行 企业名称"),
        ("?report_same_number", f"{PART_FIVE} 第 52 行 手机"),
        ("report_own_client", f"{PART_FIVE} 第 55 行 企业名称"),
    ]


def test_fifty_distinct_clients_are_enough_and_forty_nine_are_not(scheme: Scheme) -> None:
    fifty = [client(number) for number in range(1, 51)]
    assert told(scheme, complete_report(tables={"clients": fifty})) == []
    doubled = [*fifty[:49], client(99, name=fifty[0]["name"].replace("有限公司", " 有限责任公司"))]
    assert told(scheme, complete_report(tables={"clients": doubled})) == [
        ("?report_same_name", f"{PART_FIVE} 第 50 行 企业名称"),
        ("report_list_short", PART_FIVE),
    ]


def test_the_institution_itself_is_no_client(scheme: Scheme) -> None:
    own = [*(client(number) for number in range(1, 50)), client(50, name="上海示例企业服务有限责任公司")]
    assert told(scheme, complete_report(tables={"clients": own})) == [
        ("report_list_short", PART_FIVE),
        ("report_own_client", f"{PART_FIVE} 第 50 行 企业名称"),
    ]


def test_numbers_and_truth_values_are_told_and_taken_as_their_text(scheme: Scheme) -> None:
    answers = {"independent": True, "certified": False, "headcount": 40, "plan_far": ["x", 1]}
    assert told(scheme, complete_report(answers=answers)) == [
        ("report_value_not_text", "answers.independent"),
        ("report_value_not_text", "answers.headcount"),
        ("report_value_not_text", "answers.certified"),
        ("report_value_not_text", "answers.plan_far[2]"),
        ("report_one_wanted", "四、服务成效及规划 远期计划"),
    ]


def test_team_rows_name_a_listed_department(scheme: Scheme) -> None:
    team = [{"department": "市场部", "member": "赵三", "post": "", "education": "本科", "duty": "咨询"}]
    place = "三、运营管理情况 团队人员 第 1 行"
    assert told(scheme, complete_report(tables={"team": team})) == [
        ("?report_not_listed", f"{place} 部门名称"),
        ("?report_asked", f"{place} 职务"),
    ]
    assert told(scheme, complete_report(tables={"team": team, "departments": None})) == [
        ("?report_asked", f"{place} 职务")
    ]


def test_unknown_fields_and_tables_are_named(scheme: Scheme) -> None:
    data = complete_report(answers={"adress": "x"}, tables={"client": []})
    assert told(scheme, data) == [
        ("report_field_unknown", "answers.adress"),
        ("report_table_unknown", "tables.client"),
    ]


def test_another_form_needs_no_code(scheme: Scheme) -> None:
    """A form that asks for sixty clients and a shop name, and has no upper bound for the introduction."""
    form = scheme.form
    figures = (form.figures[0].model_copy(update={"at_least": 60}),)
    changes = {"shop_name": {"required": True}, "introduction": {"characters": 0}}
    fields = tuple(field.model_copy(update=changes.get(field.id, {})) for field in form.fields)
    other = type(form).model_validate({**form.model_dump(by_alias=True), "figure": figures, "field": fields})
    changed = Scheme(**{**vars(scheme), "form": other})
    data = complete_report(answers={"shop_name": "", "introduction": "字" * 301})
    assert told(changed, data) == [
        ("report_unanswered", f"{PART_ONE} 服务云店铺名称"),
        ("report_list_short", PART_FIVE),
    ]
