"""Findings as text and as JSON, refusals, exit codes, and a bar that only a person at a terminal sees."""

import json

import pytest
import typer

from ceping.cli.printing import exit_for, in_order, print_findings, progress, refuse
from ceping.core.finding import Finding, Level, fault

NINTH = fault("file_missing", file="b.csv", place="第 9 行")
TENTH = fault("file_missing", file="b.csv", place="第 10 行", level=Level.WARNING)
OTHER = fault("key_missing", file="a.toml", key="id")


def test_findings_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([TENTH, NINTH, OTHER], as_json=False)
    assert capsys.readouterr().out == (
        "错误 a.toml：缺少必填的键 id\n  → 请补上这个键\n"
        "错误 b.csv 第 9 行：缺少文件\n  → 请把它放进来，文件名须完全一致\n"
        "提醒 b.csv 第 10 行：缺少文件\n  → 请把它放进来，文件名须完全一致\n"
        "共 2 处错误、1 处提醒。\n"
    )


def test_findings_in_english(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEPING_LANG", "en")
    print_findings([OTHER], as_json=False)
    assert capsys.readouterr().out == (
        "error a.toml: the required key id is missing\n  → add the key\n1 errors, 0 warnings.\n"
    )


def test_a_finding_of_no_file_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([fault("file_missing")], as_json=False)
    assert capsys.readouterr().out.splitlines()[0] == "错误：缺少文件"


def test_nothing_found_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([], as_json=False)
    assert capsys.readouterr().out == "没有发现问题。\n"


def test_findings_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([NINTH], as_json=True)
    assert json.loads(capsys.readouterr().out) == {
        "findings": [
            {
                "level": "error",
                "code": "file_missing",
                "file": "b.csv",
                "place": "第 9 行",
                "message": "缺少文件",
                "remedy": "请把它放进来，文件名须完全一致",
            }
        ]
    }


def test_nothing_found_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([], as_json=True)
    assert json.loads(capsys.readouterr().out) == {"findings": []}


def test_the_order_does_not_depend_on_the_order_of_finding() -> None:
    long = fault("file_missing", file="b.csv", place="第 " + "9" * 6000 + " 行")
    assert in_order([long, TENTH, OTHER, NINTH]) == in_order([NINTH, OTHER, TENTH, long])
    assert in_order([TENTH, NINTH, OTHER]) == [OTHER, NINTH, TENTH]
    parts = [fault("file_missing", file="report.json", place=f"{part}、") for part in "一二三四五六七八九十"]
    assert in_order(reversed(parts)) == parts


def test_a_broken_file_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([fault("file_missing", file="a\x1b[2J\u202e.csv")], as_json=False)
    assert (
        capsys.readouterr().out.splitlines()[0]
        == "错误 a\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}.csv：缺少文件"
    )


@pytest.mark.parametrize(("findings", "code"), [([], 0), ([NINTH], 1), ([TENTH], 1), ([NINTH, TENTH], 1)])
def test_exit_codes(findings: list[Finding], code: int) -> None:
    assert exit_for(findings) == code


def test_a_refusal_ends_with_code_2_and_speaks_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    for reason, said in (
        ("没有这个方案", "没有这个方案\n"),
        (NINTH, "错误 b.csv 第 9 行：缺少文件\n  → 请把它放进来，文件名须完全一致\n"),
    ):
        with pytest.raises(typer.Exit) as refused:
            refuse(reason)
        assert refused.value.exit_code == 2
        assert capsys.readouterr() == ("", said)


def test_a_refusal_as_json_stands_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        refuse(NINTH, as_json=True)
    said = capsys.readouterr()
    assert [row["code"] for row in json.loads(said.out)["findings"]] == ["file_missing"]
    assert said.err == ""


def test_no_bar_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("计算", total=2) as advance:
        advance(1)
    assert capsys.readouterr() == ("", "")


def test_a_bar_at_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress("计算", total=2) as advance:
        advance(2)
    said = capsys.readouterr()
    assert "计算" in said.err
    assert said.out == ""
