"""ZIP files byte by byte, so that what no library writes can be written: lies, overlaps, doubles, foreign names."""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

UTF8 = 0x800
STORED, DEFLATED = 0, 8
MB = 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """One entry; `size` and `packed_size` are what its directory says of it, whatever `packed` holds."""

    name: bytes
    packed: bytes
    crc: int
    size: int
    method: int = DEFLATED
    flags: int = UTF8
    mode: int = 0
    local_name: bytes | None = None


def entry(name: str | bytes, content: bytes = b"content", **changed: object) -> Entry:
    """An honest entry, but for what is changed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    raw = name.encode() if isinstance(name, str) else name
    honest: dict[str, object] = {"name": raw, "packed": packed, "crc": zlib.crc32(content), "size": len(content)}
    return Entry(**{**honest, **changed})  # type: ignore[arg-type]


def long_entry(name: str, block: bytes, times: int, *, before: bytes = b"", after: bytes = b"") -> Entry:
    """`block` so many times, packed once: a bomb costs nothing to make."""
    crc = zlib.crc32(before)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    middle = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.compress(after) + packer.flush()
    for _ in range(times):
        crc = zlib.crc32(block, crc)
    crc = zlib.crc32(after, crc)
    size = len(before) + len(block) * times + len(after)
    return Entry(name.encode(), start + middle * times + end, crc, size)


def write(path: Path, entries: Iterable[Entry], *, overlapping: bool = False) -> Path:
    """The archive stands at `path`; `overlapping` lets every entry of the directory point at the first one's bytes."""
    body, directory, count = bytearray(), bytearray(), 0
    for one in entries:
        offset = 0 if overlapping else len(body)
        if not overlapping or not body:
            body += _local(one) + one.packed
        directory += _central(one, offset)
        count += 1
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, min(count, 65535), min(count, 65535), len(directory), len(body), 0
    )
    path.write_bytes(bytes(body) + bytes(directory) + end)
    return path


def _local(one: Entry) -> bytes:
    name = one.name if one.local_name is None else one.local_name
    fixed = (20, one.flags, one.method, 0, 33, one.crc, len(one.packed), one.size, len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", *fixed) + name


def _central(one: Entry, offset: int) -> bytes:
    fixed = (0x0314, 20, one.flags, one.method, 0, 33, one.crc, len(one.packed), one.size, len(one.name), 0, 0, 0, 0)
    return struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *fixed, one.mode << 16, offset) + one.name
