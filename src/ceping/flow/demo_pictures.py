"""Evidence of the demo that can be looked at: a drawn page a kind of document, different for each institution."""

import io
import struct
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from ceping.folder.demo.cast import Member
from ceping.folder.demo.paper import attachments_of

_SIZE = (620, 877)
_INK, _PAPER, _RED = (32, 36, 44), (252, 251, 247), (186, 40, 36)


def evidence_of(member: Member) -> Mapping[str, tuple[int, bytes]]:
    """The member's attachments by file name, each with its checklist item and a picture with a hash of its own."""
    return {
        name: (item, _marked(_drawn(name.split("_")[1].rstrip("甲乙丙")), f"{member.uscc} {name}"))
        for name, (item, _) in attachments_of(member).items()
    }


@cache
def _drawn(title: str) -> bytes:
    """One page under that title, plainly no real document."""
    page = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((24, 24, _SIZE[0] - 24, _SIZE[1] - 24), outline=_INK, width=2)
    draw.text((_SIZE[0] / 2, 130), title, font=_font(44), fill=_INK, anchor="mm")
    draw.text((_SIZE[0] / 2, 200), "示范材料 · 仅供演示", font=_font(24), fill=_RED, anchor="mm")
    for line in range(9):
        top = 290 + line * 46
        draw.line((90, top, _SIZE[0] - (90 if line % 4 else 210), top), fill=(200, 198, 192), width=3)
    draw.ellipse((390, 690, 530, 830), outline=_RED, width=4)
    draw.text((460, 760), "示范", font=_font(36), fill=_RED, anchor="mm")
    out = io.BytesIO()
    page.save(out, "JPEG", quality=70)
    return out.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = files("ceping.documents.fonts") / "NotoSansSC-Medium.ttf"
    return ImageFont.truetype(io.BytesIO(font.read_bytes()), size)


def _marked(jpeg: bytes, text: str) -> bytes:
    """The picture with a comment behind its first marker: other bytes, the same look."""
    body = text.encode()
    return jpeg[:2] + struct.pack(">BBH", 0xFF, 0xFE, len(body) + 2) + body + jpeg[2:]
