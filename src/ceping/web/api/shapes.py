"""What goes over the wire: the shapes of requests and answers, from which the description is made."""

# The docstrings of operations and shapes are what users read of them.
# ruff: noqa: D400

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ceping.stages.points.actions import MOST_EVENTS

ID = r"^[A-Za-z0-9_.:-]{1,64}$"
# The days that there are from 1800 on, so that the description itself tells a day from what looks like one.
_LEAP = r"(?:(?:1[89]|[2-9][0-9])(?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[3579][26])00)"
_DAY = (
    r"^(?:(?:1[89]|[2-9][0-9])[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|" + _LEAP + r"-02-29)$"
)
_MOST_COUNT = 999_999_999
_Cell = Annotated[str | None, Field(description="没有就不写、写空文本或 null", max_length=256)]


class _In(BaseModel):
    """Taken as it stands: no other type is turned into the wanted one, no unknown field is passed over."""

    model_config = ConfigDict(extra="forbid", strict=True)


class EventIn(_In):
    """一个事件。八栏与事件文件相同；写法不合要求的，只影响这一条，结果里有代码和说明。"""

    event_id: _Cell = Field(None, description="同一店铺内永远唯一：1–64 个字符，A-Za-z0-9_.:-", max_length=256)
    shop_id: _Cell = Field(None, description="店铺编号，写法同上", max_length=256)
    kind: _Cell = Field(
        None, description="login、follow、unfollow、order、rating、comment、reply、void", max_length=256
    )
    occurred_at: _Cell = Field(None, description="带时区的时间，如 2021-05-01T09:30:00+08:00", max_length=256)
    actor_id: _Cell = Field(None, description="用户；follow、unfollow 必填", max_length=256)
    actor_type: _Cell = Field(
        None, description="personal、enterprise、seller；follow、unfollow、rating、comment 必填", max_length=256
    )
    rating: _Cell = Field(None, description="good、neutral、bad；rating 必填", max_length=256)
    voids: _Cell = Field(None, description="void 必填：不再计分的那个事件的编号", max_length=256)


class BatchIn(_In):
    """一批事件。"""

    events: list[EventIn] = Field(min_length=1, max_length=MOST_EVENTS, description=f"1 到 {MOST_EVENTS} 个事件")


class ItemOut(BaseModel):
    """一个事件的结果，与发来的次序相同。"""

    event_id: str
    shop_id: str
    result: Literal["accepted", "known", "held", "conflict", "refused"] = Field(
        description="accepted 已收下；known 以前收过，内容相同；held 等平台运营处理；conflict 同号异文；refused 不收"
    )
    status: Literal[200, 201, 202, 409, 422] = Field(
        description="accepted 201，known 200，held 202，conflict 409，refused 422"
    )
    code: str = Field(description="为什么没有收下；收下的为空")
    message: str
    sequence: int | None = Field(description="在事件日志中的次序；没有进日志的为 null")


class BatchOut(BaseModel):
    """一批事件的结果。"""

    delivery: int = Field(description="这次来件的编号，联系平台运营时报出")
    accepted: int
    known: int
    held: int
    conflict: int
    refused: int
    results: list[ItemOut]


class ShopIn(_In):
    """店铺的信息：从今天起有效，以前的保留。"""

    shop_name: str = Field("", max_length=200)
    category: str = Field("", max_length=200)
    registered_on: str = Field(description="公司注册日期，YYYY-MM-DD，1800 年起", pattern=_DAY)
    introduction: str = Field("", max_length=20_000, description="公司介绍；空白为没有")
    website: str = Field("", max_length=500, description="公司官网；空白为没有")
    certificate_count: int = Field(ge=0, le=_MOST_COUNT)
    product_count: int = Field(ge=0, le=_MOST_COUNT)
    decorated: bool


class LevelOut(BaseModel):
    """积分和等级。"""

    shop_id: str
    points: int
    level: str = Field(description="none、star、diamond、crown")
    level_rank: int = Field(ge=0, description="0 到 5")
    level_name: str
    as_of: date | None = Field(description="截至哪一天；还没有计过分的为 null")
    rules: str = Field(description="规则版本，方案@版本")


class ShopOut(LevelOut):
    """一家店铺。"""

    shop_name: str
    category: str
    registered_on: date | None
    introduction: bool
    website: bool
    certificate_count: int
    product_count: int
    decorated: bool


class ShopListed(BaseModel):
    """店铺名录里的一行。"""

    shop_id: str
    shop_name: str
    category: str
    points: int
    level: str
    level_rank: int


class ShopsOut(BaseModel):
    """店铺名录的一页，按编号排列。"""

    shops: list[ShopListed]
    next: str | None = Field(description="下一页的 after；没有下一页为 null")


class RuleOut(BaseModel):
    """一条规则给了多少分。"""

    rule_id: str
    rule: str
    clause: str
    unit: str
    unit_points: int
    quantity: int = Field(description="计到的数量，封顶之前")
    points: int
    lost: int = Field(description="封顶去掉的分")
    cap: int | None


class PointsOut(BaseModel):
    """一家店铺的积分，逐条规则说明。"""

    shop_id: str
    window_from: date | None = Field(description="null 为累计")
    window_to: date | None
    rules: str
    points: int
    level_name: str
    next_level: str | None
    distance: int = Field(description="离下一级还差多少分")
    lines: list[RuleOut]


class EntryOut(BaseModel):
    """账目的一行：哪条规则多了或少了多少，为什么。只增不改。"""

    entry: int
    rule_id: str
    rule: str
    quantity: int
    points: int
    why: str
    why_text: str
    cause: str = Field(description="由哪个事件或哪版规则引起；没有单独一个的为空")
    reason: str = Field(description="人写的理由")
    corrects: int | None = Field(description="冲回哪一行")
    sequence: int = Field(description="计入了日志中到此为止的事件")
    as_of: date
    rules: str
    posted_at: datetime


class LedgerOut(BaseModel):
    """账目的一页，新的在前。"""

    shop_id: str
    entries: list[EntryOut]
    next: int | None = Field(description="下一页的 before；没有下一页为 null")


class LevelRowOut(BaseModel):
    """一个等级。"""

    level: str
    level_rank: int
    level_name: str
    least: int
    most: int | None


class RulesOut(BaseModel):
    """正在执行的规则和等级。"""

    rules: str
    sha256: str
    title: str
    lines: list[RuleOut]
    levels: list[LevelRowOut]


class HealthOut(BaseModel):
    """接口是否正常。"""

    ok: bool
    waiting_events: int = Field(description="已收下、还没有计入账目的事件")


class FindingOut(BaseModel):
    """一处问题。"""

    code: str
    place: str
    message: str
    remedy: str


class ProblemOut(BaseModel):
    """没有办成：代码、说明、怎么办。"""

    code: str
    message: str
    remedy: str
    findings: list[FindingOut]
