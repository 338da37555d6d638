"""What a file is by its first bytes, whatever its name says."""

from enum import StrEnum
from pathlib import Path

_HEAD = 1024
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_MOVIE_BOXES = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


class Kind(StrEnum):
    """The kinds that evidence comes in; OFFICE is any package of Word, Excel or WPS, old or new."""

    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    BMP = "bmp"
    GIF = "gif"
    WEBP = "webp"
    HEIF = "heif"
    PDF = "pdf"
    OFFICE = "office"
    VIDEO = "video"
    EMPTY = "empty"
    OTHER = "other"


# Suffixes that may stand on each kind; the first is the usual one.
SUFFIXES = {
    Kind.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    Kind.PNG: ("png",),
    Kind.TIFF: ("tif", "tiff"),
    Kind.BMP: ("bmp", "dib"),
    Kind.GIF: ("gif",),
    Kind.WEBP: ("webp",),
    Kind.HEIF: ("heic", "heif", "hif", "avif"),
    Kind.PDF: ("pdf",),
    Kind.OFFICE: ("docx", "xlsx", "pptx", "doc", "xls", "ppt", "wps", "et", "dps"),
    Kind.VIDEO: ("mp4", "mov", "m4v"),
}
PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.BMP, Kind.GIF, Kind.WEBP, Kind.HEIF})


def kind_of(path: Path) -> Kind:
    """What the file's first bytes say it is; of a zip its name decides whether it is an office package."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return kind_of_bytes(head, suffix_of(path.name))


def suffix_of(name: str) -> str:
    """The part after the last dot in small letters; empty when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of_bytes(head: bytes, suffix: str = "") -> Kind:
    """As `kind_of`, for the first 1024 bytes of a file."""
    if not head:
        return Kind.EMPTY
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return Kind.HEIF if head[8:12] in _HEIF_BRANDS else Kind.VIDEO
    if head[4:8] in _MOVIE_BOXES:
        return Kind.VIDEO
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return Kind.OFFICE if suffix in SUFFIXES[Kind.OFFICE] else Kind.OTHER
    # Readers accept a PDF behind some bytes of other things.
    return Kind.PDF if b"%PDF-" in head else Kind.OTHER


_STARTS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"GIF87a", Kind.GIF),
    (b"GIF89a", Kind.GIF),
    (b"BM", Kind.BMP),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"II+\x00", Kind.TIFF),
    (b"MM\x00+", Kind.TIFF),
    (b"%PDF-", Kind.PDF),
)
