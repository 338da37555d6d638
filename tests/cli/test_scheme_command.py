"""`ceping scheme` as people call it: what is printed, as text and JSON, and the exit codes 0, 1 and 2."""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import ceping
from ceping.cli.main import main
from ceping.core.scheme.shipped import hash_of

GOOD = Path(ceping.__file__).parent / "schemes" / "shanghai-2021"
NAME = "shanghai-2021"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "copy"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["scheme", *words])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    return code, printed.out, printed.err


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code, out, _ = run(capsys, *words, "--json")
    return code, json.loads(out)


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    assert code == 0
    line = next(line for line in out.splitlines() if line.startswith(f"{NAME}@1"))
    assert line == f"{NAME}@1  {hash_of(GOOD)[:12]}  2021年上海市中小企业服务质量第三方测评  上海市经济和信息化委员会"
    code, rows = run_json(capsys, "list")
    assert code == 0
    [row] = [row for row in rows["schemes"] if row["label"] == f"{NAME}@1"]
    assert list(row) == ["label", "sha256", "title", "authority", "excerpt"]
    assert row["sha256"] == hash_of(GOOD)


def test_list_answers_soon() -> None:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "ceping", "scheme", "list"], check=True, capture_output=True)
    print(f"ceping scheme list: {time.perf_counter() - began:.2f} s")


def test_show_says_what_is_illustrative(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", NAME)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == f"2021年上海市中小企业服务质量第三方测评  {NAME}@1"
    assert sum("权重" in line and "〔示例参数，官方文件未公布〕" in line for line in lines) == 14
    assert (
        "  不重复服务对象不少于50家：不重复服务对象数 ≥ 50"
        "（附件2 五、服务清单 注：不少于50家不重复的服务对象），主办方可豁免" in lines
    )
    assert "None" not in out


def test_show_as_json_holds_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run_json(capsys, "show", f"{NAME}@1")
    assert code == 0
    assert list(found) == [
        *("label", "sha256", "header", "form", "indicators", "points", "verification", "summary", "outcome")
    ]
    assert found["indicators"]["indicator"][0]["item"][0]["weight"] == "8"
    assert found["header"]["period"] == {"from": "2021-01-01", "to": "2021-12-31"}


def test_check_of_a_good_scheme(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    cases = sum(path.read_text(encoding="utf-8").count("[[case]]") for path in (GOOD / "cases").iterdir())
    for name in (NAME, str(copy)):
        code, out, _ = run(capsys, "check", name)
        assert (code, out) == (0, f"没有发现问题。\n{NAME}@1  {hash_of(GOOD)}  例题 {cases} 道。\n")
    assert run_json(capsys, "check", NAME) == (0, {"findings": []})


def test_check_tells_all_findings(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    change(copy, "indicators.toml", 'weight = "8"', 'weight = "9"')
    change(copy, "outcome.toml", 'node = "truth"', 'node = "truths"')
    code, out, _ = run(capsys, "check", str(copy))
    assert code == 1
    assert out == (
        "错误 indicators.toml total：权重合计 101，应为 100\n"
        "  → 请调整各项 weight，使合计恰好等于 total\n"
        "错误 outcome.toml floor truth-floor.node：引用的指标 truths 不存在\n"
        "  → 请先定义它，或改正拼写\n"
        "共 2 处错误、0 处提醒。\n"
    )
    code, found = run_json(capsys, "check", str(copy))
    assert code == 1
    assert [list(row) for row in found["findings"]] == [["level", "code", "file", "place", "message", "remedy"]] * 2


def test_check_finds_a_wrong_case_and_cases_names_it(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    change(copy, "cases/whole.toml", 'total = "65.85"', 'total = "65.86"')
    code, out, _ = run(capsys, "check", str(copy))
    assert code == 1
    assert "错误 cases/whole.toml 一家普通机构 · total：例题应得 65.86，算得 65.85\n" in out
    code, out, _ = run(capsys, "cases", str(copy))
    assert code == 1
    wrong = [line for line in out.splitlines() if line.startswith("不符")]
    assert wrong == ["不符  cases/whole.toml：一家普通机构"]


def test_a_warning_is_a_finding_too(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    change(copy, "indicators.toml", "checklist = [1, 2, 4, 10]", "checklist = [1, 2, 4]")
    code, out, _ = run(capsys, "check", str(copy))
    assert code == 1
    assert "共 0 处错误、1 处提醒。" in out
    assert run(capsys, "show", str(copy))[0] == 0


def test_cases_of_a_good_scheme(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "cases", NAME)
    assert code == 0
    assert out.splitlines()[-1] == "没有发现问题。"
    assert {line.split()[0] for line in out.splitlines()[:-1]} == {"相符"}
    assert run_json(capsys, "cases", NAME) == (0, {"findings": []})


def test_diff(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    code, out, _ = run(capsys, "diff", NAME, str(copy))
    assert code == 0
    assert out.splitlines()[-1] == "两个方案的内容没有不同。"
    change(copy, "outcome.toml", 'value = "50"', 'value = "60"')
    change(copy, "outcome.toml", 'waivable_by = ["organiser"]\n', "")
    code, out, _ = run(capsys, "diff", NAME, str(copy))
    assert code == 1
    assert out.splitlines()[1:] == [
        "outcome.toml  gate[fifty-clients].when.value：50 → 60",
        "outcome.toml  gate[fifty-clients].waivable_by[1]：organiser → （无）",
        "共 2 处不同。",
    ]
    code, found = run_json(capsys, "diff", NAME, str(copy))
    assert code == 1
    assert list(found) == ["left", "right", "differences"]
    assert found["differences"][0] == {
        "file": "outcome.toml",
        "place": "gate[fifty-clients].when.value",
        "left": "50",
        "right": "60",
    }


def test_schema(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "schema", "outcome.toml")
    assert code == 0
    assert json.loads(out)["title"] == "OutcomeFile"
    code, _, err = run(capsys, "schema", "other.toml")
    assert code == 2
    assert "取值 other.toml 不在可选之列" in err


@pytest.mark.parametrize("command", ["show", "check", "cases"])
@pytest.mark.parametrize("name", ["no-such", f"{NAME}@7", "", "x" * 5000])
def test_an_unknown_scheme_is_refused(capsys: pytest.CaptureFixture[str], command: str, name: str) -> None:
    code, out, err = run(capsys, command, name)
    assert (code, out) == (2, "")
    assert "方案" in err
    code, found = run_json(capsys, command, name)
    assert (code, len(found["findings"])) == (2, 1)


@pytest.mark.parametrize("command", ["show", "cases"])
def test_a_scheme_with_errors_cannot_be_used(capsys: pytest.CaptureFixture[str], command: str, copy: Path) -> None:
    change(copy, "scheme.toml", "version = 1", "version = true")
    code, out, _ = run(capsys, command, str(copy))
    assert code == 2
    assert "错误 scheme.toml version：true 的类型不对，这里要 整数\n" in out
    assert run(capsys, "diff", NAME, str(copy))[0] == 2
    assert run(capsys, "check", str(copy))[0] == 1


def test_a_folder_that_is_no_scheme_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "check", str(tmp_path))
    assert code == 2
    assert "不是方案文件夹" in err


def test_findings_speak_english_when_asked(
    capsys: pytest.CaptureFixture[str], copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CEPING_LANG", "en")
    change(copy, "indicators.toml", 'weight = "8"', 'weight = "9"')
    code, out, _ = run(capsys, "check", str(copy))
    assert code == 1
    assert "error indicators.toml total: the weights add to 101" in out


def test_answers_are_shown_in_the_words_of_the_form(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "shanghai-2022-gates")
    assert code == 0
    assert "独立法人资格 = 是 或 机构类型 = 律师事务所（二（一）1）" in out
    assert "law_firm" not in out
