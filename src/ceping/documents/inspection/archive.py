"""A ZIP is held against its own directory before one entry is unpacked; what is unpacked is counted, not believed.

Nothing is written: entries are read in pieces and given to whoever looks at them. Refused are names that would leave
the folder, entries that hide or double others, and sizes that grow beyond their limit or differ from what was declared.
"""

import stat
import struct
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from zlib import error as DeflateError  # noqa: N812 -- an exception by its usual form

from ceping.core.finding import Finding, Level, fault
from ceping.documents.refusal import Refused

MB = 1024 * 1024
MOST_ENTRIES = 10_000
MOST_BYTES = 200 * MB
MOST_RATIO = 100
# A short part full of spaces shrinks a thousandfold and harms nobody.
_RATIO_FROM = 10 * MB
_PIECE = MB
_SHOWN = 3
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_LOCAL_SIZE = 30
_BEYOND_ALL = 1 << 40
_UTF8_FLAG, _LOCKED_FLAGS = 0x800, 0x2041
_ARCHIVES = ("zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "jar", "cab", "iso")
_ARCHIVE_HEADS = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
# Packages of office programs are ZIP files as well, and are looked into when they are read.
_PACKAGES = ("docx", "xlsx", "pptx", "docm", "xlsm", "ods", "odt", "odp", "ofd")
BROKEN = (zipfile.BadZipFile, UnicodeError, NotImplementedError, DeflateError, EOFError, OSError, ValueError)
Pieces = Iterator[bytes]


class Archive:
    """A ZIP opened for looking; `findings` are those of its directory. Raises `Refused` where reading ends."""

    def __init__(self, path: Path) -> None:
        size = path.stat().st_size
        _check_count(path, size)
        try:
            self._zip = zipfile.ZipFile(path)
        except BROKEN as error:
            raise Refused("zip_broken", detail=type(error).__name__) from None
        self._size = size
        self._read = 0
        self.entries = self._zip.infolist()
        self.findings = list(_directory_findings(self.entries, self._zip.start_dir))

    @property
    def names(self) -> list[str]:
        """The names of all entries as they stand in the directory."""
        return [entry.filename for entry in self.entries]

    def pieces(self, entry: zipfile.ZipInfo) -> Pieces:
        """The real bytes of an entry, piece by piece; raises `Refused` as soon as they pass a limit or prove a lie."""
        honest = copy(entry)
        # What is declared would end the reading early; the end of the stream alone ends it here.
        honest.file_size = _BEYOND_ALL
        count = 0
        try:
            with self._zip.open(honest) as stream:
                while piece := stream.read(_PIECE):
                    count += len(piece)
                    self._read += len(piece)
                    self._check(entry, count)
                    yield piece
        except Refused:
            raise
        except (*BROKEN, RuntimeError) as error:
            raise Refused("zip_entry_broken", {"entry": short(entry.filename)}, type(error).__name__) from None
        if count != entry.file_size:
            raise Refused("zip_size_lies", {"entry": short(entry.filename)})

    def _check(self, entry: zipfile.ZipInfo, count: int) -> None:
        if self._read > MOST_BYTES:
            raise Refused("zip_too_large", {"most": f"{MOST_BYTES // MB} MB"})
        if count > max(_RATIO_FROM, entry.compress_size * MOST_RATIO) or self._read > max(
            _RATIO_FROM, self._size * MOST_RATIO
        ):
            raise Refused("zip_ratio", {"entry": short(entry.filename), "most": str(MOST_RATIO)})


def contents_findings(archive: Archive) -> list[Finding]:
    """What is wrong inside a ZIP of files: every entry is read to its end, none is kept."""
    findings = []
    for entry in archive.entries:
        head = b""
        for piece in archive.pieces(entry):
            head = head or piece[:8]
        if is_archive(entry.filename, head):
            findings.append(fault("zip_nested", place=short(entry.filename)))
    return findings


def shortened(findings: list[Finding]) -> list[Finding]:
    """Three of each kind, and how many more there are: a hostile archive must not write the answer."""
    seen: Counter[str] = Counter()
    kept = []
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= _SHOWN:
            kept.append(finding)
    more = [(code, count - _SHOWN) for code, count in seen.items() if count > _SHOWN]
    return kept + [fault("more_of_a_kind", level=Level.WARNING, count=count, kind=code) for code, count in more]


def _check_count(path: Path, size: int) -> None:
    # The end record tells the number before 100 000 entries are made into objects.
    with path.open("rb") as stream:
        stream.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise Refused("zip_broken", detail="no end record")
    (count,) = struct.unpack_from("<H", tail, at + 10)
    if count > MOST_ENTRIES:
        raise Refused("zip_many_entries", {"most": str(MOST_ENTRIES)})


def _directory_findings(entries: list[zipfile.ZipInfo], end: int) -> Iterator[Finding]:
    if not entries:
        raise Refused("zip_empty")
    if len(entries) > MOST_ENTRIES:
        raise Refused("zip_many_entries", {"most": str(MOST_ENTRIES)})
    for entry in entries:
        yield from _entry_findings(entry)
    yield from _doubles(entries)
    yield from _overlaps(entries, end)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused("zip_too_large", {"most": f"{MOST_BYTES // MB} MB"})
    foreign = [entry for entry in entries if not entry.flag_bits & _UTF8_FLAG and not entry.filename.isascii()]
    if foreign:
        shown = short(_as_gb18030(foreign[0]))
        yield fault("zip_names_not_utf8", level=Level.WARNING, count=len(foreign), example=shown)


def _entry_findings(entry: zipfile.ZipInfo) -> Iterator[Finding]:
    name, place = entry.orig_filename, short(entry.filename)
    kind, folder = stat.S_IFMT(entry.external_attr >> 16), name.endswith("/")
    if kind == stat.S_IFLNK:
        yield fault("zip_link", place=place)
    elif kind not in (0, stat.S_IFDIR if folder else stat.S_IFREG) or (folder and entry.file_size):
        yield fault("zip_no_file", place=place)
    if is_unsafe(name):
        yield fault("zip_name_unsafe", place=place)
    if entry.flag_bits & _LOCKED_FLAGS:
        yield fault("zip_locked", place=place)
    elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield fault("zip_method", place=place)


def is_unsafe(name: str) -> bool:
    """Whether an entry of this name could land outside its folder, or nowhere."""
    parts = name.removesuffix("/").split("/")
    odd = any(unicodedata.category(char) in ("Cc", "Cs") for char in name)
    return odd or "\\" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts)


def _doubles(entries: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    """Two entries for one place: by one name, by names that some systems take for one, or as file and folder."""
    seen: dict[str, str] = {}
    for entry in entries:
        name = entry.filename
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.rstrip("/")).casefold())
        if key in seen:
            if seen[key] == name:
                yield fault("zip_name_twice", place=short(name))
            else:
                yield fault("zip_names_alike", place=short(name), other=short(seen[key]))
        seen[key] = name
    files = {key for key, name in seen.items() if not name.endswith("/")}
    for key, name in seen.items():
        above = key.rpartition("/")[0]
        while above:
            if above in files:
                yield fault("zip_no_file", place=short(name))
                break
            above = above.rpartition("/")[0]


def _overlaps(entries: list[zipfile.ZipInfo], end: int) -> Iterator[Finding]:
    spans = sorted((entry.header_offset, entry.compress_size, entry.filename) for entry in entries)
    for (start, length, name), after in zip(spans, [*(span[0] for span in spans[1:]), end], strict=True):
        if start < 0 or start + _LOCAL_SIZE + length > after:
            yield fault("zip_overlap", place=short(name))


def is_archive(name: str, head: bytes) -> bool:
    """Whether an entry is an archive itself; packages of office programs are not meant."""
    suffix = name.rpartition(".")[2].lower()
    return (
        suffix in _ARCHIVES
        or head.startswith(_ARCHIVE_HEADS)
        or (head[:4] == b"PK\x03\x04" and suffix not in _PACKAGES)
    )


def _as_gb18030(entry: zipfile.ZipInfo) -> str:
    raw = entry.orig_filename.encode("cp437", "replace")
    return raw.decode("gb18030", "replace")


def short(name: str) -> str:
    """A name of an entry as it can be printed: on one line, without surprises."""
    shown = "".join(char if char.isprintable() else "�" for char in name)
    return shown if len(shown) <= 80 else f"{shown[:40]}…{shown[-30:]}"
