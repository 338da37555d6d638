"""What a command has printed put into a folder: nothing that somebody may have signed is written over in silence."""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ceping.core.finding import Finding, fault


def standing_in(out: Path, files: Mapping[str, bytes]) -> list[Finding]:
    """Files of these names that hold something else: somebody may have written in them or sealed them."""
    there = [name for name, data in files.items() if (out / name).exists() and (out / name).read_bytes() != data]
    return [fault("render_file_stands", file=name, folder=out) for name in there]


def write_files(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Every file is there whole, or none of them is new, nor the folder."""
    stood = out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".ceping-", dir=out) as folder:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            for name in files:
                (Path(folder) / name).replace(out / name)
    except OSError:
        if not stood:
            with suppress(OSError):
                out.rmdir()
        raise
    return [out / name for name in files]
