"""Names of firms and people: when two are the same, when they merely look alike, and how long a text is."""

import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "tables" / "look_alikes.toml"
_BRACKETS = str.maketrans("[{【〔〖［｛﹙❨]}】〕〗］｝﹚❩", "(((((((((" + ")))))))))")
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | _BRACKETS
# Letters by their category, yet without ink.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_CHANGED = frozenset(map(chr, _PLAIN)) | _FILLERS | {" "}
_LIMITED = "有限责任公司"
_JOINER = "\u200d"


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: white space of any script, zero-width and control characters."""
    first = text[:1]
    if "!" <= first <= "~" or "\u4e00" <= first <= "\u9fff":
        return False
    return all(_is_unseen(char) for char in text)


@lru_cache(maxsize=1 << 16)
def normalised(name: str) -> str:
    """The name by which two clients are one: full and half width, brackets, spaces and 有限责任公司 made equal.

    股份有限公司 and 分公司 stay part of the name, and so does letter case. Idempotent.
    """
    # Few names have anything to change, and lists of a hundred thousand would be looked through char by char.
    if not (name.isprintable() and _CHANGED.isdisjoint(name)):
        name = "".join(char for char in name.translate(_PLAIN) if not _is_unseen(char))
    return name.replace(_LIMITED, "有限公司")


@lru_cache(maxsize=1 << 16)
def skeleton(name: str) -> str:
    """What the eye keeps of a name; two names with one skeleton look alike and ask for a look, no more."""
    alike, before, text = _look_alikes(), "", normalised(name)
    # Twice as a rule: a sign that falls apart into a space and a mark joins the letter before once the space is gone.
    while text != before and not _is_settled(text):
        before = text
        text = normalised(unicodedata.normalize("NFKC", text).casefold().translate(alike))
    return text


def count_characters(text: str) -> int:
    """How many characters people count: letters, signs and marks one each; white space and what has no ink none."""
    count = 0
    joined = False
    for char in text:
        counts = not (_is_unseen(char) or joined or _modifies(char))
        joined = char == _JOINER
        count += counts
    return count


def hidden_in(text: str) -> str:
    """The characters that are stored but not seen and change what is read, as `U+202E`; empty for a plain text.

    Line ends and tabs belong to a text; NUL, overrides, tags and zero-width characters do not.
    """
    if text.isprintable():
        return ""
    hidden = sorted({char for char in text if unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\r\t"})
    return "、".join(f"U+{ord(char):04X}" for char in hidden)


def _is_settled(text: str) -> bool:
    """Whether every step of a skeleton leaves the text as it is."""
    return (
        text.isprintable()
        and _CHANGED.isdisjoint(text)
        and _look_alike_signs().isdisjoint(text)
        and _LIMITED not in text
        and unicodedata.is_normalized("NFKC", text)
        and text.casefold() == text
    )


def _is_unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp") or char in _FILLERS


def _modifies(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= char <= "\U0001f3ff"


@cache
def _look_alikes() -> dict[int, str]:
    tables = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {ord(char): like for table in tables.values() for char, like in table.items()}


@cache
def _look_alike_signs() -> frozenset[str]:
    return frozenset(map(chr, _look_alikes()))
