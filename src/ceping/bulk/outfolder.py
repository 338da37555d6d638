"""The result folder: written beside its place, put there by one rename, and only where nothing else is lost."""

import ctypes
import fcntl
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ceping.bulk.request import Unreadable
from ceping.core.finding import fault

COMMAND = "points score"
_OWN_FILES = {
    "run.json",
    *(f"{name}.{kind}" for name in ("totals", "ledger", "rejected") for kind in ("csv", "parquet")),
}
_AT_CURRENT_FOLDER = -100
_EXCHANGE = 2


def check_out(out: Path) -> None:
    """Raises Unreadable unless the folder is absent, empty or a former result of the same command."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise Unreadable(fault("points_out_foreign", file=out.name, given=out.name))
    if not out.is_dir():
        return
    try:
        names = sorted(path.name for path in out.iterdir())
    except OSError as error:
        raise _unwritable(out, error) from None
    if not names:
        return
    foreign = [name for name in names if name not in _OWN_FILES]
    if foreign or not _is_former_run(out / "run.json"):
        raise Unreadable(fault("points_out_foreign", file=out.name, given="、".join((foreign or names)[:5])))


@contextmanager
def placed(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends well; nothing is left when it does not."""
    check_out(out)
    place = out.absolute()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place)
        staging = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        with (staging / "lock").open("w") as lock:
            # Held as long as this process lives: what is left without its holder may be swept away.
            fcntl.flock(lock, fcntl.LOCK_EX)
            result = staging / "result"
            result.mkdir()
            yield result
            _make_durable(result)
            check_out(out)
            _put(result, place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _prefix(place: Path) -> str:
    return f".{place.name}.ceping-"


def _sweep(place: Path) -> None:
    for left in place.parent.glob(f"{_escaped(_prefix(place))}*"):
        with suppress(OSError), (left / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)


def _escaped(text: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in text)


def _put(result: Path, place: Path) -> None:
    if place.is_dir() and any(place.iterdir()) and _exchange(result, place):
        return
    if place.is_dir() and any(place.iterdir()):
        # Without an exchange by the system there is an instant without a result, but never half of one.
        place.rename(result.with_name("former"))
    result.rename(place)


def _exchange(one: Path, other: Path) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    answer = call(_AT_CURRENT_FOLDER, os.fsencode(one), _AT_CURRENT_FOLDER, os.fsencode(other), _EXCHANGE)
    return bool(answer == 0)


def _make_durable(result: Path) -> None:
    for path in (*result.iterdir(), result):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_former_run(path: Path) -> bool:
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(run, dict) and run.get("command") == COMMAND


def _unwritable(out: Path, error: OSError) -> Unreadable:
    return Unreadable(fault("points_out_unwritable", file=out.name, reason=error.strerror or str(error)))
