"""What every evaluation promises: equal bytes, no order of rows, gaps that say so, old results until new ones stand."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ceping.cli.main import main
from ceping.folder.columns import FILES
from ceping.folder.season import read_season
from tests.factories.season import BING, CASE, JIA, YI, Trial

# run.json tells when and with what, advice.json what to look at; everything else is within the promise.
PROMISED = (
    "results.json",
    "results.xlsx",
    "report.html",
    "verification.json",
    "robustness.json",
    "points/totals.csv",
    "points/ledger.csv",
    "points/rejected.csv",
)


def digests(out: Path) -> dict[str, str]:
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert [name for name in found if not name.endswith(("run.json", "advice.json"))] == sorted(PROMISED)
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in PROMISED}


def test_twice_gives_equal_bytes(trial: Trial) -> None:
    assert trial.evaluate() == 0
    first = digests(trial.out)
    time.sleep(2.1)  # the clock inside a zip archive counts in steps of two seconds
    assert trial.evaluate() == 0
    assert digests(trial.out) == first


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_and_columns_changes_nothing(trial: Trial, seed: int) -> None:
    assert trial.evaluate() == 0
    before = [(trial.out / name).read_bytes() for name in ("results.json", "verification.json", "points/ledger.csv")]
    order = random.Random(seed)  # noqa: S311 -- a shuffle, no secret
    for name in [file.name for file in FILES] + ["events.csv"]:
        if (trial.folder / name).is_file():
            header, *rows = trial.rows(name)
            order.shuffle(rows)
            places = list(range(len(header)))
            order.shuffle(places)
            trial.write_rows(name, [[row[place] for place in places] for row in (header, *rows)])
    assert trial.evaluate() == 0
    after = [(trial.out / name).read_bytes() for name in ("results.json", "verification.json", "points/ledger.csv")]
    assert after == before


def test_one_changed_mark_changes_exactly_the_numbers_whose_traces_name_it(trial: Trial) -> None:
    assert trial.evaluate() == 0
    before = trial.results()
    trial.replace("marks.csv", f"{JIA},quality,A2,9,,", f"{JIA},quality,A2,7,,")
    assert trial.evaluate() == 0
    after = trial.results()
    named = {
        (one["uscc"], key)
        for one in after["institutions"]
        for key, item in one["trace"]["items"].items()
        if any(entry["name"] == "mark:A02" for entry in item["rule"].get("inputs", ())) and one["uscc"] == JIA
    }
    assert named == {(JIA, "quality")}
    changed = {path for path, _ in _differences(before, after)}
    place = "institutions.0"
    assert changed == {
        f"{place}.scores.quality",
        f"{place}.total",
        f"{place}.rank",
        f"{place}.rank_in_category",
        f"{place}.rank_interval.1",
        f"{place}.trace.items.quality.rule.inputs.1.value",
        f"{place}.trace.items.quality.rule.unrounded",
        f"{place}.trace.items.quality.rule.result",
        f"{place}.trace.items.quality.unrounded",
        f"{place}.trace.items.quality.score",
        f"{place}.trace.total.result",
        f"{place}.trace.grade.reason",
        f"{place}.trace.grade.steps.0.reason",
        # The rank of the other follows from the total it is held against.
        "institutions.1.rank",
        "institutions.1.rank_in_category",
        "institutions.1.rank_interval.0",
    }
    # (8 + 7) / 2 = 7.5 -> 30.00 and 77.44 < 78.00
    assert (trial.result(JIA)["scores"]["quality"], trial.result(JIA)["total"], trial.result(JIA)["rank"]) == (
        "30.00",
        "77.44",
        2,
    )


def _differences(one: Any, other: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        assert list(one) == list(other), path
        return [entry for key in one for entry in _differences(one[key], other[key], f"{path}.{key}".lstrip("."))]
    if isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), path
        pairs = enumerate(zip(one, other, strict=True))
        return [entry for place, (a, b) in pairs for entry in _differences(a, b, f"{path}.{place}")]
    return [] if one == other else [(path, other)]


def test_missing_values_are_marked_gaps_and_say_so(trial: Trial) -> None:
    trial.replace("marks.csv", f"{JIA},quality,A1,8,,", f"{JIA},quality,A1,,,")
    assert trial.evaluate() == 1
    assert not trial.out.exists()
    trial.told()
    assert trial.evaluate("--allow-missing") == 0
    told = trial.told()
    assert "不完整：有缺少的文件或数值" in told
    assert f"专家 A1 还没有给 {JIA} 的 quality 打分" in told
    first, second = trial.result(JIA), trial.result(YI)
    assert (first["scores"]["quality"], first["total"], first["grade"], first["rank"]) == (None, None, "不完整", None)
    # The others stand as they are, the second now as the first.
    assert (second["total"], second["grade"], second["rank"]) == ("78.00", "良好", 1)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("marks.csv", ["quality"]),
        ("adjudications.csv", []),
        ("verified.csv", ["clients"]),
        ("calls.csv", ["truth"]),
        ("clients.csv", []),
        ("external.csv", []),
        ("decisions.csv", []),
        ("evidence_checks.csv", []),
        ("shops.csv", ["orders"]),
        ("events.csv", ["orders"]),
        ("assessors.csv", []),
        ("assignments.csv", []),
    ],
)
def test_a_missing_file_makes_every_result_incomplete(trial: Trial, name: str, missing: list[str]) -> None:
    (trial.folder / name).unlink()
    if name == "clients.csv":
        (trial.folder / "calls.csv").unlink()
        missing = ["truth"]
    assert trial.evaluate() == 1
    assert trial.evaluate("--allow-missing") == 0
    first = trial.result(JIA)
    assert (first["grade"], first["rank"], first["rank_interval"]) == ("不完整", None, None)
    assert [key for key, score in first["scores"].items() if score is None] == missing


def test_errors_are_errors_whatever_is_allowed_to_be_missing(trial: Trial) -> None:
    trial.replace("marks.csv", f"{JIA},quality,A1,8,,", f"{JIA},quality,A1,11,,好")
    assert trial.findings("--allow-missing") == (1, [("mark_out_of_range", "marks.csv", "第 2 行 mark")])


@pytest.mark.parametrize("kind", ["foreign", "other command", "file", "season itself", "inside the season"])
def test_a_foreign_out_folder_is_left_alone(trial: Trial, kind: str) -> None:
    if kind == "season itself":
        trial.out = trial.folder
    elif kind == "inside the season":
        trial.out = trial.folder / "out"
    elif kind == "file":
        trial.out.write_text("mine", encoding="utf-8")
    else:
        trial.out.mkdir()
        command = {"foreign": "{}", "other command": '{"command": "points score"}'}[kind]
        (trial.out / "run.json").write_text(command, encoding="utf-8")
        (trial.out / "notes.txt").write_text("mine", encoding="utf-8")
    before = _state(trial.folder.parent)
    assert trial.evaluate() == 2
    told = trial.told()
    assert told.count("→") == 1
    assert _state(trial.folder.parent) == before


def _state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_empty_out_folder_and_a_former_run_are_taken(trial: Trial) -> None:
    trial.out.mkdir()
    assert trial.evaluate() == 0
    (trial.out / "results.json").write_text("worn", encoding="utf-8")
    assert trial.evaluate() == 0
    assert trial.result(JIA)["total"] == "81.44"
    assert sorted(path.name for path in trial.out.parent.iterdir()) == ["out", "season"]


def test_a_run_killed_in_the_middle_leaves_the_old_results(trial: Trial) -> None:
    assert trial.evaluate() == 0
    before = _state(trial.out)
    code = (
        "import sys, time\nfrom ceping.folder import evaluation\n"
        "def hang(*_args):\n    print('writing', flush=True)\n    time.sleep(60)\n"
        "evaluation.results_text = hang\nfrom ceping.cli.main import main\nmain(sys.argv[1:])\n"
    )
    arguments = ["evaluate", str(trial.folder), "--out", str(trial.out), "--scheme", str(CASE / "scheme")]
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert _state(trial.out) == before
    left = [path.name for path in trial.out.parent.iterdir() if path.name.startswith(".out.")]
    assert len(left) == 1
    # The next run sweeps away what the killed one left.
    assert trial.evaluate() == 0
    assert sorted(path.name for path in trial.out.parent.iterdir()) == ["out", "season"]


def test_a_failure_while_writing_leaves_nothing(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ceping.folder.evaluation.write_workbook", full)
    assert trial.evaluate() == 2
    assert "无法完成" in trial.told()
    assert [path.name for path in trial.out.parent.iterdir()] == ["season"]


def test_run_json_names_inputs_and_findings(trial: Trial) -> None:
    assert trial.evaluate() == 0
    run = json.loads((trial.out / "run.json").read_text(encoding="utf-8"))
    data = (trial.folder / "marks.csv").read_bytes()
    assert run["inputs"]["marks.csv"] == hashlib.sha256(data).hexdigest()
    assert run["inputs"].keys() >= {"season.toml", "events.csv", f"institutions/{BING}/report.json"}
    assert (run["command"], run["institutions"], run["events"], run["events_rejected"]) == ("evaluate", 3, 12, 0)
    assert [finding["code"] for finding in run["findings"]] == ["report_same_name"]


TEXTS = [*(file.name for file in FILES if (CASE / "season" / file.name).is_file()), "season.toml", "events.csv"]
REPORT = f"institutions/{JIA}/report.json"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_becomes_of_one_file_it_is_findings_or_a_season(tmp_path: Path, data: st.DataObject) -> None:
    folder = _copied_once(tmp_path)
    name = data.draw(st.sampled_from([*TEXTS, REPORT]))
    original = (folder / name).read_bytes()
    place = data.draw(st.integers(0, len(original) - 1))
    length = data.draw(st.sampled_from([0, 1, 1, 2, 40]))
    bytes_ = st.binary(max_size=4)
    odd = st.sampled_from([b"\0", b'"', b",", b"\n", b"\r", b"-1", b"1e9", b"9.13E+17", b"\xff", b"0" * 40, b"C0009"])
    new = data.draw(st.one_of(bytes_, odd, st.text(max_size=4).map(lambda text: text.encode("utf-8", "replace"))))
    try:
        (folder / name).write_bytes(original[:place] + new + original[place + length :])
        season, faults = read_season(folder, scheme_folder=CASE / "scheme")
        assert season is not None or faults.stops
        for finding in faults.findings:
            assert finding.message()
            assert finding.remedy()
            assert "Traceback" not in finding.message()
    finally:
        (folder / name).write_bytes(original)


def _copied_once(tmp_path: Path) -> Path:
    folder = tmp_path / "season"
    if not folder.exists():
        shutil.copytree(CASE / "season", folder)
    return folder


def test_help_is_chinese_and_loads_no_engine() -> None:
    code = "import sys\nfrom ceping.cli.main import main\nmain(['evaluate', '--help'])\nprint('duckdb' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("False\n")
    assert "缺少的文件和数值记为缺口" in ran.stdout
    assert main(["explain"]) == 2
