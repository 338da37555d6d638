"""Fonts for print: whole, licensed, knowing what they lack; a character without a glyph is shown and named."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ceping.documents.fonts.coverage import FontUnreadable, characters_in
from ceping.documents.fonts.faces import MISSING, SHIPPED, faces_from, faces_of, shipped
from ceping.documents.pdf import to_pdf, unprintable_in
from ceping.documents.pdf_press import NotSet
from ceping.documents.sheet import Cell, Grid, Marks, Paragraph
from tests.factories.pdf import document, pages_of

FANG = SHIPPED / "FandolFang-Regular.otf"
RARE = "喆堃镕玥珺"


def test_every_font_and_licence_is_as_published_and_none_is_without_a_licence() -> None:
    told = dict(line.split("  ")[::-1] for line in (SHIPPED / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    here = {path.name for path in SHIPPED.iterdir() if path.suffix in {".ttf", ".otf"} or "LICENSE" in path.name}
    assert {name: hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() for name in here} == told
    fonts = {path.stem.partition("-")[0] for path in SHIPPED.iterdir() if path.suffix in {".ttf", ".otf"}}
    assert {name.partition("-")[2] for name in here if name.startswith("LICENSE-")} == fonts


def test_the_tables_of_the_fonts_are_read() -> None:
    fang, wenkai = characters_in(FANG), characters_in(SHIPPED / "LXGWWenKai-Regular.ttf")
    assert len(fang) == 10_273
    assert not fang & set(map(ord, RARE))
    assert set(map(ord, RARE + "𠮷中a")) <= wenkai


@pytest.mark.parametrize("content", [b"", b"hello", FANG.read_bytes()[:3000], b"ttcf" + bytes(8), b"\0\1\0\0\xff\xff"])
def test_what_is_no_font_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(content)
    with pytest.raises(FontUnreadable, match=r"x\.ttf"):
        characters_in(tmp_path / "x.ttf")


def test_what_is_said_to_be_printable_is() -> None:
    # A file of this kind may not hold a character without a glyph: the typesetter refuses it, whatever we believe.
    every = sorted(shipped().printed - {"\n"})
    assert len(every) > 30_000
    to_pdf(document(Paragraph("".join(every[::17])), Paragraph(RARE + "𠮷", "heading"), Paragraph(RARE, "subheading")))
    with pytest.raises(NotSet, match="could not be displayed"):
        to_pdf(document(Paragraph("😀")), replace(shipped(), printed=shipped().printed | {"😀"}))


def test_a_character_without_a_glyph_is_shown_and_named_with_its_text() -> None:
    grid = Grid((1, 1), ((Cell("喆😀"), Cell("上海市中小企业服务中心的联系人王😀李某某同志的办公室在二楼")),))
    one = document(Paragraph("甲\ud800乙"), grid, Paragraph("喆😀"), title="题😀", marks=Marks("号😀", "", "x"))
    assert [dict(finding.values) for finding in unprintable_in(one)] == [
        {"text": "题😀", "character": "😀", "unicode": "U+1F600"},
        {"text": "号😀", "character": "😀", "unicode": "U+1F600"},
        {"text": "甲 乙", "character": MISSING, "unicode": "U+D800"},
        {"text": "喆😀", "character": "😀", "unicode": "U+1F600"},
        {"text": "…小企业服务中心的联系人王😀李某某同志的办公室在二楼", "character": "😀", "unicode": "U+1F600"},
    ]
    told = unprintable_in(one)[3]
    assert told.message() == "“喆😀”中的字符 😀（U+1F600）在打印字体中没有字形，PDF 中以“〓”代替"
    assert "CEPING_FONTS" in told.remedy()
    assert "甲〓乙" in pages_of(to_pdf(one))[0]
    assert unprintable_in(document(Paragraph(f"{RARE}𠮷\t①□■√\n"))) == ()


def test_what_shows_nothing_is_left_out_and_line_ends_are_one() -> None:
    printable = shipped().printable
    assert printable("a\u200bb\ufeff\u202e\u00ad喆\ufe00\U000e0100") == "ab喆"
    assert printable("a\r\nb\rc\u2028d\x0be") == "a\nb\nc\nd\ne"
    assert printable("a\tb\u00a0c\u2003d\u3000e") == "a    b c d\u3000e"
    assert printable("\x00\x07\ud800") == MISSING * 3


def test_a_site_may_bring_its_own_fonts(tmp_path: Path) -> None:
    # The same font under a name that offices know, of the same length.
    content = FANG.read_bytes()
    for encoding in ("utf-16-be", "mac-roman"):
        content = content.replace("FandolFang R".encode(encoding), "KaiTi_GB2312".encode(encoding))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/kai.otf").write_bytes(content)
    faces, findings = faces_from({"CEPING_FONTS": f" {tmp_path} "})
    assert findings == ()
    assert faces.order["kai"][0] == "KaiTi_GB2312"
    assert faces.order["fang"][0] == "FandolFang R"
    one = document(Paragraph("甲", "subheading"))
    assert to_pdf(one, faces) != to_pdf(one)
    assert pages_of(to_pdf(one, faces)) == ["甲"]


def test_a_folder_of_fonts_that_is_wrong_is_told_and_the_shipped_ones_are_used(tmp_path: Path) -> None:
    assert faces_from({}) == faces_from({"CEPING_FONTS": " "}) == (shipped(), ())
    faces, (missing,) = faces_of(tmp_path / "none")
    assert (faces, missing.code) == (shipped(), "font_folder_missing")
    _, (empty,) = faces_of(tmp_path)
    assert empty.code == "font_folder_empty"
    broken = tmp_path / "fonts"
    broken.mkdir()
    (broken / "a.ttf").write_bytes(b"no font")
    faces, (unreadable,) = faces_of(broken)
    assert (unreadable.code, dict(unreadable.values)) == ("font_unreadable", {"name": "a.ttf"})
    assert faces.printed == shipped().printed
    for finding in (missing, empty, unreadable):
        assert finding.message()
        assert finding.remedy("en")
