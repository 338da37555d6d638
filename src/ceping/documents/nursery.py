"""The nursery seen from the process that asks: started when first needed, ended with it, replaced when it died.

Linux only: elsewhere loaded libraries do not all outlive a fork, and there every child is started anew.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Timer

_SCRIPT = Path(__file__).with_name("confined_nursery.py")
_STATUS_BYTES = 64


@dataclass(frozen=True, slots=True)
class Born:
    """A child: where its request goes, where its answer comes from, and the leash that tells how it ended."""

    question: int
    answer: int
    leash: socket.socket

    def let_go(self) -> None:
        """The child is killed, if it lives."""
        with suppress(OSError):
            self.leash.shutdown(socket.SHUT_WR)


class Nursery:
    """Children that need not load `modules` (dotted names) any more; for every thread of the process that made it."""

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._modules = tuple(modules)
        self._environment = dict(environment)
        self._lock = Lock()
        self._owner = os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None

    def begin(self) -> None:
        """It starts to load now, ahead of the first file; returns at once."""
        with self._lock, suppress(OSError):
            self._open()

    def exchange(self, request: bytes, *, answer_bytes: int, wall_seconds: float) -> tuple[bytes, int, bool] | None:
        """The bytes of the answer, how the child ended (negative: a signal), and whether the clock killed it.

        None when the nursery died or cannot be started: the file says nothing then, and another child may be asked.
        """
        # A fork of the owner has the lock as it stood, perhaps held by a thread that the fork does not have.
        born = self._bear() if os.getpid() == self._owner else None
        if born is None:
            return None
        overdue = Event()

        def ring() -> None:
            overdue.set()
            born.let_go()

        clock = Timer(wall_seconds, ring)
        clock.daemon = True
        told = b""
        try:
            with os.fdopen(born.question, "wb") as questions, os.fdopen(born.answer, "rb") as answers:
                clock.start()
                with suppress(BrokenPipeError), questions:
                    questions.write(request)
                text = answers.read(answer_bytes + 1)
            if len(text) <= answer_bytes:
                told = born.leash.recv(_STATUS_BYTES)
        finally:
            clock.cancel()
            if clock.is_alive():
                clock.join()
            born.let_go()
            # Until the child is gone, as if it had been our own.
            with suppress(OSError):
                told = told or born.leash.recv(_STATUS_BYTES)
            born.leash.close()
        return (text, int(told), overdue.is_set()) if told else None

    def end(self) -> None:
        """The nursery ends, with every child of it."""
        if os.getpid() == self._owner:
            with self._lock:
                self._close()

    def _bear(self) -> Born | None:
        with self._lock:
            for _ in range(2):
                try:
                    return self._ask(self._open())
                except OSError:
                    self._close()
        return None

    def _ask(self, door: socket.socket) -> Born:
        question, ours = os.pipe()
        answer, theirs = os.pipe()
        leash, end = socket.socketpair()
        try:
            socket.send_fds(door, [b"1"], [question, theirs, end.fileno()])
        except OSError:
            os.close(ours)
            os.close(answer)
            leash.close()
            raise
        finally:
            os.close(question)
            os.close(theirs)
            end.close()
        return Born(ours, answer, leash)

    def _open(self) -> socket.socket:
        if self._door is None:
            self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 -- this very interpreter and a file of this package
                    [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(_SCRIPT)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=self._environment,
                    cwd="/",
                    start_new_session=True,
                )
            wanted = {"path": [entry for entry in sys.path if entry], "modules": self._modules}
            self._door.send(json.dumps(wanted).encode())
        return self._door

    def _close(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._door = self._process = None
