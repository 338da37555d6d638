"""Pictures that are none, are cut off, or are larger than they look; each maker makes one file."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def _png(width: int, height: int, packed: bytes) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _jpeg(size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    buffer = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, "JPEG", **options)
    return buffer.getvalue()


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def plain_jpeg(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", _jpeg())


def plain_png(folder: Path, _: str) -> Path:
    return _write(folder / "执照.png", _png(8, 8, zlib.compress(b"\x00" * 72)))


def enormous_png(folder: Path, _: str) -> Path:
    return _write(folder / "执照.png", _png(13_000, 13_000, zlib.compress(bytes(13_000 * 1301), 9)))


def beyond_all_png(folder: Path, _: str) -> Path:
    return _write(folder / "执照.png", _png(2**31 - 1, 2**31 - 1, b""))


def enormous_gif(folder: Path, _: str) -> Path:
    size = struct.pack("<2H", 65_535, 65_535)
    return _write(folder / "图.gif", b"GIF89a" + size + b"\x00\x00\x00,\x00\x00\x00\x00" + size + b"\x00\x02\x00;")


def many_frames(folder: Path, _: str) -> Path:
    path = folder / "扫描.tif"
    frames = [Image.new("L", (2, 2)) for _ in range(301)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return path


def cut_off_jpeg(folder: Path, _: str) -> Path:
    data = _jpeg()
    return _write(folder / "执照.jpg", data[: len(data) * 99 // 100])


def cut_off_progressive_jpeg(folder: Path, _: str) -> Path:
    data = _jpeg(progressive=True)
    return _write(folder / "执照.jpg", data[: len(data) // 2])


def jpeg_with_thumbnail_cut_off(folder: Path, _: str) -> Path:
    """The end mark of the small picture within is still there."""
    data = _jpeg(exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00" + _jpeg((16, 16)))
    return _write(folder / "执照.jpg", data[: len(data) * 3 // 4])


def wrong_checksum(folder: Path, _: str) -> Path:
    data = bytearray(_png(8, 8, zlib.compress(b"\x00" * 72)))
    data[data.index(b"IDAT") + 8] ^= 0x55
    return _write(folder / "执照.png", bytes(data))


def png_without_end(folder: Path, _: str) -> Path:
    return _write(folder / "执照.png", _png(8, 8, zlib.compress(b"\x00" * 72))[:-12])


def drawing(folder: Path, address: str) -> Path:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://{address}/x.png"/></svg>'
    return _write(folder / "执照.png", svg.encode())


def web_page(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", b"\n  <!DOCTYPE html><script>alert(1)</script>")


def xml(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", b'\xef\xbb\xbf<?xml version="1.0"?><a/>')


def gif_and_script(folder: Path, _: str) -> Path:
    """A picture to a reader of pictures, a script to a browser that is told so."""
    buffer = BytesIO()
    Image.new("P", (10_799, 1)).save(buffer, "GIF")
    return _write(folder / "图.gif", buffer.getvalue() + b"*/=1;alert(1)//")


def with_place_and_author(folder: Path, _: str) -> Path:
    exif = Image.Exif()
    exif[0x013B] = "张三"
    exif.get_ifd(0x8825)[1] = "N"
    return _write(folder / "现场.jpg", _jpeg(exif=exif.tobytes()))


def png_called_jpg(folder: Path, _: str) -> Path:
    return plain_png(folder, _).rename(folder / "执照.jpg")


def pdf_called_jpg(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", b"%PDF-1.7\n")


def program_called_jpg(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", b"MZ\x90\x00\x03")


def nothing(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", b"")


def noise(folder: Path, _: str) -> Path:
    return _write(folder / "执照.jpg", bytes(range(1, 256)) * 10)
