"""Lines to be filled in: label and rule side by side in a table without borders, so that writing moves nothing."""

from collections.abc import Sequence

from ceping.documents.sheet import Line
from ceping.documents.width import room
from ceping.documents.word_markup import paragraph, text_run, twips
from ceping.documents.word_page import Page

# Half a Chinese letter in hundredths of a millimetre, by size.
_HALF_LARGE, _HALF = 283, 212
_NARROWEST, _PADDING = 40, 3
_ROW, _LARGE_ROW, _SEAL_ROW = 9, 15, 20
_BORDER = '<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:tcBorders>'


def lines_xml(lines: Sequence[Line], page: Page) -> str:
    """The lines under one another, labels and rules beginning at the same places."""
    widest = max(room(line.label) * (_HALF_LARGE if line.large else _HALF) // 100 for line in lines) + _PADDING
    label = min(widest, page.text - _NARROWEST)
    value = max(min(max(line.width for line in lines), page.text - label), 1)
    rows = "".join(_row(line, label, value) for line in lines)
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in (label, value))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(label) + twips(value)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="28" w:type="dxa"/><w:right w:w="28" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(line: Line, label: int, value: int) -> str:
    style = "CoverFill" if line.large else "Fill"
    height = _SEAL_ROW if line.seal else _LARGE_ROW if line.large else _ROW
    centred = '<w:jc w:val="center"/>' if line.large else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/></w:trPr>'
        + _cell(label, "", paragraph(style, text_run(line.label)))
        + _cell(value, _BORDER if line.width else "", paragraph(style, text_run(line.value), centred))
        + "</w:tr>"
    )


def _cell(width: int, borders: str, content: str) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{borders}<w:vAlign w:val="bottom"/></w:tcPr>'
        f"{content}</w:tc>"
    )
