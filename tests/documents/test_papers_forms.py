"""The papers about results: every number as results.json has it, nothing about persons, cautions where they belong."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.documents.check_code import ALPHABET, check_code
from ceping.documents.forms.caution import caution_of
from ceping.documents.forms.certificate import CertificateTexts, certificate_document, certified
from ceping.documents.forms.feedback import Opinion, feedback_document
from ceping.documents.forms.notice import COLUMNS, NoticeTexts, notice_document, persons_in
from ceping.documents.forms.results import results_document, results_sheets
from ceping.documents.forms.work_report import Before, WorkReportTexts, work_report_document
from ceping.documents.page_content import Institution, PageValues
from ceping.documents.sheet import Document, Grid, Radar, texts_in
from tests.factories.report_page import Sample

DAY, SHA = date(2022, 6, 1), "ab" * 32
URL = "https://ceping.example.cn/c/"
ILLUSTRATIVE = "示例参数，官方文件未公布"


@pytest.fixture(scope="module")
def values(sample: Sample) -> PageValues:
    return sample.values(title="示范测评")


@pytest.fixture(scope="module")
def confirmed(sample: Sample) -> PageValues:
    return sample.values(title="示范测评", results={**sample.results, "parameters": "confirmed"})


def rows_under(document: Document, header: str) -> list[list[str]]:
    """The rows of the first grid that has this heading."""
    grids = (block for block in document.blocks if isinstance(block, Grid))
    grid = next(grid for grid in grids if header in {cell.text for cell in grid.rows[0]})
    return [[cell.text for cell in row] for row in grid.rows]


def notice(values: PageValues, *, channel: str = "电话 021-12345678", name: str = "") -> Document:
    listed = certified(values)
    listed = [replace(listed[0], name=name), *listed[1:]] if name else listed
    texts = NoticeTexts("某某委员会", DAY, date(2022, 6, 2), date(2022, 6, 8), channel)
    return notice_document(values, listed, texts, recommenders={}, sha256=SHA)


def test_the_list_says_what_the_results_say(values: PageValues, sample: Sample) -> None:
    told = {one["uscc"]: one for one in sample.results["institutions"]}
    rows = rows_under(results_document(values, dated=DAY, sha256=SHA), "类别内名次")
    assert [row[3] for row in rows[1:]] == [one.uscc for one in values.institutions]
    for row in rows[1:]:
        one = told[row[3]]
        low, high = one["rank_interval"] or (None, None)
        interval = "—" if low is None else str(low) if low == high else f"{low}–{high}"
        shown = (one["rank"], one["rank_in_category"], one["total"])
        assert [row[0], row[1], row[5]] == ["—" if value is None else str(value) for value in shown]
        assert (row[2], row[6], row[7]) == (one["name"], one["grade"], interval)
    whole, by_category, grades = results_sheets(values)
    assert {row[3]: row[5] for row in whole.rows} == {
        uscc: None if one["total"] is None else Decimal(one["total"]) for uscc, one in told.items()
    }
    assert sorted(map(repr, by_category.rows)) == sorted(map(repr, whole.rows))
    assert sum(int(str(row[2])) for row in grades.rows) == len(told)


def test_illustrative_parameters_are_said_on_every_paper_and_no_longer_once_confirmed(
    values: PageValues, confirmed: PageValues
) -> None:
    one = certified(values)[0]
    certificate = CertificateTexts("某某机构", DAY, URL)
    report = WorkReportTexts("某某机构", DAY)
    for shown, marked in ((values, True), (confirmed, False)):
        papers = [
            results_document(shown, dated=DAY, sha256=SHA),
            notice(shown),
            feedback_document(shown, one, None, Opinion(), dated=DAY, sha256=SHA),
            work_report_document(shown, report, recommenders={}, before=None, sha256=SHA),
        ]
        for paper in papers:
            assert any(ILLUSTRATIVE in text for text in texts_in(paper)) is marked
            assert bool(paper.watermark) is marked
        assert certificate_document(shown, one, certificate, sha256=SHA).watermark == ("样张" if marked else "")
        assert all(
            any(ILLUSTRATIVE in above.text for above in sheet.above) is marked for sheet in results_sheets(shown)
        )
    assert caution_of(replace(confirmed, incomplete=True)) == "结果不完整：有缺少的文件或数值"


def test_a_certificate_is_for_who_met_every_condition(values: PageValues, sample: Sample) -> None:
    given = {one.uscc for one in certified(values)}
    told = {one["uscc"]: one for one in sample.results["institutions"]}
    for uscc, one in told.items():
        failed = any(gate["passed"] is not True and not gate["waived"] for gate in one["gates"]) or one["vetoes"]
        good = one["grade"] in ("优秀", "良好", "合格") and one["rank"] is not None and not failed
        assert (uscc in given) is bool(good)
    assert {one.grade for one in certified(values)} == {"合格"}
    assert [one.grade for one in certified(values, ("不合格",))] != []
    assert certified(values, ("优秀",)) == []
    assert (
        certified(replace(values, institutions=tuple(replace(one, complete=False) for one in values.institutions)))
        == []
    )


def test_a_certificate_leads_to_where_its_code_is_answered(values: PageValues) -> None:
    one = certified(values)[0]
    document = certificate_document(values, one, CertificateTexts("某某机构", DAY, URL), sha256=SHA)
    code = check_code("示范测评", one.uscc, SHA)
    assert document.marks is not None
    assert (document.marks.qr, document.marks.number) == (URL + code, code)
    texts = list(texts_in(document))
    assert {one.name, one.grade, "某某机构（公章）", "2022年6月1日"} <= set(texts)
    assert any(code in text for text in texts)


@given(st.tuples(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)))
def test_a_check_code_is_steady_and_has_no_look_alikes(parts: tuple[str, str, str]) -> None:
    code = check_code(*parts)
    assert code == check_code(*parts)
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", code)
    assert check_code(parts[0] + "甲", *parts[1:]) != code
    assert not set("01258BILOSUZ") & set(ALPHABET)


def test_a_check_code_never_changes() -> None:
    assert check_code("2021年测评", "91310199MADE0002X2", SHA) == "CE44-TNW9-JWCF"


def test_the_notice_names_institutions_and_nobody_else(values: PageValues) -> None:
    document = notice(values)
    rows = rows_under(document, "等次")
    assert rows[0] == ["序号", "机构名称", "申报类别", "等次"]
    assert [row[1] for row in rows[1:]] == [one.name for one in certified(values)]
    assert persons_in(document, "电话 021-12345678") == []
    assert not any(one.uscc in text for one in values.institutions for text in texts_in(document))
    assert not {"手机", "联系人", "统一社会信用代码", "电子邮箱"} & set(COLUMNS.values())


@pytest.mark.parametrize(
    "name",
    [
        "上海甲公司13800000001",
        "上海甲公司 138 0000 0001",
        "上海甲公司138-0000-0001",
        "上海甲公司310101199001011234",
        "上海甲公司31010119900101123X",
        "上海甲公司91310199MADE0002X2",
        "上海甲公司a@example.com",
    ],
)
def test_a_person_s_number_in_a_name_stops_the_notice(values: PageValues, name: str) -> None:
    assert [one.code for one in persons_in(notice(values, name=name), "电话 021-12345678")] == ["notice_person"]


@pytest.mark.parametrize(
    ("channel", "refused"),
    [
        ("电话 021-12345678，邮箱 gs@example.gov.cn", False),
        ("电话 0512-88881234", False),
        ("电话 02112345678", True),
        ("手机 13800000001，邮箱 gs@example.gov.cn", True),
    ],
)
def test_the_channel_may_be_an_office_and_no_mobile(values: PageValues, channel: str, *, refused: bool) -> None:
    assert bool(persons_in(notice(values, channel=channel), channel)) is refused


def feedback(values: PageValues, one: Institution, sample: Sample, **opinion: str) -> Document:
    return feedback_document(values, one, sample.scheme.points, Opinion(**opinion), dated=DAY, sha256=SHA)


def test_feedback_has_the_institution_s_own_numbers(values: PageValues, sample: Sample) -> None:
    told = {one["uscc"]: one for one in sample.results["institutions"]}
    for one in values.institutions[:6]:
        document = feedback(values, one, sample)
        rows = rows_under(document, "占满分%")[1:]
        assert [row[2] for row in rows] == [score or "缺少" for score in told[one.uscc]["scores"].values()]
        radar = next(block for block in document.blocks if isinstance(block, Radar))
        assert radar.series[0][1] == tuple(item.share for item in one.items)
        others = [other.name for other in values.institutions if other.uscc != one.uscc]
        assert not any(other in text for other in others for text in texts_in(document))


def test_feedback_tells_no_single_mark(values: PageValues, sample: Sample) -> None:
    one = values.institutions[0]
    read = [item.read for item in one.items]
    assert any(text.startswith("打分 ") for text in read)
    assert not any("打分 " in text for text in texts_in(feedback(values, one, sample)))


def test_few_of_a_kind_are_held_against_all_and_few_at_all_against_nobody(values: PageValues, sample: Sample) -> None:
    one = values.institutions[0]
    peers = [item.peers for item in one.items if item.peers is not None]
    assert peers[0].count < 5
    assert any("与全部可比机构比较" in text for text in texts_in(feedback(values, one, sample)))
    for count, header in ((5, True), (4, False)):
        items = tuple(
            replace(item, peers=None if item.peers is None else replace(item.peers, count=count)) for item in one.items
        )
        every = tuple(replace(item, shares=item.shares and replace(item.shares, count=4)) for item in values.items)
        document = feedback(replace(values, items=every), replace(one, items=items), sample)
        headers = rows_under(document, "占满分%")[0]
        assert ("中位数%" in headers) is header
        radar = next(block for block in document.blocks if isinstance(block, Radar))
        assert len(radar.series) == (4 if header else 1)


def test_feedback_says_how_far_it_is_to_the_next_grade(values: PageValues, sample: Sample) -> None:
    one = next(one for one in values.institutions if one.grade == "合格")
    total = Decimal(str(one.total))
    texts = list(texts_in(feedback(values, one, sample, strengths="名册齐全", advice="多办活动")))
    assert any(f"还差 {75 - total} 分" in text for text in texts)
    assert "优势" in texts
    assert "不足" not in texts


def test_the_work_report_adds_up(values: PageValues, sample: Sample) -> None:
    found = values.institutions
    recommenders = {one.uscc: ("甲区", "乙区")[number % 2] for number, one in enumerate(found)}
    before = Before(("a@1", "a@1"), comparable=False, stayed=3, new=2, left=1, moves=(), categories=(), districts=())
    texts = WorkReportTexts("某某机构", DAY, problems="清单不全。")
    document = work_report_document(values, texts, recommenders=recommenders, before=before, sha256=SHA)
    for header in ("申报类别", "推荐单位"):
        rows = rows_under(document, header)[1:]
        assert [sum(int(row[index]) for row in rows[:-1]) for index in (1, 2)] == [int(rows[-1][1]), int(rows[-1][2])]
        assert [int(text) for text in rows[-1][1:3]] == [len(found), values.ranked]
    grades = {row[0]: int(row[2]) for row in rows_under(document, "占比")[1:]}
    assert grades == {
        band.grade: sum(one["grade"] == band.grade for one in sample.results["institutions"]) for band in values.bands
    }
    rates = rows_under(document, "分子合计")[1:]
    told = [one["rates"]["verification"] for one in sample.verification["institutions"]]
    assert [int(text) for text in rates[0][2:4]] == [sum(one[key] for one in told) for key in ("part", "whole")]
    written = list(texts_in(document))
    assert any("两年都参评 3 家，新参评 2 家，未再参评 1 家" in text for text in written)
    assert any("总分不可直接比较" in text for text in written)
    assert "工作建议" not in "".join(written)
