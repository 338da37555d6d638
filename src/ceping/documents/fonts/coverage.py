"""Which characters a font file has, read from its own table, before any text is set with it."""

import struct
from collections.abc import Iterator
from pathlib import Path

# A font that maps more is no font: a wrong length must not fill the memory.
_MOST = 0x110000
_LEAST_GROUP = 12


class FontUnreadable(Exception):
    """The file is no TrueType or OpenType font, or its table of characters is broken."""


def characters_in(path: Path) -> frozenset[int]:
    """The code points that the font file has a glyph for; of a collection (.ttc) those of any of its fonts."""
    content = path.read_bytes()
    found: set[int] = set()
    try:
        for start in _fonts(content):
            found.update(_mapped(content, start))
    except (struct.error, IndexError, ValueError) as error:
        raise FontUnreadable(path.name) from error
    if not found:
        raise FontUnreadable(path.name)
    return frozenset(found)


def _fonts(content: bytes) -> tuple[int, ...]:
    """Where each font of the file begins."""
    if content[:4] != b"ttcf":
        return (0,)
    (count,) = struct.unpack_from(">I", content, 8)
    return struct.unpack_from(f">{min(count, 64)}I", content, 12)


def _mapped(content: bytes, start: int) -> Iterator[int]:
    (tables,) = struct.unpack_from(">H", content, start + 4)
    for number in range(tables):
        tag, _, place, _ = struct.unpack_from(">4sIII", content, start + 12 + 16 * number)
        if tag == b"cmap":
            break
    else:
        raise ValueError("no table of characters")
    (count,) = struct.unpack_from(">H", content, place + 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", content, place + 4 + 8 * number)
        # Unicode, or Windows in its basic and full form; other tables speak older encodings.
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            yield from _table(content, place + offset)


def _table(content: bytes, place: int) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", content, place)
    if form == 4:
        yield from _segments(content, place)
    elif form == 12:
        yield from _groups(content, place)


def _segments(content: bytes, place: int) -> Iterator[int]:
    """Format 4: segments of the basic plane, each with a shift or with glyphs of its own."""
    (double,) = struct.unpack_from(">H", content, place + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", content, place + 14)
    starts = struct.unpack_from(f">{count}H", content, place + 16 + double)
    shifts = struct.unpack_from(f">{count}H", content, place + 16 + 2 * double)
    base = place + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", content, base)
    for number, (start, end, shift, offset) in enumerate(zip(starts, ends, shifts, offsets, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            if offset:
                (glyph,) = struct.unpack_from(">H", content, base + 2 * number + offset + 2 * (code - start))
            else:
                glyph = (code + shift) & 0xFFFF
            if glyph:
                yield code


def _groups(content: bytes, place: int) -> Iterator[int]:
    """Format 12: runs of any plane."""
    (count,) = struct.unpack_from(">I", content, place + 12)
    if count * _LEAST_GROUP > len(content):
        raise ValueError("more groups than the file can hold")
    for number in range(count):
        start, end, glyph = struct.unpack_from(">III", content, place + 16 + 12 * number)
        if start > end or end >= _MOST:
            raise ValueError("a group beyond Unicode")
        yield from range(start if glyph else start + 1, end + 1)
