"""What each institution of the demo shows, by its number: where its report stands, and what is wrong with it."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class State(Enum):
    """Where a demo report stands; drafts say how far they are."""

    UNTOUCHED = "untouched"
    BEGUN = "begun"
    HALF = "half"
    FAULTY = "faulty"
    COMPLETE = "complete"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    FORWARD = "forward"
    NOT_FORWARD = "not_forward"

    @property
    def was_submitted(self) -> bool:
        """Whether it was handed in at least once."""
        return self in (State.SUBMITTED, State.RETURNED, State.FORWARD, State.NOT_FORWARD)


_BY_STATE = {
    # Numbers 4 and 5 of the cast name fewer than fifty clients: what keeps a draft from being submitted.
    State.COMPLETE: (4, 5, 12),
    State.UNTOUCHED: (36, 40),
    State.BEGUN: (28, 39),
    State.HALF: (20, 37),
    State.FAULTY: (33, 38),
    State.RETURNED: (6, 17, 26, 31),
    State.FORWARD: (1, 2, 3, 8, 9, 10, 11, 18, 19, 27),
    State.NOT_FORWARD: (7, 25),
}
# How many institutions have a part in the story; a larger demo adds to them.
TOLD = 40
_PARTS = {number: state for state, numbers in _BY_STATE.items() for number in numbers}
# The returned report whose own date has passed; who has more time; whose code a second person claims.
LATE, EXTENDED, CLAIMED = 31, 39, 13
# The recommender, by its place in the scheme's list from 1, whose summary table is issued; who has a quota of two.
ISSUED, BOUNDED = 8, 1
NOT_FORWARD_REASONS: Mapping[int, str] = MappingProxyType(
    {
        7: "所附审计报告与自评报告中的经费支出不一致，机构未能说明。",
        25: "主要服务对象不在本区，建议由注册地推荐单位受理。",
    }
)
# What a returned report is asked to mend: what the remark is bound to, and its words.
REMARKS: Mapping[int, tuple[tuple[str, str, str], ...]] = MappingProxyType(
    {
        6: (
            ("table", "clients", "服务清单第3行的手机号与法定代表人相同，请核对并更换为服务对象联系人的手机号。"),
            ("field", "public_spend", "公益性服务支出请与审计报告口径一致。"),
            ("part", "supplement", "请写明公益性服务支出的计算方法。"),
        ),
        17: (("field", "introduction", "机构简介请写明2021年的主要服务内容，不超过300字。"),),
        26: (
            ("table", "activities", "请补充每场重点活动的签到表或照片。"),
            ("field", "plan_near", "近期计划请写出可以检查的目标。"),
            ("whole", "", "请在纸质件每页加盖骑缝章。"),
        ),
        31: (
            ("table", "honours", "合作服务机构请写全称。"),
            ("attachment", "7", "请补齐写明有效期的合作协议。"),
        ),
    }
)


def state_of(number: int) -> State:
    """Where the report of that number stands: the first forty tell the story, of the rest half are half typed."""
    return _PARTS.get(number, State.HALF if number > TOLD and number % 2 else State.SUBMITTED)
