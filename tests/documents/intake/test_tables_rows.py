"""Rows out of real files: what is data and what stands around it, what a spreadsheet did to a cell, what is asked."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ceping.core.finding import Level
from ceping.documents.intake.headers import Wanted
from ceping.documents.intake.tables import Table, read_table
from tests.factories.workbook import workbook

NAME = Wanted("name", "企业名称")
PHONE = Wanted("phone", "手机", type="phone")
SHARE = Wanted("share", "比例", type="decimal", needed=False, unit="%")
DAY = Wanted("day", "日期", type="date", needed=False)
WANTED = (NAME, PHONE, SHARE, DAY)
HEADER = ["企业名称", "手机", "比例", "日期"]


def told(table: Table) -> list[tuple[str, str]]:
    """The codes with their places; a leading `?` marks a warning. Every text has to fill in."""
    for one in table.findings:
        for language in ("zh", "en"):
            assert one.message(language)
            assert one.remedy(language)
    return [(("?" if one.level is Level.WARNING else "") + one.code, one.place) for one in table.findings]


def cells(table: Table) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in table.rows]


def test_a_list_among_titles_notes_totals_and_printed_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["2021年度服务清单"],
        [],
        ["序号", *HEADER, "备注"],
        [1, "甲公司", 13800000001.0, 0.125, datetime(2021, 5, 1), "好"],  # noqa: DTZ001 -- files know no zone
        [],
        ["序号", *HEADER, "备注"],
        [2, " 乙公司 ", "13800000002", "12.5%", "2021年5月2日", ""],
        [3],
        ["合计", "2 家"],
        ["注：不重复"],
    ]

    def change(book: Workbook, page: Any) -> None:
        page["D4"].number_format = "0.0%"
        page["E4"].number_format = "yyyy-mm-dd hh:mm"
        book.create_sheet("Sheet2")

    table = read_table(workbook(tmp_path / "a.xlsx", rows, change), WANTED)
    assert cells(table) == [
        (4, {"name": "甲公司", "phone": "13800000001", "share": "12.5", "day": "2021-05-01"}),
        (7, {"name": "乙公司", "phone": "13800000002", "share": "12.5", "day": "2021-05-02"}),
    ]
    assert [(one.number, one.text[:6]) for one in table.ignored] == [
        (6, "序号 企业名"),
        (9, "合计 2 家"),
        (10, "注：不重复"),
    ]
    assert table.above == ("2021年度服务清单",)
    assert told(table) == [("?intake_header_unknown", "工作表“名单” 第 3 行")]


def test_what_a_spreadsheet_did_to_cells_is_told_by_cell(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["甲", 2158881234],
        ["乙", 913101990000000019],
        ["丙", "9.13E+17"],
        [date(2021, 3, 1), "13800000001"],
        ["丁", "13800000002", "1,5"],
        ["戊", "#REF!"],
    ]

    def change(_: Workbook, page: Any) -> None:
        page["D5"].value = 5
        page["D5"].number_format = "yyyy-mm-dd"

    assert told(read_table(workbook(tmp_path / "a.xlsx", rows, change), WANTED)) == [
        ("intake_cell_error", "第 7 行 手机（B7）"),
        ("intake_zero_lost", "第 2 行 手机（B2）"),
        ("intake_mangled", "第 3 行 手机（B3）"),
        ("intake_mangled", "第 4 行 手机（B4）"),
        ("intake_date_here", "第 5 行 企业名称（A5）"),
        ("intake_date_early", "第 5 行 日期（D5）"),
        ("intake_comma", "第 6 行 比例（C6）"),
    ]


def odd(_: Workbook, page: Any) -> None:
    page.merge_cells("A2:A3")
    page.merge_cells("A6:D6")
    page.row_dimensions[4].hidden = True
    page.column_dimensions["B"].hidden = True


ODD = [HEADER, ["甲", "13800000001"], ["", "13800000002"], ["乙", "13800000003"], ["丙", "13800000004"], ["以上属实"]]


def test_merged_and_hidden_are_asked_and_taken_once_confirmed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ODD, odd)
    asked = read_table(path, WANTED)
    assert told(asked) == [
        ("intake_merged", ""),
        ("intake_hidden_rows", ""),
        ("intake_hidden_columns", ""),
    ]
    table = read_table(path, WANTED, confirmed=frozenset({"merged", "hidden"}))
    assert told(table) == []
    assert [row.cells["name"] for row in table.rows] == ["甲", "甲", "乙", "丙"]
    assert [one.text for one in table.ignored] == ["以上属实"]


def test_formulas_count_only_where_they_are_taken(tmp_path: Path) -> None:
    """A running number by formula is nobody's matter; a name by formula without its value is."""

    def change(_: Workbook, page: Any) -> None:
        page["A2"].value = "=ROW()-1"
        page["B3"].value = '="乙"'

    rows = [["序号", *HEADER], ["", "甲", "13800000001"], ["", "", "13800000002"]]
    table = read_table(workbook(tmp_path / "a.xlsx", rows, change), WANTED)
    assert told(table) == [("intake_formula_blank", "第 3 行 企业名称（B3）")]


@pytest.mark.parametrize(
    ("sheets", "wanted", "codes"),
    [
        ({"一": HEADER, "二": HEADER}, "", ["intake_sheets_several"]),
        ({"一": HEADER, "二": HEADER}, "二", []),
        ({"一": HEADER, "二": HEADER}, "三", ["intake_sheet_unknown"]),
        ({"一": ["企业名称", "备注", "比例"], "说明": ["怎么填"]}, "", ["intake_header_missing"]),
        ({"说明": ["怎么填"]}, "", ["intake_header_absent"]),
    ],
)
def test_the_sheet_that_fits_is_read(
    tmp_path: Path, sheets: dict[str, Sequence[str]], wanted: str, codes: list[str]
) -> None:
    def change(book: Workbook, page: Any) -> None:
        for name, header in sheets.items():
            one = book.create_sheet(name)
            one.append(header)
            one.append([name, "13800000001"])
        book.remove(page)

    table = read_table(workbook(tmp_path / "a.xlsx", [], change), WANTED, sheet=wanted)
    assert [code for code, _ in told(table) if not code.startswith("?")] == codes
    if not codes:
        assert cells(table) == [(2, {"name": wanted, "phone": "13800000001"})]


def test_a_hidden_sheet_that_fits_too_is_asked_about(tmp_path: Path) -> None:
    def change(book: Workbook, _: Any) -> None:
        other = book.create_sheet("旧名单")
        other.append(HEADER)
        other.append(["旧", "13800000009"])
        other.sheet_state = "hidden"

    path = workbook(tmp_path / "a.xlsx", [HEADER, ["甲", "13800000001"]], change)
    assert told(read_table(path, WANTED)) == [("intake_sheet_hidden", "")]
    assert cells(read_table(path, WANTED, confirmed=frozenset({"hidden"}))) == [
        (2, {"name": "甲", "phone": "13800000001"})
    ]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("企业名称;手机\n甲;13800000001\n", [("?intake_separator", "")]),
        ("企业名称\t手机\n甲\t13800000001\n", [("?intake_separator", "")]),
        ("\ufeff企业名称,手机\r\n甲,13800000001\r\n", []),
        ('企业名称,手机\n"甲\n厂",13800000001\n', []),
        ("企业名称,手机\n甲,13800000001,多\n", [("intake_ragged", "第 2 行")]),
        ("企业名称,手机,比例\n甲,13800000001\n", [("intake_ragged", "第 2 行")]),
        ("企业名称,手机,手机\n甲,13800000001,13800000002\n", [("intake_header_doubled", "第 1 行 手机")]),
        ("企业名称,手机\n", [("intake_no_rows", "第 1 行")]),
        ("????,??\n????,13800000001\n", [("intake_question_marks", "")]),
        ("企业名称,手机,金额（元）\n甲,13800000001,3\n", [("?intake_header_unknown", "第 1 行")]),
        ("手机,企业名称\n13800000001,甲\n企业名称,手机\n乙,13800000002\n", [("intake_header_second", "第 3 行")]),
        ('企业名称,手机\n甲,"13800000001\n乙,2\n', [("intake_quote_open", "第 2 行")]),
        ('企业名称,手机\n"甲"乙,13800000001\n', [("intake_quote_stray", "第 2 行")]),
        ("企业名称,比例（万元）,手机\n甲,3,13800000001\n", [("intake_header_unit", "第 1 行 比例")]),
    ],
)
def test_texts_with_separators(tmp_path: Path, text: str, codes: list[tuple[str, str]]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    assert told(read_table(path, WANTED)) == codes


def test_another_encoding_is_read_once_its_preview_was_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("企业名称,手机\n喆堃镕𠮷公司,13800000001\n".encode("gb18030"))
    asked = read_table(path, WANTED)
    assert told(asked) == [("intake_gb18030", "第 1 行")]
    assert "企业名称,手机" in asked.findings[0].message()
    table = read_table(path, WANTED, encoding="gb18030")
    assert cells(table) == [(2, {"name": "喆堃镕𠮷公司", "phone": "13800000001"})]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=12).map(str.strip)


@given(st.lists(st.tuples(TEXT.filter(bool), st.integers(0, 99_999_999)), min_size=1, max_size=8))
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]) -> None:
    """Every row is data or told as passed over, and no text changes on the way."""
    given_rows = [(f"司{name}", f"138{number:08d}") for name, number in rows]
    stream = io.StringIO()
    csv.writer(stream).writerows([("企业名称", "手机"), *given_rows])
    path = tmp_path_factory.getbasetemp() / "property.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    table = read_table(path, WANTED[:2])
    assert [(row.cells["name"], row.cells["phone"]) for row in table.rows] == given_rows
    assert (table.ignored, table.findings) == ((), [])


def test_a_long_cell_is_refused_whatever_else_the_process_reads(tmp_path: Path) -> None:
    """`csv.field_size_limit` is one for the whole process, and reading events raises it."""
    path = tmp_path / "long.csv"
    path.write_text(f"企业名称,手机,比例,日期\n{'甲' * 200_000},13800000001,,\n", encoding="utf-8")
    before = csv.field_size_limit(10**9)
    try:
        table = read_table(path, WANTED)
    finally:
        csv.field_size_limit(before)
    assert told(table) == [("intake_cell_long", "第 2 行")]
