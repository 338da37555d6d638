"""Where results are written: beside the old ones, then put in their place at once; a foreign folder is left alone."""

import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ceping.core.finding import Finding, fault

RUN = "run.json"
_EXCHANGE = 2
_HERE = -100
_MOST_RUN_BYTES = 64 << 20


class Refused(Exception):
    """The place given for results cannot be used; nothing was written."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def check_output(out: Path, *, command: str, season: Path | None = None, marker: str = RUN) -> None:
    """Nothing, when `out` is absent, empty, or a former run of the same command; else raises Refused.

    A former run is known by the command its `marker` file names; results never lie in the season they are made from.
    """
    if season is not None:
        inside, whole = out.resolve(), season.resolve()
        if inside == whole or whole in inside.parents or inside in whole.parents:
            raise Refused(fault("out_inside_season", path=out))
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise Refused(fault("out_not_folder", path=out))
    try:
        if out.is_dir() and any(out.iterdir()) and _command_of(out / marker) != command:
            raise Refused(fault("out_foreign", path=out))
    except OSError as error:
        raise _unwritable(out, error) from error


def _command_of(run: Path) -> str:
    try:
        if run.stat().st_size > _MOST_RUN_BYTES:
            return ""
        found = json.loads(run.read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    return str(found.get("command", "")) if isinstance(found, dict) else ""


@contextlib.contextmanager
def replacing(out: Path, *, command: str, marker: str = RUN) -> Iterator[Path]:
    """A new folder beside `out` to write into, which takes its place when it holds its marker at the end, else is gone.

    A reader of `out` sees the old results or the new ones, never half of either.
    """
    place = out.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        staging = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        with (staging / "lock").open("w") as lock:
            # Held as long as this process lives: what is left without its holder may be swept away.
            fcntl.flock(lock, fcntl.LOCK_EX)
            draft = staging / "result"
            draft.mkdir()
            yield draft
            if (draft / marker).is_file():
                check_output(out, command=command, marker=marker)
                _put(draft, place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _prefix(place: Path) -> str:
    return f".{place.name[:100]}.ceping-"


def _sweep(place: Path) -> None:
    for left in place.parent.iterdir():
        if left.name.startswith(_prefix(place)):
            with contextlib.suppress(OSError), (left / "lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)


def _put(draft: Path, place: Path) -> None:
    if place.is_dir() and any(place.iterdir()):
        if _exchanged(draft, place):
            return
        place.rename(draft.with_name("former"))
    draft.rename(place)


def _exchanged(draft: Path, place: Path) -> bool:
    # Linux swaps two folders in one step; then there is no moment without results.
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(draft), _HERE, os.fsencode(place), _EXCHANGE) == 0


def _unwritable(out: Path, error: OSError) -> Refused:
    return Refused(fault("out_unwritable", path=out, reason=error.strerror or str(error)))
