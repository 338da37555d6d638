"""Large tables without the collector of circles: a hundred thousand rows hold none, and looking costs a tenth."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Nothing is looked through for circles meanwhile; what nobody holds any more is still freed at once."""
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
