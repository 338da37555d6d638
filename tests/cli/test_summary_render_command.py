"""`ceping summary render` as people call it."""

from pathlib import Path

import openpyxl
import pytest

from ceping.cli.main import main
from ceping.folder.demo import write_demo

HEADER = "uscc,name,category,recommender,rank,contact_name,contact_phone,office_phone,fax,contact_email,filled_on\n"
ROWS = (
    ",上海乙服务中心,legal,黄浦区,2,李二,13800000002,,,b@example.com,2022-01-20\n"
    ",上海甲服务中心,startup,黄浦区,1,王一,13800000001,,,a@example.com,2022-01-20\n"
    ",上海丙服务中心,hr,徐汇区,1,张三,13800000003,,,c@example.com,2022-01-20\n"
)


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    path = tmp_path / "entries.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_each_recommender_has_its_table_in_order_of_ranks(
    entries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, again = tmp_path / "out", tmp_path / "again.csv"
    assert main(["summary", "render", str(entries), "--out", str(out), "--filled-on", "2022-01-20"]) == 0
    names = [f"推荐汇总表_{who}.{kind}" for who in ("徐汇区", "黄浦区") for kind in ("pdf", "xlsx")]
    assert sorted(one.name for one in out.iterdir()) == sorted(names)
    assert main(["summary", "intake", str(out / "推荐汇总表_黄浦区.xlsx"), "--out", str(again)]) == 0
    lines = again.read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[1] for line in lines] == ["上海甲服务中心", "上海乙服务中心"]
    assert "已写入" in capsys.readouterr().out


def test_only_one_is_written_when_named_and_nothing_is_written_over(
    entries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    command = ["summary", "render", str(entries), "--out", str(out), "--recommender", "徐汇区"]
    assert main(command) == 0
    assert sorted(one.suffix for one in out.iterdir()) == [".pdf", ".xlsx"]
    assert main(command) == 0
    assert main([*command, "--filled-on", "2022-01-21"]) == 1
    assert "已有这个文件，内容不同" in capsys.readouterr().out
    assert main([*command, "--filled-on", "2022-01-21", "--replace"]) == 0


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--recommender", "崇明区"], 1, "没有“崇明区”推荐的机构"),
        (["--filled-on", "2022-02-30"], 2, "“2022-02-30”不是日期"),
        (["--scheme", "tech-sme"], 2, "没有"),
        (["--scheme", "no-such"], 2, "no-such"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(
    entries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, told: str
) -> None:
    assert main(["summary", "render", str(entries), "--out", str(tmp_path / "out"), *options]) == code
    said = capsys.readouterr()
    assert told in said.out + said.err
    assert not (tmp_path / "out").exists()


def test_a_season_fills_every_column_and_may_leave_out_those_of_the_office(tmp_path: Path) -> None:
    season = tmp_path / "season"
    write_demo(season, institutions=2, seed=7, events=10)
    roster = (season / "institutions.csv").read_text(encoding="utf-8").splitlines()
    for name, kept in (("all", 8), ("short", 6)):
        lines = [",".join(line.split(",")[:kept]) for line in roster]
        (season / "institutions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        assert main(["summary", "render", str(season), "--out", str(tmp_path / name)]) == 0
        for path in (tmp_path / name).glob("*.xlsx"):
            page = openpyxl.load_workbook(path).active
            header = next(row for row in page.iter_rows() if row[0].value == "序号")
            row = next(page.iter_rows(min_row=header[0].row + 1))
            open_ones = {head.value for head, cell in zip(header, row, strict=True) if cell.value is None}
            assert open_ones == (set() if name == "all" else {"办公电话", "传真"})
