"""A text as lines, and a word no line can hold as pieces; how much room a text takes, roughly, before any font says."""

import re
from collections.abc import Sequence

# Points of 小四 and of 五号, in which text and grids are set.
SIZE, GRID_SIZE = 12.0, 10.5
# A line, or its pieces where it may be broken though the rules of the script would not.
Text = str | list[str]

_POINTS_A_MILLIMETRE = 72 / 25.4
# Ideographs, kana and hangul may be broken after each; whatever else stands together is a word to the typesetter.
_WORD = re.compile(r"[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]+")
_LATIN, _NARROW = re.compile(r"[\x00-\u2e7f]+"), 0.62


def points(millimetres: float) -> float:
    """The length in points, which is what fonts are measured in."""
    return millimetres * _POINTS_A_MILLIMETRE


def lines_of(text: str, width: float, size: float = SIZE) -> list[Text]:
    """The lines of the text; in one that holds a word wider than `width` points that word lies in pieces."""
    most = width / size
    return [line if len(line) * _NARROW <= most else _cut(line, most) for line in text.split("\n")]


def lines_taken(lines: Sequence[Text], width: float, size: float) -> int:
    """About how many lines the text takes in a column of `width` points; a full line in ten is lost to punctuation."""
    most = max(width / size * 0.9, 1.0)
    return sum(max(1, -int(-ems(line if isinstance(line, str) else "".join(line)) // most)) for line in lines)


def ems(text: str) -> float:
    """About how wide the text is, in widths of a Chinese character."""
    narrow = sum(map(len, _LATIN.findall(text)))
    return len(text) - narrow + narrow * _NARROW


def _cut(line: str, most: float) -> Text:
    pieces: list[str] = []
    done = 0
    for word in _WORD.finditer(line):
        if ems(word.group()) > most:
            pieces += [line[done : word.start()], *word.group()]
            done = word.end()
    return [*pieces, line[done:]] if pieces else line
