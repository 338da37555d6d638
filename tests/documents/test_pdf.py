"""A document as PDF: its text in reading order, its pages, the same bytes every time, faults of ours said clearly."""

import hashlib
import io
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ceping.documents.fonts.faces import shipped
from ceping.documents.pdf import to_pdf, to_pdf_many
from ceping.documents.pdf_picture import PictureUnreadable
from ceping.documents.pdf_press import NotSet
from ceping.documents.radar import UnevenRadar, radar_png
from ceping.documents.sheet import (
    Cell,
    Document,
    Grid,
    Line,
    Marks,
    PageBreak,
    Paragraph,
    Picture,
    Radar,
    SealPlace,
    Space,
    texts_in,
)
from tests.factories.pdf import DAY, MM, SENTENCE, document, edges_of, pages_of, squeezed, text_of

MARKS = Marks("2021-91310000MA1FL0XX0X", "ab" * 32, "CEPING:2021-91310000MA1FL0XX0X:" + "AB" * 32)


def picture(kind: str = "PNG", mode: str = "RGB") -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (60, 40)).save(stream, kind)
    return stream.getvalue()


EVERYTHING = (
    Paragraph("测评自评报告", "cover_title", "center"),
    Paragraph("一、概述", "heading", together=True),
    Paragraph("（一）荣誉", "subheading", together=True),
    Paragraph(f"{SENTENCE * 5}\n\n  第二段   三个空格。\n$x$ #show *a* @b <c> \\d // e"),
    Grid((20, 30, 50), ((Cell("名称", "label"), Cell("上海喆堃镕玥珺𠮷公司", columns=2)),), caption="表一"),
    Line("机构名称（盖章）：", "张喆", seal=True),
    Line("日期：", "2021年3月4日"),
    SealPlace(("签字：", "公章：", "年  月  日")),
    # Four axes: of two that follow each other on one height a reader takes the left one first.
    Radar(
        tuple("东南西北"), (("本机构", ("80", "90", "", "0")), ("中位数", ("70", "60", "50", "9"))), text="高于中位数。"
    ),
    Picture(picture(), 40, "印章样式"),
    Space(20),
    PageBreak(odd=True),
    Paragraph("本单位承诺：□是 ■否", "clause"),
    Paragraph("数据来源：统计。", "small"),
)


def test_the_text_stands_there_in_the_order_of_reading() -> None:
    one = document(*EVERYTHING)
    assert "".join(pages_of(to_pdf(one))) == squeezed("".join(texts_in(one)))


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_is_printed_as_it_stands_or_with_its_gaps_shown(texts: list[str]) -> None:
    one = document(*(Paragraph(text, "plain") for text in texts), Grid((1, 9), ((Cell("x"), Cell("".join(texts))),)))
    printed = shipped().printable("".join(texts_in(one)))

    # A reader composes accents, parts ligatures and orders what runs from right to left: the same characters, in an
    # order of its own.
    def counted(text: str) -> list[str]:
        return sorted(re.findall(r"[一-鿿0-9A-Za-z〓]", unicodedata.normalize("NFKC", text)))

    assert counted("".join(pages_of(to_pdf(one)))) == counted(squeezed(printed))


def test_the_pages_before_the_first_break_are_the_cover_and_carry_no_number() -> None:
    body = (Paragraph("甲"), PageBreak(), Paragraph("乙"))
    cover = Document("试", DAY, (Paragraph("封"), PageBreak(odd=True), *body), cover=1, bound=True)
    assert pages_of(to_pdf(cover)) == ["封", "", "甲—1—", "乙—2—"]
    assert pages_of(to_pdf(document(*body, numbered=True))) == ["甲—1—", "乙—2—"]
    assert pages_of(to_pdf(document(PageBreak(), *body, PageBreak(), PageBreak()))) == ["甲", "乙"]
    assert pages_of(to_pdf(document())) == [""]


def test_marks_and_watermark_are_on_every_page() -> None:
    body = (Paragraph("甲"), PageBreak(), Paragraph("乙"))
    pages = pages_of(to_pdf(document(*body, marks=MARKS, watermark="草稿", bound=True)))
    marked = squeezed(f"草稿编号{MARKS.number}共2页校验{'ab' * 6}")
    assert [sorted(page) for page in pages] == [sorted(marked + "甲"), sorted(marked + "乙")]
    assert "共2页（含封面）" in pages_of(to_pdf(document(*body, marks=MARKS, cover=1)))[0]


def test_marks_stand_at_the_outer_edge() -> None:
    body = (Space(1), PageBreak(), Space(1))
    (left, _, right, top), (other_left, *_) = edges_of(to_pdf(document(*body, marks=MARKS, bound=True)))
    # The code stands between the words and the edge of the text.
    assert left > 105 * MM
    assert (210 - 26 - 22) * MM < right < (210 - 26 - 18) * MM
    assert (26 + 18) * MM < other_left < (26 + 22) * MM
    assert top < (297 - 8) * MM


def test_nothing_reaches_into_the_margins() -> None:
    word, marks = "averyveryverylongaddress.of.somebody@services.example.com.cn", "！" * 60
    cells = Grid((1, 2, 9, 3), ((Cell(word), Cell(marks), Cell(SENTENCE * 4), Cell("2021" * 30)),) * 3)
    lines = (Line("很长的标签" * 20, word * 3, 60), Line("短", word, 30, large=True), Paragraph(word * 4))
    radar = Radar(tuple(f"很长很长的指标名称{n}" for n in range(12)), (("甲" * 30, ("100",) * 12),), width=400)
    for left, bottom, right, top in edges_of(to_pdf(document(cells, *lines, radar, Picture(picture(), 900, "图")))):
        assert left > 28 * MM - 1
        assert right < (210 - 26) * MM + 1
        assert bottom > 30 * MM - 3
        assert top < (297 - 32) * MM + 3


def test_a_landscape_page_lies() -> None:
    ((_, _, right, top),) = edges_of(to_pdf(document(Paragraph(SENTENCE * 3, "clause"), landscape=True)))
    assert right > 250 * MM
    assert top < 190 * MM


def test_a_heading_stays_with_what_follows() -> None:
    filler = [Paragraph("行", "plain")] * 29
    for count in range(25, 30):
        grid = Grid((1,), ((Cell("头", "label"),), (Cell("身"),)), header=1, caption="表")
        pages = pages_of(to_pdf(document(*filler[:count], Paragraph("标题", "heading", together=True), grid)))
        assert any("标题表头身" in page for page in pages), count


def test_it_is_an_archivable_file_with_its_title_and_day_and_the_same_bytes_every_time() -> None:
    one = document(*EVERYTHING, marks=MARKS, title="报告〈一〉")
    pdf = to_pdf(one)
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"2021-03-04T00:00:00Z" in pdf
    assert "报告〈一〉".encode() in pdf
    to_pdf(document(Paragraph("别的")))
    assert to_pdf(one) == pdf
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(to_pdf, [one] * 8)) == {pdf}


@pytest.mark.slow
def test_other_processes_write_the_same_bytes() -> None:
    code = (
        "import hashlib; from ceping.documents.pdf import to_pdf; from tests.factories.pdf import document, text_of; "
        "from ceping.documents.sheet import Paragraph; "
        "print(hashlib.sha256(to_pdf(document(Paragraph(text_of(900))))).hexdigest())"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert told == hashlib.sha256(to_pdf(document(Paragraph(text_of(900))))).hexdigest()


@pytest.mark.slow
def test_many_come_in_their_order_and_only_as_they_are_taken() -> None:
    asked = []

    def documents() -> object:
        for number in range(30):
            asked.append(number)
            yield document(Paragraph(f"第{number}份"), Picture(picture(), 20))

    made = to_pdf_many(documents(), workers=2)  # type: ignore[arg-type]
    first = next(made)
    assert first == to_pdf(document(Paragraph("第0份"), Picture(picture(), 20)))
    assert len(asked) <= 8
    assert [pages_of(one) for one in made] == [[f"第{number}份"] for number in range(1, 30)]
    broken = to_pdf_many([document(Paragraph("好")), document(Picture(b"", 20))], workers=2)
    assert pages_of(next(broken)) == ["好"]
    with pytest.raises(PictureUnreadable):
        next(broken)


@pytest.mark.parametrize("data", [b"", b"text", b"<svg/>", picture()[:60], picture("GIF")])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable, match="印章"):
        to_pdf(document(Picture(data, 40, "印章")))


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P")])
def test_pictures_of_every_mode_are_drawn(kind: str, mode: str) -> None:
    assert pages_of(to_pdf(document(Picture(picture(kind, mode), 40, "图")))) == ["图"]


def test_a_font_that_is_not_there_is_an_error_not_a_warning() -> None:
    faces = replace(shipped(), order=dict(shipped().order) | {"fang": ("No Such Font", "Noto Serif SC")})
    with pytest.raises(NotSet, match="no such font"):
        to_pdf(document(Paragraph("甲")), faces)


def test_a_radar_is_a_picture_too() -> None:
    radar = Radar(("能力", "质量", "成效"), (("本机构", ("80", "90.5", "")),), text="高。")
    with Image.open(io.BytesIO(radar_png(radar))) as image:
        assert image.format == "PNG"
        assert 120 - 5 < image.width / 220 * 25.4 < 120 + 10
        assert (0x1F, 0x4E, 0x8C) in {color[:3] for _, color in image.getcolors(1 << 20)}
    assert radar_png(radar) == radar_png(radar)


@pytest.mark.parametrize("shares", [("80", "90"), ("80", "90", "一"), ("80", "90", "100.1"), ("80", "90", "NaN")])
def test_a_radar_that_does_not_add_up_is_refused(shares: tuple[str, ...]) -> None:
    with pytest.raises(UnevenRadar, match="本机构"):
        to_pdf(document(Radar(("能力", "质量", "成效"), (("本机构", shares),))))
