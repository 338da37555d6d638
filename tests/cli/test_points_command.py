"""`ceping points` as people call it: exit codes, what is printed, and what is refused."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from ceping.cli.main import main

CASE = Path(__file__).parents[1] / "cases" / "points-small"
SHIPPED = Path(__file__).parents[2] / "src/ceping/schemes/shanghai-2021"
INPUT = ["--shops", str(CASE / "shops.csv"), "--events", str(CASE / "events.csv")]
YEAR = ["--from", "2021-01-01", "--to", "2021-12-31"]
SCHEME = ["--scheme", "shanghai-2021"]


def test_score_prints_a_summary_and_ends_well_with_rows_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["points", "score", *SCHEME, *INPUT, *YEAR, "--out", str(out)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == [
        "shanghai-2021@1  2021-01-01 至 2021-12-31",
        "店铺 18 家，事件 6087 行，被拒 270 行，账目 202 条，积分合计 15027",
    ]
    assert printed[2:7] == ["  未评级  1 家", "  1 星级  1 家", "  2 星级  2 家", "  1 钻级  6 家", "  2 钻级  8 家"]
    assert printed[7] == f"被拒的行和原因见 {out / 'rejected.csv'}"
    assert (out / "totals.csv").read_bytes() == (CASE / "2021/expected-totals.csv").read_bytes()


def test_without_a_first_day_the_window_is_cumulative(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["points", "score", *SCHEME, *INPUT, "--to", "2021-12-31", "--out", str(tmp_path / "out")]
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("shanghai-2021@1  首个事件 至 2021-12-31\n")
    run = json.loads((tmp_path / "out/run.json").read_text(encoding="utf-8"))
    assert run["window"] == {"from": None, "to": "2021-12-31"}
    assert run["scheme"] == "shanghai-2021@1"
    assert len(run["scheme_sha256"]) == 64


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_explain_prints_every_rule_and_the_way_up(engine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["points", "explain", *SCHEME, *INPUT, *YEAR, "--engine", engine, "shop-03"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1 + 17 + 2
    assert printed[4] == (
        "公司信息 / 公司资质（证书）（每个，10）  57 × 10 = 200，封顶 200，少计 370  [company.certificates]"
    )
    assert printed[-2:] == ["shop-03 共 981 分，1 钻级", "再得 20 分升为 2 钻级"]


def test_compare_lists_who_changes_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy)
    text = (copy / "points.toml").read_text(encoding="utf-8")
    (copy / "points.toml").write_text(text.replace("cap = 200", "cap = 30"), encoding="utf-8")
    assert main(["points", "compare", "--a", "shanghai-2021", "--b", str(copy), *INPUT, *YEAR]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "shanghai-2021@1  2021-01-01 至 2021-12-31"
    assert printed[1].startswith("shanghai-2021@1 → shanghai-2021@1：店铺 18 家，积分有变 ")
    assert "  shop-00  2 钻级 → 2 钻级" not in "\n".join(printed)
    assert len(printed) == 2 + int(printed[1].rpartition("等级有变 ")[2].removesuffix(" 家"))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        (["--scheme", "nowhere"], ["scheme_unknown"]),
        (["--from", "2021-02-29"], ["points_date_malformed"]),
        (["--to", ""], ["points_date_malformed"]),
        (["--from", "2022-01-01"], ["points_window_reversed"]),
        (["--engine", "spark", "--spark-master", "abacus"], ["points_spark_master"]),
        (["--out", "s3a://bucket/out"], ["points_far"]),
        (["--format", "dataset", "--events", "s3a://bucket/events"], ["points_far"]),
        (["--engine", "abacus", "--format", "xls"], ["points_choice", "points_choice"]),
        (["--memory", "lots"], ["points_memory_malformed"]),
        (["--threads", "-1"], ["points_threads"]),
        (["--encoding", "big5"], ["points_choice"]),
        (["--shops", "absent.csv"], ["points_input_missing"]),
        (["--out", str(CASE)], ["points_out_foreign"]),
    ],
)
def test_wrong_use_is_told_with_code_2_and_nothing_written(
    changes: list[str], codes: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["points", "score", *SCHEME, *INPUT, *YEAR, "--out", str(tmp_path / "out"), "--json", *changes]
    assert main(command) == 2
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in findings] == codes
    assert list(tmp_path.iterdir()) == []


def test_a_spoilt_scheme_is_told_at_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy)
    text = (copy / "points.toml").read_text(encoding="utf-8")
    (copy / "points.toml").write_text(text.replace("points = 5\n", "points = -5\n", 1), encoding="utf-8")
    command = ["points", "score", "--scheme", str(copy), *INPUT, *YEAR, "--out", str(tmp_path / "out"), "--json"]
    assert main(command) == 2
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["file"], finding["place"]) == (
        "points_out_of_range",
        "points.toml",
        "rule[1].points",
    )


def test_an_unknown_shop_cannot_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["points", "explain", *SCHEME, *INPUT, *YEAR, "--json", "nobody"]) == 2
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["points_shop_unknown"]


def test_too_little_memory_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise duckdb.OutOfMemoryException("failed to allocate 3 KB")

    monkeypatch.setattr("ceping.bulk.duckdb.load_events", full)
    command = ["points", "score", *SCHEME, *INPUT, *YEAR, "--out", str(tmp_path / "out"), "--json"]
    assert main(command) == 2
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["message"]) == ("points_memory_short", "内存不够：failed to allocate 3 KB")
    assert list(tmp_path.iterdir()) == []
