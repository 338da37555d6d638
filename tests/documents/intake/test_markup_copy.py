"""What a refused file goes back as: its cells marked, its faults listed, nothing in it that runs, and never twice."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from ceping.core.scheme.loading import Scheme
from ceping.documents.intake import markup
from ceping.documents.intake.clients import take_in
from ceping.documents.intake.markup import is_marked, write_marked
from tests.factories.workbook import CLIENT_HEADER, client_row, workbook

RED = "00FFC7CE"


def refused(path: Path, scheme: Scheme, out: Path) -> Any:
    read = take_in(path, scheme, scheme.form.table_by_id["clients"])
    assert not read.taken
    write_marked(path, read.table, out)
    return load_workbook(out)


def bad_book(folder: Path) -> Path:
    rows = [client_row(number) for number in range(1, 53)]
    rows[1][2] = "=cmd|' /C calc'!A0"
    rows[2][0] = "<script>alert(1)</script>"
    rows[3][2] = "12"

    def change(book: Workbook, page: Any) -> None:
        page["C7"].value = '="138"&"00000005"'
        page["C6"].comment = Comment("问过了", "老王")
        book.create_sheet("附注")["A1"] = "另一张表"

    return workbook(folder / "a.xlsx", [["标题"], CLIENT_HEADER, *rows], change)


def test_every_fault_is_on_its_cell_and_in_the_list(tmp_path: Path, scheme: Scheme) -> None:
    book = refused(bad_book(tmp_path), scheme, tmp_path / "out.xlsx")
    assert book.sheetnames == ["问题清单", "名单", "附注"]
    listed, page = book["问题清单"], book["名单"]
    assert [cell.value for cell in listed[4]] == ["行", "列", "原因", "怎么改", "原来的内容", "轻重"]
    rows = [[cell.value for cell in row] for row in listed.iter_rows(min_row=5)]
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        (4, "手机", "=cmd|' /C calc'!A0", "错误"),
        (6, "手机", "12", "错误"),
        (7, "手机", '="138"&"00000005"', "错误"),
    ]
    assert listed["A5"].hyperlink.location == "'名单'!C4"
    marked = {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED}
    assert marked == {"C4", "C6", "C7"}
    assert "12 不是可用的电话号码" in page["C6"].comment.text
    assert "（原有批注）问过了" in page["C6"].comment.text
    assert page["A5"].value == "<script>alert(1)</script>"


def test_nothing_in_the_copy_runs(tmp_path: Path, scheme: Scheme) -> None:
    refused(bad_book(tmp_path), scheme, tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_the_same_file_gives_the_same_copy(tmp_path: Path, scheme: Scheme) -> None:
    path = bad_book(tmp_path)
    refused(path, scheme, tmp_path / "one.xlsx")
    refused(path, scheme, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    assert is_marked(tmp_path / "one.xlsx")
    assert not is_marked(path)


def test_a_copy_mended_and_sent_in_is_marked_afresh(tmp_path: Path, scheme: Scheme) -> None:
    """Old marks are gone, the list stands once, and what somebody else remarked is kept."""
    first = tmp_path / "first.xlsx"
    book = refused(bad_book(tmp_path), scheme, first)
    book["名单"]["C4"].value = "13800000077"
    book["名单"]["C7"].value = "13800000078"
    book.save(first)
    again = refused(first, scheme, tmp_path / "again.xlsx")
    assert again.sheetnames == ["问题清单", "名单", "附注"]
    page = again["名单"]
    assert (page["C4"].comment, page["C4"].fill.fgColor.rgb) == (None, "00000000")
    assert page["C6"].fill.fgColor.rgb == RED
    assert page["C6"].comment.text.count("不是可用的电话号码") == 1


def test_a_csv_file_comes_back_as_a_workbook_of_texts(tmp_path: Path, scheme: Scheme) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业名称,联系人,手机,服务内容\n=1+1,007,12,讲座\n", encoding="utf-8")
    page = refused(path, scheme, tmp_path / "out.xlsx")["原表"]
    assert [cell.value for cell in page[2]] == ["=1+1", "007", "12", "讲座"]
    assert {cell.data_type for cell in page[2]} == {"s"}
    assert page["C2"].fill.fgColor.rgb == RED


def test_of_a_very_large_file_the_faulty_rows_are_copied(
    tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "_MOST_CELLS", 100)
    book = refused(bad_book(tmp_path), scheme, tmp_path / "out.xlsx")
    assert book.sheetnames == ["问题清单", "名单"]
    page = book["名单"]
    assert [cell.value for cell in page["A"]] == ["原行号", "4", "6", "7"]
    assert page["D2"].fill.fgColor.rgb == RED
    assert page["D3"].value == "12"


def test_nothing_is_left_behind_when_the_copy_cannot_be_made(
    tmp_path: Path, scheme: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bad_book(tmp_path)
    read = take_in(path, scheme, scheme.form.table_by_id["clients"])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(markup.confined, "run", full)
    with pytest.raises(OSError, match="No space"):
        write_marked(path, read.table, tmp_path / "out.xlsx")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xlsx"]
