"""`ceping uscc check` as people call it: text, JSON and exit codes."""

import json

import pytest

from ceping.cli.main import main

GOOD = "91310199MA0000A197"
LAWYERS = "31310199MD0000B24T"


def test_right_codes_are_named_with_their_registration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uscc", "check", GOOD.lower(), LAWYERS]) == 0
    assert capsys.readouterr().out == f"{GOOD}  正确（市场监管，企业）\n{LAWYERS}  正确（司法行政，律师事务所）\n"


def test_each_wrong_code_is_answered_and_the_exit_code_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uscc", "check", "9.13E+17", GOOD, "91350100M0001TGQXM"]) == 1
    assert capsys.readouterr().out == (
        f"{GOOD}  正确（市场监管，企业）\n"
        "错误 第 1 个：9.13E+17：代码 9.13E+17 是被表格软件当作数字改坏的\n"
        "  → 请先把该列设为“文本”，再按证照重新填写 18 位代码，原数字已无法还原\n"
        "错误 第 3 个：91350100M0001TGQXM：代码 91350100M0001TGQXM 的校验位 M 不对，"
        "但其中的组织机构代码校验通过，可能为试点期代码\n"
        "  → 请逐位对照证照；若证照确系如此，请上传证照图片并填写说明\n"
        "共 2 处错误、0 处提醒。\n"
    )


def test_json_holds_the_findings_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uscc", "check", "--json", GOOD]) == 0
    assert json.loads(capsys.readouterr().out) == {"findings": []}
    assert main(["uscc", "check", "--json", "1"]) == 1
    [row] = json.loads(capsys.readouterr().out)["findings"]
    assert (row["code"], row["level"], row["place"]) == ("uscc_length", "error", "第 1 个：1")


def test_no_code_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uscc", "check"]) == 2
    assert "缺少参数" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "\x00", "\u202e", "\udc80", "9" * 100_000])
def test_no_text_breaks_it(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uscc", "check", "--", text]) == 1
    assert "Traceback" not in capsys.readouterr().err
