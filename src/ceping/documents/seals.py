"""The cross-page seal (骑缝章): one picture of a seal cut into strips, a strip over the right edge of every page.

Overlay first, sign last: a seal laid over a signed file would break its signatures, so such a file is refused.
"""

import io
import zlib
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image

from ceping.documents.refusal import Refused

_MM = 72 / 25.4
# 300 dpi over 42 mm; more would only make the file larger.
_MOST_SIDE = 500
_LEAST_PAGES = 2


@dataclass(frozen=True, slots=True)
class Seam:
    """How the seal lies: its diameter and the height of its middle over the foot of the page, whole millimetres.

    At most `most` pages share one seal: a hundred strips of one seal would be too narrow to show anything.
    """

    diameter: int = 42
    middle: int = 148
    most: int = 25


def cross_page_seal(pdf: bytes, picture: bytes, *, seam: Seam | None = None) -> bytes:
    """The PDF with a strip of the seal at the right edge of each page, the same bytes for the same input.

    Pages are shared out evenly among as few seals as `seam.most` allows, in the order they are bound; each page as it
    stands upright. White paper around a seal without transparency is cleared. Raises Refused.
    """
    seam = seam or Seam()
    seal = _seal(picture)
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if len(document.pages) < _LEAST_PAGES:
                raise Refused("seam_one_page")
            if _is_signed(document):
                raise Refused("seam_after_signature")
            for first, last in groups(len(document.pages), seam.most):
                _lay(document, seal, seam, first, last)
            out = io.BytesIO()
            document.save(out, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Refused("scan_pdf_locked") from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError) as error:
        raise Refused("scan_pdf_broken", detail=str(error)[:120]) from error
    return out.getvalue()


def groups(count: int, most: int) -> list[tuple[int, int]]:
    """Pages 0 to `count` in as few runs of at most `most` as will do, their lengths differing by at most one."""
    seals = -(-count // max(most, 2))
    return [(count * number // seals, count * (number + 1) // seals) for number in range(seals)]


def _seal(picture: bytes) -> Image.Image:
    """The seal alone on a transparent ground, cut to its edges."""
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > 40_000_000:
                raise Refused("scan_too_large", {"most": "40"})
            has_ground = not opened.has_transparency_data
            seal = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("seal_unreadable") from error
    if has_ground:
        # The whiter, the more transparent: the smallest of three colours is how much ink is missing.
        red, green, blue, _ = seal.split()
        ink = Image.merge("RGB", (red, green, blue)).convert("RGB")
        darkest = _darkest(ink)
        seal.putalpha(darkest.point(lambda level: 0 if level > 225 else min(255, (255 - level) * 2)))
    box = seal.getchannel("A").point(lambda level: 255 if level > 16 else 0).getbbox()
    if box is None:
        raise Refused("seal_unreadable")
    seal = seal.crop(box)
    seal.thumbnail((_MOST_SIDE, _MOST_SIDE), Image.Resampling.LANCZOS)
    return seal


def _darkest(picture: Image.Image) -> Image.Image:
    from PIL import ImageChops  # noqa: PLC0415 -- a transparent seal needs none

    red, green, blue = picture.split()
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _is_signed(document: pikepdf.Pdf) -> bool:
    form = document.Root.get("/AcroForm", pikepdf.Dictionary())
    fields = form.get("/Fields", pikepdf.Array())
    return any(field.get("/FT") == "/Sig" and "/V" in field for field in fields)


def _lay(document: pikepdf.Pdf, seal: Image.Image, seam: Seam, first: int, last: int) -> None:
    """One seal over the pages from `first` to before `last`: the leftmost strip on the first of them."""
    count = last - first
    edges = [seal.width * place // count for place in range(count + 1)]
    for place in range(count):
        left, right = edges[place], max(edges[place + 1], edges[place] + 1)
        strip = seal.crop((left, 0, right, seal.height))
        width = seam.diameter * _MM * strip.width / seal.width
        height = seam.diameter * _MM * seal.height / seal.width
        _overlay(document, document.pages[first + place], strip, width, height, seam.middle * _MM)


def _overlay(
    document: pikepdf.Pdf, page: pikepdf.Page, strip: Image.Image, width: float, height: float, middle: float
) -> None:
    name = page.add_resource(_picture(document, strip), pikepdf.Name.XObject, _free_name(page))
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    turned = int(page.obj.get("/Rotate", _inherited(page, "/Rotate", 0))) % 360
    # The seal stands where the reader sees the right edge; the page's own axes may be turned.
    tall = top - bottom if turned in (0, 180) else right - left
    low = min(middle, tall - height / 2) - height / 2
    matrix = {
        0: (width, 0, 0, height, right - width, bottom + low),
        90: (0, width, -height, 0, right - low, top - width),
        180: (-width, 0, 0, -height, left + width, top - low),
        270: (0, -width, height, 0, left + low, bottom + width),
    }.get(turned, (width, 0, 0, height, right - width, bottom + low))
    drawn = " ".join(f"{number:.4f}" for number in matrix)
    # What the page left on the stack must not move the seal.
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(f"\nQ\nq {drawn} cm {name} Do Q\n".encode())


def _free_name(page: pikepdf.Page) -> pikepdf.Name:
    # The library's own choice of a name is random.
    taken = page.resources.get("/XObject", pikepdf.Dictionary())
    number = next(number for number in range(len(taken) + 1) if f"/Seam{number}" not in taken)
    return pikepdf.Name(f"/Seam{number}")


def _inherited(page: pikepdf.Page, key: str, otherwise: int) -> int:
    node = page.obj.get("/Parent")
    for _ in range(50):
        if node is None:
            return otherwise
        if key in node:
            return int(node[key])
        node = node.get("/Parent")
    return otherwise


def _picture(document: pikepdf.Pdf, strip: Image.Image) -> pikepdf.Stream:
    def stream(data: bytes, space: pikepdf.Name) -> pikepdf.Stream:
        made = pikepdf.Stream(document, zlib.compress(data, 9))
        told: dict[str, Any] = {"Width": strip.width, "Height": strip.height}
        told |= {"ColorSpace": space, "BitsPerComponent": 8}
        made.update(pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, **told))
        made.Filter = pikepdf.Name.FlateDecode
        return made

    drawn = stream(strip.convert("RGB").tobytes(), pikepdf.Name.DeviceRGB)
    drawn.SMask = document.make_indirect(stream(strip.getchannel("A").tobytes(), pikepdf.Name.DeviceGray))
    return drawn
