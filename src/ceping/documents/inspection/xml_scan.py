"""What is looked for in the XML parts of an office package while they are unpacked: streams of bytes, never a tree."""

import re
from collections.abc import Callable
from xml.parsers import expat

from ceping.core.finding import Finding, fault
from ceping.documents.refusal import Refused

# Relations, content types and the list of sheets are read whole; no honest one is longer.
_LONGEST_SMALL = 8 * 1024 * 1024
# Comments and declarations before the first element end by then.
_LONGEST_PROLOG = 64 * 1024
_ENCODINGS = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
# After the prefix of the sheet's own root: a literal start is what makes these fast.
_COLUMN = rb"""c\s[^<>]*?\br\s*=\s*["']([A-Za-z]{1,7})"""
_ROW = rb"""row\s[^<>]*?\br\s*=\s*["']([0-9]{1,9})"""
# Rows that only a cell names: numbers this long are rare, and a number for each cell is dear.
_LATE = re.compile(rb' r="[A-Z]+([0-9]{6,9})')
_UNIQUE = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']\s*([0-9]+)""")
MOST_CELLS = 2_000_000
# A reader makes room for every cell between the first and the furthest.
MOST_ROOM = 6_000_000
_SMALLEST_STRING = 5
Attributes = dict[str, str]
OnStart = Callable[[str, Attributes], None]


class Prolog:
    """Feeds a part to expat up to its first element: declared encoding, DOCTYPE and form are known by then."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.root = ""
        # Data that other programs keep in a package may be written otherwise; nothing here reads it.
        self._strict = not part.startswith("customXml/")
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start

    def feed(self, piece: bytes) -> None:
        """Takes the next bytes; raises `Refused` for what no office program writes."""
        if self.root or not piece:
            return
        if self._strict and not self._fed and (piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in piece[:4]):
            raise Refused("office_encoding", {"part": self.part})
        self._parse(piece[: _LONGEST_PROLOG - self._fed])
        self._fed += len(piece)
        if not self.root and self._fed >= _LONGEST_PROLOG:
            raise Refused("office_part_broken", {"part": self.part})

    def close(self) -> None:
        """The part is over."""
        if not self.root:
            raise Refused("office_part_broken", {"part": self.part})

    def _parse(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)  # noqa: FBT003 -- expat's own signature
        except expat.ExpatError:
            # What comes after the first element is for the parser of the part, and for its limits.
            if not self.root:
                raise Refused("office_part_broken", {"part": self.part}) from None

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:  # noqa: ARG002 -- expat's own signature
        if self._strict and (encoding or "").lower() not in _ENCODINGS:
            raise Refused("office_encoding", {"part": self.part})

    def _doctype(self, *_: object) -> None:
        raise Refused("office_doctype", {"part": self.part})

    def _start(self, name: str, _: Attributes) -> None:
        self.root = self.root or name


class Elements(Prolog):
    """A short part read whole: `on_start` is told each element by its local name, with its attributes."""

    def __init__(self, part: str, on_start: OnStart) -> None:
        super().__init__(part)
        self._on_start = on_start
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """As above, to the end of the part."""
        self._size += len(piece)
        if self._size > _LONGEST_SMALL:
            raise Refused("office_part_large", {"part": self.part, "most": f"{_LONGEST_SMALL >> 20} MB"})
        taken = 0 if self.root else _LONGEST_PROLOG - self._fed
        super().feed(piece)
        if len(piece) > taken:
            self._whole(piece[taken:])

    def close(self) -> None:
        """Also what is cut off is broken here."""
        super().close()
        self._whole(b"", last=True)

    def _whole(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError:
            raise Refused("office_part_broken", {"part": self.part}) from None

    def _start(self, name: str, given: Attributes) -> None:
        super()._start(name, given)
        local = {key.rpartition(":")[2]: value for key, value in given.items()}
        self._on_start(name.rpartition(":")[2], local)


class Sheet(Prolog):
    """The cells of a worksheet counted and the furthest one found, by their marks alone."""

    def __init__(self, part: str, title: Callable[[], str]) -> None:
        super().__init__(part)
        self._title = title
        self._cells = 0
        self._row = 0
        self._columns: set[bytes] = set()
        self._cut = b""

    def feed(self, piece: bytes) -> None:
        """Counts; raises `Refused` once there are too many cells."""
        super().feed(piece)
        text = self._cut + piece
        end = text.rfind(b"<")
        self._cut = text[end:][:4096] if end >= 0 else b""
        self._take(text[:end] if end >= 0 else text)
        if self._cells > MOST_CELLS:
            raise Refused("office_many_cells", {"sheet": self._title(), "most": f"{MOST_CELLS:,}"})

    def _take(self, text: bytes) -> None:
        prefix = re.escape(b"<" + self.root.rpartition(":")[0].encode() + b":" * (":" in self.root))
        columns = re.findall(prefix + _COLUMN, text)
        self._cells += len(columns)
        self._columns.update(columns)
        rows = (*re.findall(prefix + _ROW, text), *_LATE.findall(text))
        self._row = max(self._row, max(map(int, rows), default=0))

    def findings(self) -> list[Finding]:
        """The furthest cell, when the room up to it is more than a reader can make."""
        self.feed(b"<")
        widest = max((letters.upper() for letters in self._columns), key=_number, default=b"A")
        if self._row * _number(widest) <= MOST_ROOM:
            return []
        cell = f"{widest.decode()}{self._row}"
        return [fault("office_far_cell", place=self._title(), cell=cell)]


class Strings(Prolog):
    """The shared texts of a workbook: as many as are announced must fit into the part."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self._announced = 0
        self._size = 0

    def feed(self, piece: bytes) -> None:
        """Reads the announcement in the first bytes, counts the rest."""
        super().feed(piece)
        if not self._size:
            self._announced = max((int(number[:18]) for number in _UNIQUE.findall(piece[:4096])), default=0)
        self._size += len(piece)

    def findings(self) -> list[Finding]:
        """More texts announced than the part has bytes for."""
        # `count` repeats a text as often as cells show it; `MOST_CELLS` is the limit there.
        most = max(MOST_CELLS, self._size // _SMALLEST_STRING)
        return [fault("office_strings_lie", place=self.part)] if self._announced > most else []


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
