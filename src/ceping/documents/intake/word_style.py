"""What a run looks like as far as it changes what is read: hidden, struck, underlined, or a sign of a symbol font."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from ceping.documents.intake.word_xml import W, on, value

TICKED, EMPTY = "■", "□"
TICK, CROSS = "√", "×"
# Signs of Microsoft's symbol fonts by their code, also as a letter typed in that font: R in Wingdings 2 is ☑.
_SIGNS: Mapping[str, Mapping[int, str]] = {
    "wingdings": {
        0x6E: TICKED,
        0x6F: EMPTY,
        0x70: EMPTY,
        0x71: EMPTY,
        0x72: EMPTY,
        0x78: TICKED,
        0xA8: EMPTY,
        0xFB: CROSS,
        0xFC: TICK,
        0xFD: TICKED,
        0xFE: TICKED,
    },
    "wingdings 2": {
        0x2A: EMPTY,
        0x4F: CROSS,
        0x50: TICK,
        0x51: TICKED,
        0x52: TICKED,
        0x53: TICKED,
        0x54: TICKED,
        0xA2: TICKED,
        0xA3: EMPTY,
    },
    "webdings": {0x61: TICK, 0x63: EMPTY, 0x67: TICKED, 0x72: CROSS},
    "marlett": {0x61: TICK, 0x62: TICK},
}
_PRIVATE = 0xF000
_PRIVATE_SIGN = re.compile("[\uf000-\uf0ff]")
_LONGEST_CHAIN = 20


class Styles:
    """The styles of a file; a file without any (WPS may leave them out) has none, and nothing depends on them."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {} if root is None else {one.get(W + "styleId", ""): one for one in root.iter(W + "style")}

    def flag(self, name: str, run: Element | None, style: str) -> bool:
        """Whether a run is drawn so: by itself, by its own style, or by that of its paragraph."""
        if run is not None and run.find(W + name) is not None:
            return on(run, name)
        for start in (value(run, "rStyle"), style):
            for one in self._chain(start):
                properties = one.find(W + "rPr")
                if properties is not None and properties.find(W + name) is not None:
                    return on(properties, name)
        return False

    def numbering(self, style: str) -> Element | None:
        """The numbering that a paragraph's style brings along."""
        for one in self._chain(style):
            found = one.find(f"{W}pPr/{W}numPr")
            if found is not None:
                return found
        return None

    def is_contents(self, style: str) -> bool:
        """Whether the style is one of a table of contents."""
        one = self._styles.get(style)
        name = style if one is None else value(one, "name") or style
        return name.casefold().replace(" ", "").rstrip("0123456789") in ("toc", "目录")

    def _chain(self, style: str) -> list[Element]:
        chain: list[Element] = []
        while style in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[style])
            style = value(chain[-1], "basedOn")
        return chain


def signs(text: str, font: str) -> str:
    """The text with the signs of its symbol font told as □, ■, √ or ×; a sign nobody ticks with becomes ▪."""
    table = _SIGNS.get(font.casefold())
    if table is None:
        if _PRIVATE_SIGN.search(text) is None:
            return text
        # A private code without its font: the usual tick boxes of both Wingdings do not share a code.
        table = {**_SIGNS["wingdings"], **_SIGNS["wingdings 2"]}
        return "".join(_sign(char, table) if ord(char) >= _PRIVATE else char for char in text)
    return "".join(char if char.isspace() else _sign(char, table) for char in text)


def font_of(run: Element | None) -> str:
    """The font of a run's Latin letters, which is where symbol fonts are named."""
    fonts = None if run is None else run.find(W + "rFonts")
    if fonts is None:
        return ""
    names = [fonts.get(W + kind, "") for kind in ("ascii", "hAnsi", "eastAsia", "cs")]
    return next((name for name in names if name.casefold() in _SIGNS), names[0])


def _sign(char: str, table: Mapping[int, str]) -> str:
    code = ord(char)
    if _PRIVATE <= code <= _PRIVATE + 0xFF:
        return table.get(code - _PRIVATE, "▪")
    # A Chinese character typed in a symbol font is drawn in another font.
    return table.get(code, "▪") if code <= 0xFF else char
