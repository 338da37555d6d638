"""The blocks of a document one after another as the body of a Word file, and where a section of it ends."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ceping.documents.sheet import (
    Block,
    Document,
    Grid,
    Line,
    PageBreak,
    Paragraph,
    Picture,
    Radar,
    SealPlace,
    Space,
    Style,
)
from ceping.documents.width import room
from ceping.documents.word_grid import grid_xml
from ceping.documents.word_line import lines_xml
from ceping.documents.word_markup import GAP, paragraph, text_run, twips
from ceping.documents.word_page import Page
from ceping.documents.word_picture import picture_run

_STYLES: dict[Style, str] = {
    "cover_title": "CoverTitle",
    "cover_line": "CoverLine",
    "red_head": "RedHead",
    "title": "Title",
    "heading": "Heading1",
    "subheading": "Heading2",
    "body": "NormalIndent",
    "plain": "Plain",
    "clause": "Clause",
    "small": "Small",
}
_SEAL_LINE = 480
# Half a letter of a cover's title, in twentieths of a point.
_TITLE_HALF = 220
_TABLES = (Grid, Line)
_BREAK = '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>'


class Section(Protocol):
    """Answers the properties of the section that ends here; `kind` is how it began, `first` that it counts from 1."""

    def __call__(self, kind: str, *, cover: bool, first: bool) -> str:
        """The element."""


class Body:
    """Writes blocks on a page; `picture` takes a picture into the file and answers its relation."""

    def __init__(self, page: Page, picture: Callable[[bytes], str]) -> None:
        self._page = page
        self._picture = picture
        self._pictures = 0

    def xml(self, document: Document, section: Section) -> str:
        """All blocks of the document, with the properties of its sections where they end."""
        return "".join(self._blocks(document, section))

    def _blocks(self, document: Document, section: Section) -> Iterator[str]:
        breaks, kind, turn, table = 0, "nextPage", False, False
        begun = document.cover == 0
        for block in _gathered(document.blocks):
            if isinstance(block, PageBreak):
                breaks += 1
                ends_cover = breaks == document.cover
                if ends_cover or block.odd:
                    # The back of a cover is a page like any other, so that every program counts as many pages.
                    known = ends_cover and breaks % 2 == 1
                    yield (_BREAK if turn else "") + (_BREAK if block.odd and known else "")
                    cover = breaks <= document.cover
                    yield _ending(section(kind, cover=cover, first=begun), text_run(" " if block.odd else ""))
                    kind, turn = "oddPage" if block.odd and not known else "nextPage", False
                    begun = ends_cover
                else:
                    turn = True
                table = False
                continue
            is_table = isinstance(block, list | Grid)
            if turn and not isinstance(block, Paragraph):
                yield _BREAK
            elif table and is_table:
                yield GAP
            yield self._block(block, turn=turn)
            turn, table = False, is_table
        yield GAP if table else ""
        yield section(kind, cover=breaks < document.cover, first=begun)

    def _block(self, block: "Block | list[Line]", *, turn: bool) -> str:
        match block:
            case Paragraph():
                return _paragraph(block, self._page, turn=turn)
            case Grid():
                caption = paragraph("Caption", text_run(block.caption)) if block.caption else ""
                return caption + grid_xml(block, self._page)
            case list():
                return lines_xml(block, self._page)
            case SealPlace():
                return _seal_place(block, self._page)
            case Picture():
                return self._figure(block.data, block.width, block.text)
            case Radar():
                from ceping.documents.radar import radar_png  # noqa: PLC0415 -- most documents have no chart

                return self._figure(radar_png(block), block.width, block.text, seen=_in_words(block))
            case Space():
                return _space(twips(min(block.height, self._page.tall - 1)))
            case _:
                raise TypeError(block)

    def _figure(self, data: bytes, width: int, text: str, *, seen: str = "") -> str:
        """The picture, and under it in words what it shows; `seen` adds what stands in the picture itself."""
        self._pictures += 1
        relation = self._picture(data)
        words = "；".join(one for one in (seen, text) if one)
        most = (self._page.text, self._page.tall * 3 // 4)
        run = picture_run(relation, self._pictures, data, width, words, most=most)
        shown = paragraph("Figure", run, "<w:keepNext/>" if text else "")
        return shown + (paragraph("Small", text_run(text), '<w:jc w:val="center"/>') if text else "")


def _in_words(radar: Radar) -> str:
    axes = "、".join(radar.axes)
    lines = (
        f"{name}：" + "、".join(f"{axis} {share or '—'}" for axis, share in zip(radar.axes, shares, strict=False))
        for name, shares in radar.series
    )
    return "；".join((f"雷达图：{axes}", *lines))


def _gathered(blocks: Sequence[Block]) -> "Iterator[Block | list[Line]]":
    """The blocks; lines to be filled in that follow one another come as one, so do breaks, and none begins or ends."""
    lines: list[Line] = []
    turn: PageBreak | None = None
    begun = False
    for block in blocks:
        if isinstance(block, Line) and turn is None:
            lines.append(block)
            continue
        if lines:
            yield lines
            lines, begun = [], True
        if isinstance(block, PageBreak):
            turn = PageBreak(odd=block.odd or (turn is not None and turn.odd))
            continue
        if turn is not None and begun:
            yield turn
        turn = None
        if isinstance(block, Line):
            lines.append(block)
            continue
        yield block
        begun = True
    if lines:
        yield lines


def _paragraph(block: Paragraph, page: Page, *, turn: bool) -> str:
    properties = "<w:keepNext/>" if block.together else ""
    properties += "<w:pageBreakBefore/>" if turn else ""
    properties += _evened(block.text, page) if block.style == "cover_title" else ""
    properties += f'<w:jc w:val="{block.align}"/>' if block.align else ""
    return paragraph(_STYLES[block.style], text_run(block.text), properties)


def _evened(title: str, page: Page) -> str:
    """Indents that break a title too long for its line into lines alike, not into a long one and a last letter."""
    across = twips(page.text) // _TITLE_HALF
    lines = -(-room(title) // (across - 2))
    if lines < 2 or "\n" in title:
        return ""
    side = (across - -(-room(title) // lines) - 3) * _TITLE_HALF // 2
    return f'<w:ind w:left="{side}" w:right="{side}"/>' if side > 0 else ""


def _seal_place(place: SealPlace, page: Page) -> str:
    """The labels in the right half, as far apart as the height allows; they stay on one page."""
    apart = max(twips(place.height) - _SEAL_LINE * len(place.labels), 0) // max(len(place.labels), 1)
    last = len(place.labels) - 1
    return "".join(
        paragraph(
            "Seal",
            text_run(label),
            ("<w:keepNext/>" if number < last else "")
            + f'<w:spacing w:before="{apart}"/><w:ind w:left="{twips(page.text // 2)}"/>',
        )
        for number, label in enumerate(place.labels)
    )


def _space(height: int) -> str:
    return paragraph("Gap", "", f'<w:spacing w:line="{max(height, 20)}" w:lineRule="exact"/>')


def _ending(section: str, content: str) -> str:
    # An empty paragraph on an empty page would take the page with it in LibreOffice: a space keeps it.
    return paragraph("Gap", content, section)
