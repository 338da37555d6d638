"""A document into a PDF of A4 pages: archivable, its text to be searched, the same bytes every time."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from ceping.core.finding import Finding, Level, fault
from ceping.documents.fonts.faces import MISSING, Faces, faces_of, shipped
from ceping.documents.pdf_press import press_for
from ceping.documents.pdf_shape import shape_of
from ceping.documents.sheet import Document, texts_in

# Characters shown on either side of one that cannot be printed.
_AROUND = 12
# Documents under way for each worker: enough to keep it busy, few enough that memory stays flat.
_AHEAD = 3


def to_pdf(document: Document, faces: Faces | None = None) -> bytes:
    """The document as PDF/A-2b in the fonts of `faces`, else in the shipped ones.

    A character no font has is printed as 〓; `unprintable_in` tells which. Raises `UnevenGrid`, `UnevenRadar` or
    `PictureUnreadable` for a document that cannot be drawn, `NotSet` when a font or a template is at fault.
    """
    faces = faces or shipped()
    shape = shape_of(document, faces)
    return press_for(faces.site).pdf(shape.data, shape.pictures, document.dated)


def unprintable_in(document: Document, faces: Faces | None = None) -> tuple[Finding, ...]:
    """A warning for each text of the document and each character in it that no font has, with its surroundings."""
    faces = faces or shipped()
    marks = document.marks
    texts = (document.title, document.watermark, marks.number if marks else "", *texts_in(document))
    return tuple(
        fault(
            "character_not_printed",
            level=Level.WARNING,
            text=_around(text, char),
            character=char if char.isprintable() else MISSING,
            unicode=f"U+{ord(char):04X}",
        )
        for text in dict.fromkeys(texts)
        for char in faces.missing_in(text)
    )


def to_pdf_many(
    documents: Iterable[Document], faces: Faces | None = None, *, workers: int | None = None
) -> Iterator[bytes]:
    """The PDF of each document in their order, made by `workers` processes (as many as there are cores).

    Documents are taken from `documents` only as they are needed. The first that fails raises as `to_pdf` does.
    """
    faces = faces or shipped()
    count = workers or os.cpu_count() or 1
    if count == 1:
        yield from (to_pdf(document, faces) for document in documents)
        return
    # Spawned, not forked: a fork would copy the threads' locks of a server in whatever state they are.
    pool = ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_ready, initargs=(faces.site,)
    )
    waiting: deque[Future[bytes]] = deque()
    try:
        for document in documents:
            waiting.append(pool.submit(_made, document, faces.site))
            if len(waiting) >= count * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ready(site: Path | None) -> None:
    # The work is shared among processes already; threads of each would only stand in the others' way.
    os.environ["RAYON_NUM_THREADS"] = "1"
    press_for(site)


def _made(document: Document, site: Path | None) -> bytes:
    return to_pdf(document, faces_of(site)[0])


def _around(text: str, char: str) -> str:
    at = text.index(char)
    near = "".join(one if one.isprintable() else " " for one in text[max(at - _AROUND, 0) : at + _AROUND + 1])
    shown = " ".join(near.split())
    return ("…" if at > _AROUND else "") + shown + ("…" if at + _AROUND + 1 < len(text) else "")
