"""`ceping report render` as people call it: final, draft, empty, sealed pages, own template; refusals write nothing."""

import json
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest

from ceping.cli.main import main
from tests.factories.pdf import pages_of
from tests.factories.report import complete_report
from tests.factories.word import texts_of

NAME = "自评报告_上海示例企业服务有限公司"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "打印"


def given(tmp_path: Path, **changes: Any) -> str:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(complete_report(**changes), ensure_ascii=False), encoding="utf-8")
    return str(path)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir()) if out.exists() else []


def test_a_clean_report_is_printed_in_word_and_pdf(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = given(tmp_path)
    assert main(["report", "render", path, "--out", str(out), "--seal-pages"]) == 0
    assert capsys.readouterr().out == (
        f"已写入 {out}/{NAME}.docx\n已写入 {out}/{NAME}.pdf\n已写入 {out}/{NAME}_盖章页.pdf\n"
    )
    assert "上海市黄浦区示例路1号" in texts_of((out / f"{NAME}.docx").read_bytes())
    # The cover, its back, the commitment: as they stand in the report, so that they can be put back, and nothing else.
    whole, sealed = (pages_of((out / f"{NAME}{end}.pdf").read_bytes()) for end in ("", "_盖章页"))
    place = next(number for number, page in enumerate(whole) if "申报材料真实性承诺书" in page)
    assert sealed == [whole[0], whole[1], whole[place]]
    assert "".join(f"共{len(whole)}页（含封面）".split()) in "".join(sealed[2].split())
    with pikepdf.open(out / f"{NAME}_盖章页.pdf") as document:
        assert sum(one.get("/Type") == "/Page" for one in document.objects if isinstance(one, pikepdf.Dictionary)) == 3
    before = {name: (out / name).read_bytes() for name in names(out)}
    # Printed again it is the same, so there is nothing to replace.
    assert main(["report", "render", path, "--out", str(out), "--seal-pages"]) == 0
    assert {name: (out / name).read_bytes() for name in names(out)} == before


def test_errors_stop_a_final_report_and_not_a_draft(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = given(tmp_path, answers={"address": None})
    assert main(["report", "render", path, "--out", str(out)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("错误 report.json 一、服务机构概述 办公地址：没有填写办公地址\n")
    assert told.endswith("有错误，没有写出文件。请先改正；要看样子，可加 --draft 出带“草稿”字样的稿。\n")
    assert names(out) == []
    assert main(["report", "render", path, "--out", str(out), "--draft"]) == 0
    assert names(out) == [f"{NAME}_草稿.docx", f"{NAME}_草稿.pdf"]
    assert capsys.readouterr().out.endswith("这是草稿：上面的错误改正后，去掉 --draft 再出定稿。\n")


def test_a_warning_stops_nothing_and_json_names_the_files(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = given(tmp_path, answers={"contact_phone": "021-58881234"})
    assert main(["report", "render", path, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["level"] for row in told["findings"]] == ["warning"]
    assert told["written"] == [f"{out}/{NAME}.docx", f"{out}/{NAME}.pdf"]


def test_a_file_somebody_changed_is_not_written_over(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.mkdir()
    (out / f"{NAME}.docx").write_bytes(b"sealed")
    path = given(tmp_path)
    assert main(["report", "render", path, "--out", str(out)]) == 1
    assert "可能有人改过或盖过章" in capsys.readouterr().out
    assert {name: (out / name).read_bytes() for name in names(out)} == {f"{NAME}.docx": b"sealed"}
    assert main(["report", "render", path, "--out", str(out), "--replace"]) == 0
    assert names(out) == [f"{NAME}.docx", f"{NAME}.pdf"]


def test_the_empty_form_of_a_scheme(out: Path) -> None:
    assert main(["report", "render", "--empty", "shanghai-2021", "--out", str(out)]) == 0
    assert names(out) == ["自评报告_空表_shanghai-2021.docx", "自评报告_空表_shanghai-2021.pdf"]


def test_an_own_template_is_filled_beside_or_stops_all(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = docx.Document()
    template.add_paragraph("{{ name }}（{{ report_number }}）")
    template.save(str(tmp_path / "本市格式.docx"))
    call = ["report", "render", given(tmp_path), "--out", str(out), "--template", str(tmp_path / "本市格式.docx")]
    assert main([*call, "--number", "沪测001"]) == 0
    assert texts_of((out / "本市格式_上海示例企业服务有限公司.docx").read_bytes()) == [
        "上海示例企业服务有限公司（沪测001）"
    ]
    template.add_paragraph("{{ nobody }}")
    template.save(str(tmp_path / "本市格式.docx"))
    before = names(out)
    assert main([*call, "--replace"]) == 1
    assert "占位符 {{ nobody }} 不在字典里" in capsys.readouterr().out
    assert names(out) == before


def test_names_that_no_file_can_bear_are_made_bearable(tmp_path: Path, out: Path) -> None:
    path = given(tmp_path, name="../甲/乙\\丙:“喆堃镕玥珺”*?" + "长" * 200)
    template = docx.Document()
    template.add_paragraph("{{ name }}")
    template.save(str(tmp_path / "自评报告.docx"))
    own = ["--template", str(tmp_path / "自评报告.docx")]
    assert main(["report", "render", path, "--out", str(out), "--draft", "--seal-pages", *own]) == 0
    (tmp_path / "自评报告.docx").unlink()
    assert [len(name.encode()) < 205 for name in names(out)] == [True] * 4
    assert sorted(one.name for one in tmp_path.iterdir()) == ["report.json", "打印"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--out", "OUT"], 2, "请给一份 report.json，或用 --empty 给一个方案，二者取一。"),
        (["FILE", "--empty", "shanghai-2021", "--out", "OUT"], 2, "二者取一"),
        (["--empty", "shanghai-2021", "--draft", "--out", "OUT"], 2, "--empty 只出空表"),
        (["--empty", "nowhere", "--out", "OUT"], 2, "没有名为 nowhere 的方案"),
        (["none.json", "--out", "OUT"], 2, "缺少文件"),
        (["FILE", "--out", "FILE"], 2, "不是文件夹"),
        (["FILE"], 2, "缺少选项 '--out'。"),
        (["FILE", "--out", "OUT", "--template", "FILE"], 1, "这里只收：docx"),
    ],
)
def test_wrong_calls_write_nothing(
    tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str
) -> None:
    named = {"FILE": given(tmp_path), "OUT": str(out)}
    assert main(["report", "render", *(named.get(one, one) for one in arguments)]) == code
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
    assert names(out) == []


def test_the_placeholders_of_a_scheme_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "placeholders", "shanghai-2021"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "单独的占位符："
    assert "  {{ uscc }}                统一社会信用代码" in lines
    assert "表格 {%tr for row in clients %} … {%tr endfor %}：" in lines
    assert main(["report", "placeholders", "shanghai-2021", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tables"]["departments"] == {"department": "部门名称"}
    assert main(["report", "placeholders", "nowhere"]) == 2
