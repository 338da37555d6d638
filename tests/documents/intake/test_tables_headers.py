"""Headers found by meaning: in any order, under any known name, among titles, notes and other columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.scheme.loading import Scheme
from ceping.documents.intake.headers import Wanted, find_header, is_around, meanings, plain_of, wanted_of

NAME = Wanted("name", "企业名称", ("单位名称", "公司名称"))
PHONE = Wanted("phone", "手机", ("联系电话", "电话"))
MONEY = Wanted("money", "金额", needed=False, unit="万元")
WANTED = (NAME, PHONE, MONEY)


@given(st.data())
def test_any_order_and_any_name_find_the_same_columns(data: st.DataObject) -> None:
    names = {one.id: data.draw(st.sampled_from((one.label, *one.others))) for one in WANTED}
    order = data.draw(st.permutations([*names, "序号", "备注"]))
    header = [names.get(key, key) for key in order]
    titles = data.draw(st.lists(st.sampled_from(["2021年服务清单", "企业", "", "填报单位：某某"]), max_size=4))
    rows = [*([title] for title in titles), header, ["x"] * len(order)]
    found = find_header(rows, WANTED)
    assert found is not None
    assert found.first == found.last == len(titles)
    assert found.columns == {key: order.index(key) for key in names}
    assert sorted(found.texts[column] for column in found.unknown) == ["备注", "序号"]


@pytest.mark.parametrize("text", ["手 机", "手机*", "＊手机：", "手机（必填）", "手机\n号码", "ＰＨＯＮＥ"])
def test_what_does_not_change_the_meaning_is_passed_over(text: str) -> None:
    phone = Wanted("phone", "手机", ("手机号码", "Phone"))
    found = find_header([["企业名称", text]], (NAME, phone))
    assert found is not None
    assert found.columns == {"name": 0, "phone": 1}


def test_the_own_name_goes_before_another_name() -> None:
    found = find_header([["联系电话", "手机", "单位名称"]], WANTED)
    assert found is not None
    assert found.columns == {"phone": 1, "name": 2}
    assert found.doubled == {}
    assert found.unknown == (0,)


def test_two_of_the_same_right_are_doubled() -> None:
    found = find_header([["企业名称", "电话", "联系电话"]], WANTED)
    assert found is not None
    assert found.columns == {"name": 0, "phone": 1}
    assert found.doubled == {"phone": (2,)}


def test_of_several_weights_the_last_is_meant() -> None:
    weight = Wanted("weight", "权重", ("分值",), rightmost=True)
    found = find_header([["企业名称", "权重", "手机", "权重"]], (NAME, PHONE, weight))
    assert found is not None
    assert found.columns["weight"] == 3
    assert (found.doubled, found.unknown) == ({}, (1,))


def test_a_header_of_two_rows_is_one() -> None:
    rows = [["企业名称", "联系方式", ""], ["", "姓名", "手机"], ["甲", "王", "13800000000"]]
    found = find_header(rows, (NAME, Wanted("contact", "联系人", ("姓名",)), PHONE))
    assert found is not None
    assert (found.first, found.last) == (0, 1)
    assert found.columns == {"name": 0, "contact": 1, "phone": 2}


def test_one_recognised_cell_is_a_title_and_no_header() -> None:
    assert find_header([["企业名称"], ["甲", "乙"]], WANTED) is None


@pytest.mark.parametrize(
    ("first", "filled", "around"),
    [
        ("合计", 3, True),
        ("合  计：59 家", 1, True),
        ("小计12", 4, True),
        ("注：不少于50家", 1, True),
        ("注1. 不重复", 1, True),
        ("*说明：如有", 1, True),
        ("填表人：王一", 1, True),
        # Names of firms that begin like a note or a total.
        ("注塑机械（上海）有限公司", 1, False),
        ("合计科技有限公司", 4, False),
        ("注：", 3, False),
        ("日期科技", 1, False),
    ],
)
def test_what_stands_around_a_table(first: str, filled: int, around: bool) -> None:  # noqa: FBT001 -- the expectation
    assert is_around(first, filled) is around


def test_the_form_s_columns_go_by_the_names_of_their_meaning(scheme: Scheme) -> None:
    wanted = {one.id: one for one in wanted_of(scheme.form.table_by_id["clients"])}
    header = ["公司名称", "姓名", "联系电话", "服务内容"]
    header.reverse()
    found = find_header([header], tuple(wanted.values()))
    assert found is not None
    names = dict(
        zip(["name", "contact", "phone", "service"], ["公司名称", "姓名", "联系电话", "服务内容"], strict=True)
    )
    assert {key: header[column] for key, column in found.columns.items()} == names


def test_no_meaning_lists_a_header_twice() -> None:
    for headers in meanings().values():
        plain = [plain_of(one) for one in headers]
        assert sorted(set(plain)) == sorted(plain)
