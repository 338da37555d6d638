"""What a file is by its bytes, finely enough to say what to do with it; its name is only held against it later."""

from enum import StrEnum
from pathlib import Path

from ceping.documents import kinds

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENTRY = 128
_MOST_OLE = 64 * 1024 * 1024


class Kind(StrEnum):
    """A kind by the suffix people know it by; what cannot be used is told apart as far as the advice differs."""

    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    PDF = "pdf"
    JPEG = "jpg"
    PNG = "png"
    TIFF = "tif"
    BMP = "bmp"
    GIF = "gif"
    WEBP = "webp"
    HEIF = "heic"
    VIDEO = "mp4"
    ZIP = "zip"
    # Refused, each with its own advice.
    MACRO = "macro"
    LOCKED_OFFICE = "locked"
    OLD_WORD = "doc"
    OLD_EXCEL = "xls"
    OLD_OFFICE = "ole"
    BINARY_EXCEL = "xlsb"
    TEMPLATE = "template"
    SLIDES = "pptx"
    OPEN_DOCUMENT = "odf"
    OFD = "ofd"
    ARCHIVE = "archive"
    MARKUP = "markup"
    PROGRAM = "program"
    EMPTY = "empty"
    OTHER = "other"


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.BMP, Kind.GIF, Kind.WEBP, Kind.HEIF})
USABLE = PICTURES | {Kind.DOCX, Kind.XLSX, Kind.CSV, Kind.JSONL, Kind.PARQUET, Kind.PDF, Kind.VIDEO, Kind.ZIP}
# The suffixes under which each kind may stand.
SUFFIXES = {
    Kind.DOCX: {"docx"},
    Kind.XLSX: {"xlsx"},
    Kind.CSV: {"csv", "txt", "tsv"},
    Kind.JSONL: {"jsonl", "ndjson"},
    Kind.PARQUET: {"parquet"},
    Kind.ZIP: {"zip"},
} | {kind: set(kinds.SUFFIXES[kinds.Kind(kind.name.lower())]) for kind in (*PICTURES, Kind.PDF, Kind.VIDEO)}
_STARTS = (
    (b"PAR1", Kind.PARQUET),
    (b"Rar!\x1a\x07", Kind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"BZh", Kind.ARCHIVE),
    (b"\xfd7zXZ", Kind.ARCHIVE),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
    (b"#!", Kind.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Kind.PROGRAM),
)
_CONTROLS = frozenset(range(1, 32)) - frozenset(b"\t\n\r\f\x0b\x1a\x1b")
_STREAMS = (
    ("EncryptedPackage", Kind.LOCKED_OFFICE),
    ("WordDocument", Kind.OLD_WORD),
    ("Workbook", Kind.OLD_EXCEL),
    ("Book", Kind.OLD_EXCEL),
)


def kind_of(path: Path) -> Kind:
    """The kind by the first bytes; a ZIP is `ZIP` whatever it holds, until its parts are looked at."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if head.startswith(_OLE):
            return _ole_kind(head + stream.read(_MOST_OLE))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ZIP
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    known = kinds.kind_of_bytes(head[:1024])
    if known not in (kinds.Kind.OTHER, kinds.Kind.OFFICE):
        return Kind[known.name]
    return _text_kind(head)


def _ole_kind(data: bytes) -> Kind:
    # Names of streams stand at the start of directory entries; in a text the same words hardly fall on such a place.
    for name, kind in _STREAMS:
        wanted = name.encode("utf-16-le") + b"\x00\x00"
        at = data.find(wanted)
        while at >= 0:
            if at % _OLE_ENTRY == 0:
                return kind
            at = data.find(wanted, at + 1)
    return Kind.OLD_OFFICE


def _text_kind(head: bytes) -> Kind:
    """A table as text, or objects by lines, or a page in tags; none holds control characters, but a stray NUL."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg", b"<table", b"<meta", b"<script", b"<!--")):
        return Kind.MARKUP
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Kind.CSV
    # A NUL is left to the reader of tables, which names its row.
    if _CONTROLS.intersection(head):
        return Kind.OTHER
    return Kind.JSONL if start.startswith(b"{") else Kind.CSV
