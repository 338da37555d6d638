"""The reasons of Python's own readers, made by them: each comes out in Chinese, with its line and column."""

import json
import os
import re
import tomllib

import pytest

from ceping.core.finding import fault, in_chinese

JSON = (
    "",
    "{",
    '{"a" 1}',
    '{"a": 1 "b": 2}',
    "[1] 2",
    '"abc',
    '"a\nb"',
    '"\\q"',
    '"\\u12"',
    "[" * 9999,
    '{"a": 1,}',
    "[1,]",
)
TOML = (
    "a",
    "a = ",
    "= 1",
    "a = 1 b = 2",
    "a = [1",
    "a = {b = 1",
    'a = "b',
    "a = 2021-02-30",
    "a = 1\na = 2",
    "[a]\n[a]",
    "[a",
    "[[a]",
    "a = {b = 1, b = 2}",
    "a = 'b\nc'",
    'a = "\\q"',
    'a = "\\u12"',
    'a = "\\ud800"',
    "a = {}\n[a.b]",
    "a.b = 1\n[a]\nb.c = 1\n[a.b]",
    '"""a',
    "a = 1\x01",
    "键 = 1",
)
LATIN = re.compile(r"[A-Za-z]{3,}")


def reason_of(text: str, load: object) -> str:
    with pytest.raises((ValueError, RecursionError)) as caught:
        load(text)  # type: ignore[operator]
    return str(caught.value)


@pytest.mark.parametrize("text", JSON)
def test_what_json_says_is_said_in_chinese(text: str) -> None:
    assert not LATIN.search(in_chinese(reason_of(text, json.loads)))


@pytest.mark.parametrize("text", TOML)
def test_what_toml_says_is_said_in_chinese(text: str) -> None:
    assert not LATIN.search(in_chinese(reason_of(text, tomllib.loads)))


def test_line_and_column_stand_behind_it_and_english_stays_english() -> None:
    reason = reason_of('{\n "a" 1}', json.loads)
    told = fault("results_unreadable", path="out", reason=reason)
    assert "键名后面缺少冒号，第 2 行第 6 列" in told.message()
    assert "Expecting ':' delimiter: line 2 column 6" in told.message("en")
    assert in_chinese(reason_of("a = [1", tomllib.loads)) == "数组的方括号没有闭合，在文件末尾"
    assert in_chinese(reason_of("\nb c", tomllib.loads)) == "键后面缺少等号，第 2 行第 3 列"


def test_bytes_that_are_no_text_are_told() -> None:
    assert in_chinese(reason_of(b"\xff", json.loads)) == "不是 UTF-8 编码"  # type: ignore[arg-type]


def test_what_the_system_says_is_said_in_chinese_and_the_rest_stays() -> None:
    assert in_chinese(os.strerror(28)) == "磁盘已满"
    assert in_chinese("不是 JSON 对象") == "不是 JSON 对象"
    assert in_chinese("something else: line 1 column 2 (char 1)") == "something else: line 1 column 2 (char 1)"
