"""The root command: names found when called, every failure one plain sentence, the right exit code."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer

from ceping import __version__
from ceping.cli.main import ENTRIES, Entry, main


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Callable[[], None]], None]:
    """Puts a function into the table of commands under the name `tried`; logs go into the test's own folder."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    def put(function: Callable[[], None]) -> None:
        monkeypatch.setitem(sys.modules, "tried_module", SimpleNamespace(tried=function))  # type: ignore[arg-type]
        monkeypatch.setitem(ENTRIES, "tried", Entry("tried_module", "tried", "试一试"))

    return put


def raising(error: BaseException) -> Callable[[], None]:
    def tried() -> None:
        raise error

    return tried


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ceping {__version__}\n"


def test_help_lists_every_command_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [line.split() for line in lines if line.startswith("  ") and not line.startswith("  --")]
    assert [words[0] for words in listed] == list(ENTRIES)


def test_no_command_is_wrong_use_and_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().out.startswith("测评：中小企业服务机构第三方测评。\n\n用法：ceping 命令")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["pionts"], "用法有误：没有命令 pionts，是不是想用 'points'？"),
        (["--colour"], "用法有误：没有选项 --colour。"),
        (["tried", "--many", "x"], "用法有误：'--many' 的取值不对：这里要整数。"),
        (["tried", "more"], "用法有误：多出来的参数：more。"),
        (["tried", "--many"], "用法有误：选项 --many 后面缺少取值。"),
    ],
)
def test_wrong_use_is_told_in_chinese(
    arguments: list[str],
    sentence: str,
    command: Callable[[Callable[..., None]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    def tried(many: int = 1) -> None:
        raise AssertionError(many)

    command(tried)
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"{sentence}\n加上 --help 可查看用法。\n")


def test_the_help_of_a_command_is_chinese_and_whole(root: Path) -> None:
    """In a process of its own: the library's titles are set once for a process."""
    program = (
        "import sys, types, typer; from ceping.cli import main as m\n"
        "def tried(out: str = typer.Option(..., help='" + "说明" * 60 + "')): pass\n"
        "sys.modules['t'] = types.SimpleNamespace(tried=tried); m.ENTRIES['tried'] = m.Entry('t', 'tried', '试一试')\n"
        "sys.exit(m.main(['tried', '--help']))"
    )
    environment = {**os.environ, "COLUMNS": "80", "TERMINAL_WIDTH": "80"}
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    words = "".join(re.findall(r"[\u4e00-\u9fff]", answer.stdout))
    assert words == "用法选项试一试选项" + "说明" * 60 + "必填显示本说明"


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_code_of_a_command_is_the_code_of_the_program(
    code: int, command: Callable[[Callable[[], None]], None]
) -> None:
    command(raising(typer.Exit(code)))
    assert main(["tried"]) == code


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "已中断。\n"),
        (typer.Abort(), 130, "已中断。\n"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, "无法完成：磁盘已满。请检查路径、权限和磁盘空间。\n"),
        (PermissionError(errno.EACCES, "no", "a.csv"), 2, "无法完成：a.csv：没有权限。请检查路径、权限和磁盘空间。\n"),
        (MemoryError(), 2, "无法完成：内存不够。请关掉其他程序，或换一台内存更大的机器。\n"),
    ],
)
def test_a_failure_is_one_sentence(
    error: BaseException,
    code: int,
    said: str,
    command: Callable[[Callable[[], None]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    command(raising(error))
    assert main(["tried"]) == code
    assert capsys.readouterr() == ("", said)


def test_an_unexpected_failure_goes_to_the_log(
    command: Callable[[Callable[[], None]], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command(raising(ZeroDivisionError("deep inside")))
    log = tmp_path / "ceping/ceping.log"
    assert main(["tried"]) == 2
    said = f"程序出错，未能完成（ZeroDivisionError）。详情已写入 {log}，请附上它报告问题。\n"
    assert capsys.readouterr() == ("", said)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert (lines[0][10:].partition(" ")[2], lines[-1]) == (
        f"ceping {__version__}",
        "ZeroDivisionError: deep inside",
    )


def test_a_developer_may_see_the_traceback(
    command: Callable[[Callable[[], None]], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("CEPING_DEBUG", "1")
    command(raising(ZeroDivisionError("deep inside")))
    assert main(["tried"]) == 2
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_who_leaves_is_no_fault() -> None:
    read, write = os.pipe()
    os.close(read)
    program = "import sys; from ceping.cli.main import main; sys.exit(main(['--help']))"
    answer = subprocess.run([sys.executable, "-c", program], stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (answer.returncode, answer.stderr) == (0, b"")


def test_a_terminal_of_another_encoding_gets_utf8() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    answer = subprocess.run(
        [sys.executable, "-m", "ceping", "--help"], env=environment, capture_output=True, check=True
    )
    assert answer.stdout.decode("utf-8").startswith("测评：")


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["points", "score"], 2)])
def test_the_process_leaves_with_the_code_of_the_command_and_does_what_was_registered_for_the_end(
    arguments: list[str], code: int
) -> None:
    program = "import atexit, ceping.__main__ as one; atexit.register(print, 'the end'); one.run()"

    answer = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False)

    assert answer.returncode == code
    assert answer.stdout.splitlines()[-1] == "the end"


def test_a_process_with_threads_waits_for_them() -> None:
    program = (
        "import threading, time, ceping.__main__ as one\n"
        "threading.Thread(target=lambda: (time.sleep(0.5), print('late'))).start()\n"
        "one.run()"
    )

    answer = subprocess.run([sys.executable, "-c", program, "--version"], capture_output=True, text=True, check=False)

    assert (answer.returncode, answer.stdout.splitlines()[-1]) == (0, "late")
