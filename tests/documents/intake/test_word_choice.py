"""Choices in every form people tick them in; what is not clear is not guessed."""

import pytest

from ceping.core.scheme.entry import Option
from ceping.documents.intake.word_choice import Picked, picked
from ceping.documents.intake.word_flow import Line, Span

YES_NO = (Option(id="yes", label="是"), Option(id="no", label="否"))
KINDS = (Option(id="a", label="创业服务类"), Option(id="b", label="科技创新类"), Option(id="c", label="法律服务类"))
OFTEN = (Option(id="monthly", label="每月"), Option(id="weekly", label="每周"), Option(id="daily", label="每日"))


def lines(text: str) -> list[Line]:
    """One line a line; `_x_` is underlined, `~x~` struck out."""
    return [Line(tuple(spans(line))) for line in text.split("\n")]


def spans(line: str) -> list[Span]:
    parts, out = line.replace("~", "_~_").split("_"), []
    struck = underlined = False
    for part in parts:
        if part == "~":
            struck = not struck
        else:
            out.append(Span(part, underlined=underlined and not struck, struck=struck))
        if "~" not in line:
            underlined = not underlined
    return out


@pytest.mark.parametrize(
    "text",
    [
        *("■是      □否", "☑是 □否", "☒是  ☐否", "√是 □否", "□是√   □否", "□√是 □否", "是√ 否", "是（√） 否（ ）"),
        *("（√）是 （ ）否", "[√]是 [ ]否", "✔是　□否", "●是 ○否", "□ 是 √  □ 否", "是", "是\n", "  是  ", "是☑ 否□"),
        *("☑是", "■是\n□否", "【√】是【】否", "是 ■  否 □"),
    ],
)
def test_yes_however_it_is_ticked(text: str) -> None:
    pick = picked(lines(text), YES_NO, several=False)
    assert (pick.options, pick.unclear, pick.rest) == (("yes",), False, "")


@pytest.mark.parametrize(
    "text", ["□是      ■否", "□是√否", "□是 √否", "□是 □否√", "否", "是□ 否☑", "×是 √否", "□是  否√"]
)
def test_no_however_it_is_ticked(text: str) -> None:
    assert picked(lines(text), YES_NO, several=False).options == ("no",)


@pytest.mark.parametrize(
    ("text", "how", "chosen"),
    [
        ("_是_/否", "underlined", ("yes",)),
        ("是/_否_", "underlined", ("no",)),
        ("□是 ~□否~", "struck", ("yes",)),
        ("~是~/否", "struck", ("no",)),
        ("□是", "alone", ("yes",)),
    ],
)
def test_no_box_ticked_but_shown_otherwise_is_said(text: str, how: str, chosen: tuple[str, ...]) -> None:
    assert picked(lines(text), YES_NO, several=False) == Picked(chosen, how)


@pytest.mark.parametrize("text", ["□是      □否", "", "   ", "□是\n□否", "是/否", "是 否", "（ ）是（ ）否"])
def test_nothing_chosen(text: str) -> None:
    assert picked(lines(text), YES_NO, several=False) == Picked()


@pytest.mark.parametrize(
    "text", ["■是 ■否", "√", "不是", "正在申请", "有", "×是 □否", "R是 □否", "□是 □否 正在办理", "是 否 待定"]
)
def test_what_is_not_clear_is_not_guessed(text: str) -> None:
    pick = picked(lines(text), YES_NO, several=False)
    assert (pick.options, pick.unclear) == ((), True)
    assert pick.rest


def test_words_beside_a_ticked_box_are_told() -> None:
    assert picked(lines("☑是 □否（2019年通过ISO9001）"), YES_NO, several=False) == Picked(
        ("yes",), "ticked", "2019年通过ISO9001"
    )


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("□创业服务类        ■科技创新类        □市场拓展类\n□法律服务类", ("b",)),
        ("■创业服务类 □科技创新类\n☑法律服务类", ("a", "c")),
        ("创业服务类、法律服务类", ("a", "c")),
        ("创业服务类√ 科技创新类 法律服务类√", ("a", "c")),
        ("□创业服务类 □科技创新类 □法律服务类", ()),
        ("创 业 服 务 类", ("a",)),
    ],
)
def test_several_of_many(text: str, chosen: tuple[str, ...]) -> None:
    assert picked(lines(text), KINDS, several=True).options == chosen


def test_boxes_left_over_of_many_are_not_guessed() -> None:
    assert picked(lines("□创业服务类 □法律服务类"), KINDS, several=True).unclear


@pytest.mark.parametrize(
    ("text", "chosen", "rest"),
    [("每周", ("weekly",), ""), ("每周一次", ("weekly",), "一次"), ("每周/每月", (), "每周/每月")],
)
def test_a_choice_typed(text: str, chosen: tuple[str, ...], rest: str) -> None:
    pick = picked(lines(text), OFTEN, several=False)
    assert (pick.options, pick.rest) == (chosen, rest)
