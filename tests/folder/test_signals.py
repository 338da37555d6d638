"""Signals for a person to look at: each is told in words, no number in full, nothing across lists unasked."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.folder.signals import (
    Crowded,
    Filed,
    ListedClient,
    OwnNumber,
    Signal,
    one_character_apart,
    signals_in,
    signals_json,
)

JIA, YI = "91310199MA0000A197", "31310199MD0000B24T"


def client(number: int, name: str = "", contact: str = "", phone: str = "", uscc: str = JIA) -> ListedClient:
    return ListedClient(uscc, f"C{number:04d}", name or chr(0x4E00 + 7 * number) * 4, contact, phone)


def found(*clients: ListedClient, cross_institution: bool = False, **others: list[object]) -> list[Signal]:
    return signals_in(clients, cross_institution=cross_institution, **others)  # type: ignore[arg-type]


def test_a_quiet_list_gives_none() -> None:
    assert found(client(1, phone="13512341234"), client(2, phone="13598769876"), client(3)) == []


def test_a_shared_number_is_masked() -> None:
    listed = [client(1, phone="135-1234-1234"), client(2, phone="+8613512341234"), client(3, phone="13598769876")]
    assert found(*listed) == [
        Signal("phone_shared", (JIA,), ("C0001", "C0002"), "2 家服务对象留同一号码 135****1234（C0001、C0002）")
    ]


def test_numbers_across_lists_are_compared_when_authorised_alone() -> None:
    listed = [client(1, phone="13512341234"), client(2, phone="13512341234", uscc=YI)]
    assert found(*listed) == []
    keys = (f"{JIA}:C0001", f"{YI}:C0002")
    words = "2 家机构的服务对象留同一号码 135****1234"
    assert found(*listed, cross_institution=True) == [Signal("phone_across", (YI, JIA), keys, words)]


def test_a_number_of_the_institution_itself() -> None:
    own = [OwnNumber(JIA, "法定代表人", "13512341234"), OwnNumber(JIA, "联系人", "13512341234")]
    own.append(OwnNumber(YI, "员工", "13598769876"))
    words = "服务对象的号码 135****1234 与本机构法定代表人、联系人的号码相同（C0001）"
    listed = [client(1, phone="13512341234"), client(2, phone="13598769876")]
    assert found(*listed, own=own) == [Signal("phone_own", (JIA,), ("C0001",), words)]


def test_a_run_of_numbers() -> None:
    listed = [client(number, phone=f"1350000{9998 + number:04d}") for number in (1,)]
    listed += [client(number, phone=f"13600000{number:03d}") for number in (5, 6, 7, 9)]
    words = "3 个号码连号：136****0005 至 136****0007（C0005、C0006、C0007）"
    assert found(*listed) == [Signal("phone_sequential", (JIA,), ("C0005", "C0006", "C0007"), words)]


def test_one_contact_for_many() -> None:
    listed = [client(number, contact="张 三") for number in (1, 2)]
    assert found(*listed) == []
    words = "3 家服务对象是同一名联系人（C0001、C0002、C0003）"
    assert found(*listed, client(3, contact="张三")) == [
        Signal("contact_shared", (JIA,), ("C0001", "C0002", "C0003"), words)
    ]


def test_names_one_character_apart() -> None:
    listed = [
        client(1, "上海天晟软件有限公司"),
        client(2, "上海天昇软件有限公司"),
        client(3, "上海天晟软件有限责任公司"),
    ]
    (signal,) = found(*listed, client(4, "上海和越电子有限公司"))
    assert (signal.code, signal.client_keys) == ("name_near", ("C0002", "C0001", "C0003"))


def test_names_that_look_alike() -> None:
    signals = found(client(1, "甲０A公司"), client(2, "甲0А公司"))
    assert {signal.code for signal in signals} == {"name_near", "name_alike"}


def near(one: str, other: str) -> bool:
    """Levenshtein distance of one, the slow way."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    if len(one) == len(other):
        return sum(left != right for left, right in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


@given(st.sets(st.text("甲乙丙", min_size=1, max_size=4), max_size=14))
def test_groups_are_the_circles_of_near_names(names: set[str]) -> None:
    groups: list[set[str]] = []
    for name in names:
        touched = [group for group in groups if any(near(name, other) for other in group)]
        groups = [group for group in groups if group not in touched] + [{name}.union(*touched)]
    wanted = sorted(sorted(group) for group in groups if len(group) > 1)
    assert sorted(sorted(group) for group in one_character_apart(names)) == wanted


def test_thirty_thousand_names_take_seconds() -> None:
    names = [
        f"上海{chr(0x4E00 + number % 173)}{chr(0x5E00 + number // 173)}企业服务有限公司" for number in range(30_000)
    ]
    started = time.process_time()
    assert [len(group) for group in one_character_apart(names)] == [30_000]
    assert time.process_time() - started < 10


def test_a_burst_of_orders() -> None:
    crowded = [
        Crowded(JIA, "2021-03-01 10:00", 20),
        Crowded(JIA, "2021-03-02 09:30", 25),
        Crowded(YI, "2021-05-01 00:00", 20),
    ]
    words = "店铺有 2 个一分钟内达到 20 笔订单：2021-03-02 09:30 25 笔、2021-03-01 10:00 20 笔"
    other = "店铺有 1 个一分钟内达到 20 笔订单：2021-05-01 00:00 20 笔"
    assert found(crowded=crowded) == [Signal("order_burst", (JIA,), (), words), Signal("order_burst", (YI,), (), other)]


def test_one_file_in_two_institutions() -> None:
    files = [Filed(JIA, "a.jpg", "ab" * 32), Filed(YI, "b.jpg", "ab" * 32), Filed(JIA, "c.jpg", "ab" * 32)]
    (signal,) = found(files=files)
    assert (signal.code, signal.usccs) == ("file_shared", (YI, JIA))
    assert found(files=[files[0], files[2]]) == []


PHONES = st.sampled_from(["13512341234", "13512341235", "13512341236", "021-58881234", "1351234123", "", "abc"])


@given(st.lists(st.tuples(PHONES, st.sampled_from(["", "李四"]), st.sampled_from([JIA, YI])), max_size=12))
def test_no_number_is_ever_shown(rows: list[tuple[str, str, str]]) -> None:
    listed = [client(number, "", contact, phone, uscc) for number, (phone, contact, uscc) in enumerate(rows, 1)]
    own = [OwnNumber(JIA, "联系人", "13512341234")]
    told = signals_json(found(*listed, own=own, cross_institution=True))  # type: ignore[arg-type]
    text = str(told)
    assert not any(phone in text for phone in ("13512341234", "13512341235", "13512341236", "58881234", "李四"))
    assert all(row["level"] == "look" for row in told)


@pytest.mark.parametrize("phone", ["无", "-", "；", "1" * 5000])
def test_what_is_no_number_breaks_nothing(phone: str) -> None:
    (signal,) = found(client(1, phone=phone), client(2, phone=phone)) or [None]
    assert signal is None or "****" in signal.words
