"""Bytes on disk by their SHA-256: written aside, flushed to the disk, then named; never overwritten."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

_PIECE = 1024 * 1024
_ASIDE = "incoming"


def place_of(sha256: str) -> Path:
    """Where the bytes of that hash lie, or would."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def receive(pieces: Iterable[bytes], *, most: int) -> Path:
    """The bytes in a file aside, of which nothing is known yet; the caller keeps or removes it.

    Raises ValueError when they are more than `most`; nothing is left then.
    """
    folder = Path(settings.MEDIA_ROOT) / _ASIDE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, delete=False) as file:
        path = Path(file.name)
        try:
            for piece in _bounded(pieces, most):
                file.write(piece)
        except BaseException:
            path.unlink()
            raise
    return path


def keep(path: Path) -> str:
    """The file aside lies under its hash, safe against a power cut; answers the hash in hex.

    File and folder are flushed before anything says that it was received.
    """
    digest = hashlib.sha256()
    with path.open("rb+") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
        os.fsync(file.fileno())
    sha256 = digest.hexdigest()
    target = place_of(sha256)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.exists():
        path.unlink()
        # It came again now: who clears what no row names waits for this one's row as well.
        os.utime(target)
    else:
        path.chmod(0o600)
        path.rename(target)
    for folder in (target.parent, target.parent.parent):
        _flush(folder)
    return sha256


def keep_bytes(data: bytes) -> str:
    """As `keep`, for what the platform made itself."""
    return keep(receive([data], most=len(data)))


def lying() -> Iterator[Path]:
    """Every file that lies here, named or aside."""
    root = Path(settings.MEDIA_ROOT)
    yield from root.glob("??/??/*")
    yield from root.glob(f"{_ASIDE}/*")


def _bounded(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise ValueError(most)
        yield piece


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
