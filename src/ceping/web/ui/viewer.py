"""One viewer for every desk: pages as pictures with the reader's name on them, downloads that run nowhere.

A desk keeps its own routes and asks its stage who may look; then it hands the file to `look`, `picture` or `download`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from ceping.documents.fonts import faces
from ceping.ground.files.actions import bytes_of, note_look
from ceping.ground.files.models import File
from ceping.ground.files.shown import page_picture, pages_of
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User

WIDTHS = {"page": 1200, "thumb": 160}
_MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "mp4": "video/mp4",
}
_FONT = Path(faces.__file__).with_name("NotoSansSC-Medium.ttf")
_INK = (28, 35, 39, 56)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A file as one desk shows it: its title, where the reader came from, and the desk's own addresses.

    `picture` answers the address of a page's picture from its number and size (`page` or `thumb`); `others` are files
    beside this one, as (name, address, whether it is this one).
    """

    title: str
    back: str
    picture: Callable[[int, str], str]
    download: str
    others: tuple[tuple[str, str, bool], ...] = ()
    context: dict[str, Any] | None = None


def look(request: HttpRequest, file: File, shelf: Shelf) -> HttpResponseBase:
    """The page of the viewer. The look is recorded: the desk's door says `writes_on_get`."""
    at, findings, count = timezone.now(), [], 0
    try:
        count = pages_of(file)
    except Refused as refused:
        findings = [(one.message(), one.remedy()) for one in refused.findings]
    note_look(file=file, how="view", by=_reader(request), at=at)
    number = _number(request.GET.get("page", "1"), count)
    shown = {
        "file": file,
        "shelf": shelf,
        "number": number,
        "count": count,
        "pages": [(one, shelf.picture(one, "thumb")) for one in range(1, count + 1)],
        "picture": shelf.picture(number, "page") if count else "",
        "findings": findings,
        "crumbs": [(shelf.title, shelf.back), (file.name, "")],
    }
    return render(request, "ui/viewer.html", (shelf.context or {}) | shown)


def picture(request: HttpRequest, file: File, number: int, size: str) -> HttpResponseBase:
    """One page as a picture with the reader's name and the time across it. Raises Http404 for what cannot be drawn."""
    if size not in WIDTHS:
        raise Http404
    try:
        data = page_picture(file, number, width=WIDTHS[size])
    except Refused:
        raise Http404 from None
    if size == "page":
        data = marked(data, _reader(request).name, timezone.localtime())
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    # The name on it is this reader's, so it is kept nowhere between.
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def download(request: HttpRequest, file: File) -> HttpResponseBase:
    """The bytes as they came, to be saved and never opened within this site; recorded as `look` is."""
    note_look(file=file, how="download", by=_reader(request), at=timezone.now())
    answer = FileResponse(
        bytes_of(file).open("rb"),
        as_attachment=True,
        filename=file.name,
        content_type=_MIME.get(file.blob.kind, "application/octet-stream"),
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def marked(jpeg: bytes, name: str, at: datetime) -> bytes:
    """The picture with name and minute written across it again and again, faint enough to read through."""
    page = Image.open(BytesIO(jpeg)).convert("RGBA")
    text = f"{name}  {at:%Y-%m-%d %H:%M}"
    font = ImageFont.truetype(str(_FONT), 26)
    left, top, right, bottom = font.getbbox(text)
    tile = Image.new("RGBA", (int(right - left) + 60, int(bottom - top) + 16), (0, 0, 0, 0))
    ImageDraw.Draw(tile).text((30, 8 - top), text, font=font, fill=_INK)
    tile = tile.rotate(24, expand=True, resample=Image.Resampling.BICUBIC)
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    for row, down in enumerate(range(-tile.height // 2, page.height, tile.height + 90)):
        for across in range(-(row % 2) * tile.width // 2, page.width, tile.width + 40):
            layer.paste(tile, (across, down), tile)
    stream = BytesIO()
    Image.alpha_composite(page, layer).convert("RGB").save(stream, "JPEG", quality=82)
    return stream.getvalue()


def _reader(request: HttpRequest) -> User:
    return cast("User", request.user)


def _number(text: str, count: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), max(count, 1))
