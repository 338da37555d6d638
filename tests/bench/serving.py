"""The demo served on this machine for a measurement: started, entered by a click, asked for pages, ended."""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

PORT = 8765
_TOKEN = re.compile(r'(?:name="csrfmiddlewaretoken" value="|X-CSRFToken[^:]*: *(?:&quot;|"))(\w{64})')


@contextmanager
def served(home: Path | None = None, *, institutions: int = 40) -> Iterator["Served"]:
    """The platform answers, with the demo in `home` (a passing folder unless named); ended whatever happens."""
    with tempfile.TemporaryDirectory(prefix="ceping-bench-", ignore_cleanup_errors=True) as passing:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "ceping", "run", "--demo", "--port", str(PORT)],
            env=os.environ | {"CEPING_HOME": str(home or passing), "CEPING_DEMO_INSTITUTIONS": str(institutions)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while process.poll() is None:
                try:
                    if Visitor().get("/healthy/").status == 200:
                        break
                except OSError:
                    time.sleep(0.05)
            yield Served(process, time.perf_counter() - begun)
        finally:
            process.terminate()
            process.wait(timeout=60)


@dataclass(frozen=True, slots=True)
class Served:
    """A running platform and the seconds it took until it answered."""

    process: subprocess.Popen[bytes]
    ready_seconds: float

    def web_seconds(self) -> float:
        """Seconds of processor that the pages' own processes have burnt so far."""
        found = 0.0
        for one in psutil.Process(self.process.pid).children(recursive=True):
            # The children that look at files come and go meanwhile.
            with suppress(psutil.NoSuchProcess):
                found += sum(one.cpu_times()[:2]) if "granian" in " ".join(one.cmdline()) else 0
        return found

    def megabytes(self) -> int:
        """Resident memory of everything the platform runs, the database apart."""
        whole = psutil.Process(self.process.pid)
        found = 0
        for one in [whole, *whole.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                found += one.memory_info().rss
        return found // 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with the seconds from question to last byte."""

    status: int
    text: str
    kind: str
    seconds: float
    location: str = ""


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser: keeps cookies, and the token that a form of theirs must carry."""

    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def enter(self, login: str) -> "Visitor":
        """Logged in by one click, as that demo person."""
        self.get("/demo/")
        answer = self.post(f"/demo/{login}/", {})
        if answer.status != 302:
            raise RuntimeError(f"{login}: {answer.status}")
        self.get("/")
        return self

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """The page; a token in it is kept."""
        answer = self._ask("GET", path, b"", dict(headers or {}))
        if found := re.search(
            r'(?:name="csrfmiddlewaretoken" value="|X-CSRFToken[^:]*: *(?:&quot;|"))(\w{64})', answer.text
        ):
            self.token = found[1]
        return answer

    def post(self, path: str, body: Mapping[str, str] | bytes, *, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer to a form, or to a body whose `Content-Type` is among the headers."""
        sent = dict(headers or {}) | {"X-CSRFToken": self.token}
        if not isinstance(body, bytes):
            body = urlencode(body).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self._ask("POST", path, body, sent)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        begun = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            seconds = time.perf_counter() - begun
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies[name] = value
            kind = answer.headers.get_content_type()
            text = content.decode("utf-8", "replace") if kind.startswith(("text/", "application/json")) else ""
            return Answer(answer.status, text, kind, seconds, answer.headers.get("Location", ""))
        finally:
            connection.close()
