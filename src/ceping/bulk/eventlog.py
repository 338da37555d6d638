"""A log of events as a folder of Parquet parts, each a stretch of sequences, and the list of them with checksums.

    FOLDER/log.json                                      the parts in order
    FOLDER/events/000000000001-000000500000.parquet      event columns, and `sequence`

A part is made beside its place, made durable, then listed: what is not listed does not count. So whoever is stopped in
the middle goes on where the list ends.
"""

# Every name and number in the SQL is our own, or is quoted.
# ruff: noqa: S608

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import duckdb

from ceping.bulk.request import Unreadable
from ceping.bulk.table import quoted
from ceping.core.finding import Finding, fault
from ceping.core.points import EVENT_COLUMNS

LIST, EVENTS = "log.json", "events"
# What a count works in while it goes on.
WORK = "recount-"
_FORMAT = 1
_NAME = re.compile(r"\.?[0-9]{12}-[0-9]{12}\.(parquet|csv|making)")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """The events with sequences from `first` to `last`, both in it; `size` in bytes."""

    first: int
    last: int
    rows: int
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """Its file in the folder of events."""
        return f"{self.first:012d}-{self.last:012d}.parquet"


def parts_in(folder: Path) -> list[Part]:
    """The parts that are listed; none where nothing was written yet. Raises Unreadable when the list is spoiled."""
    try:
        given = json.loads((folder / LIST).read_text(encoding="utf-8"))
        parts = [Part(**one) for one in given["parts"]] if given["format"] == _FORMAT else None
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        parts = None
    if parts is None or any(one.first != last + 1 for one, last in _joined(parts)):
        raise Unreadable(fault("points_log_malformed", file=str(folder / LIST)))
    return parts


def paths_of(folder: Path, parts: Sequence[Part]) -> tuple[Path, ...]:
    """Where these parts lie."""
    return tuple(folder / EVENTS / one.name for one in parts)


def check_parts(folder: Path, parts: Sequence[Part], tell: Callable[[int], object] = lambda _size: None) -> None:
    """Every part is as it was written, byte for byte. Raises Unreadable with each that is not; `tell` gets bytes."""
    wrong: list[Finding] = []
    for one, path in zip(parts, paths_of(folder, parts), strict=True):
        try:
            sound = path.stat().st_size == one.size and _sha256(path) == one.sha256
        except OSError:
            sound = False
        if not sound:
            wrong.append(fault("points_log_part", file=str(path)))
        tell(one.size)
    if wrong:
        raise Unreadable(*wrong)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Nobody else writes the folder meanwhile. Raises Unreadable when somebody is at it."""
    with (folder / ".lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unreadable(fault("points_log_busy", file=str(folder))) from None
        for left in folder.glob(f"{WORK}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def tidy(folder: Path, parts: Sequence[Part]) -> None:
    """What a stopped run left behind is gone; a file of another kind is not ours and stays."""
    known = {one.name for one in parts}
    (folder / EVENTS).mkdir(parents=True, exist_ok=True)
    for path in (folder / EVENTS).iterdir():
        if path.name not in known and _NAME.fullmatch(path.name):
            path.unlink()


def add_part(
    folder: Path, parts: Sequence[Part], last: int, fill: Callable[[IO[bytes]], None]
) -> tuple[Part, list[Part]]:
    """The events after the listed ones up to `last` are a part: `fill` writes them as CSV with the sequence in front.

    Times are as PostgreSQL writes them in UTC. Answers the part, and the list with it. Raises Unreadable when the
    folder cannot be written; what is listed is then as before.
    """
    first = parts[-1].last + 1 if parts else 1
    place = folder / EVENTS / f"{first:012d}-{last:012d}.parquet"
    text, making = place.with_name(f".{place.stem}.csv"), place.with_name(f".{place.stem}.making")
    try:
        with text.open("wb") as stream:
            fill(stream)
        rows = _to_parquet(text, making)
        _make_durable(making)
        part = Part(first, last, rows, making.stat().st_size, _sha256(making))
        making.replace(place)
        _make_durable(place.parent)
        listed = [*parts, part]
        _list(folder, listed)
    except (OSError, duckdb.IOException) as error:
        reason = (getattr(error, "strerror", None) or str(error)).splitlines()[0][:120]
        raise Unreadable(fault("points_log_unwritable", file=str(folder), reason=reason)) from None
    finally:
        text.unlink(missing_ok=True)
        making.unlink(missing_ok=True)
    return part, listed


def _to_parquet(text: Path, place: Path) -> int:
    types = {name: "TIMESTAMPTZ" if name == "occurred_at" else "VARCHAR" for name in EVENT_COLUMNS}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in {"sequence": "BIGINT", **types}.items())
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB"}) as db:
        db.execute("SET TimeZone = 'UTC'")
        written = db.execute(
            f"COPY (SELECT * FROM read_csv({quoted(text)}, auto_detect = false, header = false, delim = ',',"
            f" quote = '\"', escape = '\"', nullstr = '', columns = {{{columns}}}))"
            f" TO {quoted(place)} (FORMAT parquet, COMPRESSION zstd)"
        ).fetchall()
    return int(written[0][0])


def _list(folder: Path, parts: Sequence[Part]) -> None:
    making = folder / f".{LIST}"
    record = {"format": _FORMAT, "parts": [asdict(one) for one in parts]}
    making.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    _make_durable(making)
    making.replace(folder / LIST)
    _make_durable(folder)


def _joined(parts: Sequence[Part]) -> list[tuple[Part, int]]:
    return list(zip(parts, [0, *(one.last for one in parts)], strict=False))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
