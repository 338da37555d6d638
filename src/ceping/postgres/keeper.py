"""The keeper: the server's parent, apart from all who use it. It starts, heals and, when nobody is left, stops it.

python -m ceping.postgres.keeper FOLDER GRACE durable|fast [PROGRAMS]
"""

import fcntl
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ceping.postgres.cluster import Cluster
from ceping.postgres.place import Place, locked
from ceping.postgres.programs import NoPostgres, account_for, find_programs

_TICK = 0.2
_SLOWEST = 30.0
# A server that lived as long as this had started well: its next death is a new story.
_HEALTHY = 60.0


@dataclass(slots=True)
class Keeper:
    """Keeps `cluster` as long as `lock` is the keeper's lock on disk and somebody uses the server."""

    cluster: Cluster
    lock: int
    grace: float
    _idle_since: float | None = None
    _pause: float = 0.0
    _started_at: float = 0.0

    def keep(self) -> None:
        """Returns when the server has stopped: nobody used it for `grace` seconds, or its folder is gone."""
        place = self.cluster.place
        self._start()
        furnished = False
        while True:
            if not self._in_place():
                self.cluster.stop()
                return
            if not self.cluster.runs():
                furnished = False
                self._again()
            furnished = furnished or self.cluster.furnish()
            users = locked(place.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if users is None:
                self._idle_since = None
            elif self._idle_for() >= self.grace:
                # Still locked while it stops, so that a newcomer waits and then starts another keeper.
                self.cluster.stop()
                os.close(self.lock)
                os.close(users)
                return
            else:
                os.close(users)
            time.sleep(_TICK if furnished else _TICK / 8)

    def _start(self) -> None:
        self._started_at = time.monotonic()
        self.cluster.start()

    def _again(self) -> None:
        lived = time.monotonic() - self._started_at
        self._pause = 0.0 if lived > _HEALTHY else min(max(2 * self._pause, _TICK), _SLOWEST)
        time.sleep(self._pause)
        self._start()

    def _idle_for(self) -> float:
        now = time.monotonic()
        self._idle_since = self._idle_since or now
        return now - self._idle_since

    def _in_place(self) -> bool:
        try:
            return self.cluster.place.keeper.stat().st_ino == os.fstat(self.lock).st_ino
        except FileNotFoundError:
            return False


def main() -> int:
    """0 when the server was kept and stopped, or another keeper is at work; 1 with the reason in `failure`."""
    folder, grace, how, *programs = sys.argv[1:]
    place = Place(Path(folder))
    lock = locked(place.keeper, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if lock is None:
        return 0
    place.failure.unlink(missing_ok=True)
    try:
        found = find_programs(programs[0] if programs else "")
        cluster = Cluster(place, found, account_for(found, place.folder), durable=how == "durable")
        Keeper(cluster, lock, float(grace)).keep()
    except (NoPostgres, OSError) as error:
        aside = place.failure.with_suffix(".new")
        aside.write_text(str(error), encoding="utf-8")
        aside.rename(place.failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
