"""The demo season: equal bytes for equal numbers, clean by construction, with every part a demo should show."""

import json
from pathlib import Path
from typing import Any

import pytest

from ceping.cli.main import main
from ceping.core.uscc import is_valid
from ceping.folder.demo import MARKER, write_demo
from ceping.folder.demo.words import credit_code, firm_name, institution_name, mobile
from ceping.folder.season import read_season


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_numbers_give_the_same_bytes_and_others_do_not(tmp_path: Path) -> None:
    write_demo(tmp_path / "one", institutions=11, seed=7, events=500)
    write_demo(tmp_path / "two", institutions=11, seed=7, events=500)
    write_demo(tmp_path / "three", institutions=11, seed=8, events=500)
    one, two, three = (state(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one.keys() == three.keys()
    assert one["marks.csv"] != three["marks.csv"]
    assert one["events.csv"].count(b"\n") == 501


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_small_one_is_clean_too(tmp_path: Path, count: int) -> None:
    write_demo(tmp_path / "season", institutions=count, seed=3, events=50 * count)
    assert main(["evaluate", str(tmp_path / "season"), "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_are_without_errors(tmp_path: Path, seed: int) -> None:
    write_demo(tmp_path / "season", institutions=30, seed=seed, events=100)
    season, faults = read_season(tmp_path / "season")
    assert season is not None
    assert not faults.stops
    assert {finding.code for finding in faults.findings} == {"report_asked", "report_list_short"}


def test_forty_institutions_show_what_a_season_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    season, out = tmp_path / "season", tmp_path / "out"
    assert main(["demo-season", str(season), "--institutions", "40", "--seed", "7"]) == 0
    assert main(["evaluate", str(season), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "示例参数，官方文件未公布" in told
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))["institutions"]
    assert len(results) == 40
    assert len({one["category"] for one in results}) == 10
    grades = {one["grade"] for one in results}
    assert grades == {"良好", "合格", "不合格", "不具备参评条件"}
    assert all(is_valid(one["uscc"]) for one in results)
    assert [one["gates"][0] for one in results if not one["gates"][0]["passed"]] == [
        {"rule_id": "fifty-clients", "passed": False, "waived": False},
        {"rule_id": "fifty-clients", "passed": False, "waived": True},
    ]
    assert [one["vetoes"] for one in results if one["vetoes"]] == [["false-materials"]]
    shopless = [one for one in results if one["scores"]["orders"] != "0.00" and one["scores"]["followers"] == "0.00"]
    assert [_notes(one) for one in shopless] == [{"未开设店铺"}]
    adjudicated = [one for one in results if '"adjudication"' in json.dumps(one["trace"])]
    assert len(adjudicated) == 1
    rejected = (out / "points" / "rejected.csv").read_text(encoding="utf-8")
    assert rejected.count("\n") == 1
    assert ",void," in (season / "events.csv").read_text(encoding="utf-8")


def _notes(result: dict[str, Any]) -> set[str]:
    return {entry.get("note", "") for entry in result["trace"]["items"]["followers"]["rule"]["inputs"]}


def test_a_foreign_folder_is_left_alone_and_a_former_demo_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "season"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["demo-season", str(folder), "--institutions", "2", "--events", "10"]) == 2
    assert state(folder) == {"notes.txt": b"mine"}
    (folder / "notes.txt").unlink()
    assert main(["demo-season", str(folder), "--institutions", "2", "--events", "10"]) == 0
    assert main(["demo-season", str(folder), "--institutions", "3", "--events", "10"]) == 0
    told = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    assert told == {"command": "demo-season", "institutions": 3, "seed": 7, "events": 10}
    assert [path.name for path in tmp_path.iterdir()] == ["season"]


@pytest.mark.parametrize("options", [["--institutions", "0"], ["--institutions", "1000"], ["--events", "-1"]])
def test_numbers_out_of_reach_are_wrong_use(tmp_path: Path, options: list[str]) -> None:
    assert main(["demo-season", str(tmp_path / "season"), *options]) == 2
    assert list(tmp_path.iterdir()) == []


def test_made_up_names_codes_and_numbers_do_not_repeat() -> None:
    assert len({institution_name(number, "consulting") for number in range(1, 1000)}) == 999
    assert len({firm_name(number) for number in range(19_040)}) == 19_040
    assert len({mobile(number) for number in range(120_000)}) == 120_000
    assert all(is_valid(credit_code(number, "legal")) for number in range(1, 1000))
