"""A Word file as plain values: lines and tables in reading order, and what stands beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text drawn alike."""

    text: str
    underlined: bool = False
    struck: bool = False


@dataclass(frozen=True, eq=False)
class Line:
    """A paragraph. `number` is what Word counts before it; `contents` says that it belongs to a table of contents.

    Lines are told apart by identity: what was read of a file is kept line by line.
    """

    spans: tuple[Span, ...]
    number: str = ""
    contents: bool = False

    @cached_property
    def text(self) -> str:
        """The text with its number, as it is seen."""
        return self.number + "".join(span.text for span in self.spans)

    @cached_property
    def blank(self) -> bool:
        """Whether nothing of it is seen."""
        return not self.text.strip()


@dataclass(frozen=True, eq=False)
class Box:
    """A cell over the columns from `left` up to, not including, `right` of its table's grid.

    `origin` is the cell above it that a vertical merge makes it part of; then it has no lines of its own.
    """

    lines: tuple[Line, ...]
    left: int
    right: int
    origin: "Box | None" = None

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines people see here: those of the merged cell in each of its rows."""
        return self.lines if self.origin is None else self.origin.lines

    @cached_property
    def text(self) -> str:
        """The lines seen here, one under another."""
        return "\n".join(line.text for line in self.shown)

    @cached_property
    def blank(self) -> bool:
        """Whether nothing is seen here."""
        return all(line.blank for line in self.shown)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table: its rows, each with its boxes from left to right."""

    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A tracked change nobody has accepted or rejected yet; `kind` is `inserted`, `deleted` or `moved`."""

    kind: str
    author: str
    on: str
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the margin and the line it hangs on."""

    author: str
    on: str
    text: str
    about: str


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Flow:
    """Everything a file says.

    `changes`, `comments` and `hidden` texts are not part of the lines; `outside` are lines of headers, footers and
    notes; `nested` are tables inside cells, told in the cell row by row; `reformatted` counts tracked changes of
    form alone.
    """

    blocks: tuple[Block, ...]
    changes: tuple[Change, ...] = ()
    comments: tuple[Comment, ...] = ()
    hidden: tuple[str, ...] = ()
    outside: tuple[Line, ...] = ()
    nested: tuple[str, ...] = ()
    pictures: int = 0
    reformatted: int = 0


@dataclass(slots=True)
class Used:
    """Which lines were understood: as words of the form, or as an answer."""

    seen: set[int] = field(default_factory=set)

    def take(self, *lines: Line) -> None:
        """These lines are understood."""
        self.seen.update(id(line) for line in lines)

    def left(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Those of the lines that say something and were not understood."""
        return (line for line in lines if not line.blank and id(line) not in self.seen)


def lines_in(blocks: tuple[Block, ...] | list[Block]) -> Iterator[Line]:
    """Every line of the blocks in reading order, each once."""
    for block in blocks:
        if isinstance(block, Line):
            yield block
        else:
            yield from (line for row in block.rows for box in row for line in box.lines)
