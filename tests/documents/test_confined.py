"""A file from outside is read in a child that cannot hang, grow, crash, write, call out or outlive its parent."""

import errno
import json
import multiprocessing
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from ceping.core.finding import texts
from ceping.documents import confined
from ceping.documents.confined import Limits, Refused, ask, run

Found = TypeVar("Found")
HASTY = Limits(cpu_seconds=1, wall_seconds=1)
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")


@pytest.fixture(scope="module", autouse=True, params=["started", pytest.param("borne", marks=linux)])
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each child started anew, or borne by a nursery."""
    confined.end_nursery()
    if request.param == "borne":
        confined.keep_nursery()
        run(task("echo"), Path("a"))
    yield request.param
    confined.end_nursery()


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.syspath_prepend(str(root))


def task(name: str) -> str:
    return f"tests.factories.hostile_task:{name}"


def refusal(name: str, path: Path, limits: Limits = HASTY) -> Refused:
    with pytest.raises(Refused) as caught:
        run(task(name), path, limits=limits)
    return caught.value


def test_a_task_answers_with_plain_values(tmp_path: Path) -> None:
    answer = ask(task("echo"), tmp_path / "名单.xlsx", {"sheet": "表1", "rows": [1, 2]})
    assert answer.value == {"name": "名单.xlsx", "sheet": "表1", "rows": [1, 2]}
    assert 0 < answer.cpu_ms < 2000
    assert answer.peak_kb < 300 * 1024


def test_a_relative_path_is_that_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(task("surroundings"), Path("a.docx"))["file"] == str(tmp_path / "a.docx")


@linux
def test_a_child_inherits_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with (tmp_path / "open").open("w", encoding="utf-8"):
        told = run(task("surroundings"), tmp_path / "a.docx")
    # 0 the spent request, 1 and 2 nowhere, one duplicate of each; the last is the listing of the folder itself.
    assert len(told.pop("descriptors")) <= 6
    assert told == {
        "environment": ["LC_ALL", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"],
        "folder": "/",
        "stdin": "",
        "loaded": ["ceping.core.finding", "numpy"] if way == "borne" else [],
        "file": str(tmp_path / "a.docx"),
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ignores_signals", "file_too_slow"),
        ("asleep", "file_too_slow"),
        ("closes", "file_too_slow"),
        ("greedy", "file_too_much_memory"),
        ("greedy_answer", "file_too_much_memory"),
        ("crash", "file_parser_died"),
        ("flood", "file_answer_large"),
        ("nonsense", "file_parser_died"),
        ("deep", "file_too_deep"),
        ("faulty", "file_broken"),
        ("no_json", "file_broken"),
        ("absent", "file_broken"),
        ("refuses", "file_password"),
        ("calls_out", "file_reaches_out"),
        ("starts", "file_broken"),
        ("forks", "file_broken"),
    ],
)
@linux
def test_what_misbehaves_is_refused_by_name(name: str, code: str, tmp_path: Path) -> None:
    begun = time.monotonic()
    refused = refusal(name, tmp_path / "example.invalid")
    assert refused.code == code
    assert time.monotonic() - begun < 60
    finding = confined.as_finding(refused, file="表.xlsx")
    assert finding.message() == texts()[code]["message"]


@linux
def test_processor_time_is_limited_apart_from_the_clock(tmp_path: Path) -> None:
    refused = refusal("endless", tmp_path / "a", Limits(cpu_seconds=1, wall_seconds=30))
    assert (refused.code, refused.detail) == ("file_too_slow", f"signal {int(signal.SIGXCPU)}")


@linux
def test_native_code_has_no_network_either(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        if subprocess.run(["unshare", "--user", "--net", "true"], check=False, capture_output=True).returncode:
            pytest.skip("this system grants no network of one's own")
        assert run(task("calls_out_natively"), tmp_path / str(listener.getsockname()[1])) == errno.ENETUNREACH


def test_what_is_logged_does_not_quote_the_file(tmp_path: Path) -> None:
    detail = refusal("faulty", tmp_path / "a").detail
    assert detail.startswith("ValueError at ")
    assert "secret" not in detail


def test_a_large_answer_is_refused(tmp_path: Path) -> None:
    few = Limits(answer_bytes=100)
    assert run(task("echo"), tmp_path / "a", {"x": "y" * 10}, limits=few)["x"] == "y" * 10
    with pytest.raises(Refused) as caught:
        run(task("echo"), tmp_path / "a", {"x": "y" * 100}, limits=few)
    assert caught.value.code == "file_answer_large"


@pytest.mark.parametrize("name", ["writes", "removes", "starts"])
def test_nothing_is_changed(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("as it was", encoding="utf-8")
    refusal(name, path)
    assert path.read_text(encoding="utf-8") == "as it was"


@linux
def test_a_task_may_be_allowed_to_write_so_much(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    run(task("writes"), path, limits=Limits(written_bytes=7))
    assert path.read_text(encoding="utf-8") == "changed"
    assert refusal("writes", path, Limits(written_bytes=3)).code == "file_broken"


def wait_for(answer: Callable[[], Found]) -> Found:
    """What is answered as soon as it is anything; at the latest after ten seconds."""
    ends = time.monotonic() + 10
    while not (found := answer()) and time.monotonic() < ends:
        time.sleep(0.02)
    return found


def script(root: Path, path: Path, way: str) -> subprocess.Popen[bytes]:
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r})\n"
        "from pathlib import Path\nfrom ceping.documents.confined import keep_nursery, run\n"
        f"{way == 'borne'} and keep_nursery()\n"
        f"run({task('asleep')!r}, Path({str(path)!r}))\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)


@linux
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_parent_leaves_no_orphan(sent: signal.Signals, root: Path, tmp_path: Path, way: str) -> None:
    parent = script(root, tmp_path / "a", way)
    try:
        generations = 2 if way == "borne" else 1
        started = wait_for(
            lambda: len(found := psutil.Process(parent.pid).children(recursive=True)) == generations and found
        )
        parent.send_signal(sent)
        parent.wait(timeout=30)
        assert parent.returncode != 0
        assert wait_for(lambda: not any(one.is_running() for one in started or []))
    finally:
        parent.kill()
        parent.wait()


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(run(task("echo"), tmp_path / "a")["name"])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["a"] * 6


@linux
def test_no_zombie_and_no_descriptor_is_left(tmp_path: Path) -> None:
    before = psutil.Process().num_fds()
    for name in ("crash", "flood", "faulty"):
        refusal(name, tmp_path / "a")
    assert psutil.Process().num_fds() == before
    assert [one.status() for one in psutil.Process().children(recursive=True)].count(psutil.STATUS_ZOMBIE) == 0


def nurseries() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "confined_nursery" in " ".join(one.cmdline())]


@linux
def test_a_nursery_that_died_is_replaced_and_its_question_asked_again(tmp_path: Path, way: str) -> None:
    if way == "started":
        return
    (nursery,) = nurseries()
    thread = threading.Timer(0.5, nursery.kill)
    thread.start()
    # Asked of the nursery that dies, then of a child of its own.
    assert refusal("asleep", tmp_path / "a", Limits(wall_seconds=2)).code == "file_too_slow"
    thread.join()
    assert run(task("echo"), tmp_path / "a")["name"] == "a"
    (other,) = nurseries()
    assert other.pid != nursery.pid


@linux
def test_a_fork_of_the_asking_process_may_ask_too(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        told = pool.starmap(run, [(task("echo"), tmp_path / str(number)) for number in range(6)])
    assert [one["name"] for one in told] == list("012345")
    assert run(task("echo"), tmp_path / "a")["name"] == "a"


def test_an_answer_of_no_known_shape_is_a_refusal() -> None:
    for text in ("[]", "null", '"x"', "1", json.dumps({"other": 1}), "[" * 100_000, ""):
        with pytest.raises(Refused):
            confined._read(text.encode(), 0)


@linux
def test_the_nursery_has_one_thread(tmp_path: Path, way: str) -> None:
    if way == "borne":
        assert run(task("echo"), tmp_path / "a")
        assert [one.num_threads() for one in nurseries()] == [1]
