"""`ceping clients intake` as people call it: rows written whole, refusals with their copy, nothing lost on the way."""

import json
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.report import complete_report
from tests.factories.workbook import CLIENT_HEADER, client_row, workbook


@pytest.fixture
def good(tmp_path: Path) -> Path:
    rows = [client_row(number) for number in range(1, 53)]
    return workbook(tmp_path / "名单.xlsx", [["服务清单"], CLIENT_HEADER, *rows, ["合计", "52 家"]])


def bad(folder: Path) -> Path:
    path = folder / "名单.csv"
    path.write_text("企业名称,联系人,手机,服务内容\n甲,乙,12,讲座\n", encoding="utf-8")
    return path


def test_rows_are_written_and_what_was_passed_over_is_told(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = good.with_name("rows.json")
    assert main(["clients", "intake", str(good), "--out", str(out)]) == 0
    assert capsys.readouterr().out == (
        f"没有发现问题。\n工作表“名单”，表头在第 2 行。\n没有当作数据：第 55 行“合计 52 家”\n收下 52 行，写入 {out}。\n"
    )
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert rows["source"] == {"file": "名单.xlsx", "sheet": "名单", "header": 2}
    assert rows["rows"][0] == dict(zip(("name", "contact", "phone", "service"), client_row(1), strict=True))
    assert len(rows["rows"]) == 52


def test_rows_as_csv_can_be_taken_in_again(good: Path) -> None:
    first, second = good.with_name("one.csv"), good.with_name("two.csv")
    assert main(["clients", "intake", str(good), "--out", str(first)]) == 0
    assert main(["clients", "intake", str(first), "--out", str(second)]) == 0
    assert first.read_bytes() == second.read_bytes()
    assert first.read_text(encoding="utf-8").startswith("name,contact,phone,service\n上海第1号科技有限公司,联系人1,")


def test_rows_go_into_a_report_and_nothing_else_of_it_changes(good: Path) -> None:
    path = good.with_name("report.json")
    report = complete_report(tables={"clients": []})
    path.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    assert main(["clients", "intake", str(good), "--report", str(path)]) == 0
    written = json.loads(path.read_text(encoding="utf-8"))
    rows = written["tables"].pop("clients")
    assert [row["name"] for row in rows] == [client_row(number)[0] for number in range(1, 53)]
    assert written == {**report, "tables": {key: rows for key, rows in report["tables"].items() if key != "clients"}}


def test_rows_already_in_the_report_are_kept_unless_told(good: Path) -> None:
    path = good.with_name("report.json")
    path.write_text(json.dumps(complete_report(), ensure_ascii=False), encoding="utf-8")
    before = path.read_bytes()
    assert main(["clients", "intake", str(good), "--report", str(path)]) == 2
    assert path.read_bytes() == before
    assert main(["clients", "intake", str(good), "--report", str(path), "--replace"]) == 0
    assert len(json.loads(path.read_bytes())["tables"]["clients"]) == 52


def test_one_fault_refuses_everything_and_leaves_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = bad(tmp_path), tmp_path / "rows.json"
    assert main(["clients", "intake", str(path), "--out", str(out)]) == 1
    told = capsys.readouterr().out
    assert "错误 名单.csv 第 2 行 手机：12 不是可用的电话号码" in told
    assert told.endswith(f"一行也没有收。标注副本：{tmp_path / '名单-问题清单.xlsx'}\n")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["名单-问题清单.xlsx", "名单.csv"]


def test_the_copy_takes_the_place_of_an_older_copy_and_of_nothing_else(tmp_path: Path) -> None:
    path, copy = bad(tmp_path), tmp_path / "名单-问题清单.xlsx"
    assert main(["clients", "intake", str(path)]) == 1
    assert main(["clients", "intake", str(path)]) == 1
    assert main(["clients", "intake", str(copy)]) == 1
    assert (tmp_path / "名单-问题清单2.xlsx").is_file()
    copy.write_bytes(b"mine")
    assert main(["clients", "intake", str(path)]) == 1
    assert copy.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "rows.xml"], "--out 请以 .json、.csv 结尾"),
        (["--out", "名单.csv"], "要写的文件就是要收的文件"),
        (["--table", "朋友"], "可选：daily_services（日常服务）"),
        (["--confirm", "all"], "可选：formulas、merged、hidden"),
        (["--encoding", "big5"], "可选：utf-8、gb18030"),
        (["--scheme", "火星"], "没有名为 火星 的方案"),
        (["--report", "没有.json"], "缺少文件"),
    ],
)
def test_wrong_use_is_answered_with_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    path = bad(tmp_path)
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)
    assert main(["clients", "intake", "名单.csv", *options]) == 2
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert [one.name for one in tmp_path.iterdir()] == ["名单.csv"]
    assert path.read_bytes() == before


def test_no_table_is_code_2_without_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("今天天气很好\n", encoding="utf-8")
    assert main(["clients", "intake", str(path), "--json"]) == 2
    assert [one["code"] for one in json.loads(capsys.readouterr().out)["findings"]] == ["intake_header_absent"]
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
