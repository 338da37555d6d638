"""Pictures in a line of text, and the QR code as a picture."""

import io
from functools import lru_cache

import segno
from docx.image.image import Image

from ceping.documents.word_markup import attribute

_EMU = 36_000
_DOTS = 4
_NO_LIMIT = (1000, 1000)


@lru_cache(maxsize=4)
def qr_png(text: str) -> bytes:
    """The QR code of the text as a PNG, black on white with its quiet zone; equal texts are equal bytes."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=_DOTS, border=2)
    return target.getvalue()


def picture_run(
    relation: str, number: int, data: bytes, width: int, text: str, *, most: tuple[int, int] = _NO_LIMIT
) -> str:
    """A run that shows the picture `width` millimetres wide in its own proportions, smaller when that is over `most`.

    `most` is width and height in millimetres; `text` is read to those who do not see; `number` is the picture's own
    within its part.
    """
    image = Image.from_blob(data)
    across = min(width, most[0], most[1] * image.px_width // max(image.px_height, 1)) * _EMU
    down = across * image.px_height // image.px_width
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:docPr id="{number}" name="图 {number}" descr={attribute(text)}/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="图 {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )
