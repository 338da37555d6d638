"""A file as pictures of its pages: drawn once in a child with limits, kept beside the store, drawn again when lost.

None of it is relied on: what was drawn long ago is removed, and drawn anew for whoever looks next.
"""

import base64
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from ceping.documents import confined
from ceping.ground.files.models import File
from ceping.ground.files.store import place_of
from ceping.ground.people.access import Refused

MB = 1024 * 1024
_LIMITS = confined.Limits(cpu_seconds=15, memory_bytes=1500 * MB, wall_seconds=40)
_COUNT, _DRAW = "ceping.documents.page_drawn:count_pages", "ceping.documents.page_drawn:draw_page"
_FOLDER = "shown"


def pages_of(file: File) -> int:
    """How many pages can be looked at; 0 of what is only downloaded. Raises Refused for what cannot be opened."""
    kept = _place(file, "pages")
    with suppress(OSError, ValueError):
        return int(kept.read_text(encoding="ascii"))
    count = int(_asked(_COUNT, file)["pages"])
    _keep(kept, str(count).encode("ascii"))
    return count


def page_picture(file: File, number: int, *, width: int) -> bytes:
    """The page, counted from 1, as a JPG of at most `width` pixels. Raises Refused, also for a page it has not."""
    kept = _place(file, f"{number}-{width}.jpg")
    with suppress(OSError):
        return kept.read_bytes()
    data = base64.b64decode(_asked(_DRAW, file, number=number, width=width)["jpeg"])
    _keep(kept, data)
    return data


def remove_drawn(*, before: datetime) -> int:
    """Pictures and counts drawn before that moment are gone, and the folders they left; answers how many files were."""
    removed = 0
    moment = before.timestamp()
    for folder, _, names in os.walk(Path(settings.MEDIA_ROOT) / _FOLDER, topdown=False):
        for name in names:
            path = Path(folder, name)
            with suppress(FileNotFoundError):
                if path.lstat().st_mtime < moment:
                    path.unlink()
                    removed += 1
        # Fails while something lies there.
        with suppress(OSError):
            Path(folder).rmdir()
    return removed


def _asked(task: str, file: File, **options: int) -> dict[str, str]:
    try:
        told: dict[str, str] = confined.run(task, place_of(file.blob.sha256), options, limits=_LIMITS)
    except confined.Refused as refused:
        raise Refused(confined.as_finding(refused, file=file.name)) from None
    return told


def _place(file: File, name: str) -> Path:
    sha256 = file.blob.sha256
    return Path(settings.MEDIA_ROOT) / _FOLDER / sha256[:2] / sha256 / name


def _keep(place: Path, data: bytes) -> None:
    """There whole or not at all; not flushed, as it can be made again.

    Its folder may be removed for being empty just now: then it is not kept this time.
    """
    with suppress(FileNotFoundError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as draft:
            draft.write(data)
        os.replace(draft.name, place)  # noqa: PTH105 -- of a name that is a text
