"""A client list is taken whole or not at all; its rows are checked as a report's are, at the numbers of the sheet."""

from pathlib import Path
from typing import Any

import pytest

from ceping.core.finding import Level
from ceping.core.report import read_report
from ceping.core.scheme.loading import Scheme
from ceping.documents.intake.clients import Intake, take_in
from tests.factories.report import NAME, complete_report
from tests.factories.workbook import CLIENT_HEADER, client_row, workbook


def told(read: Intake) -> list[tuple[str, str]]:
    return [(("?" if one.level is Level.WARNING else "") + one.code, one.place) for one in read.findings]


def taken(path: Path, scheme: Scheme, table: str = "clients", **options: Any) -> Intake:
    return take_in(path, scheme, scheme.form.table_by_id[table], **options)


def test_a_good_list_in_another_order_is_taken(tmp_path: Path, scheme: Scheme) -> None:
    rows = [[number, *reversed(client_row(number))] for number in range(1, 53)]
    header = ["序号", "服务内容", "联系电话", "姓名", "公司名称"]
    read = taken(workbook(tmp_path / "a.xlsx", [["服务清单"], header, *rows]), scheme)
    assert told(read) == []
    assert read.taken
    assert list(read.rows) == [
        dict(zip(("service", "phone", "contact", "name"), reversed(client_row(number)), strict=True))
        for number in range(1, 53)
    ]


def test_one_fault_and_nothing_is_taken(tmp_path: Path, scheme: Scheme) -> None:
    rows = [client_row(number) for number in range(1, 53)]
    rows[3][2] = "1380000"
    rows[5][0] = ""
    rows[7][0] = rows[6][0].replace("有限公司", "有限责任公司")
    read = taken(workbook(tmp_path / "a.xlsx", [["标题"], [], CLIENT_HEADER, *rows]), scheme)
    assert told(read) == [
        ("phone_malformed", "第 7 行 手机（C7）"),
        ("report_unanswered", "第 9 行 企业名称（A9）"),
        ("?report_same_name", "第 11 行 企业名称（A11）"),
    ]
    assert dict(read.findings[2].values)["first"] == "10"
    assert [(one.row, one.column) for one in read.table.located] == [(7, 3), (9, 1), (11, 1)]
    assert (read.rows, read.taken) == ((), False)


def test_a_cell_that_could_not_be_read_is_told_once(tmp_path: Path, scheme: Scheme) -> None:
    rows = [client_row(number) for number in range(1, 53)]
    rows[0][2] = "9.13E+17"
    assert told(taken(workbook(tmp_path / "a.xlsx", [CLIENT_HEADER, *rows]), scheme)) == [
        ("intake_mangled", "第 2 行 手机（C2）")
    ]


def test_a_missing_column_is_told_once_and_not_in_every_row(tmp_path: Path, scheme: Scheme) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业名称,联系人\n" + "".join(f"甲{n},乙\n" for n in range(60)), encoding="utf-8")
    assert [code for code, _ in told(taken(path, scheme))] == ["intake_header_missing"] * 2


def test_with_the_report_the_institution_is_no_client_of_its_own(tmp_path: Path, scheme: Scheme) -> None:
    report, _ = read_report(complete_report())
    rows = [client_row(number) for number in range(1, 10)]
    rows[4][0] = NAME
    path = workbook(tmp_path / "a.xlsx", [CLIENT_HEADER, *rows])
    assert told(taken(path, scheme, report=report)) == [
        ("?report_list_short", "五、服务清单"),
        ("report_own_client", "第 6 行 企业名称（A6）"),
    ]
    assert told(taken(path, scheme)) == [("?report_list_short", "五、服务清单")]


def test_any_table_of_the_form_and_the_words_of_its_choices(tmp_path: Path, scheme: Scheme) -> None:
    path = tmp_path / "a.csv"
    lines = [
        "荣誉、资质、能力,名称,取得时间,颁发机构,颁发、认定或合作机构",
        "市级荣誉称号,先进单位,2021/5/1,x,市经信委",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    read = taken(path, scheme, "honours")
    assert list(read.rows) == [{"group": "city", "name": "先进单位", "obtained_on": "2021-05-01", "issuer": "市经信委"}]
    assert told(read) == [("?intake_header_unknown", "第 1 行")]
    path.write_text("日常服务内容,完成频次,服务对象\n咨询,每季,甲\n", encoding="utf-8")
    assert [code for code, _ in told(taken(path, scheme, "daily_services"))][-2:] == [
        "report_option_unknown",
        "?report_asked",
    ]


def test_of_one_fault_in_every_row_the_first_hundred_are_told(tmp_path: Path, scheme: Scheme) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"企业{n},联系人{n},12,讲座\n" for n in range(150))
    path.write_text("企业名称,联系人,手机,服务内容\n" + rows, encoding="utf-8")
    codes = [code for code, _ in told(taken(path, scheme))]
    assert codes.count("phone_malformed") == 100
    assert codes[-1] == "?more_of_a_kind" or "more_of_a_kind" in codes


@pytest.mark.parametrize("name", ["没有.xlsx", "有\0零.xlsx"])
def test_a_file_that_is_not_there(tmp_path: Path, scheme: Scheme, name: str) -> None:
    codes = [code for code, _ in told(taken(tmp_path / name, scheme))]
    assert codes in (["file_missing"], ["file_unreadable"])
