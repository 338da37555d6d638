"""The hand-made season of three institutions, copied where a test may change it, and ways to change it."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ceping.cli.main import main

CASE = Path(__file__).parents[1] / "cases" / "three-institutions"
JIA, YI, BING = "91310199MADE00011A", "91310199MADE0002X2", "91310199MADE000382"


class Trial:
    """One season folder in the hands of a test, with a place for results that holds an older run."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = place / "season"
        self.out = place / "out"
        self._capsys = capsys
        shutil.copytree(CASE / "season", self.folder)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.text(name)
        assert old in text, (name, old)
        self.write(name, text.replace(old, new, 1))

    def append(self, name: str, line: str) -> None:
        self.write(name, self.text(name) + line + "\n")

    def rows(self, name: str) -> list[list[str]]:
        return list(csv.reader(self.text(name).splitlines()))

    def write_rows(self, name: str, rows: list[list[str]]) -> None:
        with (self.folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)

    def change_report(self, uscc: str, change: Callable[[dict[str, Any]], None]) -> None:
        name = f"institutions/{uscc}/report.json"
        report = json.loads(self.text(name))
        change(report)
        self.write(name, json.dumps(report, ensure_ascii=False))

    def evaluate(self, *options: str) -> int:
        scheme = str(CASE / "scheme")
        return main(["evaluate", str(self.folder), "--out", str(self.out), "--scheme", scheme, *options])

    def findings(self, *options: str) -> tuple[int, list[tuple[str, str, str]]]:
        """The exit code, and code, file and place of every finding."""
        self._capsys.readouterr()
        code = self.evaluate("--json", *options)
        found = json.loads(self._capsys.readouterr().out)["findings"]
        return code, [(one["code"], one["file"], one["place"]) for one in found if one not in _USUAL]

    def told(self) -> str:
        """Everything printed since the last question."""
        captured = self._capsys.readouterr()
        return captured.out + captured.err

    def results(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "results.json").read_text(encoding="utf-8"))
        return found

    def result(self, uscc: str) -> dict[str, Any]:
        return next(one for one in self.results()["institutions"] if one["uscc"] == uscc)


# The case has one client twice on purpose, which the report's check mentions whatever a test changes.
_USUAL = [
    {
        "level": "warning",
        "code": "report_same_name",
        "file": f"institutions/{YI}/report.json",
        "place": "二、服务清单 服务清单 第 2 行 企业名称",
        "message": "上海东企业有限责任公司 与第 1 行 上海东企业有限公司 是同一家",
        "remedy": "重复的只算一家；确是两家的请写全名称",
    }
]


def keep_former_run(out: Path) -> None:
    out.mkdir()
    (out / "run.json").write_text('{"command": "evaluate"}', encoding="utf-8")
    (out / "results.json").write_text("before", encoding="utf-8")


def untouched(out: Path) -> bool:
    beside = [path.name for path in out.parent.iterdir()]
    kept = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    return sorted(beside) == ["out", "season"] and kept == {
        "run.json": '{"command": "evaluate"}',
        "results.json": "before",
    }
