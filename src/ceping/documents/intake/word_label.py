"""When two printed words are the same: however they are spaced, widened, counted or ended with a colon."""

import re
import unicodedata
from functools import lru_cache

_SAME = str.maketrans("“”‘’『』「」﹣－–—―～〜﹕︰∶", '""\'\'""""-----~~:::')
_ORDINAL = re.compile(
    r"(?:第?[一二三四五六七八九十百\d]{1,3}[、.．,，:：]|[（(][一二三四五六七八九十\d]{1,3}[）)][、.．]?|[①-⑳]|[●•·◆▪■\-*]\s)\s*"
)
_BRACKETS = re.compile(r"\([^()]*\)")
# Longer than anything a form prints, with all its spaces: what differs behind that is not looked at.
_LONGEST = 2000
# An unseen character is no part of a word.
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


@lru_cache(maxsize=1 << 14)
def key(text: str) -> str:
    """What makes a printed word that word: no spaces, one width, one kind of quotes and dashes, no colon at its end."""
    return "".join(map(_kept, text[:_LONGEST])).rstrip(":")


def folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The text by the letters of `key`, and for each of them the place in the text that it comes from."""
    letters = [(one, place) for place, char in enumerate(text) for one in _kept(char)]
    return "".join(one for one, _ in letters), tuple(place for _, place in letters)


def bare(text: str) -> str:
    """As `key`, without the 一、 or （1） before it."""
    return key(without_ordinal(text))


def without_ordinal(text: str) -> str:
    """The text without the number or bullet that counts it."""
    stripped = text.strip()
    match = _ORDINAL.match(stripped)
    return stripped[match.end() :] if match else stripped


@lru_cache(maxsize=1 << 10)
def names(*labels: str) -> frozenset[str]:
    """The keys by which people may write one of these labels: whole, its first line, without its brackets."""
    found: set[str] = set()
    for label in labels:
        for part in (label, label.partition("\n")[0]):
            found |= {key(part), _BRACKETS.sub("", key(part))}
    return frozenset(found - {""})


def after(text: str, label: str) -> str | None:
    """What follows the label in the text, as it was typed; None when the text does not begin with the label.

    The label is a `key`: the text may be spaced and widened otherwise.
    """
    met = ""
    for place, char in enumerate(text):
        if met == label:
            return text[place:]
        met += _kept(char)
        if not label.startswith(met):
            return None
    return "" if met == label else None


@lru_cache(maxsize=1 << 12)
def _kept(char: str) -> str:
    if char.isspace() or unicodedata.category(char) in _UNSEEN:
        return ""
    folded = unicodedata.normalize("NFKC", char.translate(_SAME)).translate(_SAME)
    return folded.casefold() if not folded.isspace() else ""
