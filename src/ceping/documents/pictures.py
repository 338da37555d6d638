"""Scans of any format into plain JPG pages: upright, without EXIF, no larger than a printed page needs."""

import io
import struct
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from ceping.documents.kinds import Kind, kind_of
from ceping.documents.refusal import Refused

MOST_PIXELS = 40_000_000
MOST_PAGES = 300
DPI = 200
# 85 without chroma subsampling: the red of a seal keeps its edge, and a page of text stays under 1 MB.
QUALITY = 85
_FORMATS = {
    Kind.JPEG: "JPEG",
    Kind.PNG: "PNG",
    Kind.TIFF: "TIFF",
    Kind.BMP: "BMP",
    Kind.GIF: "GIF",
    Kind.WEBP: "WEBP",
    Kind.HEIF: "HEIF",
}
# Of these every frame is a page; of GIF and WEBP the later ones are an animation.
_PAGED = (Kind.TIFF,)
_A4, _A3 = (1654, 2339), (2339, 3307)
# A JPG holds no side of 65 536 pixels.
_LONGEST = 65_000
_SENSIBLE_DPI = range(150, 1201)
_WHITE = (255, 255, 255)
# What Pillow and its decoders raise over a file that is cut off or contradicts itself.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, IndexError, KeyError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Page:
    """One JPG page: its bytes, which are the same for the same picture, and its size in pixels."""

    data: bytes
    width: int
    height: int


def jpg_pages(path: Path) -> Iterator[Page]:
    """The pages of a scan one after another, each at most A4 (A3 when it says so) at 200 dpi, quality 85.

    A JPG that is all of this and holds nothing but its picture stays byte for byte.
    Raises Refused for what is no picture or PDF, has over 40 million pixels or 300 pages, or is broken.
    """
    kind = kind_of(path)
    if kind is Kind.PDF:
        yield from _pdf_pages(path)
    elif kind in _FORMATS:
        with _opened(path, kind) as image:
            if kind is Kind.JPEG and _is_plain_already(image, path):
                yield Page(path.read_bytes(), image.width, image.height)
            else:
                yield from _picture_pages(image, kind)
    else:
        raise Refused("scan_not_picture")


def upright(path: Path, *, side: int = _A3[1]) -> Image.Image:
    """The first page as a plain picture (RGB or grey), for what looks at it; raises Refused.

    A JPEG may be decoded smaller, with at least `side` pixels a side, which is several times as fast.
    """
    kind = kind_of(path)
    if kind is Kind.PDF:
        with closing(_pdf_pages(path)) as pages:
            return Image.open(io.BytesIO(next(pages).data))
    if kind not in _FORMATS:
        raise Refused("scan_not_picture")
    with _opened(path, kind) as image:
        box = _box(image)
        return _sized(_plain(image, side), box)


def convert_files(path: Path, *, names: Sequence[str], into: str, stems: Sequence[str]) -> list[dict[str, Any]]:
    """The pages of each scan of the folder `path` stand in `into` as `stem_1.jpg` and so on.

    Made to be called in a child: of each scan `{"pages": [file, …]}` or `{"refused", "values"}` and no page of it.
    """
    told: list[dict[str, Any]] = []
    for name, stem in zip(names, stems, strict=True):
        pages: list[str] = []
        try:
            for number, page in enumerate(jpg_pages(path / name), 1):
                pages.append(f"{stem}_{number}.jpg")
                (Path(into) / pages[-1]).write_bytes(page.data)
            told.append({"pages": pages})
        except Refused as refused:
            for one in pages:
                (Path(into) / one).unlink()
            told.append({"refused": refused.code, "values": refused.values})
    return told


def jpg(image: Image.Image) -> Page:
    """The picture as a JPG of 200 dpi without anything but its pixels."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, subsampling=0, optimize=True, dpi=(DPI, DPI))
    return Page(buffer.getvalue(), image.width, image.height)


@contextmanager
def _opened(path: Path, kind: Kind) -> Iterator[Image.Image]:
    """The picture by its header alone, already held against the limit of pixels."""
    if kind is Kind.HEIF:
        _learn_heif()
    name = _FORMATS[kind]
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures; the limit here is lower than its own.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(path, formats=(name,)) as image:
                _check_size(image)
                yield image
    except Image.DecompressionBombError as error:
        raise Refused("scan_too_large", {"most": str(MOST_PIXELS // 10**6)}) from error
    except _BROKEN as error:
        raise Refused("scan_broken", detail=_reason(error)) from error


def _is_plain_already(image: Image.Image, path: Path) -> bool:
    parts = {name for name, _ in getattr(image, "applist", ())}
    short, long = sorted(image.size)
    box = _box(image)
    if image.mode not in ("L", "RGB") or not parts <= {"APP0"} or short > box[0] or long > box[1]:
        return False
    data = path.read_bytes()
    # The mark of the end stands once and last: nothing hides behind the picture. It is also read to its end.
    if data.count(b"\xff\xd9") != 1 or not data.endswith(b"\xff\xd9"):
        return False
    image.load()
    return True


def _learn_heif() -> None:
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 -- an extra that most do without
    except ImportError as error:
        raise Refused("scan_needs_heif") from error
    register_heif_opener(thumbnails=False)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise Refused("scan_too_large", {"most": str(MOST_PIXELS // 10**6)})


def _reason(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0][:120] or type(error).__name__


def _picture_pages(image: Image.Image, kind: Kind) -> Iterator[Page]:
    count = getattr(image, "n_frames", 1) if kind in _PAGED else 1
    if count > MOST_PAGES:
        raise Refused("scan_many_pages", {"count": str(count), "most": str(MOST_PAGES)})
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        if number >= count:
            break
        _check_size(frame)
        box = _box(frame)
        yield jpg(_sized(_plain(frame, _A3[1]), box))


def _plain(frame: Image.Image, side: int) -> Image.Image:
    """RGB or grey of 8 bits, the way up that the camera was held, on white where it was transparent."""
    if frame.format == "JPEG":
        # The decoder halves large photographs by itself, several times as fast as doing it later.
        frame.draft(None, (side, side))
    image = _in_srgb(ImageOps.exif_transpose(frame))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, _WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    elif image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    elif image.mode in ("1", "LA", "La"):
        image = image.convert("L")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    # Only the pixels go on: comments and profiles would be written again.
    image.info = {}
    return image


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "CMYK"):
        return image
    with suppress(ImageCms.PyCMSError, OSError):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        if changed is not None:
            return changed
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Deep grey at its own range: what a scanner of 12 bits wrote would look black at the range of 16."""
    # Loaded by these rare pictures alone: it takes longer than to draw a page.
    import numpy as np  # noqa: PLC0415

    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    top = next((top for top in (1.0, 255.0, 4095.0, 65535.0) if values.max() <= top), values.max())
    return Image.fromarray((values.clip(0) * (255 / top)).round().astype(np.uint8))


def _box(frame: Image.Image) -> tuple[int, int]:
    """The pixels its sheet may have at 200 dpi: A4, or as large as its own resolution says, up to A3."""
    short, long = sorted(frame.size)
    with suppress(TypeError, ValueError, ArithmeticError, IndexError):
        dpi = round(float(frame.info["dpi"][0])) if "dpi" in frame.info else 0
        if dpi in _SENSIBLE_DPI:
            short, long = short * DPI // dpi, long * DPI // dpi
            if short * 10 > _A4[0] * 11 or long * 10 > _A4[1] * 11:
                return min(short, _A3[0]), min(long, _A3[1])
    return _A4


def _sized(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    short, long = sorted(image.size)
    # A strip, as of a telephone's long screenshot, keeps its width: it is read by scrolling.
    share = min(1.0, box[0] / short, (_LONGEST if long > short * 3 else box[1]) / long)
    if share == 1.0:
        return image
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _pdf_pages(path: Path) -> Generator[Page, None, None]:
    import pypdfium2 as pdfium  # noqa: PLC0415 -- pictures alone need none of it

    try:
        document = pdfium.PdfDocument(path)
    except (pdfium.PdfiumError, OSError) as error:
        code = "scan_pdf_locked" if "password" in str(error).lower() else "scan_pdf_broken"
        raise Refused(code) from error
    try:
        if len(document) > MOST_PAGES:
            raise Refused("scan_many_pages", {"count": str(len(document)), "most": str(MOST_PAGES)})
        if not len(document):
            raise Refused("scan_pdf_broken")
        # Else the picture of a signature, which is a form field, would be left out.
        document.init_forms()
        for number in range(len(document)):
            page = document[number]
            width, height = page.get_size()
            most_short, most_long = _A3
            scale = DPI / 72
            short, long = sorted((max(width, 1.0), max(height, 1.0)))
            scale = min(scale, most_short / short, most_long / long)
            picture = page.render(scale=scale).to_pil()
            page.close()
            yield jpg(picture if picture.mode in ("L", "RGB") else picture.convert("RGB"))
    except pdfium.PdfiumError as error:
        raise Refused("scan_pdf_broken") from error
    finally:
        document.close()
