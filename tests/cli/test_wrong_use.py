"""The library's English sentences come out in Chinese; what is unknown comes out as it is."""

import pytest

from ceping.cli.wrong_use import in_chinese, language


@pytest.mark.parametrize(
    ("sentence", "chinese"),
    [
        ("No such command 'x'.", "没有命令 x。"),
        ("Missing command.", "缺少命令。"),
        ("No such option: --form (Possible options: --format, --from)", "没有选项 --form，相近的有 --format, --from。"),
        ("Missing argument 'SHOP_ID'.", "缺少参数 SHOP_ID。"),
        ("Missing option '--scheme'.", "缺少选项 '--scheme'。"),
        ("Missing option '--engine'. Choose from: a, b", "缺少选项 '--engine'。"),
        ("Option '--help' does not take a value.", "选项 --help 不带取值。"),
        ("Option '--out' requires an argument.", "选项 --out 后面缺少取值。"),
        ("Invalid value: the folder is foreign", "取值不对：the folder is foreign"),
        ("Invalid value for '--n': Input should be greater than or equal to 1", "'--n' 的取值不对：不能小于 1。"),
        ("Invalid value for '--p': Path 'q' does not exist.", "'--p' 的取值不对：没有这个文件或文件夹。"),
        ("Invalid value for '--p': 日期不对", "'--p' 的取值不对：日期不对"),
        ("something new", "something new"),
        ("No such command 'a\\1b'.", "没有命令 a\\1b。"),
    ],
)
def test_a_sentence(sentence: str, chinese: str) -> None:
    assert in_chinese(sentence) == f"用法有误：{chinese}\n加上 --help 可查看用法。"


def test_english_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEPING_LANG", "en_GB")
    assert in_chinese("Missing command.") == "Missing command.\nceping --help lists what there is."


@pytest.mark.parametrize(("setting", "answer"), [("", "zh"), ("zh_CN", "zh"), ("EN", "en"), ("fr", "zh")])
def test_language(setting: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CEPING_LANG", setting)
    assert language() == answer
