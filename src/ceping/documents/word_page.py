"""The paper: A4, upright or lying, its margins, and how wide a line of text is."""

from dataclasses import dataclass

from ceping.documents.sheet import Document

_SHORT, _LONG = 210, 297
_TOP, _BOTTOM = 30, 25
_INNER, _OUTER, _SIDE = 30, 22, 25


@dataclass(frozen=True, slots=True)
class Page:
    """A page in millimetres. `inner` is the left margin of a right-hand page; a bound page mirrors it on its back."""

    width: int
    height: int
    inner: int
    outer: int
    top: int = _TOP
    bottom: int = _BOTTOM

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
    inner, outer = (_INNER, _OUTER) if document.bound else (_SIDE, _SIDE)
    return Page(width, height, inner, outer)
