"""The commands of packages, trials and comparisons: help in Chinese, exit codes, what is said."""

import json
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.season import CASE, Trial

COMMANDS = ("package", "whatif", "compare-seasons")


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Trial:
    return Trial(tmp_path, capsys)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert "用法：" in told
    assert [word for word in ("Usage", "Options", "Arguments", "Show this") if word in told] == []


@pytest.mark.parametrize(
    "words",
    [
        *(["package"], ["package", "DIR"], ["package", "nowhere", "--out", "x"], ["whatif"], ["whatif", "nowhere"]),
        *(["whatif", "nowhere", "-w", "a=1"], ["compare-seasons", "nowhere"], ["compare-seasons", "nowhere", "there"]),
    ],
)
def test_wrong_use_ends_with_two(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_package_says_what_was_written(trial: Trial) -> None:
    package, archive = trial.folder.parent / "package", trial.folder.parent / "p.zip"
    words = ["package", str(trial.folder), "--out", str(package), "--scheme", str(CASE / "scheme"), "--public"]
    trial.told()
    assert main([*words, "--zip", str(archive)]) == 0
    *_, written, zipped = trial.told().splitlines()
    count = sum(path.is_file() for path in package.rglob("*"))
    assert (written, zipped) == (f"已写出公开包 {package}：{count} 个文件，0.0 MB。", f"已写出 {archive}")
    assert main([*words[:-1], "--json"]) == 0
    assert {one["level"] for one in json.loads(trial.told())["findings"]} == {"warning"}
    kind = json.loads((package / "package.json").read_text(encoding="utf-8"))
    assert (kind["command"], kind["kind"], kind["scheme"]) == ("package", "full", "three@1")


def test_a_changed_package_is_refused_in_words(trial: Trial) -> None:
    package = trial.folder.parent / "package"
    assert main(["package", str(trial.folder), "--out", str(package), "--scheme", str(CASE / "scheme")]) == 0
    with (package / "calls.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    trial.told()
    assert main(["evaluate", str(package), "--out", str(trial.out)]) == 1
    assert trial.told().splitlines() == [
        "错误 calls.csv：内容与 manifest.sha256 所记的不同",
        "  → 请换回发布时的文件，或向发布方重新索取这个包",
        "共 1 处错误、0 处提醒。",
        "有错误，没有写出任何结果。",
    ]
