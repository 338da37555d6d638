"""The report as a document: every official word in its order, answers where they belong, nothing of them lost."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.report import Report, read_report
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import shipped_folders
from ceping.documents.forms.report import State, report_form
from ceping.documents.forms.report_marks import canonical, marks_of
from ceping.documents.sheet import Cell, Document, Grid, PageBreak, Paragraph, texts_in
from tests.core.test_official_text import official
from tests.factories.report import complete_report

DATED = date(2022, 1, 15)
STATES: tuple[State, ...] = ("empty", "draft", "final")


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return scheme_of("shanghai-2021")


@cache
def scheme_of(name: str) -> Scheme:
    scheme, _ = load(name)
    assert scheme is not None
    return scheme


def report_of(**changes: Any) -> Report:
    report, findings = read_report(complete_report(**changes))
    assert report is not None
    assert findings == []
    return report


def form_of(scheme: Scheme, report: Report | None, state: State = "final") -> Document:
    return report_form(scheme, report, state=state, dated=DATED)


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def grid_with(document: Document, heading: str) -> list[list[str]]:
    """The rows of the grid that has this heading, each as the texts of its cells."""
    found = next(grid for grid in grids(document) if any(cell.text == heading for row in grid.rows for cell in row))
    return [[cell.text for cell in row] for row in found.rows]


def gaps_in(grid: Grid) -> Iterator[tuple[int, int]]:
    """Rows whose cells, with those that reach down into them, do not fill the width: number and what they fill."""
    down: list[tuple[int, int]] = []
    for number, row in enumerate(grid.rows):
        filled = sum(cell.columns for cell in row) + sum(columns for columns, _ in down)
        if filled != len(grid.widths):
            yield number, filled
        down = [(columns, left - 1) for columns, left in down if left > 1]
        down += [(cell.columns, cell.rows - 1) for cell in row if cell.rows > 1]
    if down:
        yield len(grid.rows), 0


def test_the_empty_form_prints_the_official_text_and_its_declared_title(scheme: Scheme) -> None:
    pieces = official()
    start = pieces.index("测评时间：2021年1月1日-2021年12月31日")
    end = pieces.index("附件3\n2021年上海市中小企业服务机构参评推荐汇总表")
    printed = [text.strip() for text in texts_in(form_of(scheme, None, "empty")) if text.strip()]
    assert printed == ["2021年中小企业服务质量第三方测评自评报告", *pieces[start:end]]


def test_the_empty_form_has_the_blank_rows_of_the_official_one(scheme: Scheme) -> None:
    document = form_of(scheme, None, "empty")
    for heading, blank in [("日常服务内容", 9), ("重点活动内容", 10), ("团队人员", 9), ("企业名称", 21)]:
        rows = grid_with(document, heading)
        assert (heading, sum(not any(row) for row in rows)) == (heading, blank)


def test_an_empty_form_ignores_a_report(scheme: Scheme) -> None:
    assert form_of(scheme, report_of(), "empty") == form_of(scheme, None, "empty")


@pytest.mark.parametrize("name", sorted(shipped_folders()))
def test_the_form_of_any_scheme_is_whole(name: str) -> None:
    scheme = scheme_of(name)
    empty, texts = form_of(scheme, None, "empty"), list(texts_in(form_of(scheme, None, "empty")))
    assert [text for part in scheme.form.parts if (text := part.heading) not in texts] == []
    for state in STATES:
        document = form_of(scheme, Report(scheme.id, "", ""), state)
        assert [gap for grid in grids(document) for gap in gaps_in(grid)] == []
        assert [sum(grid.widths) for grid in grids(document) if sum(grid.widths) not in (100, 1000)] == []
    assert empty.cover == 1


def test_a_form_without_a_grid_of_its_own_prints_its_labels_and_boxes() -> None:
    rows = grid_with(form_of(scheme_of("tech-sme"), None, "empty"), "企业名称")
    assert rows[3] == ["在中国境内（不含港、澳、台）注册的居民企业", "□是      □否"]
    assert rows[5:7] == [["职工总数", "人"], ["年销售收入", "万元"]]


def test_answers_stand_where_they_belong(scheme: Scheme) -> None:
    rows = grid_with(form_of(scheme, report_of()), "服务机构名称")
    assert rows == [
        ["服务机构名称", "上海示例企业服务有限公司"],
        ["统一社会信用代码", "91310199MA0000A197"],
        ["办公地址", "上海市黄浦区示例路1号"],
        ["机构成立时间", "2012年3月1日"],
        ["当前是否为独立法人", "■是      □否", "单位性质", "有限责任公司"],
        ["当前注册资本", "500 万元", "机构办公场地面积", "320.5 平方米"],
        ["法定代表姓名", "王一", "手机", "13800000001", "电子邮箱", "wang@example.cn"],
        ["联系人姓名", "李二", "手机", "13800000002", "电子邮箱", "li@example.cn"],
        ["服务云店铺名称", "示例服务"],
        [
            "服务类别",
            """\
□创业服务类        ■科技创新类        □市场拓展类
□投融资服务类     □商务服务类        □知识产权类
■管理咨询类        □法律服务类        □人力资源类
□行业协会类""",
        ],
        ["机构简介", "本机构为中小企业提供科技创新和管理咨询服务。"],
        ["2021年度服务中小企业的总支出（万元）", "120", "其中，公益性的支出（万元）", "30.5"],
        ["2021年度服务中小企业数量", "130", "其中，“专精特新”企业数量", "12"],
        ["机构总人数（人）", "40", "其中，中小企业服务专职人员数量（人）", "20"],
        ["仪器、设备数量台（套）", "0", "大专及以上学历或中级及以上技术职称专职人数", "18"],
    ]


def test_what_is_not_answered_shows_what_the_empty_form_shows(scheme: Scheme) -> None:
    missing = dict.fromkeys(("independent", "registered_capital", "introduction", "qualified_count"))
    document = form_of(scheme, report_of(answers=missing), "draft")
    hints = [cell.text.strip() for grid in grids(document) for row in grid.rows for cell in row if cell.role == "hint"]
    assert hints == ["□是      □否", "万元", "（小四仿宋字体，300字以内）", "（学历与职称不重复计数）"]
    assert (document.watermark, form_of(scheme, report_of()).watermark) == ("草稿", "")


def test_several_rows_under_one_fixed_group_share_its_cell(scheme: Scheme) -> None:
    honours = [
        {"group": "city", "name": "示范平台", "obtained_on": "2021-04-01", "issuer": "市经信委"},
        {"group": "projects", "name": "疫情防控", "obtained_on": "2020-06-01/2021-09-30", "issuer": ""},
        {"group": "city", "name": "先进集体", "obtained_on": "去年", "issuer": "市总工会"},
        {"group": "unknown", "name": "不知归属", "obtained_on": "", "issuer": ""},
    ]
    document = form_of(scheme, report_of(tables={"honours": honours}))
    assert grid_with(document, "荣誉、资质、能力") == [
        ["荣誉、资质、能力", "名称", "取得时间", "颁发、认定或合作机构"],
        ["国家级荣誉称号", "", "", ""],
        ["市级荣誉称号", "示范平台", "2021年4月1日", "市经信委"],
        ["先进集体", "去年", "市总工会"],
        *[[label, "", "", ""] for label in ("区级荣誉称号", "行业组织荣誉称号", "专利或软件著作权等情况")],
        ["获得专项资金情况", "", "", ""],
        ["集聚其他服务机构", "", "", ""],
        ["重大合作项目", "疫情防控", "2020年6月1日至2021年9月30日", ""],
        ["其他", "", "", ""],
        ["unknown", "不知归属", "", ""],
    ]
    assert [gap for grid in grids(document) for gap in gaps_in(grid)] == []


def test_each_department_has_its_team_and_nobody_is_lost(scheme: Scheme) -> None:
    people = [("甲部", "赵三"), ("乙部", "钱四"), ("甲部", "孙五"), ("没有列出的部", "李六")]
    team = [{"department": one, "member": member, "post": "顾问"} for one, member in people]
    departments = [{"department": one} for one in ("甲部", "乙部", "空部")]
    document = form_of(scheme, report_of(tables={"departments": departments, "team": team}))
    teams = [grid for grid in grids(document) if grid.rows[0][0].text == "部门名称"]
    assert [(grid.rows[0][1].text, [row[0].text for row in grid.rows[2:]]) for grid in teams] == [
        ("甲部", ["赵三", "孙五"]),
        ("乙部", ["钱四"]),
        ("空部", [""]),
        ("没有列出的部", ["李六"]),
    ]
    assert {grid.header for grid in teams} == {2}


def test_two_inputs_are_printed_in_one_cell(scheme: Scheme) -> None:
    services = [
        {"content": "甲", "frequency": "weekly", "clients": "科技企业", "client_count": "80"},
        {"content": "乙", "frequency": "daily", "clients": "科技企业", "client_count": ""},
        {"content": "丙", "frequency": "often", "clients": "", "client_count": "3"},
    ]
    document = form_of(scheme, report_of(tables={"daily_services": services}))
    assert grid_with(document, "日常服务内容")[1:] == [
        ["甲", "每周", "科技企业/80家"],
        ["乙", "每日", "科技企业"],
        ["丙", "often", "/3家"],
    ]


def test_attachments_stand_by_name_under_the_official_words_of_their_item(scheme: Scheme) -> None:
    files = [
        {"item": 1, "file": "attachments/附件01_营业执照_1.jpg"},
        {"item": 7, "file": "附件07_甲.jpg", "valid_until": "2022-12-31"},
        {"item": 7, "file": "附件07_乙.jpg"},
        {"file": "现场.mp4"},
    ]
    rows = grid_with(form_of(scheme, report_of(attachments=files)), "附件序号")
    words = [item.text for item in scheme.form.checklist.items]
    numbered = [[str(number), text] for number, text in enumerate(words, start=1)]
    under_seven = ["附件07_甲.jpg（有效期至2022年12月31日）\n附件07_乙.jpg"]
    first, rest = [numbered[0], ["附件01_营业执照_1.jpg"]], numbered[1:7]
    assert rows[1:] == [*first, *rest, under_seven, *numbered[7:], ["—", "其他附件"], ["现场.mp4"]]


def test_the_supplement_is_printed_only_when_filled(scheme: Scheme) -> None:
    assert "补充说明" not in texts_in(form_of(scheme, report_of(), "draft"))
    investors = [{"name": "示例集团", "nature": "国有", "share": "60"}]
    report = report_of(answers={"special_audit": "沪会审〔2022〕1号"}, tables={"investors": investors})
    texts = list(texts_in(form_of(scheme, report)))
    place = texts.index("补充说明")
    assert texts[place + 1 : place + 10] == [
        "公益性支出专项审计报告：",
        "沪会审〔2022〕1号",
        "主要投资方：",
        "投资方名称",
        "性质",
        "投资比例（%）",
        "示例集团",
        "国有",
        "60",
    ]
    assert texts[place + 10] == "二、2021年度中小企业服务经验"


def test_free_text_keeps_its_paragraphs_and_its_labels(scheme: Scheme) -> None:
    report = report_of(answers={"plan_near": "　　第一段。\r\n\r\n  第二段。\x07\n", "plan_far": None})
    blocks = [(block.text, block.style) for block in form_of(scheme, report).blocks if isinstance(block, Paragraph)]
    place = blocks.index(("近期计划：", "plain"))
    assert blocks[place + 1 : place + 5] == [
        ("第一段。", "body"),
        ("", "body"),
        ("第二段。�", "body"),
        ("（2）效益分析：", "plain"),
    ]


def test_the_commitment_has_a_page_of_its_own(scheme: Scheme) -> None:
    blocks = form_of(scheme, report_of()).blocks
    breaks = [place for place, block in enumerate(blocks) if isinstance(block, PageBreak)]
    between = [block.text for block in blocks[breaks[1] : breaks[2]] if isinstance(block, Paragraph)]
    assert between == ["六、真实性承诺", *scheme.form.commitment.text.split("\n"), scheme.form.parts[5].blocks[1].text]  # type: ignore[union-attr]
    assert len(breaks) == 3


def test_the_longest_list_is_one_grid(scheme: Scheme) -> None:
    rows = grid_with(form_of(scheme, report_of(client_count=500)), "企业名称")
    assert (len(rows), rows[500][0]) == (501, "上海甲甲科技500有限公司")


def test_equal_reports_have_one_canonical_text_and_one_hash(scheme: Scheme) -> None:
    data = complete_report()
    shuffled = dict(reversed(data.items()))
    shuffled["answers"] = {**dict(reversed(data["answers"].items())), "special_audit": " ", "fee_note": ""}
    shuffled["tables"] = {**data["tables"], "investors": [{"name": "", "share": " "}]}
    other, _ = read_report(shuffled)
    assert other is not None
    assert canonical(other) == canonical(report_of())
    marks = marks_of(scheme, report_of())
    assert marks.number == "2021-91310199MA0000A197"
    assert marks.qr == f"CEPING:2021-91310199MA0000A197:{marks.sha256.upper()}"
    changed = report_of(answers={"headcount": "41"})
    assert marks_of(scheme, changed, number="沪测001").number == "沪测001"
    assert marks_of(scheme, changed).sha256 != marks.sha256


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    answers=st.dictionaries(
        st.sampled_from(["name", "introduction", "founded_on", "independent", "headcount", "plan_near"]), TEXT
    ),
    honours=st.lists(st.fixed_dictionaries({"group": st.sampled_from(["city", "x", ""]), "name": TEXT}), max_size=4),
    team=st.lists(st.fixed_dictionaries({"department": TEXT, "member": TEXT}), max_size=4),
)
def test_whatever_was_written_the_grids_stay_whole_and_hold_it(
    answers: dict[str, str], honours: list[dict[str, str]], team: list[dict[str, str]]
) -> None:
    scheme = scheme_of("shanghai-2021")
    report = Report(scheme.id, "", "", answers, {"honours": tuple(honours), "team": tuple(team)})
    document = form_of(scheme, report, "draft")
    assert [gap for grid in grids(document) for gap in gaps_in(grid)] == []
    printed = "".join("".join(texts_in(document)).split())
    for row in honours:
        kept = [char for char in row["name"] if char.isalnum()]
        assert [char for char in kept if char not in printed] == []
    assert not any(
        isinstance(cell, Cell) and "\r" in cell.text for one in grids(document) for r in one.rows for cell in r
    )
