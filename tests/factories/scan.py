"""Scans as institutions hand them in, drawn with Pillow: pages of forms, photographs, licences."""

import io
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def page(seed: int = 1, *, width: int = 1654, height: int = 2339) -> Image.Image:
    """An A4 page of a printed form, filled by hand: pages of two seeds share their rules and headings."""
    chance = Random(seed)  # noqa: S311 -- a picture, no secret
    picture = Image.new("RGB", (width, height), "white")
    drawing = ImageDraw.Draw(picture)
    unit = width // 60
    drawing.text((width // 3, unit * 2), "SOCIAL INSURANCE", fill="black", font_size=unit * 3)
    for row in range(24):
        top = unit * 8 + row * unit * 3
        drawing.line((unit * 3, top, width - unit * 3, top), fill="black", width=3)
        words = "   ".join("".join(chance.choice(_LETTERS) for _ in range(chance.randint(4, 9))) for _ in range(5))
        drawing.text((unit * 4, top + unit // 2), f"{row + 1}   {words}", fill="black", font_size=unit * 2)
    for column in (3, 14, 30, 57):
        drawing.line((unit * column, unit * 8, unit * column, unit * 80), fill="black", width=3)
    drawing.ellipse(
        (width - unit * 24, height - unit * 20, width - unit * 10, height - unit * 6), outline="red", width=9
    )
    return picture


def photograph(seed: int = 1, *, width: int = 1600, height: int = 1200) -> Image.Image:
    """A picture with the falling spectrum of a photograph, different for each seed."""
    noise = np.random.default_rng(seed).standard_normal((height // 4, width // 4, 3))
    across, down = np.fft.fftfreq(width // 4)[None], np.fft.fftfreq(height // 4)[:, None]
    far = np.hypot(across, down)
    far[0, 0] = 1
    waves = np.fft.fft2(noise, axes=(0, 1)) / (far**1.1)[..., None]
    light = np.fft.ifft2(waves, axes=(0, 1)).real
    light = (light - light.min()) / (light.max() - light.min())
    return Image.fromarray((light * 255).astype(np.uint8)).resize((width, height))


def saved_again(picture: Image.Image, *, share: float = 0.5, quality: int = 50) -> Image.Image:
    """The same picture as a messenger sends it on: smaller and compressed harder."""
    buffer = io.BytesIO()
    picture.resize((round(picture.width * share), round(picture.height * share))).save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def camera_exif(*, orientation: int = 6) -> Image.Exif:
    """EXIF as a telephone writes it: which way up, who, and where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = orientation, "Zhang San"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 0.0)})
    return exif


def write_pdf(path: Path, pages: list[Image.Image]) -> Path:
    """A PDF of scanned pages without a text layer."""
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return path
