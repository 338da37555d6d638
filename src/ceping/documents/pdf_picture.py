"""A picture before it is drawn: what its bytes are, and how wide it may be so that it stays on the page."""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from ceping.documents.sheet import Picture

_SUFFIX = {"PNG": "png", "JPEG": "jpg"}
# Millimetres that the words under a picture want.
_WORDS = 20


class PictureUnreadable(Exception):
    """The bytes are no whole PNG or JPG; whoever takes pictures in converts and checks them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The bytes under the name of their content, and the width in millimetres."""

    name: str
    data: bytes
    width: float


def drawn(picture: Picture, width: int, height: int) -> Drawn:
    """The picture no wider and, with its words, no higher than the type area of `width` and `height` millimetres."""
    try:
        with Image.open(io.BytesIO(picture.data), formats=tuple(_SUFFIX)) as image:
            suffix, across, down = _SUFFIX[str(image.format)], image.width, image.height
            image.load()
            data = _for_screen(image) if image.mode == "CMYK" else picture.data
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureUnreadable(picture.text) from error
    most = min(picture.width, width, (height - _WORDS) * across / down)
    return Drawn(f"{hashlib.sha256(data).hexdigest()}.{suffix}", data, most)


def _for_screen(image: Image.Image) -> bytes:
    # PDF/A takes inks only with a profile, which such pictures seldom bring.
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "JPEG", quality=92)
    return stream.getvalue()
