"""Which column of a sheet is meant: the header row found by the meaning of its cells, wherever it stands."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from ceping.core.scheme.entry import Column, Entry, EntryType, FormTable, Option

_FILE = Path(__file__).with_name("headers.toml")
_AROUND = "around"
# How far down a header is looked for: titles and notes above a table are never that long.
_DEEPEST = 200
# Two columns recognised make a header; one alone may be a title that happens to say 企业.
_FEWEST = 2
_BRACKETED = re.compile(r"\([^()]*\)")
_LONGEST_HEADER = 60
_MOST_OF_A_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that is looked for: its id, what people call it, other headers for it, what its cells hold.

    `needed` columns must be there. An `instant` is a day with a time of day, which no form asks for. `unit` is that of
    a number; `options` are the words of a choice. Of several columns of a `rightmost` one the last is meant, and the
    others are not asked for.
    """

    id: str
    label: str
    others: tuple[str, ...] = ()
    type: EntryType | Literal["instant"] = "text"
    needed: bool = True
    unit: str = ""
    options: tuple[Option, ...] = ()
    rightmost: bool = False

    @property
    def shown(self) -> str:
        """The column as a list of accepted headers begins: its own name and a few others."""
        return self.label + (f"（或{'、'.join(self.others[:3])}）" if self.others else "")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what it says; rows and columns are counted from 0.

    `columns` are those found by id; `doubled` the other columns that claim the same id with the same right; `unknown`
    every further column with a text in it. `last` is its last row: a header may take two.
    """

    first: int
    last: int
    columns: Mapping[str, int]
    doubled: Mapping[str, tuple[int, ...]]
    unknown: tuple[int, ...]
    texts: tuple[str, ...]


@cache
def meanings() -> Mapping[str, tuple[str, ...]]:
    """Every meaning with the headers it goes by, the usual one first."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: tuple(table["headers"]) for name, table in tables.items() if name != _AROUND}


def wanted_of(table: FormTable) -> tuple[Wanted, ...]:
    """The columns of a table of the form: by their labels, and by every other header of the same meaning."""
    return tuple(_of_column(table, column) for column in table.columns)


def others_of(label: str, *more: str) -> tuple[str, ...]:
    """The other headers of the meanings that this label belongs to, after those given."""
    plain = {plain_of(label), *(plain_of(one) for one in more)}
    found = [
        header
        for headers in meanings().values()
        if plain & {plain_of(one) for one in headers}
        for header in headers
        if plain_of(header) not in plain
    ]
    return (*more, *dict.fromkeys(found))


def wanted_entry(entry: Entry, *, needed: bool) -> Wanted:
    """A single entry of the form as a column."""
    first = entry.label.partition("\n")[0]
    names = [name for name in (entry.label.replace("\n", ""), first, entry.short) if name]
    label = entry.name
    more = tuple(name for name in dict.fromkeys(names) if plain_of(name) != plain_of(label))
    return Wanted(entry.id, label, others_of(label, *more), entry.type, needed, entry.unit, entry.options)


def _of_column(table: FormTable, column: Column) -> Wanted:
    wanted = wanted_entry(column, needed=column.required)
    options = wanted.options
    if column.id == table.group_column:
        options = tuple(Option(id=group.id, label=group.label) for group in table.groups)
    return Wanted(wanted.id, wanted.label, wanted.others, wanted.type, wanted.needed, wanted.unit, options)


def find_header(rows: Sequence[Sequence[str]], wanted: Sequence[Wanted]) -> Header | None:
    """The row, or two rows one under another, in which most wanted columns are recognised; the first of equals."""
    fewest = min(_FEWEST, len(wanted))
    best: Header | None = None
    names = _Names(wanted)
    for first, row in enumerate(rows[:_DEEPEST]):
        one = names.header(first, first, row)
        below = rows[first + 1] if first + 1 < len(rows) else ()
        two = names.header(first, first + 1, _under(row, below))
        alone = len(names.header(first + 1, first + 1, below).columns)
        # A second row counts only when both say more than either: parts of a header under a common one.
        found = two if len(two.columns) > max(len(one.columns), alone) else one
        if len(found.columns) >= fewest and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


def repeats(row: Sequence[str], wanted: Sequence[Wanted], header: Header) -> bool | None:
    """Whether a row is the header once more; None when it is another header: other columns in these places."""
    cells = {column: plain_of(text) for column, text in enumerate(row) if text}
    hits = sum(cells.get(column) == plain_of(header.texts[column]) for column in header.columns.values())
    if hits >= min(_FEWEST, len(header.columns)) and hits == len(header.columns):
        return True
    known = {plain_of(name) for one in wanted for name in (one.label, *one.others)}
    return None if len(header.columns) > 1 and sum(text in known for text in cells.values()) >= _FEWEST else False


@lru_cache(maxsize=1 << 14)
def plain_of(text: str) -> str:
    """A header without what does not change its meaning: width, spaces, stars, colons, letter case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if not char.isspace() and char not in "*:·.。、_-—")


def is_around(first: str, filled: int) -> bool:
    """Whether a row that begins so, with so many cells filled, stands around the table: a total, a note, a signature.

    A total may have figures beside it; a note is alone in its row.
    """
    totals, notes = _around()
    if first[:1].isalnum() and first[0] not in _initials():
        return False
    plain = plain_of(first)
    for word in totals:
        if plain.startswith(word):
            rest = plain.removeprefix(word)
            if not rest or (len(rest) <= _MOST_OF_A_NUMBER and any(char.isdigit() for char in rest)):
                return True
    if filled > 1:
        return False
    return any(_begins(first, plain, word) for word in notes)


def _begins(text: str, plain: str, word: str) -> bool:
    # 注 opens a note; 注塑 opens the name of a firm.
    if not plain.startswith(word):
        return False
    waiting, after = list(word), ""
    for position, char in enumerate(folded := unicodedata.normalize("NFKC", text).casefold()):
        if waiting and char == waiting[0]:
            waiting.pop(0)
        elif not waiting:
            after = folded[position:].lstrip()
            break
    return not after or after[0] in ":(.、。【[" or after[0].isdigit()


@cache
def _initials() -> frozenset[str]:
    return frozenset(word[0] for words in _around() for word in words)


@cache
def _around() -> tuple[tuple[str, ...], tuple[str, ...]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))[_AROUND]
    return tuple(plain_of(one) for one in table["totals"]), tuple(plain_of(one) for one in table["notes"])


def _under(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    return [
        (lower[column] if column < len(lower) else "") or (upper[column] if column < len(upper) else "")
        for column in range(width)
    ]


class _Names:
    """Every header text that is known, and for which column it stands with what right: 0 its own name, 1 another."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._rightmost = {one.id for one in wanted if one.rightmost}
        self._known: dict[str, list[tuple[int, str]]] = {}
        for one in wanted:
            for rank, name in ((0, one.label), (0, one.id), *((1, other) for other in one.others)):
                rights = self._known.setdefault(plain_of(name), [])
                if one.id not in {known for _, known in rights}:
                    rights.append((rank, one.id))

    def header(self, first: int, last: int, row: Sequence[str]) -> Header:
        """What this row would be as a header."""
        claims: dict[str, dict[int, list[int]]] = {}
        for column, text in enumerate(row):
            for rank, key in self._rights(text):
                claims.setdefault(key, {}).setdefault(rank, []).append(column)
        columns: dict[str, int] = {}
        doubled: dict[str, tuple[int, ...]] = {}
        for rank, key in sorted((rank, key) for key, ranks in claims.items() for rank in ranks):
            free = [column for column in claims[key][rank] if column not in columns.values()]
            if key not in columns and free:
                columns[key] = free[-1 if key in self._rightmost else 0]
                if len(free) > 1 and key not in self._rightmost:
                    doubled[key] = tuple(free[1:])
        taken = {*columns.values(), *(column for more in doubled.values() for column in more)}
        unknown = tuple(column for column, text in enumerate(row) if text and column not in taken)
        return Header(first, last, columns, doubled, unknown, tuple(row))

    def _rights(self, text: str) -> Iterator[tuple[int, str]]:
        if not text or len(text) > _LONGEST_HEADER:
            return
        plain = plain_of(text)
        if plain in self._known:
            yield from self._known[plain]
            return
        bare = _BRACKETED.sub("", plain)
        yield from ((rank + 2, key) for rank, key in self._known.get(bare, ()))
