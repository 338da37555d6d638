"""Inside the child: limits set before anything else is loaded, the task called, its answer written to the one pipe.

Started by `confined.run` alone, as a script without site-packages' start-up files, imports little, to start fast; or
borne by the nursery (`confined_nursery`).
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import process_time
from typing import Any

# What a task may not do, as the interpreter itself reports it (PEP 578).
_NETWORK = ("socket.bind", "socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.truncate")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_DIES_WITH_PARENT = 1
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


def main(parent: int | None = None) -> None:
    """The answer to the request on stdin is written; nothing else ever reaches the pipe.

    `parent` is the nursery that bore it, which has left the network already, where that is not the one that asks.
    """
    pipe = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    request = json.loads(sys.stdin.buffer.read())
    limits = request["limits"]
    reached: list[str] = []
    if parent is None:
        leave_network()
    _bind(limits, request["parent"] if parent is None else parent, reached)
    sys.path[:0] = request["path"]
    answer = _answer(request["task"], request["file"], request["options"])
    if reached:
        answer = {"refused": "file_reaches_out", "values": {}, "failed": reached[0]}
    answer |= {"cpu_ms": round(process_time() * 1000), "peak_kb": _peak()}
    text = _json(answer)
    if len(text) > limits["answer_bytes"]:
        text = _json({"refused": "file_answer_large", "values": {}})
    with pipe:
        pipe.write(text)
    # Modules of C and Rust may hang or crash while they are taken down; the answer is out.
    os._exit(0)


def _json(answer: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answer, allow_nan=False).encode()
    except MemoryError:
        return b'{"refused": "file_too_much_memory", "values": {}}'
    except (TypeError, ValueError, RecursionError) as error:
        return json.dumps({"failed": f"an answer that is no JSON: {type(error).__name__}"}).encode()


def _answer(task: str, file: str, options: dict[str, Any]) -> dict[str, Any]:
    module, _, name = task.partition(":")
    try:
        from pathlib import Path  # noqa: PLC0415 -- after the limits stand

        from ceping.documents.refusal import Refused  # noqa: PLC0415 -- found by the path just set

        called: Callable[..., Any] = getattr(importlib.import_module(module), name)
        try:
            return {"value": called(Path(file), **options)}
        except Refused as refused:
            return {"refused": refused.code, "values": refused.values, "failed": refused.detail}
    except MemoryError:
        return {"refused": "file_too_much_memory", "values": {}}
    except RecursionError:
        return {"refused": "file_too_deep", "values": {}}
    except Exception as error:  # noqa: BLE001 -- the outermost edge of the child; the parent logs what is said here
        return {"failed": _told(error)}


def _told(error: BaseException) -> str:
    # The kind and the place only: messages of parsers quote the file, and what is logged must not.
    place, step = "", error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_name != "watch":
            place = f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}"
        step = step.tb_next
    return f"{type(error).__name__} at {place}"


def _bind(limits: dict[str, int], parent: int, reached: list[str]) -> None:
    """Time, memory and files are limited by the system; the child dies with its parent, or at its own alarm."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 -- not on Windows

        wanted = {
            resource.RLIMIT_CPU: limits["cpu_seconds"],
            resource.RLIMIT_AS: limits["memory_bytes"],
            resource.RLIMIT_FSIZE: limits["written_bytes"],
            resource.RLIMIT_CORE: 0,
        }
        for kind, most in wanted.items():
            # macOS refuses RLIMIT_AS; the alarm and the parent's clock still stand.
            with suppress(ValueError, OSError):
                # The processor's second limit comes later: the first is a signal of its own, the second is not.
                resource.setrlimit(kind, (most, most + (kind == resource.RLIMIT_CPU)))
        signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"] + 1)
    if sys.platform == "linux":
        _die_with(parent)
    sys.addaudithook(_hook(reached, writes=limits["written_bytes"] > 0))


def leave_network() -> None:
    """A network of its own with no way out, where the system grants it, even to native code; for what it forks too.

    Comes before `_die_with`, because a change of user forgets that.
    """
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 -- Linux only

    # Root stays who it is, or it could not read the files of others; anybody else may only with a user of their own.
    ctypes.CDLL(None).unshare(_NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER)


def _die_with(parent: int) -> None:
    import ctypes  # noqa: PLC0415 -- Linux only

    ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _hook(reached: list[str], *, writes: bool) -> Callable[[str, tuple[Any, ...]], None]:
    """A watch that lets none of it happen; an attempt at the network is remembered even if a library swallows it."""

    def watch(event: str, given: tuple[Any, ...]) -> None:
        if event.startswith(_NETWORK):
            reached.append(event)
            raise PermissionError(event)
        if event.startswith(_PROGRAMS):
            raise PermissionError(event)
        opened = event == "open" and isinstance(given[0], (str, bytes)) and given[2] & _WRITING
        if not writes and (opened or event in _CHANGES):
            raise PermissionError(event)

    return watch


def _peak() -> int:
    # VmHWM, because what getrusage tells of a child begins with the size of the parent that forked it.
    with suppress(OSError), open("/proc/self/status", encoding="ascii") as lines:  # noqa: PTH123 -- pathlib costs start
        return next(_numbers(line for line in lines if line.startswith("VmHWM")), 0)
    return 0


def _numbers(lines: Iterator[str]) -> Iterator[int]:
    return (int(line.split()[1]) for line in lines)


if __name__ == "__main__":
    main()
