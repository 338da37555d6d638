"""A server of its own for every test here: started fast, gone a moment after the test."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ceping.postgres.server import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Not started yet; leaves as soon as nobody uses it."""
    made = Server(tmp_path / "库 'a' $b", grace=0.3)
    yield made
    made.leave()
    for process in psutil.process_iter():
        try:
            if str(tmp_path) in " ".join(process.cmdline()):
                process.kill()
        except psutil.Error:
            pass
