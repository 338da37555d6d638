"""To which item of the checklist a file belongs by its name: a suggestion with its reason, never more.

Words are those of the items themselves: the longest pieces a name shares with an item's text count by their length, and
the less the more items hold them. A short table says what else people call such things.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from ceping.core.names import normalised
from ceping.core.scheme.layout import ChecklistItem

# A suggestion needs this much of the name explained, and this much more than the next item has.
LEAST, LEAD = 40, 15
_STATED, _NUMBERED = 100, 60
_TABLE = Path(__file__).with_name("attachments_words.toml")
_STATED_NUMBER = re.compile(r"附\s*件\s*0*([0-9]{1,2})(?![0-9])")
_LEADING_NUMBER = re.compile(r"0*([0-9]{1,2})\s*[-_.、．:：)）]\s*(?=[^\d\s])")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,}(?:[0-9]{3,})?")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item with how sure it is (0 to 100) and why, in words of the name."""

    item: int
    score: int
    reason: str


def suggestions(name: str, items: Sequence[ChecklistItem], *, institution: str = "") -> list[Suggestion]:
    """The items a file may belong to, the likeliest first; `name` may be a path, whose folders count as well."""
    path = PurePosixPath(unicodedata.normalize("NFKC", name))
    numbers = {item.number for item in items}
    found: dict[int, Suggestion] = {one.item: one for one in _by_words(path, items, institution)}
    for part in (path.stem, *reversed(path.parts[:-1])):
        stated = _STATED_NUMBER.search(part)
        if stated and int(stated[1]) in numbers:
            found[int(stated[1])] = Suggestion(int(stated[1]), _STATED, f"文件名写明“附件{int(stated[1])}”")
            break
        leading = _LEADING_NUMBER.match(part)
        if leading and int(leading[1]) in numbers:
            item = int(leading[1])
            known = found.get(item)
            if known is None or known.score < _NUMBERED:
                found[item] = Suggestion(item, _NUMBERED, f"文件名以“{leading[1]}”编号")
            break
    return sorted(found.values(), key=lambda one: (-one.score, one.item))


def suggestion(name: str, items: Sequence[ChecklistItem], *, institution: str = "") -> Suggestion | None:
    """The one item a name points at clearly enough; None when it points at none or at several."""
    found = suggestions(name, items, institution=institution)
    if not found or found[0].score < LEAST:
        return None
    runner_up = found[1].score if len(found) > 1 else 0
    return found[0] if found[0].score == _STATED or found[0].score - runner_up >= LEAD else None


def says_nothing(name: str) -> bool:
    """Whether the name is one that a camera or a scanner gave, so that it does not state the content."""
    stem = PurePosixPath(unicodedata.normalize("NFKC", name)).stem.strip().lower()
    return re.fullmatch(_table()["says_nothing"]["machine"], stem) is not None


def _by_words(path: PurePosixPath, items: Sequence[ChecklistItem], institution: str) -> Iterator[Suggestion]:
    texts = tuple((item.number, unicodedata.normalize("NFKC", item.text)) for item in items)
    pieces = [*path.parts[:-1], path.stem]
    words = [word for piece in pieces for word in _words(piece, institution, [text for _, text in texts])]
    length = sum(len(word) for word, _ in words)
    for number, text in texts:
        shared = [(piece, told) for word, told in words for piece in _shared(word, text)]
        # A piece that three items hold says a third of what one says that only one holds.
        weight = sum(len(piece) / _holders(piece, texts) for piece, _ in shared)
        if shared:
            told = "、".join(dict.fromkeys(f"“{told or piece}”" for piece, told in shared))
            yield Suggestion(number, min(99, round(100 * weight / length)), f"文件名中的{told}与该项相符")


def _words(piece: str, institution: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The words of a name that may tell its content, each with what stood there when another word was put for it."""
    text = normalised(piece)
    name = normalised(unicodedata.normalize("NFKC", institution))
    for known in (name, re.sub(r"(?:股份)?有限公司$", "", name)):
        text = text.replace(known, " ") if len(known) > _SHORTEST else text
    for word in _WORD.findall(text):
        yield from _meant(word, texts)


def _meant(word: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    table = _table()["means"]
    for said, meant in table.items():
        before, found, after = word.casefold().partition(said.casefold())
        # A word that the items use themselves, or that holds what is meant already, needs no other.
        if found and meant not in word and not any(said in text for text in texts):
            yield meant, said
            for rest in (before, after):
                if len(rest) >= _SHORTEST:
                    yield from _meant(rest, texts)
            return
    for empty in _table()["says_nothing"]["words"]:
        word = word.replace(empty, " ")
    yield from ((part, "") for part in word.split() if len(part) >= _SHORTEST)


def _shared(word: str, text: str) -> Iterator[str]:
    """The pieces of the word that the text holds, longest first, none over another."""
    for length in range(len(word), _SHORTEST - 1, -1):
        for start in range(len(word) - length + 1):
            piece = word[start : start + length]
            if piece in text:
                yield piece
                yield from _shared(word[:start], text)
                yield from _shared(word[start + length :], text)
                return


@lru_cache(maxsize=4096)
def _holders(piece: str, texts: tuple[tuple[int, str], ...]) -> int:
    return sum(piece in text for _, text in texts) or 1


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
