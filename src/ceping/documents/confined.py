"""What reads a file from outside runs in a child process with limits; the caller gets plain values or one refusal.

The child is a fresh Python that inherits no file but the pipe of its answer, reaches no network, starts no program and
writes no file: the interpreter is watched, and on Linux the system takes the network away as well, where it grants
that. It may burn `cpu_seconds` of processor time, take `memory_bytes` of address space and live for `wall_seconds`;
what overstays, crashes, floods its pipe or answers nonsense is a `Refused`, never a traceback. Whoever is interrupted
takes the child along: the process group is killed, and a killed parent takes it along too (Linux), or its own alarm
ends it (every POSIX system).

Linux keeps every limit. macOS does not limit memory; Windows neither memory nor processor time: there the clock on the
wall and the size of the answer remain, and what the inspection refuses beforehand.

One child a file, none asked twice: a file that spoils its interpreter must not meet the next one. A start costs about
30 ms beside 60 to 170 ms of loading a parser; a program that reads many files keeps a nursery (`keep_nursery`), whose
children are forked with the parsers loaded.
"""

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Timer
from typing import Any

from ceping.core.finding import Finding
from ceping.documents.nursery import Nursery
from ceping.documents.refusal import Refused

__all__ = ["LIMITS", "Answer", "Limits", "Refused", "as_finding", "ask", "end_nursery", "keep_nursery", "run"]

MB = 1024 * 1024
_SCRIPT = Path(__file__).with_name("confined_child.py")
# How a child ended that did not answer: the signals of the limits themselves, and those of a broken parser.
_TIME = {signal.Signals[name].value for name in ("SIGXCPU", "SIGALRM") if hasattr(signal, name)}
_MEMORY = {9}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use. Whole seconds; bytes. `written_bytes` 0 means that it opens no file for writing."""

    cpu_seconds: int = 2
    memory_bytes: int = 300 * MB
    wall_seconds: int = 20
    answer_bytes: int = 32 * MB
    written_bytes: int = 0


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the task answered and what it took: milliseconds of processor, peak resident kilobytes (0 if unknown)."""

    value: Any
    cpu_ms: int
    peak_kb: int


_nurseries: list[Nursery] = []
# What the common looks at a file load. numpy comes with one thread (`_environment`): a fork takes no others along.
_LOADED = (
    "ctypes",
    "pathlib",
    "pypdfium2",
    "ceping.documents.evidence",
    "ceping.documents.refusal",
    "ceping.documents.inspection.content",
    "ceping.documents.inspection.pdf",
    "ceping.documents.inspection.picture",
    "ceping.documents.intake.tables_book",
    "ceping.documents.intake.word",
    "ceping.documents.page_drawn",
    "ceping.documents.pictures",
)


def keep_nursery(*, ahead: bool = False) -> None:
    """From now on this process's children are borne by a nursery: started with the first of them, or now, `ahead`."""
    if sys.platform == "linux" and not _nurseries:
        nursery = Nursery(_LOADED, _environment())
        _nurseries.append(nursery)
        atexit.register(end_nursery)
        if ahead:
            nursery.begin()


def end_nursery() -> None:
    """Children are started anew again, one by one."""
    while _nurseries:
        _nurseries.pop().end()


def run(task: str, path: Path, options: Mapping[str, object] | None = None, *, limits: Limits = LIMITS) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """What `module:function` of `task` answers, called as `function(path, **options)` in a child; JSON both ways.

    Raises `Refused`: `file_too_slow`, `file_too_much_memory`, `file_parser_died`, `file_broken`,
    `file_answer_large`, `file_reaches_out`, `file_too_deep`, or what the task itself raised.
    """
    return ask(task, path, options, limits=limits).value


def ask(task: str, path: Path, options: Mapping[str, object] | None = None, *, limits: Limits = LIMITS) -> Answer:
    """As `run`, with what the answer took."""
    request = {
        "task": task,
        "file": os.path.abspath(path),  # noqa: PTH100 -- resolve() would follow links and needs the file
        "options": dict(options or {}),
        "limits": asdict(limits),
        "path": [entry for entry in sys.path if entry],
        "parent": os.getpid(),
    }
    asked = json.dumps(request).encode()
    text, ended, overdue = _borne(asked, limits) or _exchange(asked, limits)
    if overdue:
        raise Refused("file_too_slow")
    if len(text) > limits.answer_bytes:
        raise Refused("file_answer_large")
    return _read(text, ended)


def as_finding(refused: Refused, *, file: str = "", place: str = "") -> Finding:
    """The refusal as a fault that can be printed beside others."""
    return Finding(refused.code, file, place, tuple(refused.values.items()))


def _read(text: bytes, ended: int) -> Answer:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise _death(ended) from None
    if not isinstance(answer, dict):
        raise Refused("file_parser_died", detail="an answer of no known shape")
    if "refused" in answer:
        raise Refused(answer["refused"], answer.get("values"), answer.get("failed", ""))
    if "value" not in answer:
        raise Refused("file_broken", detail=answer.get("failed", ""))
    return Answer(answer["value"], answer["cpu_ms"], answer["peak_kb"])


def _death(ended: int) -> Refused:
    if -ended in _TIME:
        return Refused("file_too_slow", detail=f"signal {-ended}")
    if -ended in _MEMORY:
        return Refused("file_too_much_memory", detail="killed by the system")
    # A failed allocation of C++ or Rust aborts: it cannot be told from other crashes, nor need be.
    return Refused("file_parser_died", detail=f"exit {ended}")


def _borne(request: bytes, limits: Limits) -> tuple[bytes, int, bool] | None:
    """As `_exchange`, by the nursery's child; None where there is no nursery or it failed."""
    for nursery in _nurseries:
        return nursery.exchange(request, answer_bytes=limits.answer_bytes, wall_seconds=limits.wall_seconds)
    return None


def _exchange(request: bytes, limits: Limits) -> tuple[bytes, int, bool]:
    """The bytes of the answer, how the child ended (negative: a signal), and whether the clock killed it."""
    command = [sys.executable, "-I", "-S", "-B", "-X", "utf8", str(_SCRIPT)]
    posix = os.name == "posix"
    process = subprocess.Popen(  # noqa: S603 -- this very interpreter and a file of this package
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        cwd="/" if posix else None,
        start_new_session=posix,
    )
    overdue = Event()

    def ring() -> None:
        overdue.set()
        _kill(process)

    clock = Timer(limits.wall_seconds, ring)
    clock.daemon = True
    try:
        clock.start()
        assert process.stdin is not None  # noqa: S101 -- both are pipes, for the type checker
        assert process.stdout is not None  # noqa: S101
        with suppress(BrokenPipeError), process.stdin as questions:
            questions.write(request)
        text = process.stdout.read(limits.answer_bytes + 1)
        if len(text) <= limits.answer_bytes:
            _await(process)
    finally:
        clock.cancel()
        if clock.is_alive():
            clock.join()
        _kill(process)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    return text, process.returncode, overdue.is_set()


def _await(process: subprocess.Popen[bytes]) -> None:
    # Left as a zombie, so that its number cannot belong to another process when its group is killed.
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    else:
        process.wait()


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _environment() -> dict[str, str]:
    # Neither proxies nor keys nor settings go along; what is kept is what an interpreter needs to start.
    kept = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    own = {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return own | {name: os.environ[name] for name in kept if name in os.environ}
