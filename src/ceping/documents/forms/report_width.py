"""How the width of a grid is shared among its columns: by what stands in them, in half-widths of a letter."""

from collections.abc import Sequence

from ceping.core.scheme.entry import Column, Entry
from ceping.documents.width import room

# Half-widths of a line of 小四 between the margins, and what a column loses to its own.
_LINE, _MARGIN = 74, 2
NARROWEST = 6
_WIDEST = 28
_BY_TYPE = {"phone": 14, "email": 18, "date": 16, "integer": 6, "decimal": 8, "uscc": 20, "text": 10, "long_text": 24}
_TOTAL = 1000


def wanted(entry: Entry, texts: Sequence[str] = (), *, subject: bool = False) -> int:
    """What the values of an entry want: nine in ten on one line; of no values what its type says.

    `subject` is the column that says what a row is about.
    """
    ordered = sorted(room(text) for text in texts if text)
    usual = _BY_TYPE.get(entry.type, 8) + (10 if subject else 0)
    needed = ordered[len(ordered) * 9 // 10] if ordered else usual
    return min(max(needed, least(entry)), _WIDEST)


def column_wanted(column: Column, texts: Sequence[str], *, subject: bool) -> int:
    """As `wanted`, and room for the heading: a short one on one line, a long one on two."""
    heading = room(column.label)
    return min(max(wanted(column, texts, subject=subject), heading if heading <= 16 else (heading + 3) // 2), _WIDEST)


def least(entry: Entry) -> int:
    """What a column keeps when others want more than there is: a date or a telephone number is not broken."""
    return _BY_TYPE[entry.type] if entry.type in ("phone", "date") else NARROWEST


def shares(columns: Sequence[int], kept: Sequence[int] = ()) -> tuple[int, ...]:
    """Shares of the text width that add up to a thousand, from what each column wants.

    What is over is given to all alike in proportion; what is missing is taken from those that want more than `kept`.
    """
    wishes = [max(one, 1) + _MARGIN for one in columns]
    floor = [min(wish, low + _MARGIN) for wish, low in zip(wishes, kept or [NARROWEST] * len(wishes), strict=True)]
    if sum(wishes) > _LINE > sum(floor):
        spare, asked = _LINE - sum(floor), sum(wishes) - sum(floor)
        wishes = [low * asked + (wish - low) * spare for wish, low in zip(wishes, floor, strict=True)]
    parts = [wish * _TOTAL // sum(wishes) for wish in wishes]
    parts[parts.index(max(parts))] += _TOTAL - sum(parts)
    return tuple(parts)
