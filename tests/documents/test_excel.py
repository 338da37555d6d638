"""Workbooks: equal bytes, real types, and text that stays text whatever it begins with."""

import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ceping.documents.excel import Sheet, storable, write_workbook

ROWS = [
    ("=cmd|' /C calc'!A0", Decimal("7.40"), 3, date(2021, 2, 3)),
    ("+8613900000001", Decimal(-1), None, None),
    ("普通", Decimal("0.125"), 0, True),
]


def write(path: Path) -> Path:
    write_workbook(path, [Sheet("甲", ("名", "分", "次", "日"), ROWS, "示例"), Sheet("空", ("名",), [])], title="题")
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def test_two_runs_give_one_file(tmp_path: Path) -> None:
    first = write(tmp_path / "a.xlsx").read_bytes()
    time.sleep(2.1)
    assert write(tmp_path / "b.xlsx").read_bytes() == first


def test_values_come_back_with_their_types(tmp_path: Path) -> None:
    book = CalamineWorkbook.from_path(str(write(tmp_path / "a.xlsx")))
    assert book.sheet_names == ["甲", "空"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["示例", "", "", ""],
        ["名", "分", "次", "日"],
        ["=cmd|' /C calc'!A0", 7.4, 3.0, date(2021, 2, 3)],
        ["+8613900000001", -1.0, "", ""],
        ["普通", 0.125, 0.0, "是"],
    ]


def test_nothing_is_a_formula_and_risky_text_is_marked_as_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in part(path, "xl/styles.xml")


def test_header_is_frozen_and_filtered_and_numbers_show_their_places(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A2:D5"/>' in sheet
    assert "autoFilter" not in part(path, "xl/worksheets/sheet2.xml")
    assert 'formatCode="0.000"' in part(path, "xl/styles.xml")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\x00b\x1fc", "a\ufffdb\ufffdc"),
        ("行一\n行二\t列", "行一\n行二\t列"),
        ("x" * 40_000, "x" * 32_767),
        ("\ud800", "?"),
    ],
)
def test_text_a_cell_cannot_hold_is_made_storable(tmp_path: Path, text: str, stored: str) -> None:
    assert storable(text) == stored
    path = tmp_path / "a.xlsx"
    write_workbook(path, [Sheet("甲", ("名",), [(text,)])], title="题")
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() == [["名"], [stored]]


@pytest.mark.parametrize(
    "text", ["<r><t>x</t></r>", "<r>", "_x0041_", " 前后有空格 ", "a\tb\n\nc", "&lt;<![CDATA[", "]]>", "甲\r\n乙"]
)
def test_a_text_comes_back_whatever_it_looks_like(tmp_path: Path, text: str) -> None:
    """XlsxWriter takes <r>…</r> for markup; a line end of two characters is one in XML unless it is escaped."""
    path = tmp_path / "a.xlsx"
    write_workbook(path, [Sheet("甲", (text,), [(text,)], notice=text)], title="题")
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() == [[text]] * 3
