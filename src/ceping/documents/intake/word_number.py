"""The numbers Word counts before paragraphs, so that a heading or a list typed with them reads as it is seen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from ceping.documents.intake.word_style import Styles
from ceping.documents.intake.word_xml import W, value

_DIGITS = "〇一二三四五六七八九"
_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"
_CHINESE = ("chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting")
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_LARGEST = 10_000


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """Counts the lists of one file in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, str] = {}
        self._levels: dict[str, Mapping[int, _Level]] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is None:
            return
        for one in root.iter(W + "abstractNum"):
            self._levels[one.get(W + "abstractNumId", "")] = dict(_level(found) for found in one.iter(W + "lvl"))
        for one in root.iter(W + "num"):
            self._lists[one.get(W + "numId", "")] = value(one, "abstractNumId")

    def next(self, properties: Element | None, style: str) -> str:
        """The number before the next paragraph, with what follows it; empty for a bullet and outside of lists."""
        numbering = None if properties is None else properties.find(W + "numPr")
        if numbering is None:
            numbering = self._styles.numbering(style)
        levels = self._levels.get(self._lists.get(value(numbering, "numId"), ""), {})
        place = _whole(value(numbering, "ilvl"), 0)
        if numbering is None or place not in levels or place >= _LEVELS:
            return ""
        counts = self._counts.setdefault(self._lists[value(numbering, "numId")], [None] * _LEVELS)
        before = counts[place]
        counts[place] = levels[place].start if before is None else before + 1
        counts[place + 1 :] = [None] * (_LEVELS - place - 1)
        return _written(levels, counts, place)


def _written(levels: Mapping[int, _Level], counts: list[int | None], place: int) -> str:
    if levels[place].form in ("bullet", "none"):
        return ""

    def number(match: re.Match[str]) -> str:
        level = levels.get(int(match[1]) - 1)
        count = counts[int(match[1]) - 1]
        return "" if level is None else _numeral(level.start if count is None else count, level.form)

    text = _PLACE.sub(number, levels[place].text)
    return text if not text or ord(text[-1]) > 0x2E7F else f"{text} "


def _level(element: Element) -> tuple[int, _Level]:
    return (
        _whole(element.get(W + "ilvl", ""), 0),
        _Level(_whole(value(element, "start"), 1), value(element, "numFmt"), value(element, "lvlText")),
    )


def _numeral(count: int, form: str) -> str:
    if form in _CHINESE and 0 < count < 100:
        tens, ones = divmod(count, 10)
        return ("" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")
    if form in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        return chr((0x61 if form == "lowerLetter" else 0x41) + count - 1)
    if form == "ideographTraditional" and 0 < count <= len(_HEAVENLY):
        return _HEAVENLY[count - 1]
    if form.startswith("decimalEnclosedCircle") and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    return str(count)


def _whole(text: str, otherwise: int) -> int:
    return min(int(text), _LARGEST) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise
