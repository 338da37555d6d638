"""A submit survives SIGKILL at each named step: nothing acknowledged is lost, nothing is half there, one press is one.

A dozen rounds here; as many as CEPING_KILL_ROUNDS says elsewhere. Each step has its twin without the
kill, which is ordinary, and each protection its twin left out, which must be found out.
"""

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from testbed.faulty import AFTER_COMMIT, STEPS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("CEPING_KILL_ROUNDS", "12"))
SEED = 20220310


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks to the server that dies; a request answers the whole body, or None when the connection broke."""

    port: int

    def ask(self, path: str, *, body: bytes = b"", **headers: str) -> str | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            text = answer.read().decode()
        except (http.client.HTTPException, ConnectionError):
            return None
        finally:
            connection.close()
        assert answer.status == 200, text[:500]
        return text

    def submit(self, key: UUID, *, kill: str = "", twin: str = "", unarmed: str = "") -> str | None:
        body = os.urandom(4096)
        return self.ask("/submit/", body=body, X_Key=str(key), X_Kill=kill, X_Twin=twin, X_Unarmed=unarmed)

    def state(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.ask("/state/") or "")
        return told


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("killed")
    environ = os.environ | {
        "CEPING_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "testbed.faulty_settings",
        "PYTHONPATH": f"{ROOT / 'tests/support'}:{ROOT}",
    }
    subprocess.run([sys.executable, "-m", "testbed.faulty_server", "furnish"], env=environ, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "testbed.faulty_server", str(port)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield Client(port)
        server.terminate()


def unwhole(told: dict[str, Any]) -> list[str]:
    """Receipts of submissions that are only half there, and acts of the journal that no submission stands behind."""
    half = [one["receipt"] for one in told["submissions"] if not one["whole"]]
    in_force = [one for one in told["submissions"] if not one["withdrawn"]]
    expected = "submitted" if in_force else "draft"
    wrong = [f"state {told['state']}"] if told["state"] != expected or len(in_force) > 1 else []
    return half + wrong + told["broken"] + (["journal"] if told["told"] != len(told["submissions"]) else [])


def one_round(client: Client, step: str) -> str | None:
    """The receipt that was acknowledged."""
    before = len(client.state()["submissions"])
    key = uuid4()
    assert client.submit(key, kill=step) is None
    told = client.state()
    assert unwhole(told) == []
    assert len(told["submissions"]) == before + (step in AFTER_COMMIT)
    receipt = client.submit(key)
    told = client.state()
    assert unwhole(told) == []
    assert [one["receipt"] for one in told["submissions"]][before:] == [receipt]
    # Pressed again: the same receipt, nothing new.
    assert client.submit(key) == receipt
    assert len(client.state()["submissions"]) == before + 1
    client.ask("/withdraw/")
    return receipt


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(client: Client) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- the order of steps, the same in every run
    steps = [*STEPS, *(chance.choice(STEPS) for _ in range(ROUNDS - len(STEPS)))]
    acknowledged = [one_round(client, step) for step in steps]
    assert [one["receipt"] for one in client.state()["submissions"]] == acknowledged
    left = json.loads(client.ask("/orphans/") or "")
    # What the uploads left between disk and rows is collected, and nothing else was there.
    assert left["before"] > 0
    assert left["after"] == 0


def test_the_server_is_back_soon(client: Client) -> None:
    begun = time.monotonic()
    assert client.submit(uuid4(), kill="K6") is None
    client.state()
    # A machine may be busy with other tests: what this tells from a server that stays down is half a minute.
    assert time.monotonic() - begun < 30


def test_twin_that_tells_before_it_is_safe_is_found_out(client: Client) -> None:
    receipt = client.submit(uuid4(), twin="early")
    assert receipt
    # Acknowledged and lost: what `one_round` would have found.
    assert receipt not in [one["receipt"] for one in client.state()["submissions"]]


@pytest.mark.parametrize("step", STEPS)
def test_twin_without_the_kill_is_acknowledged_at_once(client: Client, step: str) -> None:
    before, key = len(client.state()["submissions"]), uuid4()
    # The same request but for the word that arms it: what the rounds above see comes from the kill alone.
    receipt = client.submit(key, unarmed=step)
    told = client.state()
    assert receipt
    assert ([one["receipt"] for one in told["submissions"]][before:], unwhole(told)) == ([receipt], [])
    client.ask("/withdraw/")


@pytest.mark.parametrize("step", ["K7", "K8", "K9", "K10", "K11"])
def test_twin_with_a_torn_transaction_is_found_out(client: Client, step: str) -> None:
    assert client.submit(uuid4(), kill=step, twin="torn") is None
    assert unwhole(client.state()) != []
    client.ask("/mend/")
    assert unwhole(client.state()) == []


def test_twin_that_writes_a_file_under_its_name_is_found_out(client: Client) -> None:
    assert client.submit(uuid4(), kill="K2", twin="in place") is None
    assert len(unwhole(client.state())) == 1
    client.ask("/mend/")
    assert unwhole(client.state()) == []


@pytest.mark.parametrize("step", ["K3", "K5"])
def test_twin_that_does_not_flush_is_found_out(client: Client, step: str) -> None:
    # The steps are the flushes of file and folder: without them the kill never comes, and a receipt is given for bytes
    # that a power cut would take.
    assert client.submit(uuid4(), kill=step, twin="unflushed") is not None
    client.ask("/withdraw/")


@pytest.mark.parametrize("step", AFTER_COMMIT)
def test_twin_with_another_key_is_found_out(client: Client, step: str) -> None:
    assert client.submit(uuid4(), kill=step) is None
    receipt = client.state()["submissions"][-1]["receipt"]
    # Only the same key finds the receipt again: another is another press, and comes too late.
    assert client.submit(uuid4()) == "draft_not_writable"
    assert len([one for one in client.state()["submissions"] if one["receipt"] == receipt]) == 1
    client.ask("/withdraw/")
