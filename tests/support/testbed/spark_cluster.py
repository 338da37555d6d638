"""A real Spark cluster on loopback: a master and workers, each a process of its own, that can be killed."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pyspark

from ceping.bulk.session import java_home

_UP_SECONDS = 120


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class SparkCluster:
    """Stands within `with`: `master` is its address, `kill` takes a worker with all its processes."""

    place: Path
    workers: int = 2
    master: str = ""
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        """The master and its workers are up."""
        port = free_port()
        self.master = f"spark://127.0.0.1:{port}"
        self._start("master", "Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port()))
        self._wait("master", "I have been elected leader")
        for number in range(self.workers):
            self.add_worker(number)
        for number in range(self.workers):
            self._wait(f"worker-{number}", "Successfully registered")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing of it runs any more."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def add_worker(self, number: int) -> None:
        """One more, with a core and a gigabyte."""
        work = self.place / f"work-{number}"
        given = ["--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--work-dir", str(work)]
        self._start(f"worker-{number}", "Worker", *given, "--webui-port", str(free_port()), self.master)

    def kill(self, worker: int) -> None:
        """The worker and its executors are gone at once, as when a machine loses power."""
        os.killpg(self._processes[1 + worker].pid, signal.SIGKILL)

    def log(self, name: str) -> str:
        """What `master` or `worker-N` said."""
        # Its starter puts there what it says.
        path = self.place / name / "java.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def _start(self, name: str, role: str, *given: str) -> None:
        home = Path(pyspark.__file__).parent
        java = java_home(self.place / name)
        assert java is not None
        command = [java / "bin" / "java", "-Xmx256m", "-cp", f"{home}/jars/*"]
        command.append(f"org.apache.spark.deploy.{role.lower()}.{role}")
        # What Spark's own start scripts set.
        known = {"SPARK_HOME": str(home), "SPARK_SCALA_VERSION": "2.13", "SPARK_LOCAL_IP": "127.0.0.1"}
        environment = {**os.environ, **known, "JAVA_HOME": str(java)}
        self._processes.append(subprocess.Popen([*map(str, command), *given], env=environment, start_new_session=True))

    def _wait(self, name: str, words: str) -> None:
        until = time.monotonic() + _UP_SECONDS
        while words not in self.log(name):
            if time.monotonic() > until:
                raise TimeoutError(f"{name} is not up: {self.log(name)[-2000:]}")
            time.sleep(0.1)
