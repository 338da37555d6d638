"""The result folder: written beside its place, put there by one rename, and only where nothing else is lost."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ceping.bulk.placing import put_in_place
from ceping.bulk.request import Unreadable
from ceping.core.finding import fault

COMMAND = "points score"
RUN = "run.json"
_OWN_FILES = {RUN, *(f"{name}{end}" for name in ("totals", "ledger", "rejected") for end in (".csv", ".parquet", ""))}


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
    if foreign or not _is_former_run(out / RUN):
        raise Unreadable(fault("points_out_foreign", file=out.name, given="、".join((foreign or names)[:5])))


@contextmanager
def placed(out: Path) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends well; nothing is left when it does not."""
    check_out(out)
    staged = put_in_place(
        out, may=lambda: check_out(out), when=lambda _: True, unwritable=lambda error: _unwritable(out, error)
    )
    with staged as result:
        yield result
        _make_durable(result)


def _make_durable(result: Path) -> None:
    for path in (*result.rglob("*"), result):
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
