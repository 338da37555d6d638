"""What a PDF says and where: the texts of its pages without a reader's guesses, the edges of what is printed."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pypdfium2

from ceping.documents.sheet import Block, Cell, Document, Grid

DAY = date(2021, 3, 4)
SENTENCE = "为中小企业提供政策咨询、融资对接、人才培训等“一站式”服务，累计服务企业1,200余家。"
# Points in a millimetre.
MM = 72 / 25.4


def document(*blocks: Block, **changes: Any) -> Document:
    """A document of these blocks alone: no page number, no marks, so that its text is theirs."""
    given: dict[str, Any] = {"title": "试", "dated": DAY, "blocks": blocks, "numbered": False}
    return Document(**given | changes)


def text_of(length: int) -> str:
    """A Chinese text of so many characters."""
    return (SENTENCE * (length // len(SENTENCE) + 1))[:length]


def numbered_rows(count: int, *, words: int = 30) -> Grid:
    """A grid of a heading and `count` rows, each known by 甲1乙 and so on."""
    rows = ((Cell(f"甲{number}乙", "number"), Cell(text_of(words))) for number in range(1, count + 1))
    return Grid((15, 85), ((Cell("序号", "label"), Cell("内容", "label")), *rows), header=1)


def squeezed(text: str) -> str:
    """The text without blanks, and without hyphens, which a reader of PDF guesses at the end of a line."""
    return re.sub(r"[\s\u0002\ufffe-]+", "", text)


def pages_of(pdf: bytes) -> list[str]:
    """The squeezed text of each page."""
    opened = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in opened:
        reader = page.get_textpage()
        texts.append(squeezed(reader.get_text_range()))
        reader.close()
        page.close()
    opened.close()
    return texts


def edges_of(pdf: bytes) -> Iterator[tuple[float, float, float, float]]:
    """Of each page the left, bottom, right and top edge of its text, in points from the corner at the bottom left."""
    opened = pypdfium2.PdfDocument(pdf)
    for page in opened:
        reader = page.get_textpage()
        boxes = [reader.get_charbox(at) for at in range(reader.count_chars()) if reader.get_text_range(at, 1).strip()]
        if boxes:
            left, bottom, right, top = zip(*boxes, strict=True)
            yield min(left), min(bottom), max(right), max(top)
        reader.close()
        page.close()
    opened.close()
