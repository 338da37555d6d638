"""A process that ends with its supervisor: standard input is a pipe only the supervisor holds open."""

import os
import signal
import stat
import sys
import threading

_NAME = "CEPING_LIFELINE"


def hold(pid: int | None = None) -> None:
    """When the supervisor is gone, however it went, `pid` (this process by default) is asked to end.

    Does nothing unless the supervisor said so in the environment and standard input is a pipe.
    """
    if os.environ.get(_NAME) != "1" or not stat.S_ISFIFO(os.fstat(0).st_mode):
        return
    threading.Thread(target=_wait, args=(pid or os.getpid(),), daemon=True, name="lifeline").start()


def _wait(pid: int) -> None:
    while os.read(0, 1):
        pass
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        sys.exit(0)
