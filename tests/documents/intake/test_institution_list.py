"""Last year's list of institutions out of a spreadsheet: by meaning, all faults at once."""

from pathlib import Path

import pytest

from ceping.core.finding import errors_in
from ceping.documents.intake.institutions import take_in_institutions

AREAS = ("浦东新区", "闵行区")
HEAD = "序号,单位名称,社会信用代码,所属区,联系人,联系电话,邮箱\n"
GOOD = "1,上海启衡企业管理咨询有限公司,9131 0115MA1K4T7Q5X,浦东新区,陈文静,138 0013 8000,chen@example.cn\n"


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "去年.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_are_found_by_what_they_mean(tmp_path: Path) -> None:
    found = take_in_institutions(listed(tmp_path, f"2020年度参评机构\n\n{HEAD}{GOOD}合计,1家\n"), AREAS)
    assert found.taken, found.table.findings
    (line,) = found.lines
    assert (line.uscc, line.area, line.phone) == ("91310115MA1K4T7Q5X", "浦东新区", "13800138000")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,甲公司,91310115MA1K4T7Q5,浦东新区,陈,13800138000,", "uscc_length"),
        ("1,,91310115MA1K4T7Q5X,浦东新区,陈,13800138000,", "report_unanswered"),
        ("1,甲公司,,浦东新区,陈,13800138000,", "report_unanswered"),
        ("1,甲公司,91310115MA1K4T7Q5X,火星区,陈,13800138000,", "intake_area_unknown"),
        ("1,甲公司,91310115MA1K4T7Q5X,浦东新区,陈,1380013,", "phone_malformed"),
        ("1,甲公司,91310115MA1K4T7Q5X,浦东新区,陈,,chen#example.cn", "report_email_malformed"),
        ("1,甲公司,91310115MA1K4T7Q5X,浦东新区,陈,,", "intake_contact_wanted"),
        (f"1,{'甲' * 201},91310115MA1K4T7Q5X,浦东新区,陈,13800138000,", "report_too_long"),
        (f"1,甲,91310115MA1K4T7Q5X,浦东新区,{'陈' * 65},13800138000,", "report_too_long"),
    ],
)
def test_each_fault_has_its_row(tmp_path: Path, row: str, code: str) -> None:
    found = take_in_institutions(listed(tmp_path, f"{HEAD}{GOOD.replace('7Q5X', '7Q6X')}{row}\n"), AREAS)
    assert code in {one.code for one in errors_in(found.table.findings)}
    assert all("第 3 行" in one.place for one in found.table.findings if one.code == code)
    assert not found.lines


def test_one_code_on_two_rows(tmp_path: Path) -> None:
    found = take_in_institutions(listed(tmp_path, HEAD + GOOD * 2), AREAS)
    assert [one.code for one in errors_in(found.table.findings)] == ["intake_code_twice"]


def test_without_the_code_there_is_no_list(tmp_path: Path) -> None:
    found = take_in_institutions(listed(tmp_path, "单位名称,所属区\n甲公司,浦东新区\n"), AREAS)
    assert "intake_header_missing" in {one.code for one in found.table.findings}
