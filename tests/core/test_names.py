"""When two names are one client, when they only look alike, and how long a text is to a reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.names import count_characters, hidden_in, is_blank, normalised, skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海甲乙（集团）有限公司", "上海甲乙(集团)有限责任公司"),
        ("上海甲乙【集团】有限公司", "上海甲乙〔集团〕有限公司"),
        ("上海 甲乙\u3000有限公司", "上海甲乙有限公司\u200b"),
        ("ＡＢＣ１２３有限公司", "ABC123有限公司"),
        ("\ufeff上海甲\u2060有限公司", "上海甲有限公司\n"),
    ],
)
def test_one_client(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海甲乙有限公司", "上海甲乙股份有限公司"),
        ("上海甲乙有限公司", "上海甲乙有限公司浦东分公司"),
        ("上海甲乙（集团）有限公司", "上海甲乙有限公司"),
        ("ABC有限公司", "abc有限公司"),
        ("上海А甲有限公司", "上海A甲有限公司"),
        ("\uf900城有限公司", "\u8c48城有限公司"),
    ],
)
def test_two_clients(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("上海А甲有限公司", "上海A甲有限公司"), ("\uf900城公司", "\u8c48城公司"), ("ABC公司", "abc公司")],
)
def test_look_alikes_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_different_names_do_not_share_a_skeleton() -> None:
    assert skeleton("上海甲有限公司") != skeleton("上海乙有限公司")


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3000", "\u00a0", "\u2003", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\t\r\n", "\u3164"],
)
def test_blank(text: str) -> None:
    assert is_blank(text)
    assert is_blank(text + " \u200b")
    assert not is_blank(text + "0")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("你好，世界。", 6),
        ("ISO 9001", 7),
        ("第一段\n\n第二段", 6),
        ("e\u0301", 1),
        ("𠮷野", 2),
        ("👨\u200d👩\u200d👧", 1),
        ("👍🏽", 1),
        ("甲\u200b乙", 2),
    ],
)
def test_characters_as_people_count_them(text: str, count: int) -> None:
    assert count_characters(text) == count


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("正常\n文字\t。", ""), ("a\x00b", "U+0000"), ("a\u202eb\u200b", "U+200B、U+202E"), ("旗\U000e0041", "U+E0041")],
)
def test_hidden_characters_are_named(text: str, hidden: str) -> None:
    assert hidden_in(text) == hidden


@given(st.text() | st.text("有限责任公司股份（）() \u3000\u200bＡ"))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
    assert skeleton(skeleton(text)) == skeleton(text)


@given(st.text(), st.text())
def test_lengths_add_up_across_a_line_end(one: str, other: str) -> None:
    assert count_characters(one + "\n" + other) == count_characters(one) + count_characters(other)
