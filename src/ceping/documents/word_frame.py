"""What is on every page beside the text: number, hash and QR code in the outer corner, watermark, page number."""

from collections.abc import Callable, Mapping

from ceping.documents.sheet import Document, Marks
from ceping.documents.word_markup import NAMESPACES, PROLOGUE, attribute, field, paragraph, text_run, twips
from ceping.documents.word_page import Page
from ceping.documents.word_picture import picture_run, qr_png

# Millimetres: the code, the words beside it, the way from the edge of the sheet.
_CODE, _WORDS = 16, 62
_FROM_TOP, _FROM_BOTTOM = 11, 18
# How much further in the marks stand inside a frame.
_INWARDS = 5
_SHOWN = 12
_SHADE = "#d9d9d9"
_LETTER, _WIDEST = 150, 420
_FRAME = '<w:pgBorders w:offsetFrom="page">{}</w:pgBorders>'.format(
    "".join(
        f'<w:{side} w:val="thickThinMediumGap" w:sz="24" w:space="24" w:color="3C3C3C"/>'
        for side in ("top", "left", "bottom", "right")
    )
)
# Beyond the pictures of the text: no two of a file share a number.
_OWN_NUMBERS = 90_001


def header_xml(document: Document, side: str, picture: Callable[[bytes], str]) -> str:
    """The header of one side of the sheet: `default` is a right-hand page, `even` its back.

    `picture` takes a picture into the file and answers the relation by which the header knows it.
    """
    marks = _marks(document, document.marks, picture, left=side == "even") if document.marks is not None else ""
    mark = _watermark(document.watermark, side) if document.watermark else ""
    last = f'<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr>{mark}</w:p>'
    return f"{PROLOGUE}<w:hdr {NAMESPACES}>{marks}{last}</w:hdr>"


def footer_xml() -> str:
    """The page number between two dashes, in the middle."""
    content = text_run("— ") + field("PAGE", "1") + text_run(" —")
    return f"{PROLOGUE}<w:ftr {NAMESPACES}>{paragraph('Footer', content)}</w:ftr>"


def section_of(page: Page, headers: Mapping[str, str], footers: Mapping[str, str], kind: str, *, first: bool) -> str:
    """The properties of a section: its headers and footers by side, how it begins, the paper.

    `first` begins to count the pages anew, from 1.
    """
    references = "".join(
        f'<w:{which}Reference w:type="{side}" r:id="{relation}"/>'
        for which, relations in (("header", headers), ("footer", footers))
        for side, relation in relations.items()
    )
    turned = ' w:orient="landscape"' if page.width > page.height else ""
    from_top = _FROM_TOP + (_INWARDS if page.framed else 0)
    counted = '<w:pgNumType w:start="1"/>' if first else ""
    return (
        f'<w:sectPr>{references}<w:type w:val="{kind}"/>'
        f'<w:pgSz w:w="{twips(page.width)}" w:h="{twips(page.height)}"{turned}/>'
        f'<w:pgMar w:top="{twips(page.top)}" w:right="{twips(page.outer)}" w:bottom="{twips(page.bottom)}"'
        f' w:left="{twips(page.inner)}" w:header="{twips(from_top)}" w:footer="{twips(_FROM_BOTTOM)}" w:gutter="0"/>'
        f'{_FRAME if page.framed else ""}{counted}<w:cols w:space="425"/></w:sectPr>'
    )


def _marks(document: Document, marks: Marks, picture: Callable[[bytes], str], *, left: bool) -> str:
    """The words towards the middle of the page, the code at its edge."""
    data = qr_png(marks.qr)
    side = "left" if left else "right"
    lines = (
        text_run(f"编号 {marks.number}"),
        text_run("共 ") + field("NUMPAGES", "1") + text_run(" 页（含封面）" if document.cover else " 页"),
        text_run(f"校验 {marks.sha256[:_SHOWN]}"),
    )
    words = _cell(_WORDS, "".join(paragraph("Header", line, f'<w:jc w:val="{side}"/>') for line in lines))
    shown = picture_run(picture(data), _OWN_NUMBERS + left, data, _CODE, "二维码：编号和校验值")
    code = _cell(_CODE + 2, paragraph("Figure", shown, f'<w:jc w:val="{side}"/>'))
    cells = ((_CODE + 2, code), (_WORDS, words)) if left else ((_WORDS, words), (_CODE + 2, code))
    columns = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width, _ in cells)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(_CODE + 2 + _WORDS)}" w:type="dxa"/><w:jc w:val="{side}"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="28" w:type="dxa"/><w:right w:w="28" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"<w:tr>{''.join(cell for _, cell in cells)}</w:tr></w:tbl>"
    )


def _cell(width: int, content: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
    )


def _watermark(text: str, side: str) -> str:
    """The shape that Word itself draws for a watermark, by the name it knows such shapes by."""
    number = 1 + (side == "even")
    width = min(_LETTER * max(len(text), 1), _WIDEST)
    return (
        "<w:r><w:rPr><w:noProof/></w:rPr><w:pict>"
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
        ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
        '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
        '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom"'
        ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s20{48 + number}" type="#_x0000_t136"'
        f' style="position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{_LETTER}pt;rotation:315;'
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f"'
        f' fillcolor="{_SHADE}" stroked="f"><v:fill opacity=".5"/>'
        f'<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" string={attribute(text)}/>'
        "</v:shape></w:pict></w:r>"
    )
