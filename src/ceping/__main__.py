"""`python -m ceping` and `ceping` are one process: the command, and then the quick way out."""

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from ceping.cli.main import main


def run() -> NoReturn:
    """The process has ended with the exit code of the command; what was registered for the end has been done."""
    code = main()
    if threading.active_count() == 1:
        # Taking every loaded module apart again costs more than many a command; the system takes it all back at once.
        atexit._run_exitfuncs()  # noqa: SLF001 -- the interpreter's own first step of leaving
        for stream in (sys.stdout, sys.stderr):
            # What could not be said has been told by the exit code.
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
