"""`ceping report check` as people call it: clean, with findings, and with files that are no report."""

import json
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.report import complete_report


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "report.json"


def write(file: Path, report: object) -> str:
    file.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return str(file)


def test_a_complete_report_is_clean(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "check", write(file, complete_report())]) == 0
    assert capsys.readouterr().out == "没有发现问题。\n"


def test_findings_are_told_with_place_and_remedy(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = complete_report(answers={"address": None, "contact_phone": "021-58881234"})
    assert main(["report", "check", write(file, report)]) == 1
    assert capsys.readouterr().out == (
        "错误 report.json 一、服务机构概述 办公地址：没有填写办公地址\n"
        "  → 请填写；确实为零的请写 0\n"
        "提醒 report.json 一、服务机构概述 联系人手机：“手机”一栏填的是固定电话 021-58881234\n"
        "  → 核验以手机为先，有手机的请填手机号；没有可保留\n"
        "共 1 处错误、1 处提醒。\n"
    )


def test_json_holds_the_findings_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "check", "--json", write(file, complete_report(answers={"address": None}))]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "findings": [
            {
                "level": "error",
                "code": "report_unanswered",
                "file": "report.json",
                "place": "一、服务机构概述 办公地址",
                "message": "没有填写办公地址",
                "remedy": "请填写；确实为零的请写 0",
            }
        ]
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "report_json_malformed"),
        (b"{", "report_json_malformed"),
        (b"[]", "report_not_an_object"),
        (b"{}", "report_key_missing"),
        (b'{"scheme": "a", "scheme": "b"}', "report_key_repeated"),
        (b'{"scheme": NaN}', "report_no_such_number"),
        (b'{"scheme": -Infinity}', "report_no_such_number"),
        (b"[" * 200_000, "report_too_deep"),
        (b'{"a":' * 200_000, "report_too_deep"),
        (b'{"scheme": "\x00"}', "report_nul"),
        (rb'{"institution": {"name": "\u0000"}}', "report_text_broken"),
        (rb'{"institution": {"name": "\ud800"}}', "report_text_broken"),
        (rb'{"institution": {}, "answers": {"\udfff": "1"}}', "report_text_broken"),
        ('{"scheme": "方案"}'.encode("gb18030"), "report_gb18030"),
        (b'{"scheme": "\xff"}', "file_not_utf8"),
        ('{"scheme": "方案"}'.encode("utf-16"), "report_utf16"),
        (b" " * (16 * 1024 * 1024 + 1), "report_too_large"),
        (b'{"institution": {}, "answers": [1, 2]}', "report_wrong_shape"),
        (b'{"institution": {}, "tables": {"clients": {"1": {}}}}', "report_wrong_shape"),
        (b'{"institution": {}, "tables": {"clients": ["x"]}}', "report_wrong_shape"),
        (b'{"institution": {}, "attachments": [1]}', "report_wrong_shape"),
        (b'{"scheme": "../../x", "institution": {}}', "scheme_unknown"),
        (b'{"scheme": "", "institution": {}}', "scheme_unknown"),
        (b'{"scheme": "shanghai-2021@99", "institution": {}}', "scheme_unknown"),
    ],
)
def test_what_is_no_report_ends_with_two(
    file: Path, capsys: pytest.CaptureFixture[str], data: bytes, code: str
) -> None:
    file.write_bytes(data)
    assert main(["report", "check", "--json", str(file)]) == 2
    captured = capsys.readouterr()
    codes = {row["code"] for row in json.loads(captured.out)["findings"]}
    assert codes - {"report_value_not_text"} == {code}
    assert captured.err == ""


def test_numbers_of_any_size_are_findings_and_no_work(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.dumps(complete_report(answers={"headcount": "HERE"}), ensure_ascii=False)
    for number in ("9" * 100_000, "1e999999999", "40"):
        file.write_text(report.replace('"HERE"', number), encoding="utf-8")
        assert main(["report", "check", "--json", str(file)]) == 1
        codes = [row["code"] for row in json.loads(capsys.readouterr().out)["findings"]]
        assert "report_value_not_text" in codes


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "check", str(tmp_path / "none.json")]) == 2
    assert main(["report", "check", str(tmp_path)]) == 2
    assert main(["report", "check"]) == 2
    captured = capsys.readouterr()
    assert "缺少文件" in captured.out
    assert "Traceback" not in captured.err


def test_another_scheme_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(file, complete_report(scheme="shanghai-2020"))
    assert main(["report", "check", "--json", "--scheme", "shanghai-2021", path]) == 1
    [row] = json.loads(capsys.readouterr().out)["findings"]
    assert row["code"] == "report_other_scheme"
    assert main(["report", "check", "--json", "--scheme", "nowhere", path]) == 2
    [row] = json.loads(capsys.readouterr().out)["findings"]
    assert row["code"] == "scheme_unknown"
