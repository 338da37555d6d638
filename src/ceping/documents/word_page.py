"""The paper: A4, upright or lying, its margins, and how wide a line of text is."""

from dataclasses import dataclass

from ceping.documents.sheet import Document

_SHORT, _LONG = 210, 297
# Top, bottom, inner and outer margin, upright and lying: a line of text on upright paper is 156 mm, as letters have it.
_UPRIGHT, _LYING = (32, 30, 28, 26), (28, 24, 26, 26)
# What a frame takes away at the top, so that the marks stand inside of it.
_FRAME = 10


@dataclass(frozen=True, slots=True)
class Page:
    """A page in millimetres. `inner` is the left margin of a right-hand page; a bound page mirrors it on its back.

    `framed` draws a double frame around it.
    """

    width: int
    height: int
    inner: int
    outer: int
    top: int
    bottom: int
    framed: bool = False

    @property
    def text(self) -> int:
        """The width between the margins."""
        return self.width - self.inner - self.outer

    @property
    def tall(self) -> int:
        """The height between the margins."""
        return self.height - self.top - self.bottom


def page_of(document: Document) -> Page:
    """The page a document is printed on."""
    width, height = (_LONG, _SHORT) if document.landscape else (_SHORT, _LONG)
    top, bottom, inner, outer = _LYING if document.landscape else _UPRIGHT
    above = top + _FRAME if document.framed else top
    return Page(width, height, inner, outer, above, bottom, document.framed)
