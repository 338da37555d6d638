"""One cluster in its folder: made aside and renamed, started over whatever a crash left, given its role, stopped."""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from ceping.postgres.place import DATABASE, PORT, ROLE, SUPERUSER, Place
from ceping.postgres.programs import Account, NoPostgres, Programs, surroundings

_ORPHANS_END = 10.0
_STOPS = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_error_verbosity": "terse",
    # Below `fatal` the text of an error, and with it a phone number somebody typed, would reach the log.
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(slots=True)
class Cluster:
    """The server of one place; `durable` off is for tests alone, whose data nobody wants back."""

    place: Place
    programs: Programs
    account: Account
    durable: bool = True
    _child: subprocess.Popen[bytes] | None = None
    _adopted: psutil.Process | None = field(default=None)

    def runs(self) -> bool:
        """Whether the server this keeper started or found is alive."""
        if self._child is not None:
            return self._child.poll() is None
        return (
            self._adopted is not None and self._adopted.is_running() and self._adopted.status() != psutil.STATUS_ZOMBIE
        )

    def start(self) -> None:
        """The server is starting, or one that still runs in this folder was found and is kept.

        Raises NoPostgres when the folder holds a cluster of another major version or initdb fails.
        """
        self._make()
        self._child, self._adopted = None, self._running_already()
        if self._adopted is not None:
            return
        self._clear()
        settings = _SETTINGS | ({} if self.durable else _NOT_DURABLE)
        command = [*self.account.words, str(self.programs.folder / "postgres"), "-D", str(self.place.data)]
        command += ["-k", str(self.place.socket_folder), "-p", str(PORT)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.place.log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603 -- a program found by the machine's own settings
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.place.folder,
                env=surroundings(),
                **self.account.process,
            )

    def furnish(self) -> bool:
        """The role and the database are there; False while the server does not answer yet."""
        where = self.place.parameters(user=SUPERUSER, database="postgres")
        try:
            with psycopg.connect(**where, autocommit=True, connect_timeout=2) as connection:  # type: ignore[arg-type]
                role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(role))
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Nothing of the server runs any more: asked politely first, made to in the end."""
        pid = self._child.pid if self._child is not None else self._adopted.pid if self._adopted is not None else None
        if pid is None:
            return
        for how, seconds in _STOPS:
            with suppress(ProcessLookupError):
                os.kill(pid, how)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                if not self.runs():
                    return
                time.sleep(0.02)

    def _make(self) -> None:
        data = self.place.data
        version = data / "PG_VERSION"
        if version.exists():
            major = version.read_text().strip()
            if major != str(self.programs.major):
                raise NoPostgres(
                    f"{data} 是 PostgreSQL {major} 的数据，这里的程序是 {self.programs.major}。"
                    "请用原来的版本做一次 ceping backup，再用新版本 ceping restore；数据没有改动。"
                )
            return
        aside = data.with_name("data.new")
        shutil.rmtree(aside, ignore_errors=True)
        if self.account.owner is not None:
            for folder in dict.fromkeys((self.place.folder, self.place.socket_folder)):
                os.chown(folder, *self.account.owner)
        command = [*self.account.words, str(self.programs.folder / "initdb"), "-D", str(aside)]
        command += [f"--username={SUPERUSER}", "--auth=trust", "--encoding=UTF8", *self.programs.locale_arguments()]
        if not self.durable:
            command.append("--no-sync")
        with self.place.log.open("ab") as log:
            done = subprocess.run(  # noqa: S603 -- as above
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.place.folder,
                env=surroundings(),
                check=False,
                **self.account.process,
            )
        if done.returncode != 0:
            raise NoPostgres(f"数据库没有建成，原因见 {self.place.log}。")
        aside.rename(data)

    def _at_work(self) -> list[psutil.Process]:
        """Who works in the data folder, whatever a file of numbers says: every server process has it as its folder."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.place.data:
                    found.append(process)
        return found

    def _running_already(self) -> psutil.Process | None:
        try:
            number = int((self.place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return next((process for process in self._at_work() if process.pid == number), None)

    def _clear(self) -> None:
        """What a killed server left is gone: its last processes, its number, its socket."""
        until = time.monotonic() + _ORPHANS_END
        while orphans := self._at_work():
            if time.monotonic() > until:
                for process in orphans:
                    with suppress(psutil.Error):
                        process.kill()
            time.sleep(0.05)
        for path in (
            self.place.data / "postmaster.pid",
            self.place.socket,
            self.place.socket.with_name(f"{self.place.socket.name}.lock"),
        ):
            path.unlink(missing_ok=True)
