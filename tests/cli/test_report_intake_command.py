"""`ceping report intake` as people call it: read, written at once or not at all, refused with a reason."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ceping.cli.main import main
from ceping.core.scheme.loading import load
from tests.factories.word_form import Form, official, word


@pytest.fixture
def form() -> Form:
    whole, _ = load("shanghai-2021")
    assert whole is not None
    return official(whole.form)


def saved(folder: Path, form: Form, name: str = "填好的表.docx") -> Path:
    path = folder / name
    path.write_bytes(word(form))
    return path


def test_a_form_becomes_a_report(tmp_path: Path, form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.json"
    assert main(["report", "intake", str(saved(tmp_path, form)), "--out", str(out)]) == 1
    told = capsys.readouterr().out
    unread, lacking = told.split("── 需要补正的：读出的报告还差什么 ──")
    assert unread == "── 没读懂的：请对照 Word 核对 ──\n没有发现问题。\n\n"
    assert "没有附上" in lacking
    assert lacking.endswith(
        f"按方案 shanghai-2021@1 的表读出 35 项回答、7 张表共 66 行。\n已写入 {out}。附件和承诺不从 Word 读取。\n"
    )
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["institution"] == {"uscc": "91310199MA0000A197", "name": "上海示例企业服务有限公司"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "填好的表.docx"]
    assert main(["report", "check", str(out)]) == 1


def test_without_out_nothing_is_written(tmp_path: Path, form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "intake", str(saved(tmp_path, form))]) == 1
    assert capsys.readouterr().out.endswith("没有给 --out，没有写文件。\n")
    assert [path.name for path in tmp_path.iterdir()] == ["填好的表.docx"]


def test_a_report_that_is_there_stays_unless_it_is_replaced(
    tmp_path: Path, form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    out.write_text("{}", encoding="utf-8")
    path = saved(tmp_path, form)
    assert main(["report", "intake", str(path), "--out", str(out)]) == 2
    assert "--replace" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8") == "{}"
    assert main(["report", "intake", str(path), "--out", str(out), "--replace"]) == 1
    first = out.read_bytes()
    assert main(["report", "intake", str(path), "--out", str(out), "--replace"]) == 1
    assert out.read_bytes() == first


def test_what_was_not_understood_is_told_once(tmp_path: Path, form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    form["cover"][4] = "填写日期：2022年1月"
    assert main(["report", "intake", "--json", str(saved(tmp_path, form))]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in told["not_understood"]] == ["word_date_no_day"]
    assert "封面 填写日期" not in {row["place"] for row in told["to_mend"]}


def test_a_refused_form_writes_nothing(tmp_path: Path, form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    form["overview"][0] = "概述"
    out = tmp_path / "report.json"
    assert main(["report", "intake", str(saved(tmp_path, form)), "--out", str(out)]) == 2
    assert capsys.readouterr().out == (
        "没有读取，也没有写文件：\n"
        "错误 填好的表.docx 一、服务机构概述：找不到这个标题\n"
        "  → 请对照官方表补上这一行标题（文字和原表一样），其下的内容不用动\n"
        "共 1 处错误、0 处提醒。\n"
    )
    assert not out.exists()


def spoilt(content: bytes, add: dict[str, bytes], change: tuple[str, str] = ("", "")) -> bytes:
    """The package with parts added and a piece of the document's text changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(change[0].encode(), change[1].encode(), 1) if change[0] else data)
        for name, data in add.items():
            new.writestr(name, data)
    return out.getvalue()


REMOTE = (
    '<Relationship Id="rIdX" TargetMode="External" Target="http://example.cn/x.dotm" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
)
DOCTYPE = ("?><w:document", '?><!DOCTYPE x [<!ENTITY e "y">]><w:document')


def flooded(content: bytes) -> bytes:
    return spoilt(content, {}, ("<w:sectPr/>", f"<w:p><w:r><w:t>{'甲' * 30_000_000}</w:t></w:r></w:p>"))


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("a.doc", lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "file_old_office"),
        ("a.pdf", lambda _: b"%PDF-1.7\n%%EOF\n", "word_is_pdf"),
        ("pdf.docx", lambda _: b"%PDF-1.7\n%%EOF\n", "word_is_pdf"),
        ("empty.docx", lambda _: b"", "file_empty"),
        ("doctype.docx", lambda content: spoilt(content, {}, DOCTYPE), "office_doctype"),
        ("macro.docx", lambda content: spoilt(content, {"word/vbaProject.bin": b"x"}), "office_macro"),
        ("remote.docx", lambda content: spoilt(content, {}, ("</Relationships>", REMOTE)), "office_remote_template"),
        ("large.docx", flooded, "zip_ratio"),
    ],
)
def test_files_that_are_no_form(
    tmp_path: Path,
    form: Form,
    capsys: pytest.CaptureFixture[str],
    name: str,
    change: Callable[[bytes], bytes],
    code: str,
) -> None:
    (tmp_path / name).write_bytes(change(word(form)))
    assert main(["report", "intake", "--json", str(tmp_path / name), "--out", str(tmp_path / "report.json")]) == 2
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code in {row["code"] for row in told["not_understood"]}
    assert told["to_mend"] == []
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_another_document_an_absent_file_and_an_unknown_scheme(
    tmp_path: Path, form: Form, capsys: pytest.CaptureFixture[str]
) -> None:
    other = saved(tmp_path, {"cover": ["关于开会的通知"]}, "通知.docx")
    for arguments, code in (
        ([str(other)], "word_form_unknown"),
        ([str(other), "--scheme", "shanghai-2021"], "word_other_form"),
        ([str(tmp_path / "没有.docx")], "file_missing"),
        ([str(tmp_path)], "file_unreadable"),
        ([str(saved(tmp_path, form)), "--scheme", "nowhere"], "scheme_unknown"),
    ):
        assert main(["report", "intake", "--json", *arguments]) == 2
        assert [row["code"] for row in json.loads(capsys.readouterr().out)["not_understood"]] == [code]


def test_the_way_to_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "intake", "--help"]) == 0
    told = capsys.readouterr().out
    assert "--out" in told
    assert "--replace" in told
    assert main(["report", "intake"]) == 2
