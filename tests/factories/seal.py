"""A round red seal as a PNG with a transparent ground, or on white paper."""

import io

from PIL import Image, ImageDraw


def seal_picture(*, transparent: bool = True, size: int = 420) -> bytes:
    """A ring with a five-pointed mark; `transparent` or on white."""
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0) if transparent else (255, 255, 255, 255))
    drawing = ImageDraw.Draw(picture)
    red = (215, 20, 20, 255)
    drawing.ellipse((8, 8, size - 8, size - 8), outline=red, width=size // 24)
    drawing.regular_polygon((size // 2, size // 2, size // 5), 5, fill=red)
    buffer = io.BytesIO()
    (picture if transparent else picture.convert("RGB")).save(buffer, "PNG")
    return buffer.getvalue()
