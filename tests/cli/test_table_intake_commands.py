"""`ceping summary intake` and `ceping scheme intake` as people call them."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ceping.cli.main import main

SUMMARY = """\
推荐单位（公章）：浦东新区科经委      填报日期：2022年5月8日
序号,申报单位名称,申报类别,联系人,手机,办公电话,传真,电子邮箱
1,上海示例服务有限公司,{category},王一,13800000001,,,a@example.com
"""
INDICATORS = """\
一级指标,二级指标,分值,评分标准
服务能力,专职人员,40,5名专家打分，步长0.5分
服务成效,服务数量,60,每服务1家企业得1分，最高60分
"""


def test_entries_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "entries.csv"
    path.write_text(SUMMARY.format(category="市场拓展类"), encoding="utf-8")
    assert main(["summary", "intake", str(path), "--out", str(out)]) == 0
    assert capsys.readouterr().out.endswith(
        f"推荐单位：浦东新区科经委；填报日期：2022-05-08\n收下 1 家，写入 {out}。\n"
    )
    assert out.read_text(encoding="utf-8").splitlines()[1] == (
        ",上海示例服务有限公司,market,浦东新区科经委,,王一,13800000001,,,a@example.com,2022-05-08"
    )


def test_a_refused_summary_leaves_a_copy_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "entries.csv"
    path.write_text(SUMMARY.format(category="餐饮类"), encoding="utf-8")
    assert main(["summary", "intake", str(path), "--out", str(out)]) == 1
    assert "申报类别“餐饮类”不在方案之内" in capsys.readouterr().out
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a-问题清单.xlsx", "a.csv"]
    assert main(["summary", "intake", str(path), "--scheme", "tech-sme"]) == 2


def test_what_is_wrong_is_told_though_the_copy_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(SUMMARY.format(category="餐饮类"), encoding="utf-8")
    marked = path / "copy.xlsx"
    assert main(["summary", "intake", str(path), "--out", str(tmp_path / "o.csv"), "--marked", str(marked)]) == 1
    told = capsys.readouterr().out
    assert f"写不进 {marked}：" in told
    assert "申报类别“餐饮类”不在方案之内" in told
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_draft_is_written_whole_and_says_what_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "my-city"
    path.write_text(INDICATORS, encoding="utf-8")
    assert main(["scheme", "intake", str(path), "--out", str(out)]) == 1
    told = capsys.readouterr().out
    assert "错误 scheme.toml authority：缺少必填的键 authority" in told
    assert "还要定的：\n  方案名称（scheme.toml 的 title）\n  主管部门（scheme.toml 的 authority）\n" in told
    assert sorted(one.name for one in out.iterdir()) == [
        "form.toml",
        "indicators.toml",
        "outcome.toml",
        "scheme.toml",
    ]
    assert main(["scheme", "intake", str(path), "--out", str(out)]) == 2
    assert "草稿不会盖掉它" in capsys.readouterr().err


def test_with_all_that_is_needed_the_draft_passes_the_check(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "my-city"
    path.write_text(INDICATORS, encoding="utf-8")
    given = ["--title", "某市评价", "--authority", "某市经信局", "--from", "2024-01-01", "--to", "2024-12-31"]
    assert main(["scheme", "intake", str(path), "--out", str(out), "--illustrative", *given]) == 0
    assert main(["scheme", "check", str(out)]) == 0


@pytest.mark.parametrize("options", [["--from", "2024-13-01"], ["--id", "我的"], ["--to", "去年"]])
def test_wrong_words_are_refused_before_anything_is_written(tmp_path: Path, options: list[str]) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "my-city"
    path.write_text(INDICATORS, encoding="utf-8")
    assert main(["scheme", "intake", str(path), "--out", str(out), *options]) == 2
    assert not out.exists()


def test_a_sheet_without_indicators_writes_nothing(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "my-city"
    path.write_text("企业名称,手机\n甲,13800000001\n", encoding="utf-8")
    assert main(["scheme", "intake", str(path), "--out", str(out)]) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_cannot_be_written_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(SUMMARY.format(category="市场拓展类"), encoding="utf-8")
    assert main(["summary", "intake", str(path), "--out", str(path / "entries.csv"), "--json"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["findings"]
    assert (told["code"], told["message"]) == ("out_unwritable", f"写不进 {path / 'entries.csv'}：不是文件夹")


def test_a_disk_without_room_leaves_what_stood_there(tmp_path: Path) -> None:
    path, out = tmp_path / "a.csv", tmp_path / "entries.csv"
    path.write_text(SUMMARY.format(category="市场拓展类"), encoding="utf-8")
    out.write_text("旧", encoding="utf-8")
    # No file may grow beyond this: for the writer the same as a full disk.
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (16, {resource.RLIM_INFINITY}))"
    code = f"{limited}\nimport sys\nfrom ceping.cli.main import main\nsys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "summary", "intake", str(path), "--out", str(out)]
    # Untraced: a tracer's own file would not fit either, and it says so.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    run = subprocess.run(command, check=False, capture_output=True, text=True, env=plain)
    assert run.returncode == 2
    assert run.stderr == f"错误：写不进 {out}：文件太大\n  → 请检查权限和磁盘空间\n"
    assert out.read_text(encoding="utf-8") == "旧"
    # Where no command looks for it, the program does.
    path.write_text(INDICATORS, encoding="utf-8")
    command = [sys.executable, "-c", code, "scheme", "intake", str(path), "--out", str(tmp_path / "city"), "--json"]
    run = subprocess.run(command, check=False, capture_output=True, text=True, env=plain)
    assert (run.returncode, run.stderr) == (2, "")
    (told,) = json.loads(run.stdout)["findings"]
    assert (told["code"], told["message"]) == ("system_refused", "无法完成：文件太大")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "entries.csv"]
