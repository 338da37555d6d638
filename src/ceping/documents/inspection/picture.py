"""Pictures: the size is read from the header before a pixel is decoded; then the file is read to its end."""

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image

from ceping.documents.inspection.kind import Kind
from ceping.documents.refusal import Refused

MOST_PIXELS = 40_000_000
MOST_FRAMES = 300
_FORMATS = {
    Kind.JPEG: "JPEG",
    Kind.PNG: "PNG",
    Kind.TIFF: "TIFF",
    Kind.BMP: "BMP",
    Kind.GIF: "GIF",
    Kind.WEBP: "WEBP",
}
# What Pillow and its decoders raise over a file that is cut off or contradicts itself.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, LookupError, TypeError, ArithmeticError)


def check_picture(path: Path, kind: Kind) -> None:
    """The picture is whole and has at most 40 million pixels; else `Refused` is raised."""
    if kind is Kind.HEIF:
        # Its decoder is an extra; who converts it reads it in a child as well.
        return
    try:
        with warnings.catch_warnings(), _sizes_of_any():
            warnings.simplefilter("ignore")
            _read(path, kind)
    except _BROKEN as error:
        raise Refused("picture_damaged", detail=type(error).__name__) from None


@contextmanager
def _sizes_of_any() -> Iterator[None]:
    """Pillow's own limit stands aside, so that the size can be told; the lower one here comes before any pixel."""
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _read(path: Path, kind: Kind) -> None:
    with Image.open(path, formats=(_FORMATS[kind],)) as image:
        _check(image)
        frames = getattr(image, "n_frames", 1)
        if frames > MOST_FRAMES:
            raise Refused("picture_many_frames", {"count": str(frames), "most": str(MOST_FRAMES)})
        if kind is Kind.PNG:
            # Every checksum, without decoding: whole as it was written.
            image.verify()
            return
        if kind is Kind.JPEG:
            # An eighth of each side: all of the data is read, little of it is kept.
            with suppress(AttributeError):
                image.draft(None, (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()


def _check(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise Refused("picture_pixels", {"size": f"{image.width}×{image.height}", "most": str(MOST_PIXELS // 10**6)})
