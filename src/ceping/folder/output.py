"""Where results are written: beside the old ones, then put in their place at once; a foreign folder is left alone."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from ceping.bulk.placing import put_in_place
from ceping.core.finding import Finding, fault

RUN = "run.json"
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
    staged = put_in_place(
        out,
        may=lambda: check_output(out, command=command, marker=marker),
        when=lambda draft: (draft / marker).is_file(),
        unwritable=lambda error: _unwritable(out, error),
    )
    with staged as draft:
        yield draft


def _unwritable(out: Path, error: OSError) -> Refused:
    return Refused(fault("out_unwritable", path=out, reason=error.strerror or str(error)))
