"""A folder written beside its place and put there by one rename: readers see the old one or the new one, never half."""

import ctypes
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2
_LONGEST_NAME = 100


@contextmanager
def put_in_place(
    out: Path, *, may: Callable[[], None], when: Callable[[Path], bool], unwritable: Callable[[OSError], Exception]
) -> Iterator[Path]:
    """A new folder to write into, which takes the place of `out` when the block ends well and `when` says so.

    `may` raises when `out` must be left alone; it is asked again just before. `unwritable` makes the exception to raise
    when there is no room beside `out`. Nothing is left when the folder is not put in place; what a killed process left
    is swept away by the next one.
    """
    place = out.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        staging = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    except OSError as error:
        raise unwritable(error) from error
    try:
        with (staging / "lock").open("w") as lock:
            # Held as long as this process lives: what is left without its holder may be swept away.
            fcntl.flock(lock, fcntl.LOCK_EX)
            draft = staging / "result"
            draft.mkdir()
            yield draft
            if when(draft):
                may()
                _put(draft, place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _prefix(place: Path) -> str:
    return f".{place.name[:_LONGEST_NAME]}.ceping-"


def _sweep(place: Path) -> None:
    for left in place.parent.iterdir():
        if left.name.startswith(_prefix(place)):
            with suppress(OSError), (left / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)


def _put(draft: Path, place: Path) -> None:
    if place.is_dir() and any(place.iterdir()):
        if _exchanged(draft, place):
            return
        # Without an exchange by the system there is an instant without a result, but never half of one.
        place.rename(draft.with_name("former"))
    draft.rename(place)


def _exchanged(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    answer = call(_AT_CURRENT_FOLDER, os.fsencode(one), _AT_CURRENT_FOLDER, os.fsencode(other), _EXCHANGE)
    return bool(answer == 0)
