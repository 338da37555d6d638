"""The embedded server under everything that happens to it: crashes, strangers' files, odd paths, many users."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from ceping.postgres.place import Place
from ceping.postgres.programs import NoPostgres, find_programs
from ceping.postgres.server import Server

pytestmark = pytest.mark.slow

USER = """
import sys, time
from pathlib import Path
from ceping.postgres.server import Server
Server(Path(sys.argv[1]), grace=0.3).use()
print("ready", flush=True)
time.sleep(60)
"""


def connected(server: Server) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(**server.use(), autocommit=True)  # type: ignore[arg-type]


def postmaster(server: Server) -> int:
    return int((server.place.data / "postmaster.pid").read_text().split("\n", 1)[0])


def keeper(server: Server) -> psutil.Process:
    def is_ours(process: psutil.Process) -> bool:
        return "ceping.postgres.keeper" in process.cmdline() and str(server.place.folder) in process.cmdline()

    return next(process for process in psutil.process_iter() if _asked(is_ours, process))


def _asked(question: Callable[[psutil.Process], bool], process: psutil.Process) -> bool:
    try:
        return question(process)
    except psutil.Error:
        return False


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def nobody_works_in(folder: Path) -> bool:
    return not any(_asked(lambda process: Path(process.cwd()) == folder, process) for process in psutil.process_iter())


def test_it_answers_as_the_role_in_an_odd_folder(server: Server) -> None:
    with connected(server) as connection:
        row = connection.execute("SELECT current_user, current_setting('fsync'), rolsuper FROM pg_roles")
        assert ("ceping", "on", False) in row.fetchall()
    assert server.place.folder.stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    server = Server(tmp_path / ("很长的名字" * 6) / ("又一层" * 6), grace=0.3)
    with connected(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert server.place.socket_folder.parent == Path("/tmp")  # noqa: S108
    server.leave()
    assert until(lambda: nobody_works_in(server.place.data))
    shutil.rmtree(server.place.socket_folder)


def test_many_users_at_once_share_one_server(server: Server) -> None:
    users = [
        subprocess.Popen([sys.executable, "-c", USER, server.folder], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    try:
        assert [user.stdout.readline() for user in users if user.stdout] == ["ready\n"] * 6
        servers = {
            process.pid
            for process in psutil.process_iter()
            if _asked(lambda p: str(server.place.data) in p.cmdline(), process)
        }
        assert len(servers) == 1
    finally:
        for user in users:
            user.send_signal(signal.SIGKILL)
            user.communicate()
    # All users were killed: the kernel gave their locks back, so the server ends by itself.
    assert until(lambda: nobody_works_in(server.place.data))


def test_a_killed_server_is_back_and_nothing_acknowledged_is_lost(server: Server) -> None:
    with connected(server) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
    written = 0
    for _ in range(3):
        with connected(server) as connection:
            for _ in range(50):
                connection.execute("INSERT INTO kept VALUES (1)")
                written += 1
            os.kill(postmaster(server), signal.SIGKILL)
    with connected(server) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (written,)


def test_a_killed_keeper_is_followed_by_one_that_keeps_the_running_server(server: Server) -> None:
    server.use()
    before = postmaster(server)
    keeper(server).kill()
    # The server itself goes on; the next user that finds nobody listening, or a new process, brings a new keeper.
    user = subprocess.Popen([sys.executable, "-c", USER, server.folder], stdout=subprocess.PIPE, text=True)
    try:
        assert user.stdout is not None
        assert user.stdout.readline() == "ready\n"
        with connected(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert postmaster(server) == before
        os.kill(before, signal.SIGKILL)
        with connected(server) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        user.kill()
        user.communicate()


@pytest.mark.parametrize("content", [f"{os.getpid()}\n/somewhere\n", "", "x"], ids=["stranger", "empty", "cut"])
def test_a_number_file_that_lies_does_not_keep_it_from_starting(server: Server, content: str) -> None:
    server.use()
    server.leave()
    assert until(lambda: nobody_works_in(server.place.data))
    (server.place.data / "postmaster.pid").write_text(content)
    with connected(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_folder_moved_away_ends_keeper_and_server(server: Server) -> None:
    server.use()
    watching = keeper(server)
    data = server.place.folder.rename(server.folder.with_name("elsewhere")) / "data"
    assert until(lambda: not watching.is_running() or watching.status() == psutil.STATUS_ZOMBIE)
    assert until(lambda: nobody_works_in(data))


def test_data_of_another_version_is_refused_and_left_alone(server: Server) -> None:
    server.use()
    server.leave()
    assert until(lambda: nobody_works_in(server.place.data))
    (server.place.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(NoPostgres, match="PostgreSQL 14 的数据"):
        server.use()
    assert (server.place.data / "PG_VERSION").read_text() == "14\n"


def test_an_initdb_that_was_killed_is_done_again(server: Server) -> None:
    place = server.place
    place.make()
    aside = place.data.with_name("data.new")
    aside.mkdir()
    (aside / "half").write_text("")
    with connected(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not aside.exists()


def test_a_folder_without_programs_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoPostgres, match="没有找到 PostgreSQL 15"):
        find_programs(str(tmp_path))


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="属于另一个账号"):
        Place(tmp_path).make()


def test_who_asks_again_looks_at_files_alone_until_the_server_or_its_keeper_is_another(server: Server) -> None:
    assert not server.is_kept()
    server.use()
    assert server.is_kept()
    os.kill(postmaster(server), signal.SIGKILL)
    assert until(lambda: not server.is_kept())
    server.use()
    assert server.is_kept()
    keeper(server).kill()
    assert until(lambda: not server.is_kept())
    server.use()
    server.leave()
    assert not server.is_kept()
