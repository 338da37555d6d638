"""The result folder: replaced by one rename, only where nothing else is lost, and never left half written."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from ceping.bulk import placing, scoring
from ceping.bulk.request import Request, Unreadable
from ceping.bulk.scoring import score_files
from ceping.core.points import Window
from ceping.core.scheme.points import PointsFile

FILES = ["ledger.csv", "rejected.csv", "run.json", "totals.csv"]


@pytest.fixture
def request_2021(case: Path, points: PointsFile) -> Request:
    window = Window(date(2021, 1, 1), date(2021, 12, 31))
    return Request(points, "shanghai-2021@1", "0", case / "shops.csv", (case / "events.csv",), window)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_absent_or_empty_folder_is_filled(request_2021: Request, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for out in (tmp_path / "empty", tmp_path / "deep/er/absent"):
        score_files(request_2021, out)
        assert names(out) == FILES
    assert names(tmp_path) == ["deep", "empty"]


def test_a_former_run_is_replaced(request_2021: Request, tmp_path: Path) -> None:
    out = tmp_path / "out"
    score_files(request_2021, out)
    (out / "totals.csv").write_text("old", encoding="utf-8")
    score_files(request_2021, out)
    assert names(out) == FILES
    assert (out / "totals.csv").read_text(encoding="utf-8").startswith("shop_id,points")
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("what", ["file", "foreign", "beside", "other run", "broken run", "link"])
def test_anything_else_is_left_alone(what: str, request_2021: Request, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if what == "file":
        out.write_text("x", encoding="utf-8")
    elif what == "link":
        (tmp_path / "real").mkdir()
        out.symlink_to(tmp_path / "real")
    else:
        out.mkdir()
        run = {"other run": {"command": "evaluate"}, "beside": {"command": "points score"}}.get(what)
        if run:
            (out / "run.json").write_text(json.dumps(run), encoding="utf-8")
        if what == "broken run":
            (out / "run.json").write_text("{", encoding="utf-8")
        if what in ("foreign", "beside"):
            (out / "thesis.docx").write_text("x", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Unreadable) as refusal:
        score_files(request_2021, out)
    assert [finding.code for finding in refusal.value.findings] == ["points_out_foreign"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_failure_in_the_middle_leaves_the_old_result(
    request_2021: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    score_files(request_2021, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def no_space(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(scoring, "record_of", no_space)
    with pytest.raises(OSError, match="No space"):
        score_files(request_2021, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert names(tmp_path) == ["out"]


KILLED = """
import os, signal, sys
from pathlib import Path
from ceping.bulk import outfolder
with outfolder.placed(Path(sys.argv[1])) as folder:
    (folder / "totals.csv").write_text("half")
    print("ready", flush=True)
    signal.pause()
"""


def test_a_killed_run_leaves_the_old_result_and_is_swept_by_the_next(request_2021: Request, tmp_path: Path) -> None:
    out = tmp_path / "out"
    score_files(request_2021, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with subprocess.Popen([sys.executable, "-c", KILLED, str(out)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        # While it lives, another run leaves its staging alone.
        score_files(request_2021, tmp_path / "other")
        assert len(names(tmp_path)) == 3
        os.kill(child.pid, signal.SIGKILL)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert len(names(tmp_path)) == 3
    score_files(request_2021, out)
    assert names(tmp_path) == ["other", "out"]


def test_a_whole_command_killed_anywhere_leaves_old_or_new(case: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        *(sys.executable, "-m", "ceping", "points", "score", "--scheme", "shanghai-2021"),
        *("--shops", str(case / "shops.csv"), "--events", str(case / "events.csv")),
        *("--from", "2021-01-01", "--to", "2021-12-31", "--out", str(out)),
    ]
    subprocess.run(command, check=True, capture_output=True)
    expected = {name: (out / name).read_bytes() for name in FILES if name != "run.json"}
    for delay in (0.2, 0.5, 0.7, 0.9):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
            time.sleep(delay)
            child.kill()
        assert names(out) == FILES
        assert {name: (out / name).read_bytes() for name in expected} == expected
    subprocess.run(command, check=True, capture_output=True)
    assert names(tmp_path) == ["out"]


def test_without_an_exchange_by_the_system_the_result_is_still_replaced(
    request_2021: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_exchanged", lambda *_: False)
    out = tmp_path / "out"
    score_files(request_2021, out)
    (out / "totals.csv").write_text("old", encoding="utf-8")
    score_files(request_2021, out)
    assert (out / "totals.csv").read_text(encoding="utf-8").startswith("shop_id,points")
    assert names(tmp_path) == ["out"]


def test_run_json_names_rules_inputs_and_window(request_2021: Request, tmp_path: Path) -> None:
    score_files(request_2021, tmp_path / "out")
    run = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert run["command"] == "points score"
    assert (run["scheme"], run["scheme_sha256"]) == ("shanghai-2021@1", "0")
    assert run["window"] == {"from": "2021-01-01", "to": "2021-12-31"}
    assert [(one["source"], one["rows"]) for one in run["inputs"]] == [("shops.csv", 27), ("events.csv", 6087)]
    assert run["inputs"][1]["sha256"] == "67182a81919c51dfe4dc85819c00ec642844c9ad3c3ead7d0ea9f93f7ae9de5d"
    assert run["rows"] == {"shops": 18, "events": 6087, "ledger": 202, "rejected": 270}
