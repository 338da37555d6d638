"""Keeps a few programs running together: starts them, starts again what fell, ends all of them however it ends itself.

Each child leads a group of its own, so Ctrl-C reaches the supervisor alone; its standard input is a pipe that only the
supervisor holds open, so a child knows when the supervisor is gone (`config.lifeline`).
"""

import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

_TICK = 0.1
_PATIENCE = 10.0
_MOST_DEATHS, _WINDOW = 5, 60.0
_SLOWEST = 10.0


@dataclass(slots=True)
class Program:
    """One child by name, its command, and how often it fell lately."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)
    again_at: float = 0.0

    def start(self) -> None:
        """The program runs, leading its own group, tied to this process by its standard input."""
        environment = os.environ | {"CEPING_LIFELINE": "1"}
        self.process = subprocess.Popen(  # noqa: S603 -- this project's own programs
            self.command, stdin=subprocess.PIPE, start_new_session=True, env=environment
        )

    def fell(self, now: float) -> bool:
        """Whether it ended unasked; its whole group is gone then, and it may start again after a pause."""
        if self.process is None or self.process.poll() is None:
            return False
        # The web server's workers outlive their parent and would go on serving old code on the same port.
        self.signal(signal.SIGKILL)
        self.process = None
        self.deaths.append(now)
        while now - self.deaths[0] > _WINDOW:
            self.deaths.popleft()
        self.again_at = now + min(0.2 * 2 ** len(self.deaths), _SLOWEST)
        return True

    def signal(self, number: int) -> None:
        """Sent to every process of the group."""
        if self.process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs programs until asked to end; a second request hurries."""

    def __init__(self, programs: Sequence[Program], say: Callable[[str], None]) -> None:
        self._programs = programs
        self._say = say
        self._asked = 0

    def run(self, ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        """0 when asked to end, 1 when a program falls again and again; `when_ready` is called once `ready` says so."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        for program in self._programs:
            program.start()
        told = False
        try:
            while not self._asked:
                now = time.monotonic()
                for program in self._programs:
                    if program.fell(now):
                        self._say(f"{program.name} 意外结束，正在重新启动。")
                        if len(program.deaths) >= _MOST_DEATHS:
                            self._say(f"{program.name} 一分钟内结束了 {_MOST_DEATHS} 次，已停止。原因见上面的输出。")
                            return 1
                    if program.process is None and now >= program.again_at:
                        program.start()
                if not told and ready():
                    told = True
                    when_ready()
                time.sleep(_TICK)
        finally:
            self._end()
        return 0

    def _ask(self, _number: int, _frame: object) -> None:
        self._asked += 1

    def _end(self) -> None:
        asked = self._asked
        for program in self._programs:
            if program.process is not None:
                with suppress(ProcessLookupError):
                    program.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and self._asked <= max(asked, 1):
            if all(program.process is None or program.process.poll() is not None for program in self._programs):
                break
            time.sleep(_TICK / 2)
        for program in self._programs:
            program.signal(signal.SIGKILL)
            if program.process is not None:
                program.process.wait()


def python(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this very interpreter."""
    return [sys.executable, "-m", module, *arguments]
