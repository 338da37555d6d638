"""Numbers, dates and joined answers as people type them: taken where they mean one thing, else kept and doubted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.scheme.entry import Entry
from ceping.documents.intake.word_value import Value, joined, typed, value_of

AMOUNT = Entry(id="x", label="支出", type="decimal", unit="万元")
COUNT = Entry(id="x", label="数量", type="integer", unit="家")
TOOLS = Entry(id="x", label="设备", type="integer", unit="台（套）")
DAY = Entry(id="x", label="日期", type="date")


def entry(kind: Any) -> Entry:
    return Entry(id="x", label="x", type=kind)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120", Value("120")),
        ("  120.50 ", Value("120.50")),
        ("120 万元", Value("120", tidied=True)),
        ("1,200", Value("1200", tidied=True)),
        ("１２０．５", Value("120.5", tidied=True)),
        ("-3", Value("-3")),
        ("+3", Value("3", tidied=True)),
        ("约50", Value("约50", doubt="word_number_unclear")),
        ("50多", Value("50多", doubt="word_number_unclear")),
        ("120元", Value("120元", doubt="word_number_unclear")),
        ("1.2亿元", Value("1.2亿元", doubt="word_number_unclear")),
        ("12,00", Value("12,00", doubt="word_number_unclear")),
        ("007", Value("007", doubt="word_number_unclear")),
        ("1e3", Value("1e3", doubt="word_number_unclear")),
        ("无", Value("无", doubt="word_number_unclear")),
        ("100-200", Value("100-200", doubt="word_number_unclear")),
        ("/", Value("", tidied=True)),
        ("", Value("")),
    ],
)
def test_numbers(text: str, value: Value) -> None:
    assert value_of(AMOUNT, text) == value


def test_a_unit_the_form_prints_itself_is_no_change() -> None:
    assert value_of(AMOUNT, "500 万元", unit="万元") == Value("500")
    assert [value_of(TOOLS, text).text for text in ("5台", "5套", "5台套", "5台（套）", "5个")] == [
        "5",
        "5",
        "5",
        "5",
        "5个",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2021年3月5日", Value("2021-03-05")),
        ("2021.3.5", Value("2021-03-05")),
        ("2021/3/5", Value("2021-03-05")),
        ("2021-03-05", Value("2021-03-05")),
        ("２０２１年３月５日", Value("2021-03-05")),
        ("2021 年 3 月 5 日", Value("2021-03-05")),
        ("2021年3月5号", Value("2021-03-05")),
        ("二〇二一年十二月二十三日", Value("2021-12-23", tidied=True)),
        ("二○二一年三月十日", Value("2021-03-10", tidied=True)),
        ("20210305", Value("2021-03-05", tidied=True)),
        ("2021-3", Value("2021-3", doubt="word_date_no_day")),
        ("2021年3月", Value("2021年3月", doubt="word_date_no_day")),
        ("2021年", Value("2021年", doubt="word_date_unclear")),
        ("21.3.5", Value("21.3.5", doubt="word_date_unclear")),
        ("3/5/2021", Value("3/5/2021", doubt="word_date_unclear")),
        ("2021-02-30", Value("2021-02-30", doubt="word_date_unclear")),
        ("2021年3月初", Value("2021年3月初", doubt="word_date_unclear")),
        ("2021.3.5-2021.6.1", Value("2021.3.5-2021.6.1", doubt="word_date_two")),
        ("/", Value("", tidied=True)),
    ],
)
def test_dates(text: str, value: Value) -> None:
    assert value_of(DAY, text) == value


@pytest.mark.parametrize("text", ["2020年6月1日-2021年9月30日", "2020.6.1～2021.9.30", "2020年6月1日至2021年9月30日"])
def test_a_span_where_one_is_asked_for(text: str) -> None:
    assert value_of(DAY, text, rule="in_progress") == Value("2020-06-01/2021-09-30")


def test_codes_and_addresses_are_put_straight_and_phones_are_not() -> None:
    assert value_of(entry("uscc"), "９１３１０１９９ma0000a197") == Value("91310199MA0000A197", tidied=True)
    assert value_of(entry("email"), "wang＠example．cn") == Value("wang@example.cn", tidied=True)
    assert value_of(entry("phone"), "０２１－５８８８ 1234") == Value("０２１－５８８８ 1234")


@pytest.mark.parametrize(
    ("text", "head", "count", "code"),
    [
        ("中小企业/80家", "中小企业", "80", ""),
        ("中小企业/80", "中小企业", "80", ""),
        ("中小企业／80 家", "中小企业", "80", ""),
        ("/80家", "", "80", ""),
        ("A/5/80家", "A/5", "80", ""),
        ("80家", "", "80", "word_joined_split"),
        ("80", "", "80", "word_joined_split"),
        ("中小企业80家", "中小企业", "80", "word_joined_split"),
        ("中小企业（80家）", "中小企业", "80", "word_joined_split"),
        ("中小企业约80家", "中小企业约80家", "", "word_joined_unclear"),
        ("企业员工80人", "企业员工80人", "", "word_joined_unclear"),
        ("50-80家", "50-80家", "", "word_joined_unclear"),
        ("企业/80人次", "企业/80人次", "", "word_joined_unclear"),
        ("科技企业", "科技企业", "", ""),
    ],
)
def test_two_answers_in_one_cell(text: str, head: str, count: str, code: str) -> None:
    told, value, doubt = joined(COUNT, text)
    assert (told, value.text, doubt) == (head, count, code)


@given(st.text(max_size=30))
def test_nothing_typed_is_lost(text: str) -> None:
    """What is not understood stays as it was typed, with a doubt."""
    for kind in ("integer", "decimal", "date"):
        value = value_of(entry(kind), text)
        if value.doubt:
            assert value.text == typed(text)
    head, value, _ = joined(COUNT, text)
    assert value.text or head == typed(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9), st.dates())
def test_what_is_written_plainly_is_read_as_it_is(number: Any, day: Any) -> None:
    assert value_of(AMOUNT, f"{number:f}") == Value(f"{number:f}")
    if day.year >= 1000:
        assert value_of(DAY, f"{day.year}年{day.month}月{day.day}日") == Value(day.isoformat())
