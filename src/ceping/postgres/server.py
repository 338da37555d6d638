"""The embedded server as its users see it: named by a folder, there when asked for, gone some time after the last."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ceping.postgres.place import Place, holding, locked
from ceping.postgres.programs import NoPostgres

# Recovery after a power cut reads the log of all that was not yet in its tables.
_PATIENCE = 600.0
_GRACE = 30.0
_LOOK_AGAIN = 0.02
# One shared lock a process and folder, held until the process ends: the kernel gives it back however that happens.
_held: dict[Path, int] = {}
# The server that last answered this process, by folder: number and time of the file that every start writes anew.
_answered: dict[Path, tuple[int, int]] = {}
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Server:
    """The server in `folder`. `grace` is how long it stays when nobody uses it, in seconds.

    `durable` off is for tests alone; `programs` names a folder with PostgreSQL's programs instead of those found.
    """

    folder: Path
    grace: float = _GRACE
    durable: bool = True
    programs: str = ""

    @property
    def place(self) -> Place:
        """Its files."""
        return Place(self.folder.resolve())

    def use(self) -> dict[str, str]:
        """The server runs and this process counts as its user; answers libpq's parameters.

        Raises NoPostgres with the reason when it cannot run, PermissionError when the folder is somebody else's.
        """
        place = self.place
        with _guard:
            if place.folder not in _held or not place.users.exists():
                place.make()
                descriptor = locked(place.users, fcntl.LOCK_SH)
                if descriptor is not None:
                    _held[place.folder] = descriptor
            started = place.started()
            if not (place.listens() and self._answers()):
                self._wait()
                started = place.started()
            if started is not None:
                _answered[place.folder] = started
        return place.parameters()

    def is_kept(self) -> bool:
        """Whether the server that last answered here still is the one that was started, and somebody keeps it.

        Asks the files alone, a thousandth of what `use` costs: for who connects again and again.
        """
        place = self.place
        answered = _answered.get(place.folder)
        if answered is None or answered != place.started() or place.folder not in _held:
            return False
        with holding(place.keeper, fcntl.LOCK_SH | fcntl.LOCK_NB) as nobody_keeps:
            return not nobody_keeps

    def leave(self) -> None:
        """This process no longer counts as a user."""
        with _guard:
            descriptor = _held.pop(self.place.folder, None)
            if descriptor is not None:
                os.close(descriptor)

    def _wait(self) -> None:
        """Returns when the server takes connections of the role; a keeper is started whenever there is none."""
        place = self.place
        until = time.monotonic() + _PATIENCE
        started = 0
        while time.monotonic() < until:
            with holding(place.keeper, fcntl.LOCK_EX | fcntl.LOCK_NB) as nobody_keeps:
                pass
            if nobody_keeps:
                if started and place.failure.exists():
                    raise NoPostgres(place.failure.read_text(encoding="utf-8"))
                self._start_keeper().wait_a_moment()
                started += 1
            elif self._answers():
                return
            time.sleep(_LOOK_AGAIN)
        raise NoPostgres(f"数据库在 {_PATIENCE:.0f} 秒内没有应答，原因见 {place.log}。")

    def _answers(self) -> bool:
        try:
            with psycopg.connect(**self.place.parameters(), connect_timeout=5):  # type: ignore[arg-type]
                return True
        except psycopg.OperationalError:
            return False

    def _start_keeper(self) -> "_Starting":
        how = "durable" if self.durable else "fast"
        command = [sys.executable, "-m", "ceping.postgres.keeper", str(self.place.folder), str(self.grace), how]
        with self.place.log.open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 -- this very interpreter
                [*command, self.programs] if self.programs else command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        return _Starting(child, self.place)


@dataclass(frozen=True, slots=True)
class _Starting:
    """A keeper on its way to its lock."""

    child: subprocess.Popen[bytes]
    place: Place

    def wait_a_moment(self) -> None:
        """Returns when some keeper has its lock or this one has ended; ended keepers are reaped in the background."""
        until = time.monotonic() + 10
        while self.child.poll() is None and time.monotonic() < until:
            with holding(self.place.keeper, fcntl.LOCK_EX | fcntl.LOCK_NB) as nobody_keeps:
                pass
            if not nobody_keeps:
                break
            time.sleep(_LOOK_AGAIN)
        threading.Thread(target=self.child.wait, daemon=True).start()
