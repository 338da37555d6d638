"""A plain table of texts as a grid, its columns as wide as what stands in them wants."""

import re
from collections.abc import Sequence

from ceping.documents.sheet import Align, Cell, Grid
from ceping.documents.width import room

Texts = Sequence[str]
# Half-widths of a line of a grid between the margins, upright and lying, and what a column loses to its own.
UPRIGHT, LYING = 84, 132
_MARGIN = 4
# What a column of words keeps before a longer one is given more, and what any column counts for at most.
_KEPT, _MOST, _LONGEST_WHOLE = 10, 60, 24
_TOTAL = 1000
# What is not to be broken: a number, a code, a word of letters.
_WHOLE = re.compile(r"[!-~]+")


def table(headers: Texts, rows: Sequence[Texts], *, middle: Sequence[int] = (), line: int = UPRIGHT) -> Grid:
    """The rows under their headers, which repeat on each page; the columns in `middle`, from 0, stand in the middle.

    `line` is how much goes on a line of the page: `UPRIGHT` or `LYING`.
    """
    columns = [[row[index] for row in rows] for index in range(len(headers))]
    align: list[Align] = ["center" if index in middle else "left" for index in range(len(headers))]
    cells = tuple(tuple(Cell(text, "value", align=side) for text, side in zip(row, align, strict=True)) for row in rows)
    head = tuple(Cell(text, "label") for text in headers)
    return Grid(_widths(headers, columns, line), (head, *cells), header=1, row_height=7)


def _widths(headers: Texts, columns: Sequence[Texts], line: int) -> tuple[int, ...]:
    """Shares of the line: each column what it must keep, and of what is left in proportion to what it wants more."""
    floors = [_floor(header, texts) for header, texts in zip(headers, columns, strict=True)]
    wishes = [
        max(floor, min(max([room(header), *map(room, texts)]), _MOST)) + _MARGIN
        for header, texts, floor in zip(headers, columns, floors, strict=True)
    ]
    kept = [floor + _MARGIN for floor in floors]
    if sum(wishes) > line > sum(kept):
        spare, asked = line - sum(kept), sum(wishes) - sum(kept)
        wishes = [low * asked + (wish - low) * spare for wish, low in zip(wishes, kept, strict=True)]
    parts = [wish * _TOTAL // sum(wishes) for wish in wishes]
    parts[parts.index(max(parts))] += _TOTAL - sum(parts)
    return tuple(parts)


def _floor(header: str, texts: Texts) -> int:
    """The longest thing in the column that is not to be broken; of a long header half, of words a few."""
    heading = room(header) if room(header) <= 8 else (room(header) + 3) // 2
    whole = max((len(one) for text in texts for one in _WHOLE.findall(text)), default=0)
    words = min(max(map(room, texts), default=0), _KEPT)
    # Letters and digits are a little wider than half of a Chinese character.
    return max(heading, min(-(-whole * 7 // 6), _LONGEST_WHOLE), words)
