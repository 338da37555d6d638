"""Pages of a PDF or picture from outside, drawn small enough for a screen; made to be called in a child with limits."""

import base64
import io
from pathlib import Path
from typing import Any

from ceping.documents.kinds import PICTURES, Kind, kind_of
from ceping.documents.pictures import upright
from ceping.documents.refusal import Refused

MOST_WIDTH = 2000
_QUALITY = 80


def count_pages(path: Path) -> dict[str, Any]:
    """`{"pages"}` of a PDF or picture; 0 for what has no pages to show. Raises Refused."""
    kind = kind_of(path)
    if kind in PICTURES:
        return {"pages": 1}
    if kind is not Kind.PDF:
        return {"pages": 0}
    document = _opened(path)
    try:
        return {"pages": len(document)}
    finally:
        document.close()


def draw_page(path: Path, *, number: int, width: int) -> dict[str, Any]:
    """`{"jpeg"}`: the page, counted from 1, at most `width` pixels wide, in base64. Raises Refused."""
    width = min(width, MOST_WIDTH)
    if kind_of(path) is Kind.PDF:
        document = _opened(path)
        try:
            if not 1 <= number <= len(document):
                raise Refused("viewer_no_page", {"number": str(number), "count": str(len(document))})
            document.init_forms()
            page = document[number - 1]
            across, along = (max(side, 1.0) for side in page.get_size())
            # A strip of paper would else be drawn a hundred thousand pixels long.
            picture = page.render(scale=min(width / across, 4 * width / along)).to_pil()
        finally:
            document.close()
    elif number == 1:
        picture = upright(path, side=width)
        picture.thumbnail((width, width * 8))
    else:
        raise Refused("viewer_no_page", {"number": str(number), "count": "1"})
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "JPEG", quality=_QUALITY, optimize=True)
    return {"jpeg": base64.b64encode(stream.getvalue()).decode("ascii")}


def _opened(path: Path) -> Any:  # noqa: ANN401 -- the library carries no types
    import pypdfium2 as pdfium  # noqa: PLC0415 -- pictures need none of it

    try:
        return pdfium.PdfDocument(path)
    except (pdfium.PdfiumError, OSError) as error:
        raise Refused("scan_pdf_locked" if "password" in str(error).lower() else "scan_pdf_broken") from error
