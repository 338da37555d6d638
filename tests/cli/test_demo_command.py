"""`ceping demo-season` as people call it: what it says, and that the shipped scheme explains its results."""

import json
from pathlib import Path

import pytest

from ceping.cli.main import main


def test_a_demo_is_made_evaluated_and_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    season, out = tmp_path / "season", tmp_path / "out"
    assert main(["demo-season", str(season), "--institutions", "3", "--seed", "1", "--events", "90"]) == 0
    assert capsys.readouterr().out == f"已写入 {season}：3 家机构，90 条店铺事件（示范，均为虚构）。\n"
    assert main(["evaluate", str(season), "--out", str(out)]) == 0
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    capsys.readouterr()
    for one in results["institutions"]:
        assert main(["explain", str(out), one["uscc"]]) == 0
        told = capsys.readouterr().out
        assert told.startswith(f"{one['name']}  {one['uscc']}  ")
        assert told.count("附件1 ") >= 14
        assert f"= {one['total']}\n" in told
