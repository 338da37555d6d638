"""Tasks that misbehave, as a parser might on a hostile file; each is called in a child with limits."""

import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from ceping.documents.refusal import Refused


def echo(path: Path, **options: object) -> dict[str, object]:
    print("what a library prints reaches nobody")
    return {"name": path.name, **options}


def surroundings(path: Path) -> dict[str, object]:
    return {
        "environment": sorted(os.environ),
        "folder": str(Path.cwd()),
        "stdin": sys.stdin.read(),
        "descriptors": sorted(int(name) for name in os.listdir("/proc/self/fd")),  # noqa: PTH208 -- numbers
        "loaded": sorted(name for name in ("django", "numpy", "ceping.core.finding", "site") if name in sys.modules),
        "file": str(path),
    }


def endless(path: Path) -> None:
    while True:
        path.as_posix()


def asleep(path: Path) -> None:
    path.as_posix()
    time.sleep(600)


def greedy(path: Path) -> int:
    return len(bytearray(10**9)) + len(path.name)


def greedy_answer(path: Path) -> str:
    return path.name * 40_000_000


def crash(path: Path) -> None:
    path.as_posix()
    os.abort()


def flood(path: Path) -> None:
    """Writes into every open descriptor, as a parser taken over would."""
    for descriptor in range(3, 20):
        with suppress(OSError):
            while True:
                os.write(descriptor, path.name.encode() * 65536)


def nonsense(path: Path) -> None:
    for descriptor in range(20):
        with suppress(OSError):
            os.write(descriptor, b"{" + path.name.encode())
    os._exit(0)


def closes(path: Path) -> None:
    """Closes the pipe and lives on."""
    os.closerange(0, 20)
    asleep(path)


def deep(path: Path) -> None:
    deep(path)


def faulty(path: Path) -> None:
    raise ValueError(f"the secret in {path}")


def no_json(path: Path) -> object:
    return {path}


def refuses(path: Path) -> None:
    raise Refused("file_password", detail=path.name)


def calls_out(path: Path) -> str:
    """Reaches for the network and swallows what comes of it."""
    with suppress(Exception):
        socket.create_connection((path.name, 80), timeout=1)
    return "nothing happened"


def calls_out_natively(path: Path) -> int:
    """As a parser in C would that was taken over, seen by no interpreter; 0 for a connection, else why not."""
    system = ctypes.CDLL(None, use_errno=True)
    descriptor = system.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    address = struct.pack("=H", socket.AF_INET) + int(path.name).to_bytes(2, "big") + bytes((127, 0, 0, 1)) + bytes(8)
    return ctypes.get_errno() if system.connect(descriptor, address, len(address)) else 0


def writes(path: Path) -> None:
    path.write_text("changed", encoding="utf-8")


def removes(path: Path) -> None:
    path.unlink()


def starts(path: Path) -> None:
    subprocess.run(["touch", str(path)], check=True)


def forks(path: Path) -> None:
    path.as_posix()
    os.fork()


def ignores_signals(path: Path) -> None:
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(one, signal.SIG_IGN)
    endless(path)
