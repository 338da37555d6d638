"""The worked run in both READMEs is what the program prints, line by line, with `…` for what is left out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CEPING = (sys.executable, "-m", "ceping")


def run(folder: Path, *arguments: str) -> list[str]:
    answer = subprocess.run([*CEPING, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def blocks(page: Path) -> list[list[str]]:
    return [
        block.splitlines() for block in re.findall(r"```text\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]


def shown_in_order(block: list[str], printed: list[str]) -> list[str]:
    """The lines of the block that the program did not print after the line before them."""
    missing, position = [], 0
    for line in block:
        if line == "…":
            continue
        try:
            position = printed.index(line, position) + 1
        except ValueError:
            missing.append(line)
    return missing


@pytest.mark.slow
def test_the_worked_run_is_real(root: Path, tmp_path: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert "ceping demo-season $(DEMO) --institutions 40 --seed 7\n" in makefile
    run(tmp_path, "demo-season", "var/demo-season", "--institutions", "40", "--seed", "7")
    ranking = run(tmp_path, "evaluate", "var/demo-season", "--out", "var/demo-result")
    for name in ("README.md", "README.zh-CN.md"):
        text = (root / name).read_text(encoding="utf-8")
        (code,) = re.findall(r"`ceping explain var/demo-result (\w+)`", text)
        shown = blocks(root / name)
        assert [len(block) > 8 for block in shown] == [True, True]
        assert shown_in_order(shown[0], ranking) == []
        assert shown_in_order(shown[1], run(tmp_path, "explain", "var/demo-result", code)) == []


def test_a_line_that_was_not_printed_is_seen() -> None:
    assert shown_in_order(["a", "…", "c", "b"], ["a", "b", "c"]) == ["b"]
