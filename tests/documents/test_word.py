"""A document as a Word file: nothing lost, nothing invented, the same bytes every time, laid out as declared."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # type: ignore[import-untyped]
from PIL import Image

from ceping.core.scheme.loading import load
from ceping.core.scheme.shipped import shipped_folders
from ceping.documents.forms.report import report_form
from ceping.documents.sheet import (
    Block,
    Cell,
    Document,
    Grid,
    Line,
    Marks,
    PageBreak,
    Paragraph,
    Picture,
    SealPlace,
    Space,
    UnevenGrid,
    texts_in,
)
from ceping.documents.word import to_word
from ceping.documents.word_picture import qr_png
from tests.factories.report_document import report_document
from tests.factories.word import cells_of, opened, texts_of

DATED = date(2022, 1, 15)
MARKS = Marks("2021-91310199MA0000A197", "0123456789abcdef" * 4, "CEPING:2021-91310199MA0000A197")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def document(*blocks: Block, marks: Marks | None = None, **settings: object) -> Document:
    return Document("试验", DATED, blocks, marks=marks, **settings)  # type: ignore[arg-type]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def body(data: bytes) -> etree._Element:
    return etree.fromstring(parts(data)["word/document.xml"])


def blank_left_out(texts: list[str]) -> list[str]:
    return [text for text in texts if text.strip()]


@pytest.mark.parametrize("name", sorted(shipped_folders()))
def test_the_word_file_of_an_empty_form_says_what_the_document_says(name: str) -> None:
    scheme, _ = load(name)
    assert scheme is not None
    form = report_form(scheme, None, state="empty", dated=DATED)
    assert texts_of(to_word(form)) == blank_left_out(list(texts_in(form)))


@pytest.mark.parametrize("state", ["draft", "final"])
def test_the_word_file_of_a_report_says_what_the_document_says(state: str) -> None:
    form = report_document(state, client_count=80)  # type: ignore[arg-type]
    assert texts_of(to_word(form)) == blank_left_out(list(texts_in(form)))


def test_two_runs_are_the_same_bytes_dated_by_the_document() -> None:
    form = report_document("draft")
    data = to_word(form)
    assert data == to_word(form)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = opened(data).core_properties
    assert (about.title, about.author, about.last_modified_by) == (form.title, "测评", "测评")
    assert about.created == about.modified == datetime(2022, 1, 15, tzinfo=UTC)
    assert b"rsid" not in b"".join(parts(data).values())


def test_what_people_typed_is_never_markup() -> None:
    nasty = ["<w:p>&amp;\"'</w:t>", "{{ x }}", "]]>", "a  b   c", "\t缩进", "\x00\x0b\ud800\uffff尾", "𠮷喆堃镕玥珺"]
    data = to_word(document(*(Paragraph(text) for text in nasty), Grid((1,), tuple((Cell(one),) for one in nasty))))
    expected = [*nasty[:5], "\ufffd\ufffd\ufffd\ufffd尾", nasty[6]]
    assert texts_of(data) == expected * 2


@given(st.lists(st.text(max_size=20), max_size=4))
def test_any_text_makes_a_file_that_opens(texts: list[str]) -> None:
    grid = Grid((1, 2), tuple((Cell(text), Cell("x")) for text in texts) or ((Cell(""), Cell("")),))
    marks = Marks("".join(texts)[:40], "0" * 64, "Q" + "".join(texts)[:40])
    written = document(*(Paragraph(text) for text in texts), grid, Line("".join(texts)), marks=marks, watermark="稿")
    assert all(len(etree.fromstring(xml)) >= 0 for name, xml in parts(to_word(written)).items() if "xml" in name)


def test_cells_merge_over_columns_and_rows() -> None:
    grid = Grid(
        (1, 1, 2),
        (
            (Cell("甲", "label", columns=2), Cell("乙")),
            (Cell("丙", "label", rows=3), Cell("丁"), Cell("戊", rows=2)),
            (Cell("己"),),
            (Cell("庚", columns=2),),
        ),
    )
    [table] = opened(to_word(document(grid))).tables
    assert [[cell.text for cell in row] for row in cells_of(table)] == [
        ["甲", "乙"],
        ["丙", "丁", "戊"],
        ["己"],
        ["庚"],
    ]
    assert [[table.cell(row, column).text for column in range(3)] for row in range(4)] == [
        ["甲", "甲", "乙"],
        ["丙", "丁", "戊"],
        ["丙", "己", "戊"],
        ["丙", "庚", "庚"],
    ]


def test_widths_are_fixed_and_fill_the_line() -> None:
    table = body(to_word(document(Grid((1, 2, 4), ((Cell("a"), Cell("b"), Cell("c")),)), bound=True))).find(
        f".//{W}tbl"
    )
    assert table is not None
    columns = [int(one.get(f"{W}w", "")) for one in table.iter(f"{W}gridCol")]
    widths = [int(one.get(f"{W}w", "")) for one in table.iter(f"{W}tcW")]
    assert columns == widths
    assert (sum(columns), columns[2] // columns[0]) == (156 * 14400 // 254, 4)
    layout = table.find(f"{W}tblPr/{W}tblLayout")
    assert layout is not None
    assert layout.get(f"{W}type") == "fixed"


def test_headings_repeat_and_rows_stay_whole_while_they_fit_on_a_page() -> None:
    rows = ((Cell("标题", "label"),), (Cell("短"),), (Cell("长" * 5000),), (Cell("\n" * 60),))
    table = body(to_word(document(Grid((1,), rows, header=1))))
    properties = [{etree.QName(one).localname for one in row} for row in table.iter(f"{W}trPr")]
    assert properties == [
        {"cantSplit", "trHeight", "tblHeader"},
        {"cantSplit", "trHeight"},
        {"trHeight"},
        {"trHeight"},
    ]


def test_two_tables_never_run_into_one_and_none_ends_the_file() -> None:
    grid = Grid((1,), ((Cell("a"),),))
    kinds = [etree.QName(one).localname for one in body(to_word(document(grid, grid, Line("甲"), Line("乙"))))[0]]
    assert kinds == ["tbl", "p", "tbl", "p", "tbl", "p", "sectPr"]


def test_a_bound_report_has_two_sides_and_an_unnumbered_cover() -> None:
    data = to_word(report_document("final"))
    names = parts(data)
    assert b"<w:mirrorMargins/>" in names["word/settings.xml"]
    assert b"<w:evenAndOddHeaders/>" in names["word/settings.xml"]
    cover, rest = opened(data).sections
    assert [len(one._sectPr.xpath("w:footerReference")) for one in (cover, rest)] == [0, 2]
    assert [len(one._sectPr.xpath("w:headerReference")) for one in (cover, rest)] == [2, 2]
    assert (rest.footer.paragraphs[0].text, rest.even_page_footer.paragraphs[0].text) == ("— 1 —", "— 1 —")
    assert b" PAGE " in names["word/footer_default.xml"]
    right = [[cell.text for cell in row] for row in cells_of(rest.header.tables[0])]
    left = [[cell.text for cell in row] for row in cells_of(rest.even_page_header.tables[0])]
    assert right == [[left[0][1], left[0][0]]]
    assert re.fullmatch(r"编号 2021-91310199MA0000A197\n共 1 页（含封面）\n校验 [0-9a-f]{12}", right[0][0])
    assert b" NUMPAGES " in names["word/header_default.xml"]


def test_a_plain_paper_has_one_side_and_no_marks() -> None:
    names = parts(to_word(document(Paragraph("通知", "title"), landscape=True)))
    assert sorted(name for name in names if name.startswith("word/")) == [
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/footer_default.xml",
        "word/settings.xml",
        "word/styles.xml",
    ]
    assert b"mirrorMargins" not in names["word/settings.xml"]
    assert b'w:orient="landscape"' in names["word/document.xml"]


def test_the_back_of_the_cover_is_a_page_and_what_is_odd_later_begins_a_right_hand_page() -> None:
    pages = document(
        Paragraph("封面"), PageBreak(odd=True), Paragraph("一"), PageBreak(odd=True), Paragraph("二"), cover=1
    )
    tree = body(to_word(pages))
    assert len(tree.findall(f".//{W}br")) == 1
    assert [one.get(f"{W}val") for one in tree.iter(f"{W}type")] == ["nextPage", "nextPage", "oddPage"]


def test_a_page_begins_with_its_paragraph_and_not_with_an_empty_line() -> None:
    tree = body(to_word(document(Paragraph("一"), PageBreak(), Paragraph("二"), PageBreak(), Space(10), PageBreak())))
    assert len(tree.findall(f".//{W}pageBreakBefore")) == 1
    assert len(tree.findall(f".//{W}br")) == 1


def test_a_long_title_of_a_cover_breaks_into_lines_alike() -> None:
    titles = ("短标题", "2021年中小企业服务质量第三方测评自评报告", "长" * 60, "自有\n换行" + "长" * 30)
    tree = body(to_word(document(*(Paragraph(title, "cover_title") for title in titles))))
    sides = [[one.get(f"{W}left") for one in line.iter(f"{W}ind")] for line in tree.iter(f"{W}p")]
    # 156 mm hold forty half letters of 22 points: 40 become twice 20, 120 four times 30, each with three to spare.
    assert sides == [[], [str((40 - 23) * 110)], [str((40 - 33) * 110)], []]


def test_only_a_draft_is_marked_across_each_page() -> None:
    draft, final = parts(to_word(report_document("draft"))), parts(to_word(report_document("final")))
    headers = ["word/header_default.xml", "word/header_even.xml"]
    assert [draft[name].count('string="草稿"'.encode()) for name in headers] == [1, 1]
    assert [final[name].count(b"PowerPlusWaterMarkObject") for name in headers] == [0, 0]


def test_styles_have_an_office_s_names_and_fonts() -> None:
    form = opened(to_word(report_document("final")))
    used = {one.style.name for one in form.paragraphs if one.style is not None}
    used |= {one.style.name for table in form.tables for row in cells_of(table) for c in row for one in c.paragraphs}
    # python-docx knows the styles of Word itself by their names in its English window.
    assert used == {
        "Heading 1",
        "Heading 2",
        "Normal Indent",
        "Title",
        *("封面标题", "封面文字", "封面填写项", "要求和注", "承诺条款", "签章", "表格标签", "表格内容", "间隔"),
    }
    fonts = {style.name: style.element.xpath("w:rPr/w:rFonts/@w:eastAsia") for style in form.styles}
    assert [fonts[name] for name in ("Heading 1", "Heading 2", "Footer")] == [["黑体"], ["楷体"], ["宋体"]]
    styles = parts(to_word(report_document("final")))["word/styles.xml"].decode()
    assert re.search('<w:docDefaults>.*?w:eastAsia="仿宋".*?<w:sz w:val="24"/>', styles, re.DOTALL)


def test_pictures_keep_their_proportions_and_say_what_they_show() -> None:
    data = to_word(document(Picture(qr_png("A"), 30, "二维码"), Picture(qr_png("B"), 20)))
    [first, second] = opened(data).inline_shapes
    assert (first.width.mm, first.height.mm, second.width.mm) == (30, 30, 20)
    assert first._inline.docPr.get("descr") == "二维码"
    assert [name for name in parts(data) if "media" in name] == ["word/media/image1.png", "word/media/image2.png"]


def test_what_does_not_fit_a_page_is_made_smaller() -> None:
    tall = io.BytesIO()
    Image.new("RGB", (10, 1000)).save(tall, "PNG")
    data = to_word(document(Picture(qr_png("A"), 900), Picture(tall.getvalue(), 100), Space(9000)))
    shapes = [(one.width.mm, one.height.mm) for one in opened(data).inline_shapes]
    assert shapes == [(156, 156), (1, 100)]
    assert max(int(one.get(f"{W}line", "0")) for one in body(data).iter(f"{W}spacing")) < 31_680


def test_a_grid_the_builder_miscounted_is_not_drawn() -> None:
    assert opened(to_word(document(Grid((1, 1), ()), Paragraph("后")))).tables == []
    for row in ((Cell("a"),), (Cell("a"), Cell("b"), Cell("c")), (Cell("a"), Cell("b", columns=2))):
        with pytest.raises(UnevenGrid):
            to_word(document(Grid((1, 1), (row,))))
    with pytest.raises(UnevenGrid):
        to_word(document(Grid((1, 1), ((Cell("a"), Cell("b", rows=2)), (Cell("c", columns=2),)))))


def test_a_place_for_a_seal_is_as_high_as_asked() -> None:
    tree = body(to_word(document(SealPlace(("法定代表人签字：", "公章：", "年   月   日"), height=45))))
    before = [int(one.get(f"{W}before", "")) for one in tree.iter(f"{W}spacing")]
    assert before == [(45 * 14400 // 254 - 3 * 480) // 3] * 3
    assert len(tree.findall(f".//{W}keepNext")) == 2
