"""A file's name points at its item, or at none; official names are safe, unique and say the content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ceping.core.scheme.layout import ChecklistItem
from ceping.core.scheme.loading import load
from ceping.folder.attachments_matching import says_nothing, suggestion, suggestions
from ceping.folder.attachments_naming import Wanted, content_of, is_official, official_names

NAME = "上海示例企业服务有限公司"


@pytest.fixture(scope="module")
def items() -> tuple[ChecklistItem, ...]:
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    return tuple(scheme.form.checklist.items)


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("营业执照.jpg", 1),
        (f"{NAME}营业执照副本扫描件.pdf", 1),
        ("律师事务所执业许可证.png", 1),
        ("荣誉证书.jpg", 2),
        ("软著.pdf", 2),
        ("示例企业服务收费标准.jpg", 3),
        ("房产证.jpg", 4),
        ("租赁合同.pdf", 4),
        ("2021年12月社保.pdf", 5),
        ("重大合作项目合同.pdf", 6),
        ("与某某律所合作协议.pdf", 7),
        ("07 合作协议/甲.jpg", 7),
        ("2021审计报告.pdf", 8),
        ("ISO9001证书.jpg", 9),
        ("信用中国截图.png", 10),
        ("附件3_营业执照.jpg", 3),
        ("附件07_合作协议甲_2.jpg", 7),
        ("附件77_x.jpg", None),
        ("证书.jpg", None),
        ("合同.jpg", None),
        ("IMG_0001.jpg", None),
        ("活动签到表.jpg", None),
        ("", None),
    ],
)
def test_the_item_a_name_points_at(items: tuple[ChecklistItem, ...], name: str, item: int | None) -> None:
    found = suggestion(name, items, institution=NAME)
    assert (found.item if found else None) == item


def test_a_reason_is_told(items: tuple[ChecklistItem, ...]) -> None:
    (first, *rest) = suggestions("重大合作项目合同.pdf", items)
    assert (first.item, first.score) == (6, 88)
    assert first.reason == "文件名中的“重大合作项目”、“合同”与该项相符"
    assert all(other.score < 40 for other in rest)


def test_another_scheme_needs_no_other_words() -> None:
    items = [ChecklistItem(number=1, text="单位法人证书"), ChecklistItem(number=2, text="年度财务报表")]
    found = [suggestion(name, items) for name in ("法人证书.jpg", "2021年度财务报表.xlsx")]
    assert [one.item if one else None for one in found] == [1, 2]


@pytest.mark.parametrize("name", ["IMG_0001.jpg", "微信图片_20220101123456.jpg", "扫描件001.pdf", "1.jpg", "新建.png"])
def test_names_that_machines_give(name: str) -> None:
    assert says_nothing(name)
    assert not says_nothing(f"营业执照{name}")


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_name_is_answered(items: tuple[ChecklistItem, ...], name: str, institution: str) -> None:
    found = suggestions(name, items, institution=institution)
    assert found == sorted(found, key=lambda one: (-one.score, one.item))
    assert all(0 < one.score <= 100 for one in found)


def test_official_names() -> None:
    wanted = [
        Wanted("营业执照.png", 1, "jpg", 1),
        Wanted("a/合作协议甲_2.jpg", 7, "jpg", 1),
        Wanted("合作协议甲_1.jpg", 7, "jpg", 1),
        Wanted("b/合作协议甲_1.jpg", 7, "jpg", 1),
        Wanted("附件7：租赁 合同.pdf", 4, "jpg", 2),
        Wanted("租赁_合同.tif", 4, "jpg", 1),
        Wanted("信用报告.pdf", 10, "pdf"),
        Wanted("../x:y.docx", None, "docx"),
        Wanted("IMG_1.jpg", 2, "jpg", 1, "荣誉证书"),
    ]
    names = official_names(wanted)
    assert names == [
        ["附件01_营业执照_1.jpg"],
        ["附件07_合作协议甲_2.jpg"],
        ["附件07_合作协议甲_1.jpg"],
        ["附件07_合作协议甲-2_1.jpg"],
        ["附件04_租赁_合同_1.jpg", "附件04_租赁_合同_2.jpg"],
        ["附件04_租赁_合同-2_1.jpg"],
        ["附件10_信用报告.pdf"],
        ["未归项_x_y.docx"],
        ["附件02_荣誉证书_1.jpg"],
    ]
    assert all(is_official(name) for found in names[:7] for name in found)
    assert [is_official(name) for name in ("营业执照.jpg", "附件1_x.jpg", "附件01_.jpg")] == [False, False, False]


@given(
    st.lists(st.tuples(st.text(max_size=300), st.sampled_from([None, 1, 7]), st.sampled_from([None, 1, 3])), max_size=8)
)
def test_names_are_safe_and_no_two_are_one(files: list[tuple[str, int | None, int | None]]) -> None:
    wanted = [Wanted(name, item, "jpg", pages) for name, item, pages in files]
    names = [name for found in official_names(wanted) for name in found]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name.encode()) <= 255
        assert not set(name) & set('\\/:*?"<>|\x00\n')
        assert not name.startswith(".")


@given(st.text(max_size=60))
def test_content_of_an_official_name_is_itself(text: str) -> None:
    content, _ = content_of(text)
    (name,) = official_names([Wanted(text, 3, "jpg", 1, content)])[0]
    assert content_of(name)[0] == content
