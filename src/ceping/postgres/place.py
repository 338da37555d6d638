"""The folder of one embedded server: data, locks, socket, and what its keeper last had to say."""

import fcntl
import hashlib
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
SUPERUSER, ROLE, DATABASE = "postgres", "ceping", "ceping"
# A socket's path may have 103 bytes on macOS and 107 on Linux; the name in the folder takes 14 with its stroke.
_LONGEST_SOCKET_FOLDER = 103 - 14


@dataclass(frozen=True, slots=True)
class Place:
    """The files of a server under `folder`; nothing of it lies outside but the socket of a path too long for one."""

    folder: Path

    @property
    def data(self) -> Path:
        """The cluster."""
        return self.folder / "data"

    @property
    def users(self) -> Path:
        """Locked shared by every process that uses the server, exclusively by the keeper that stops it."""
        return self.folder / "users"

    @property
    def keeper(self) -> Path:
        """Locked exclusively by the one keeper."""
        return self.folder / "keeper"

    @property
    def failure(self) -> Path:
        """Why the keeper gave up, in words for the person who runs the machine."""
        return self.folder / "failure"

    @property
    def log(self) -> Path:
        """What initdb, the start of the server and the keeper print."""
        return self.folder / "keeper.log"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: here, or under /tmp when this path is too long for one."""
        if len(os.fsencode(self.folder)) <= _LONGEST_SOCKET_FOLDER:
            return self.folder
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(f"/tmp/ceping-{os.getuid()}-{digest}")  # noqa: S108 -- made with mode 700, its owner checked

    @property
    def socket(self) -> Path:
        """The socket itself."""
        return self.socket_folder / f".s.PGSQL.{PORT}"

    def make(self) -> None:
        """The folder, and the socket's when it lies elsewhere, exist for their owner alone.

        Raises PermissionError when either belongs to somebody else.
        """
        for folder in dict.fromkeys((self.folder, self.socket_folder)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            owner = folder.stat().st_uid
            if os.geteuid() not in (0, owner):
                raise PermissionError(f"{folder} 属于另一个账号（uid {owner}）。请用那个账号运行，或换一个文件夹。")

    def started(self) -> tuple[int, int] | None:
        """Which start the server's own number file is of: its number on disk and its time; None without one."""
        try:
            found = (self.data / "postmaster.pid").stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def listens(self) -> bool:
        """Whether somebody takes connections at the socket."""
        with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
            probe.settimeout(1)
            probe.connect(str(self.socket))
            return True
        return False

    def parameters(self, *, user: str = ROLE, database: str = DATABASE) -> dict[str, str]:
        """What a client is told: libpq's own words."""
        return {"host": str(self.socket_folder), "port": str(PORT), "user": user, "dbname": database}


def locked(path: Path, how: int) -> int | None:
    """An open descriptor that holds the lock `how` on `path`; None when somebody else does and `how` must not wait."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def holding(path: Path, how: int) -> Iterator[bool]:
    """Whether the lock was had; it is given back at the end."""
    descriptor = locked(path, how)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)
