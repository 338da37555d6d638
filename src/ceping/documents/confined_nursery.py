"""The nursery: a process that has loaded the parsers before any file and bears one child for each file, by fork.

Started by `documents.nursery` alone, as a script. It reads no file itself and has one thread; a child is as fresh as
the nursery was when it began, sets itself apart as any other confined child does, and dies with the nursery.
Its door is its standard input: first the message that says what to load, then a message for each child, that carries
the pipe of the request, the pipe of the answer and a leash. The leash brings how the child ended; let go, it kills.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress

# What comes with each wish for a child: pipe of the request, pipe of the answer, leash.
FDS = 3
_MESSAGE = 65_536


def main() -> None:
    """Children are borne until the door is closed, that is until the process behind it has ended."""
    door = socket.socket(fileno=os.dup(0))
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 -- pathlib comes later
        os.dup2(nothing.fileno(), 0)
    wanted = json.loads(door.recv(_MESSAGE))
    sys.path[:0] = wanted["path"]
    from ceping.documents import confined_child  # noqa: PLC0415 -- found by the path that came in

    # Once for all children: a network for each would cost as much as looking at a small file.
    confined_child.leave_network()
    for module in wanted["modules"]:
        importlib.import_module(module)
    # Nothing that stands now is looked through again in a child, whose pages so stay shared.
    gc.collect()
    gc.freeze()
    Nursery(door).watch()


class Nursery:
    """The children that live, each with its leash."""

    def __init__(self, door: socket.socket) -> None:
        self.door = door
        self.leashes: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        # Rung by the system when a child has ended.
        self.bell, self.rope = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self.rope, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(door, selectors.EVENT_READ)
        self.selector.register(self.bell, selectors.EVENT_READ)

    def watch(self) -> None:
        """Bears, reaps and kills as it is told."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.door:
                    if not self._bear():
                        return
                elif key.fileobj == self.bell:
                    with suppress(BlockingIOError):
                        os.read(self.bell, _MESSAGE)
                    self._reap()
                else:
                    self._kill(key.data)

    def _bear(self) -> bool:
        """One child more; False when nobody is behind the door any more."""
        message, given, _, _ = socket.recv_fds(self.door, _MESSAGE, FDS)
        if not message:
            return False
        question, answer, leash = given
        born = os.fork()
        if not born:
            self._begin(question, answer, leash)
        os.close(question)
        os.close(answer)
        self.leashes[born] = socket.socket(fileno=leash)
        self.selector.register(self.leashes[born], selectors.EVENT_READ, born)
        return True

    def _begin(self, question: int, answer: int, leash: int) -> None:
        """The child's own life: nothing of the nursery's stays open in it; never returns."""
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.selector.close()
            for one in (self.door, *self.leashes.values()):
                one.close()
            for number in (self.bell, self.rope, leash):
                os.close(number)
            os.dup2(question, 0)
            os.dup2(answer, 1)
            os.close(question)
            os.close(answer)
            from ceping.documents import confined_child  # noqa: PLC0415 -- found by the path that came in

            confined_child.main(parent=os.getppid())
        finally:
            os._exit(1)

    def _reap(self) -> None:
        while self.leashes:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if not ended:
                return
            leash = self.leashes.pop(ended)
            with suppress(KeyError):
                self.selector.unregister(leash)
            with suppress(OSError):
                leash.send(str(os.waitstatus_to_exitcode(status)).encode())
            leash.close()

    def _kill(self, born: int) -> None:
        """The leash was let go: the child ends, which still is there, at most as a zombie, so its number is its own."""
        leash = self.leashes.get(born)
        if leash is None:
            return
        self.selector.unregister(leash)
        os.kill(born, signal.SIGKILL)
        # What it may have started; there is no such group while the child has not begun.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(born, signal.SIGKILL)


if __name__ == "__main__":
    main()
