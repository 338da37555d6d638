"""The command starts without what it does not need: no Django anywhere, no DuckDB and pydantic for its help."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys
from ceping.cli.main import main
code = main(sys.argv[1:])
print("\\n" + json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""
LARGE = {"django", "duckdb", "pydantic", "xlsxwriter", "stdnum", "numpy", "pandas", "rich"}
POINTS = ["--shops", "shops.csv", "--events", "events.csv", "--from", "2021-01-01", "--to", "2021-12-31"]


def loaded_by(arguments: list[str], folder: Path) -> tuple[int, set[str]]:
    """The exit code of the command, and the packages a fresh interpreter has loaded when it is done."""
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    code, modules = json.loads(answer.stdout.splitlines()[-1])
    return code, set(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["scheme", "list"]], ids=" ".join)
def test_the_first_answers_load_nothing_large(arguments: list[str], root: Path) -> None:
    code, modules = loaded_by(arguments, root)
    assert code == 0
    assert modules & LARGE == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["scheme", "list"],
        ["uscc", "check", "91310000MA1FL70B6X"],
        ["points", "score", "--scheme", "shanghai-2021", *POINTS, "--out"],
    ],
    ids=" ".join,
)
def test_the_library_part_loads_no_django(arguments: list[str], root: Path, tmp_path: Path) -> None:
    out = [str(tmp_path / "out")] if arguments[-1] == "--out" else []
    code, modules = loaded_by([*arguments, *out], root / "tests/cases/points-small")
    assert code in (0, 1)
    assert {name for name in modules if name.startswith(("django", "procrastinate", "allauth"))} == set()
