"""Archives that would land elsewhere, hide or double something, or grow without end; each maker makes one file."""

import stat
from pathlib import Path

from tests.factories.raw_zip import MB, STORED, Entry, entry, long_entry, write

_LOCKED = 0x1


def _archive(folder: Path, *entries: Entry, overlapping: bool = False) -> Path:
    return write(folder / "附件.zip", entries, overlapping=overlapping)


def plain(folder: Path, _: str) -> Path:
    return _archive(folder, entry("附件01/", b""), entry("附件01/执照.jpg"), entry("附件02.pdf"))


def parent_folder(folder: Path, _: str) -> Path:
    return _archive(folder, entry("../x.txt"))


def parent_in_the_middle(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a/../../x.txt"))


def absolute(folder: Path, _: str) -> Path:
    return _archive(folder, entry("/etc/x"))


def backslashes(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a\\..\\b.txt"))


def drive(folder: Path, _: str) -> Path:
    return _archive(folder, entry("C:x.txt"))


def nul_in_name(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a.jpg\x00.exe"))


def link(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x", b"/etc/passwd", mode=stat.S_IFLNK | 0o777))


def device(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x", mode=stat.S_IFCHR | 0o600))


def folder_with_content(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a/", b"hidden"))


def file_and_folder(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a"), entry("a/b"))


def archive_within(folder: Path, _: str) -> Path:
    inner = write(folder / "inner", [entry("x")])
    data = inner.read_bytes()
    inner.unlink()
    return _archive(folder, entry("inner.dat", data))


def rar_within(folder: Path, _: str) -> Path:
    return _archive(folder, entry("inner.bin", b"Rar!\x1a\x07\x01\x00"))


def hundred_thousand(folder: Path, _: str) -> Path:
    one = entry("x", b"")
    return _archive(folder, *(Entry(b"%06d" % number, one.packed, 0, 0) for number in range(100_000)))


def ten_thousand_and_one(folder: Path, _: str) -> Path:
    one = entry("x", b"")
    return _archive(folder, *(Entry(b"%06d" % number, one.packed, 0, 0) for number in range(10_001)))


def high_ratio(folder: Path, _: str) -> Path:
    return _archive(folder, long_entry("zeros.txt", bytes(MB), 50))


def total_too_large(folder: Path, _: str) -> Path:
    block = bytes((number * number >> 3) & 255 for number in range(65536))
    return _archive(folder, *(long_entry(f"{part}.bin", block, 16 * 60) for part in range(4)))


def overlapping(folder: Path, _: str) -> Path:
    one = entry("x", b"x" * 100_000)
    return _archive(folder, *(Entry(b"x", one.packed, one.crc, one.size) for _ in range(50)), overlapping=True)


def overlapping_names(folder: Path, _: str) -> Path:
    """Every entry of the directory is the same stretch of the file, under names of its own."""
    one = entry("0", b"x" * 100_000)
    entries = (Entry(b"%d" % number, one.packed, one.crc, one.size) for number in range(10))
    return _archive(folder, *entries, overlapping=True)


def smaller_than_said(folder: Path, _: str) -> Path:
    """Says ten bytes, is fifty megabytes: who believes it unpacks a bomb."""
    bomb = long_entry("x.txt", bytes(MB), 5)
    return _archive(folder, Entry(bomb.name, bomb.packed, bomb.crc, 10))


def much_smaller_than_said(folder: Path, _: str) -> Path:
    """Says ten bytes, is 240 megabytes of no suspicious ratio: only counting finds it before its end."""
    block = bytes((number * number >> 3) & 255 for number in range(65536))
    bomb = long_entry("x.bin", block, 16 * 240)
    return _archive(folder, Entry(bomb.name, bomb.packed, bomb.crc, 10))


def larger_than_said(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x.txt", b"short", size=50_000))


def wrong_checksum(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x.txt", crc=1))


def other_name_before_its_bytes(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a.txt", local_name=b"b.txt"))


def locked(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x", flags=_LOCKED))


def odd_method(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x", method=97))


def stored(folder: Path, _: str) -> Path:
    return _archive(folder, entry("x", packed=b"content", method=STORED))


def gb18030_names(folder: Path, _: str) -> Path:
    return _archive(folder, entry("附件一.jpg".encode("gb18030"), flags=0))


def names_of_no_encoding(folder: Path, _: str) -> Path:
    return _archive(folder, entry(b"\xff\xfe.jpg"))


def names_alike_in_case(folder: Path, _: str) -> Path:
    return _archive(folder, entry("Scan.JPG"), entry("scan.jpg"))


def names_alike_in_form(folder: Path, _: str) -> Path:
    return _archive(folder, entry("caf\u00e9.jpg"), entry("cafe\u0301.jpg"))


def doubled(folder: Path, _: str) -> Path:
    return _archive(folder, entry("a.txt", b"one"), entry("a.txt", b"two"))


def empty(folder: Path, _: str) -> Path:
    return _archive(folder)


def cut_off(folder: Path, _: str) -> Path:
    path = plain(folder, _)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 99 // 100])
    return path


def a_thousand_faults(folder: Path, _: str) -> Path:
    return _archive(folder, *(entry(f"../{number}") for number in range(1000)))
