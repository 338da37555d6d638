"""A folder filled piece by piece, by several processes, that goes on where a killed run left off.

A piece is made in a place of its own, moved to where it belongs in one step, and noted with the hash of what it was
made from and of what it became. A later run keeps a piece when both still agree and makes every other anew; what lies
half done is swept away. The finished folder holds the same bytes whatever happened on the way.
"""

import contextlib
import fcntl
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from ceping.core.finding import Finding, Level, fault
from ceping.folder.manifest import MANIFEST, files_in
from ceping.folder.output import Refused, check_output

_PARTS, _JOURNAL, _LOCK = ".parts", ".journal.jsonl", ".lock"
_AHEAD = 2
_CHUNK = 1 << 20
# A worker is replaced now and then, so that what its libraries keep does not add up.
_TASKS = 100
_WARNINGS = "PYTHONWARNINGS"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece to be made: its name in the journal, and what `make` is given beside the place to write to."""

    key: str
    given: Any


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a piece: `inputs` is the hash of what it was made from, `files` those it left, by their path.

    Without files it failed, and the findings say why. `kept` says that a former run had made it.
    """

    key: str
    inputs: str
    files: Mapping[str, str]
    findings: Sequence[Finding] = ()
    kept: bool = False


@dataclass
class Batch:
    """The folder while it is filled; `former` are the pieces an earlier run left, by key."""

    out: Path
    command: str
    marker: str
    former: dict[str, Made] = field(default_factory=dict)
    done: dict[str, Made] = field(default_factory=dict)

    def put(self, made: Made, place: Path) -> None:
        """What stands in `place` stands in the folder, and the journal says so."""
        for entry in sorted(place.iterdir()):
            _move(entry, self.out, place)
        self._note(made)

    def keep(self, made: Made) -> None:
        """A piece of an earlier run stays, or one that failed is remembered for its findings."""
        self.done[made.key] = made

    def finish(self, about: Mapping[str, Any], *, others: bool = False) -> dict[str, str]:
        """What no piece of this run left is gone, the marker and the list of hashes stand; answers hashes by path.

        `others` keeps former pieces that this run was not asked for, as they were noted.
        """
        if others:
            self.done |= {key: made for key, made in self.former.items() if key not in self.done}
        hashes = {name: sha256 for made in self.done.values() for name, sha256 in made.files.items()}
        for made in self.former.values():
            for name in set(made.files) - set(hashes):
                (self.out / name).unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    (self.out / name).parent.rmdir()
        pieces = [_told(made) for _, made in sorted(self.done.items()) if made.files]
        told = {"command": self.command, **about, "pieces": pieces}
        _write(self.out / self.marker, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        hashes[self.marker] = sha256_of(self.out / self.marker)
        for path in self.out.iterdir():
            if path.is_file() and path.name not in hashes and path.name not in (MANIFEST, _JOURNAL, _LOCK):
                hashes[path.name] = sha256_of(path)
        _write(self.out / MANIFEST, "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(hashes.items())))
        shutil.rmtree(self.out / _PARTS, ignore_errors=True)
        (self.out / _JOURNAL).unlink(missing_ok=True)
        return hashes

    def _note(self, made: Made) -> None:
        self.done[made.key] = made
        with (self.out / _JOURNAL).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(_told(made), ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())


@contextlib.contextmanager
def filling(out: Path, *, command: str, marker: str, season: Path | None = None) -> Iterator[Batch]:
    """The folder open for filling by this run alone; raises output.Refused for a foreign or busy one."""
    own = {_PARTS, _JOURNAL, _LOCK, f".{marker}.part"}
    # A run that was killed at once has left nothing but these.
    if not (out.is_dir() and not out.is_symlink() and own.issuperset(path.name for path in out.iterdir())):
        check_output(out, command=command, season=season, marker=marker)
    elif season is not None:
        # Of such a folder only the place can be wrong, which any path inside of it shows as well.
        check_output(out / _PARTS / _LOCK, command=command, season=season, marker=marker)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / _LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Refused(fault("batch_busy", path=out)) from error
            if not (out / marker).is_file():
                _write(out / marker, json.dumps({"command": command, "pieces": []}) + "\n")
            shutil.rmtree(out / _PARTS, ignore_errors=True)
            (out / _PARTS).mkdir()
            yield Batch(out, command, marker, _former(out, marker))
            (out / _LOCK).unlink(missing_ok=True)
    except OSError as error:
        raise Refused(fault("out_unwritable", path=out, reason=error.strerror or str(error))) from error


Maker = Callable[[Any, Path, "Made | None", Path], Made]


def fill(batch: Batch, pieces: Iterable[Piece], make: Maker, *, workers: int = 0) -> Iterator[Made]:
    """Every piece made and put in its place, in any order; one whose worker died is answered with a finding.

    `make(given, place, former, out)` runs in another process and writes into the empty folder `place`, unless `former`
    is still right; it is a function of a module. Few pieces are under way at once, so memory stays flat.
    """
    count = workers or os.cpu_count() or 1
    waiting: deque[tuple[Piece, Future[Made]]] = deque()
    pool = _pool(count)
    again: list[Piece] = []
    try:
        for piece in pieces:
            try:
                waiting.append((piece, _submitted(pool, batch, piece, make)))
            except BrokenProcessPool:
                again += [piece, *(one for one, _ in waiting)]
                waiting.clear()
                pool = _pool(count)
            while len(waiting) >= count * _AHEAD:
                yield from _taken(batch, *waiting.popleft(), again)
        while waiting:
            yield from _taken(batch, *waiting.popleft(), again)
        for piece in again:
            # Which of those under way brought the worker down shows when each has one to itself.
            pool.shutdown(wait=False, cancel_futures=True)
            pool = _pool(1)
            try:
                yield _settled(batch, _submitted(pool, batch, piece, make).result())
            except BrokenProcessPool:
                yield _settled(batch, Made(piece.key, "", {}, [fault("batch_worker_died", file=piece.key)]))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, batch: Batch, piece: Piece, make: Maker) -> "Future[Made]":
    place = batch.out / _PARTS / piece.key
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    return pool.submit(make, piece.given, place, batch.former.get(piece.key), batch.out)


def _taken(batch: Batch, piece: Piece, future: "Future[Made]", again: list[Piece]) -> Iterator[Made]:
    try:
        yield _settled(batch, future.result())
    except BrokenProcessPool:
        again.append(piece)


def _settled(batch: Batch, made: Made) -> Made:
    place = batch.out / _PARTS / made.key
    if made.files and not made.kept:
        batch.put(made, place)
    else:
        batch.keep(made)
    shutil.rmtree(place, ignore_errors=True)
    return made


def still_right(former: "Made | None", inputs: str, out: Path) -> bool:
    """Whether a former piece was made from the same and every file of it is as it was left."""
    if former is None or former.inputs != inputs or not former.files:
        return False
    try:
        return all(sha256_of(out / name) == sha256 for name, sha256 in former.files.items())
    except OSError:
        return False


def left_in(key: str, inputs: str, place: Path, findings: Sequence[Finding] = ()) -> Made:
    """What a maker answers: the files it wrote into its place, with their hashes."""
    return Made(key, inputs, {name: sha256_of(place / name) for name in sorted(files_in(place))}, tuple(findings))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pool(count: int) -> ProcessPoolExecutor:
    # Spawned: a fork would copy the locks of a progress bar's thread in whatever state they are.
    context = multiprocessing.get_context("spawn")
    parent = os.getpid()
    _start_tracker()
    return ProcessPoolExecutor(count, context, _ready, (parent,), max_tasks_per_child=_TASKS)


def _start_tracker() -> None:
    """The process that sweeps up after a killed run is there, and does its work without a word.

    Left to itself it says in English how many semaphores it found, in the middle of what somebody types next.
    """
    kept = os.environ.get(_WARNINGS)
    os.environ[_WARNINGS] = ",".join(filter(None, (kept, "ignore:resource_tracker:UserWarning")))
    try:
        resource_tracker.ensure_running()
    finally:
        if kept is None:
            del os.environ[_WARNINGS]
        else:
            os.environ[_WARNINGS] = kept


def _ready(parent: int) -> None:
    """The worker leaves Ctrl-C to its parent and, on Linux, does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 -- Linux only

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _move(entry: Path, out: Path, place: Path) -> None:
    """Files take the place of their namesakes; of a folder `institutions` each folder inside is taken as a whole."""
    target = out / entry.relative_to(place)
    if entry.is_dir() and entry.parent == place:
        target.mkdir(exist_ok=True)
        for inner in sorted(entry.iterdir()):
            _move(inner, out, place)
        return
    if target.is_dir():
        target.rename(place / ".former")
    entry.rename(target)


def _former(out: Path, marker: str) -> dict[str, Made]:
    found: dict[str, Made] = {}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        for told in json.loads((out / marker).read_text(encoding="utf-8"))["pieces"]:
            found[told["key"]] = _read(told)
    with contextlib.suppress(OSError):
        for line in (out / _JOURNAL).read_text(encoding="utf-8").splitlines():
            # The last line may be cut off.
            with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
                made = _read(json.loads(line))
                found[made.key] = made
    return found


def _told(made: Made) -> dict[str, Any]:
    told: dict[str, Any] = {"key": made.key, "inputs": made.inputs, "files": dict(sorted(made.files.items()))}
    told["findings"] = [[one.code, one.file, one.place, dict(one.values), one.level.value] for one in made.findings]
    return told


def _read(told: Mapping[str, Any]) -> Made:
    findings = [
        Finding(code, file, place, tuple(values.items()), Level(level))
        for code, file, place, values, level in told["findings"]
    ]
    files = {str(name): str(sha256) for name, sha256 in told["files"].items()}
    if any(name.startswith("/") or ".." in name.split("/") for name in (*files, f"{told['key']}/")):
        raise ValueError(told["key"])
    return Made(str(told["key"]), str(told["inputs"]), files, tuple(findings))


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
