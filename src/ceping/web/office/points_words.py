"""What the pages of the points desk have in common: kinds and sources of events in words, the tabs, numbers asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse

from ceping.core.finding import texts
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.queries.desk import Waiting, waiting_for_operator
from ceping.stages.points.states import HeldReason

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "login": "登录",
        "follow": "关注",
        "unfollow": "取消关注",
        "order": "成交",
        "rating": "评价",
        "comment": "评论",
        "reply": "回复",
        "void": "作废",
    }
)
ACTORS: Mapping[str, str] = MappingProxyType({"personal": "个人", "enterprise": "企业", "seller": "卖家"})
RATINGS: Mapping[str, str] = MappingProxyType({"good": "好评", "neutral": "中评", "bad": "差评"})
_SOURCES = MappingProxyType({"platform": "本平台店铺", "office": "平台运营", "file": "文件导入"})
_TABS = (
    ("points", "总览"),
    ("points_held", "挂起的事件"),
    ("points_signals", "异常线索"),
    ("points_rules", "规则"),
    ("points_recount", "复算"),
    ("points_feeds", "来件"),
    ("points_import", "导入文件"),
    ("points_keys", "接口与通知"),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of the desk: its word, address, whether it is this one, and how much waits there."""

    word: str
    address: str
    here: bool
    count: int


def tabs_for(user: User, here: str, waiting: Waiting | None = None) -> list[Tab]:
    """The pages of the desk this person finds; the system administrator has the connections alone."""
    operates = Role.OPERATOR in user.roles
    waits = (waiting or waiting_for_operator()) if operates else Waiting(0, 0, 0)
    counts = {"points_held": waits.held, "points_signals": waits.signals, "points_keys": waits.calls}
    return [
        Tab(word, reverse(f"office:{name}"), name == here, counts.get(name, 0))
        for name, word in _TABS
        if operates or name == "points_keys"
    ]


def source_word(source: str) -> str:
    """Where an event or a delivery came from, as people say it."""
    if source.startswith("api:"):
        return f"接口：{source.split(':', 2)[-1]}"
    return _SOURCES.get(source, source)


def code_word(code: str) -> str:
    """What a refusal or a hold means, without its advice."""
    if code in HeldReason.values:
        return str(HeldReason(code).label)
    told = texts().get(code)
    return told["message"] if told is not None else code


def number_in(given: str | None) -> int | None:
    """A key out of an address or a form; None for anything else."""
    text = given or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
