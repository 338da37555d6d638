"""What the file itself does: text boxes, controls, symbols, fields, counted headings, changes, broken parts."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ceping.core.finding import Level
from ceping.documents.intake.word_body import flow_of
from ceping.documents.intake.word_flow import Flow, Grid, Line
from ceping.documents.intake.word_reading import Reading
from ceping.documents.refusal import Refused
from tests.factories.word_form import C, Form, P, Saved, T, box, paragraph, run, word

Read = Callable[..., Reading]


def told(reading: Reading) -> list[tuple[str, str]]:
    return [(("?" if one.level is Level.WARNING else "") + one.code, one.place) for one in reading.findings]


def texts(flow: Flow) -> list[str]:
    return [one.text for one in flow.blocks if isinstance(one, Line) and not one.blank]


def of(xml: str, saved: Saved | None = None) -> Flow:
    """The flow of one paragraph of this XML."""
    return flow_of(word([P(xml=xml)], saved))


def field(instruction: str, result: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def checkbox(checked: str, sign: str) -> str:
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{checked}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>"
    )


def form_field(settings: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{settings}</w:ffData></w:fldChar></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (run("甲") + run("乙"), "甲乙"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:noBreakHyphen/><w:t>乙</w:t></w:r>", "甲\t-乙"),
        ('<w:hyperlink r:id="rId9"><w:r><w:t>wang@example.cn</w:t></w:r></w:hyperlink>', "wang@example.cn"),
        ("<w:smartTag><w:r><w:t>2021</w:t></w:r></w:smartTag>", "2021"),
        ("<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>甲</w:t></w:r></w:sdtContent></w:sdt>", "甲"),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt>",
            "",
        ),
        (field("HYPERLINK", "甲"), "甲"),
        (field("PAGE", "7"), ""),
        ('<w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>9</w:t></w:r></w:fldSimple>', ""),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>zhé</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>喆</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "喆",
        ),
    ],
)
def test_the_text_people_see(xml: str, text: str) -> None:
    assert "".join(texts(of(xml))) == text


@pytest.mark.parametrize(
    ("xml", "sign"),
    [
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "■"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "■"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="00A3"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "√"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r>', "■"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>\uf0a3</w:t></w:r>', "□"),
        ("<w:r><w:t>\uf052</w:t></w:r>", "■"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>', "▪"),
        (checkbox("1", "☒"), "■"),
        (checkbox("0", "☐"), "□"),
        (form_field("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>"), "■"),
        (form_field("<w:checkBox><w:default w:val='0'/></w:checkBox>"), "□"),
        (
            form_field(
                "<w:ddList><w:result w:val='1'/><w:listEntry w:val='每月'/><w:listEntry w:val='每周'/></w:ddList>"
            ),
            "每周",
        ),
    ],
)
def test_boxes_ticks_and_form_fields(xml: str, sign: str) -> None:
    assert texts(of(xml)) == [sign]


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    inside = paragraph(P("机构负责人：王一")) + paragraph(P("填写日期：2022年1月10日"))
    assert texts(of(run("封面") + box(inside))) == ["封面", "机构负责人：王一", "填写日期：2022年1月10日"]


def test_a_line_broken_inside_a_paragraph_is_a_line() -> None:
    assert texts(of(run("近期计划：\n甲"))) == ["近期计划：", "甲"]


def test_headings_and_lists_counted_by_word() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate((("chineseCounting", "%1、"), ("decimal", "（%2）"), ("bullet", "•")))
    )
    numbering = (
        f'<w:numbering NAMES><w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
    )
    styles = (
        '<w:styles NAMES><w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Hx"><w:basedOn w:val="H"/></w:style></w:styles>'
    )

    def counted(text: str, level: int) -> P:
        numbers = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="5"/></w:numPr></w:pPr>'
        return P(xml=numbers + run(text))

    blocks = [
        P("甲", style="Hx"),
        counted("a", 1),
        counted("b", 1),
        counted("c", 2),
        P("乙", style="H"),
        counted("d", 1),
    ]
    saved = Saved({"numbering.xml": ("numbering", numbering), "styles.xml": ("styles", styles)})
    assert texts(flow_of(word(blocks, saved))) == ["一、甲", "（1）a", "（2）b", "c", "二、乙", "（1）d"]


def test_spans_and_merges_of_a_table() -> None:
    rows = [[C("甲", 2, "start"), "乙"], [C("", 2, "on"), "丙"], ["丁", C("戊", 2)]]
    [grid] = (one for one in flow_of(word([T(rows)])).blocks if isinstance(one, Grid))
    assert [[(cell.text, cell.left, cell.right) for cell in row] for row in grid.rows] == [
        [("甲", 0, 2), ("乙", 2, 3)],
        [("甲", 0, 2), ("丙", 2, 3)],
        [("丁", 0, 1), ("戊", 1, 3)],
    ]
    assert grid.rows[1][0].lines == grid.rows[1][0].lines
    assert grid.rows[1][0].origin is grid.rows[0][0]


# ── what is asked about, and what refuses the file ───────────────────────


def change(kind: str, text: str, inner: str = "w:t") -> str:
    by = 'w:id="1" w:author="李二" w:date="2022-01-09T10:00:00Z"'
    return f"<w:{kind} {by}><w:r><{inner}>{text}</{inner}></w:r></w:{kind}>"


def test_tracked_changes_are_refused_with_their_list(reading: Read, form: Form) -> None:
    form["outlook"][4] = P(
        xml=run("明年") + change("del", "两百", "w:delText") + change("ins", "三") + change("ins", "百家")
    )
    form["overview"].append(P(xml=change("moveFrom", "某段")))
    found = reading(form)
    assert found.report is None
    assert [(one.code, one.place, dict(one.values)) for one in found.findings] == [
        ("word_change_moved", "第 1 处", {"author": "李二", "on": "2022-01-09", "given": "某段"}),
        ("word_change_deleted", "第 2 处", {"author": "李二", "on": "2022-01-09", "given": "两百"}),
        ("word_change_inserted", "第 3 处", {"author": "李二", "on": "2022-01-09", "given": "三百家"}),
    ]


@pytest.mark.parametrize(
    "row",
    [
        '<w:tr><w:trPr><w:ins w:author="李二"/></w:trPr><w:tc><w:p/></w:tc></w:tr>',
        '<w:tr><w:tc><w:tcPr><w:cellDel w:author="李二"/></w:tcPr><w:p/></w:tc></w:tr>',
        '<w:tr><w:tc><w:p><w:pPr><w:rPr><w:del w:author="李二"/></w:rPr></w:pPr></w:p></w:tc></w:tr>',
    ],
)
def test_changes_of_rows_cells_and_paragraph_ends_count_too(row: str) -> None:
    content = word(["甲", P(xml="PLACE")])
    flow = flow_of(
        _with(content, "word/document.xml", lambda xml: xml.replace("<w:p>PLACE</w:p>", f"<w:tbl>{row}{row}</w:tbl>"))
    )
    assert [one.author for one in flow.changes] == ["李二"]


def test_changes_of_form_alone_are_a_reminder(reading: Read, form: Form, whole: Reading) -> None:
    form["outlook"][4] = P(xml=run("    明年服务两百家。", '<w:rPrChange w:author="李二"><w:rPr/></w:rPrChange>'))
    found = reading(form)
    assert (found.report, told(found)) == (whole.report, [("?word_reformatted", "")])


def test_comments_and_hidden_text_are_asked_about(reading: Read, form: Form, whole: Reading) -> None:
    comments = (
        '<w:comments NAMES><w:comment w:id="4" w:author="李二" w:date="2022-01-09T10:00:00Z">'
        f"{paragraph(P('数字待核'))}</w:comment></w:comments>"
    )
    styles = (
        '<w:styles NAMES><w:style w:styleId="hid"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="x"><w:basedOn w:val="hid"/></w:style></w:styles>'
    )
    form["outlook"][4] = P(
        xml=run("    明年服务两百家。")
        + run("其实一百家", "<w:vanish/>")
        + run("也许", '<w:rStyle w:val="x"/>')
        + '<w:r><w:commentReference w:id="4"/></w:r>'
    )
    found = reading(form, Saved({"comments.xml": ("comments", comments), "styles.xml": ("styles", styles)}))
    assert found.report == whole.report
    assert [(one.code, dict(one.values)) for one in found.findings] == [
        ("word_comment", {"author": "李二", "on": "2022-01-09", "given": "数字待核", "about": "明年服务两百家。"}),
        ("word_hidden", {"given": "其实一百家"}),
        ("word_hidden", {"given": "也许"}),
    ]


def test_pictures_struck_text_nested_tables_and_footnotes_are_told(reading: Read, form: Form) -> None:
    picture = (
        '<w:r><w:drawing><a:graphic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><a:graphicData>'
        "<pic:pic/></a:graphicData></a:graphic></w:drawing></w:r>"
    )
    rows: list[list[Any]] = [list(row) for row in form["overview"][1].rows]  # type: ignore[union-attr]
    rows[2] = [C("办公地址"), C(P(xml=run("示例路1号") + run("2号", "<w:strike/>") + picture), 5)]
    form["overview"][1] = T(rows)
    notes = f"<w:footnotes NAMES><w:footnote>{paragraph(P('见附件'))}</w:footnote></w:footnotes>"
    headers = f"<w:hdr NAMES>{paragraph(P('— 3 —'))}{paragraph(P('内部资料'))}</w:hdr>"
    found = reading(form, Saved({"footnotes.xml": ("footnotes", notes), "header1.xml": ("header", headers)}))
    assert told(found) == [
        ("?word_pictures", ""),
        ("?word_outside", ""),
        ("?word_struck", "一、服务机构概述 办公地址"),
    ]
    assert dict(found.findings[1].values)["given"] == "“见附件”、“内部资料”"


def test_a_table_inside_a_cell_is_told_row_by_row(form: Form) -> None:
    rows: list[list[Any]] = [list(row) for row in form["overview"][1].rows]  # type: ignore[union-attr]
    rows[10] = [C("机构简介"), C(P(xml="PLACE"), 5)]
    form["overview"][1] = T(rows)
    inner = f"<w:tbl><w:tr><w:tc>{paragraph(P('年份'))}</w:tc><w:tc>{paragraph(P('金额'))}</w:tc></w:tr></w:tbl>"
    content = _with(word(form), "word/document.xml", lambda xml: xml.replace("<w:p>PLACE</w:p>", f"{inner}<w:p/>"))
    flow = flow_of(content)
    assert flow.nested == ("年份　金额",)


# ── files that are no such files ─────────────────────────────────────────


def _with(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The package with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            new.writestr(entry, change(data.decode()) if entry == name else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7\n", "word_is_pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "file_password"),
        (b"{\\rtf1 x}", "word_is_text"),
        (b"<html>", "word_is_text"),
        (b"", "file_unknown"),
        (b"abc", "file_unknown"),
        (b"PK\x03\x04 and no more", "file_broken"),
        (
            _with(word(["甲"]), "_rels/.rels", lambda xml: xml.replace("word/document.xml", "word/other.xml")),
            "file_unknown",
        ),
        (_with(word(["甲"]), "word/document.xml", lambda xml: xml[:-20]), "office_part_broken"),
        (
            _with(
                word(["甲"]), "word/document.xml", lambda xml: xml.replace("?>", '?><!DOCTYPE d [<!ENTITY e "甲">]>', 1)
            ),
            "office_doctype",
        ),
        (_with(word(["甲"]), "word/document.xml", lambda xml: xml.replace("<w:p>", "<w:p>" * 500)), "file_too_deep"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        flow_of(content)
    assert refused.value.code == code


def test_word_in_its_strict_form_is_read_alike(form: Form) -> None:
    usual = word(form)
    strict = _with(
        usual,
        "word/document.xml",
        lambda xml: xml.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )
    assert texts(flow_of(strict)) == texts(flow_of(usual))
