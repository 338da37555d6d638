"""A filled 附件3: who recommends, from when, and every institution with its category, checked."""

from pathlib import Path
from typing import Any

import pytest

from ceping.core.finding import Level
from ceping.core.scheme.loading import Scheme
from ceping.documents.intake.summary import ROSTER, SummaryIntake, take_in_summary
from ceping.folder.columns import INSTITUTIONS
from tests.factories.workbook import workbook

TITLE = "附件3\n2021年上海市中小企业服务机构参评推荐汇总表"
LINE = "推荐单位（公章）：  浦东新区科经委                    填报日期：  2022 年 5 月 8 日"
HEADER = ["序号", "申报单位名称", "申报类别", "联系人", "手机", "办公电话", "传真", "电子邮箱"]


def row(number: int, **changes: Any) -> list[Any]:
    cells = {
        "order": number,
        "name": f"上海示例{number}服务有限公司",
        "category": "创业服务类",
        "contact": f"王{number}",
        "phone": 13800000000 + number,
        "office": "021-58881234",
        "fax": "",
        "email": f"a{number}@example.com",
    }
    return list((cells | changes).values())


def taken(path: Path, scheme: Scheme, **options: Any) -> SummaryIntake:
    assert scheme.summary is not None
    return take_in_summary(path, scheme, scheme.summary, **options)


def told(read: SummaryIntake) -> list[tuple[str, str]]:
    for one in read.table.findings:
        assert one.message("zh")
        assert one.message("en")
    return [(("?" if one.level is Level.WARNING else "") + one.code, one.place) for one in read.table.findings]


def test_a_filled_table_gives_entries(tmp_path: Path, scheme: Scheme) -> None:
    rows = [[TITLE], [LINE], HEADER, row(1), row(2, category="知识产权"), [3], [4]]
    read = taken(workbook(tmp_path / "a.xlsx", rows), scheme)
    assert told(read) == []
    assert (read.recommender, read.filled_on) == ("浦东新区科经委", "2022-05-08")
    assert read.columns == (
        *ROSTER,
        "contact_name",
        "contact_phone",
        "office_phone",
        "fax",
        "contact_email",
        "filled_on",
    )
    assert read.entries[1] == {
        "name": "上海示例2服务有限公司",
        "category": "ip",
        "contact_name": "王2",
        "contact_phone": "13800000002",
        "office_phone": "021-58881234",
        "contact_email": "a2@example.com",
        "recommender": "浦东新区科经委",
        "filled_on": "2022-05-08",
    }


def test_the_roster_s_columns_are_those_of_a_season() -> None:
    assert set(ROSTER) <= {column.name for column in INSTITUTIONS.columns}


@pytest.mark.parametrize(
    ("lines", "who", "day"),
    [
        ([["推荐单位：", "上海市某协会", "填报日期：", "2022/5/8"]], "上海市某协会", "2022-05-08"),
        ([["推荐单位（公章）：徐汇区商务委"], ["填报日期：2022.05.08"]], "徐汇区商务委", "2022-05-08"),
        ([["推荐单位（盖章）　黄浦区科委　　填报日期2022年12月31日"]], "黄浦区科委", "2022-12-31"),
    ],
)
def test_the_line_in_its_usual_forms(
    tmp_path: Path, scheme: Scheme, lines: list[list[str]], who: str, day: str
) -> None:
    read = taken(workbook(tmp_path / "a.xlsx", [[TITLE], *lines, HEADER, row(1)]), scheme)
    assert (read.recommender, read.filled_on) == (who, day)
    assert told(read) == []


def test_the_line_below_the_table_counts_too(tmp_path: Path, scheme: Scheme) -> None:
    read = taken(workbook(tmp_path / "a.xlsx", [[TITLE], HEADER, row(1), [LINE]]), scheme)
    assert (read.recommender, read.filled_on) == ("浦东新区科经委", "2022-05-08")


def test_what_is_wrong_is_told_by_cell_and_nothing_is_taken(tmp_path: Path, scheme: Scheme) -> None:
    blank = "推荐单位（公章）：                                           填报日期：    年  月  日"
    rows = [
        [TITLE],
        [blank],
        [*HEADER, "统一社会信用代码", "推荐排名"],
        [*row(1, category="餐饮类"), "91310199MA0000A198", "1"],
        [*row(2, name="上海示例1服务有限公司", phone="12"), "", "第二"],
        row(3, email="a@b", office="12"),
        row(4, name=""),
    ]
    read = taken(workbook(tmp_path / "a.xlsx", rows), scheme)
    assert told(read) == [
        ("intake_recommender_missing", ""),
        ("?intake_filled_on_missing", ""),
        ("intake_category_unknown", "第 4 行 申报类别（C4）"),
        ("?uscc_check_digit_pilot", "第 4 行 统一社会信用代码（I4）"),
        ("phone_malformed", "第 5 行 手机（E5）"),
        ("intake_rank", "第 5 行 推荐排名（J5）"),
        ("intake_institution_twice", "第 5 行 申报单位名称（B5）"),
        ("?phone_malformed", "第 6 行 办公电话（F6）"),
        ("report_email_malformed", "第 6 行 电子邮箱（H6）"),
        ("report_unanswered", "第 7 行 申报单位名称（B7）"),
    ]
    assert read.entries == ()


def test_a_recommender_given_outside_the_table(tmp_path: Path, scheme: Scheme) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, row(1)])
    read = taken(path, scheme, recommender="火星区科委")
    assert told(read) == [("?intake_recommender_unknown", ""), ("?intake_filled_on_missing", "")]
    assert read.entries[0]["recommender"] == "火星区科委"
