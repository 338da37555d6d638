"""A document as the templates take it: lengths in millimetres or points, texts cut into lines, nothing to guess."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, assert_never

import segno

from ceping.documents.fonts.faces import Faces
from ceping.documents.pdf_grid import grid_shape
from ceping.documents.pdf_picture import Drawn, drawn
from ceping.documents.pdf_text import SIZE, Text, lines_of, points
from ceping.documents.radar import radar_shape
from ceping.documents.sheet import (
    Block,
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
)

# Millimetres: long and short side of A4, then the margins of either way to hold it.
_LONG, _SHORT = 297, 210
_UPRIGHT = {"top": 32, "bottom": 30, "inside": 28, "outside": 26}
_ACROSS = {"top": 28, "bottom": 24, "inside": 26, "outside": 26}
_HASH_SHOWN = 12
# What a frame takes away at the top, so that the marks stand inside of it.
_FRAME = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """What the templates draw: `data` for JSON, and the bytes of each picture by the name that `data` calls it."""

    data: dict[str, Any]
    pictures: dict[str, bytes]


def shape_of(document: Document, faces: Faces) -> Shape:
    """The whole document, each text already free of what no font of `faces` can show."""
    margins = dict(_ACROSS if document.landscape else _UPRIGHT)
    margins["top"] += _FRAME if document.framed else 0
    width, height = (_LONG, _SHORT) if document.landscape else (_SHORT, _LONG)
    room = _Room(faces, width - margins["inside"] - margins["outside"], height - margins["top"] - margins["bottom"], {})
    data = {
        "title": faces.printable(document.title),
        "dated": [document.dated.year, document.dated.month, document.dated.day],
        "size": SIZE,
        "fonts": faces.order,
        "sheet": {**margins, "width": room.width},
        "cover": document.cover,
        "numbered": document.numbered,
        "landscape": document.landscape,
        "bound": document.bound,
        "framed": document.framed,
        "watermark": faces.printable(document.watermark),
        "marks": _marks(document.marks, faces) if document.marks else None,
        "blocks": list(_blocks(document, room)),
    }
    return Shape(data, {picture.name: picture.data for picture in room.pictures.values()})


@dataclass(frozen=True, slots=True)
class _Room:
    """The type area of the page in millimetres, and the pictures met so far."""

    faces: Faces
    width: int
    height: int
    pictures: dict[str, Drawn]


def _blocks(document: Document, room: _Room) -> Iterator[dict[str, Any]]:
    """Every block in its order; `body` stands where the cover ends and the page numbers begin."""
    covers = document.cover
    if not covers:
        yield {"kind": "body"}
    for block in _joined(document.blocks):
        yield _shape(block, room)
        if covers and isinstance(block, PageBreak):
            covers -= 1
            if not covers:
                yield {"kind": "body"}


def _joined(blocks: Iterable[Block]) -> Iterator[Block | tuple[Line, ...]]:
    """Lines one under another as one, so that their rules begin alike; of several page breaks in a row one."""
    held: list[Block] = []
    for block in blocks:
        if held and not _goes_on(held[-1], block):
            yield _one(held)
            held = []
        held.append(block)
    if held and not isinstance(held[-1], PageBreak):
        yield _one(held)


def _goes_on(before: Block, block: Block) -> bool:
    if isinstance(before, Line) and isinstance(block, Line):
        return before.large == block.large
    return isinstance(before, PageBreak) and isinstance(block, PageBreak)


def _one(held: list[Block]) -> Block | tuple[Line, ...]:
    lines = tuple(block for block in held if isinstance(block, Line))
    if len(lines) > 1:
        return lines
    return PageBreak(odd=any(isinstance(one, PageBreak) and one.odd for one in held)) if len(held) > 1 else held[0]


def _shape(block: Block | tuple[Line, ...], room: _Room) -> dict[str, Any]:
    across = points(room.width)

    def cut(text: str) -> list[Text]:
        return lines_of(room.faces.printable(text), across)

    match block:
        case Paragraph():
            laid = {"style": block.style, "align": block.align, "together": block.together}
            return {"kind": "paragraph", **laid, "lines": cut(block.text)}
        case Grid():
            return {"kind": "grid", **grid_shape(block, room.faces, room.width, room.height)}
        case Line():
            return _shape((block,), room)
        case tuple():
            lines = [
                {
                    "label": cut(line.label),
                    "value": lines_of(room.faces.printable(line.value), points(line.width)),
                    "width": line.width,
                    "seal": line.seal,
                }
                for line in block
            ]
            return {"kind": "lines", "large": block[0].large, "lines": lines}
        case SealPlace():
            return {
                "kind": "seal",
                "height": max(block.height, 9 * len(block.labels)),
                "labels": [cut(label) for label in block.labels],
            }
        case Picture():
            picture = drawn(block, room.width, room.height)
            room.pictures[picture.name] = picture
            alt = room.faces.printable(block.text)
            return {"kind": "picture", "file": picture.name, "width": picture.width, "alt": alt, "lines": cut(alt)}
        case Radar():
            return {"kind": "radar", **radar_shape(block, room.faces, room.width)}
        case Space():
            return {"kind": "space", "height": block.height}
        case PageBreak():
            return {"kind": "page_break", "odd": block.odd}
        case _:
            assert_never(block)


def _marks(marks: Marks, faces: Faces) -> dict[str, str]:
    svg = io.BytesIO()
    # Of 18 mm, what matters on a scan is the size of a module, so that little goes into correction and margin: every
    # page carries the code again. Any mask can be read; to weigh all eight takes longer than to set a page.
    segno.make(marks.qr, error="l", micro=False, mask=4).save(svg, kind="svg", border=2, xmldecl=False, nl=False)
    return {"number": faces.printable(marks.number), "hash": marks.sha256[:_HASH_SHOWN], "qr": svg.getvalue().decode()}
