"""Scans of every format become plain JPG pages; what cannot is refused by its own name."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms

from ceping.documents.pictures import Page, jpg_pages, upright
from ceping.documents.refusal import Refused
from tests.factories.scan import camera_exif, page, write_pdf

SMALL = {"width": 600, "height": 800}


def opened(found: Page) -> Image.Image:
    return Image.open(io.BytesIO(found.data))


def is_near(colour: tuple[int, ...] | int, wanted: tuple[int, ...], *, by: int = 12) -> bool:
    found = (colour,) * 3 if isinstance(colour, int) else colour
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def of_palette(path: Path) -> None:
    picture = Image.new("P", (200, 100), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    picture.paste(1, (100, 0, 200, 100))
    picture.save(path, transparency=0)


def of_16_bits(path: Path) -> None:
    Image.fromarray(np.tile(np.array([0, 65535], np.uint16).repeat(100), (100, 1))).save(path)


def of_12_bits(path: Path) -> None:
    Image.fromarray(np.tile(np.array([0, 4095], np.uint16).repeat(100), (100, 1))).save(path)


def of_floats(path: Path) -> None:
    Image.fromarray(np.tile(np.array([0, 1], np.float32).repeat(100), (100, 1))).save(path)


def halves(left: str, right: str, mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (200, 100), left)
    picture.paste(right, (100, 0, 200, 100))
    return picture.convert(mode)


def saved(picture: Image.Image, **options: object) -> Callable[[Path], None]:
    return lambda path: picture.save(path, **options)


BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (255, 0, 0)


@pytest.mark.parametrize(
    ("name", "write", "left", "right"),
    [
        ("palette.png", of_palette, WHITE, RED),
        ("16.png", of_16_bits, BLACK, WHITE),
        ("12.tif", of_12_bits, BLACK, WHITE),
        ("1.tif", saved(halves("black", "white", "1"), compression="group4"), BLACK, WHITE),
        ("grey.png", saved(halves("black", "white", "L")), BLACK, WHITE),
        ("alpha.png", saved(halves("red", "white", "RGBA")), RED, WHITE),
        ("cmyk.jpg", saved(halves("red", "white", "CMYK"), quality=95), RED, WHITE),
        ("cmyk.tif", saved(halves("red", "white", "CMYK")), RED, WHITE),
        ("lab.tif", saved(ImageCms.profileToProfile(
            halves("red", "white"), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )), RED, WHITE),
        ("float.tif", of_floats, BLACK, WHITE),
        ("plain.bmp", saved(halves("red", "white")), RED, WHITE),
        ("plain.gif", saved(halves("red", "white")), RED, WHITE),
        ("plain.webp", saved(halves("red", "white"), lossless=True), RED, WHITE),
    ],
)  # fmt: skip
def test_colours_survive(
    tmp_path: Path, name: str, write: Callable[[Path], None], left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    write(tmp_path / name)
    (found,) = jpg_pages(tmp_path / name)
    picture = opened(found)
    assert picture.format == "JPEG"
    assert picture.size == (200, 100)
    assert is_near(picture.getpixel((50, 50)), left, by=30 if name == "lab.tif" else 12)
    assert is_near(picture.getpixel((150, 50)), right)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_photograph_stands_upright_and_tells_nothing(tmp_path: Path, orientation: int) -> None:
    turn = {1: 0, 3: 180, 6: 90, 8: 270}[orientation]
    path = tmp_path / "IMG_0001.jpg"
    upright_page = halves("red", "white").resize((400, 200))
    upright_page.rotate(turn, expand=True).save(path, exif=camera_exif(orientation=orientation), comment=b"by me")
    (found,) = jpg_pages(path)
    picture = opened(found)
    assert picture.size == (400, 200)
    assert is_near(picture.getpixel((50, 100)), RED)
    assert dict(picture.getexif()) == {}
    assert {"exif", "comment", "icc_profile"}.isdisjoint(picture.info)
    assert b"Zhang" not in found.data


def test_no_larger_than_a_page_needs(tmp_path: Path) -> None:
    def size_of(width: int, height: int, **options: object) -> tuple[int, int]:
        Image.new("L", (width, height)).save(tmp_path / "x.png", **options)
        (found,) = jpg_pages(tmp_path / "x.png")
        return found.width, found.height

    assert size_of(3000, 4000) == (1654, 2205)
    assert size_of(4000, 3000) == (2205, 1654)
    assert size_of(800, 600) == (800, 600)
    # A3 at 300 dpi says how large it is; a screenshot several screens long stays readable.
    assert size_of(3508, 4961, dpi=(300, 300)) == (2338, 3306)
    assert size_of(1080, 12000) == (1080, 12000)
    assert size_of(500, 66_000) == (492, 65_000)


def test_every_page_of_a_file(tmp_path: Path) -> None:
    pages = [page(seed, **SMALL) for seed in (1, 2, 3)]
    pages[0].save(tmp_path / "three.tif", save_all=True, append_images=[pages[1].convert("1"), pages[2]])
    write_pdf(tmp_path / "three.pdf", pages)
    tiff, pdf = list(jpg_pages(tmp_path / "three.tif")), list(jpg_pages(tmp_path / "three.pdf"))
    assert [(one.width, one.height) for one in tiff] == [(600, 800)] * 3
    assert [(one.width, one.height) for one in pdf] == [(600, 800)] * 3
    assert tiff == list(jpg_pages(tmp_path / "three.tif"))
    assert pdf == list(jpg_pages(tmp_path / "three.pdf"))
    pages[0].save(tmp_path / "moving.gif", save_all=True, append_images=pages[1:])
    assert len(list(jpg_pages(tmp_path / "moving.gif"))) == 1


def test_a_telephone_photograph(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    page(1, width=400, height=300).save(tmp_path / "x.heic", exif=camera_exif(orientation=1))
    (found,) = jpg_pages(tmp_path / "x.heic")
    assert (found.width, found.height) == (400, 300)
    assert dict(opened(found).getexif()) == {}


def test_a_heic_without_its_extra_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    (tmp_path / "x.heic").write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")
    with pytest.raises(Refused, match="scan_needs_heif"):
        list(jpg_pages(tmp_path / "x.heic"))


def cut(path: Path, share: float = 0.5) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def test_what_cannot_be_converted_is_refused_by_name(tmp_path: Path) -> None:
    page(1, **SMALL).save(tmp_path / "cut.jpg")
    page(1, **SMALL).save(tmp_path / "cut.png")
    page(1, **SMALL).save(tmp_path / "cut.tif", compression="tiff_lzw")
    write_pdf(tmp_path / "cut.pdf", [page(1, **SMALL)])
    for path in tmp_path.iterdir():
        cut(path)
    whole = write_pdf(tmp_path / "whole.pdf", [page(1, **SMALL)])
    with pikepdf.open(whole) as document:
        document.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
    Image.new("1", (13_000, 13_000)).save(tmp_path / "bomb.png")
    crc = bytearray((tmp_path / "bomb.png").read_bytes())
    crc[20] ^= 1
    (tmp_path / "crc.png").write_bytes(crc)
    (tmp_path / "x.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "page.jpg").write_text("<html/>", encoding="utf-8")
    (tmp_path / "empty.jpg").touch()
    told = {}
    for path in sorted(tmp_path.iterdir()):
        if path != whole:
            with pytest.raises(Refused) as refusal:
                list(jpg_pages(path))
            told[path.name] = refusal.value.code
    assert told == {
        "bomb.png": "scan_too_large",
        "crc.png": "scan_broken",
        "cut.jpg": "scan_broken",
        "cut.pdf": "scan_pdf_broken",
        "cut.png": "scan_broken",
        "cut.tif": "scan_broken",
        "empty.jpg": "scan_not_picture",
        "locked.pdf": "scan_pdf_locked",
        "page.jpg": "scan_not_picture",
        "x.svg": "scan_not_picture",
    }


def test_what_hides_behind_a_picture_is_gone(tmp_path: Path) -> None:
    halves("red", "white").save(tmp_path / "x.gif")
    with (tmp_path / "x.gif").open("ab") as stream:
        stream.write(b"<script>alert(1)</script>")
    (found,) = jpg_pages(tmp_path / "x.gif")
    assert b"script" not in found.data
    with upright(tmp_path / "x.gif") as picture:
        assert picture.size == (200, 100)
