r"""One document as data: headings, paragraphs, grids with spans, pictures, places for seals. Writers only draw it.

Text is plain: `\n` ends a line, a row of spaces stays as it is, boxes are the characters □ and ■. Nothing in it is
ever read as markup. Lengths are whole millimetres. The order of blocks is the order of reading in every format.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

# What a paragraph is, never how it looks: each writer has one table from style to fonts and sizes.
Style = Literal[
    "cover_title",  # the name of the report on its cover
    "cover_line",  # what else is printed large on a cover
    "red_head",  # who issues a public paper, in red over a red rule (红头)
    "title",  # the name of a document on its first page, in the middle
    "heading",  # 一、 … 黑体
    "subheading",  # （一） … 楷体
    "body",  # 小四仿宋, first line indented by two characters
    "plain",  # the same without indent: notes, instructions, requirements
    "clause",  # a sentence to be signed
    "small",  # where a number comes from, what a mark means
]
Align = Literal["", "left", "center", "right"]
# `label` is printed by the form, `value` was filled in, `hint` is what the empty form shows where a value goes.
CellRole = Literal["label", "value", "hint", "number"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text. `together` keeps it on one page with the block after it."""

    text: str
    style: Style = "body"
    align: Align = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid over `columns` and `rows` of it; a cell under another's `rows` is left out of its row."""

    text: str
    role: CellRole = "value"
    columns: int = 1
    rows: int = 1
    align: Align = ""


class UnevenGrid(ValueError):
    """The cells of a row, with those that reach into it, do not fill its columns; the builder has miscounted."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: `widths` are shares of the text width, one a column; the first `header` rows repeat on each page.

    The columns of the cells of a row, and of those that reach down into it, add up to `len(widths)`. `row_height` is
    the least height of a row. A row stays on one page while it fits on one.
    """

    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    header: int = 0
    row_height: int = 8
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to be filled in: `label`, then `value` over a rule of `width`; `seal` leaves room for a seal upon it."""

    label: str
    value: str = ""
    width: int = 80
    seal: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where somebody signs and seals: printed labels one under another at the right, with room beside them."""

    labels: tuple[str, ...]
    height: int = 45


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPG by its bytes, `width` wide; `text` says in words what it shows."""

    data: bytes
    width: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Radar:
    """A radar chart: each series is a name and one share of 100 an axis. `text` says in words what it shows."""

    axes: tuple[str, ...]
    series: tuple[tuple[str, tuple[str, ...]], ...]
    width: int = 120
    text: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """Empty height."""

    height: int


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts a page; `odd` starts it on a right-hand page, as a form printed on both sides wants."""

    odd: bool = False


Block = Paragraph | Grid | Line | SealPlace | Picture | Radar | Space | PageBreak


@dataclass(frozen=True, slots=True)
class Marks:
    """What matches paper and file, in the outer corner of every page: record number, hash, and both in a QR code.

    `sha256` is that of the content the document was made from, in hex; `qr` is the text of the code.
    """

    number: str
    sha256: str
    qr: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its blocks and what is on every page. `dated` stands in the file's properties, never today's date.

    `cover` pages at the front carry no page number; `numbered` prints — x — at the bottom; `watermark` lies across
    each page; `bound` leaves the inner margin for binding and prints on both sides; `framed` draws a double frame
    around every page, as a certificate has.
    """

    title: str
    dated: date
    blocks: tuple[Block, ...]
    cover: int = 0
    numbered: bool = True
    landscape: bool = False
    bound: bool = False
    watermark: str = ""
    marks: Marks | None = None
    framed: bool = False


def texts_in(document: Document) -> Iterator[str]:
    """Every text of the document's blocks in reading order, cell by cell; what any format must say, and no more."""
    for block in document.blocks:
        match block:
            case Paragraph():
                yield block.text
            case Grid():
                if block.caption:
                    yield block.caption
                yield from (cell.text for row in block.rows for cell in row)
            case Line():
                yield block.label
                yield block.value
            case SealPlace():
                yield from block.labels
            case Picture():
                yield block.text
            case Radar():
                yield from block.axes
                yield from (name for name, _ in block.series)
                yield block.text
            case Space() | PageBreak():
                pass
