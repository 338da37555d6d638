"""The front page of everybody: a card for each thing that waits for them, what is late first, one step to each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import NoReverseMatch, reverse

from ceping.ground.exports.queries import exports_to_decide
from ceping.ground.people.models import Area, Grant, User
from ceping.ground.people.roles import Role
from ceping.stages.points.queries.desk import waiting_for_operator
from ceping.stages.report.access import closes_at, why_not_write
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import own_entries
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import phase_of, seasons_open
from ceping.stages.scheme.states import PhaseKind, SeasonState
from ceping.stages.shop.queries.overseen import waiting_here
from ceping.stages.shop.states import ShopState

_DESKS = {
    Role.SECURITY_OFFICER: (
        "账号与职责",
        "开户、授予和收回职责、重置两步验证、处理重复认领。",
        "office:accounts",
        "管理账号",
    ),
    Role.SYSTEM_ADMIN: ("运行状态", "数据库、磁盘、后台任务是否正常；这里看不到业务数据。", "office:machine", "查看"),
    Role.ASSESSOR: ("测评打分", "分派给您的机构、评分表、回避申报。", "assessor:home", "去打分"),
    Role.VERIFIER: ("核验", "分派给您的服务对象、预约、自己的记录；也可以先练习。", "verifier:home", "去核验"),
    Role.ENTERPRISE: ("找服务", "按名称、类别、区查找店铺，看评价，直接下单。", "market:directory", "找店铺"),
    Role.PERSONAL: ("找服务", "按名称、类别、区查找店铺，看评价，直接下单。", "market:directory", "找店铺"),
    Role.AUDITOR: ("操作日志", "谁在什么时候做了什么、为什么；可以校验日志没有被改动。", "auditor:journal", "查日志"),
}
_TURN = frozenset({EntryState.SUBMITTED})
# When a result is there to be seen, and when publishing it is what the office does.
_OUT = (SeasonState.NOTICE, SeasonState.PUBLISHED)
_AFTER = (SeasonState.SIGNED, *_OUT)
# While a recommender has something to do.
_BEFORE = (SeasonState.FILING, SeasonState.RECOMMENDING)


@dataclass(frozen=True, slots=True)
class Card:
    """One thing: the situation as a title, a line below it, figures, the step with its address, whether it is late."""

    title: str
    said: str = ""
    figures: tuple[tuple[str, int], ...] = ()
    word: str = ""
    address: str = ""
    until: datetime | None = None
    late: bool = False


def cards_for(user: User, at: datetime) -> list[Card]:
    """Everything that waits for the person, late things first."""
    found = [card for grant in user.grants_in_force for card in _cards(user, grant, at)]
    if count := exports_to_decide(user, at=at).count():
        found.insert(0, _exports(count))
    return sorted(found, key=lambda card: not card.late)


def _cards(user: User, grant: Grant, at: datetime) -> Iterator[Card]:
    role = Role(grant.role)
    match role:
        case Role.INSTITUTION if grant.institution is not None:
            for entry in own_entries(user).filter(institution=grant.institution):
                yield _report(user, entry, at)
        case Role.RECOMMENDER if grant.area is not None:
            for season in seasons_open(at).filter(state__in=_BEFORE):
                yield _area(season, grant.area, at)
        case Role.ORGANISER | Role.LEAD:
            for season in seasons_open(at):
                yield _season(season)
        case Role.OPERATOR:
            yield from _operated()
        case _ if role in _DESKS:
            title, said, route, word = _DESKS[role]
            yield Card(title, said, word=word, address=_address(route))


def _exports(count: int) -> Card:
    said = "含个人信息的名单要由另一人审批，七天内有效"
    return Card(f"{count} 份导出申请等您审批", said, word="去审批", address=_address("office:exports"))


def _report(user: User, entry: Entry, at: datetime) -> Card:
    if entry.season.state in _OUT:
        return _result(entry)
    state, closes = EntryState(entry.state), closes_at(entry)
    address, about = reverse("institution:entry", args=[entry.pk]), f"{entry.institution.name}　{entry.season.title}"
    if state is EntryState.RETURNED:
        late = closes is not None and closes <= at
        return Card("自评报告被退回，请按意见修改后交回", about, (), "看退回意见", address, closes, late=late)
    if state is EntryState.DRAFT:
        if (reason := why_not_write(user, entry, at)) is not None:
            return Card(reason.message(), about, (), "查看报告", address, closes, late=True)
        return Card("自评报告还在填写", about, (), "接着填", address, closes)
    return Card(f"自评报告{state.label}", about, (), "查看报告", address)


def _result(entry: Entry) -> Card:
    """The result is out: during the notice until when one may object, then what was published."""
    about = f"{entry.institution.name}　{entry.season.title}"
    address = reverse("institution:own_result", args=[entry.pk])
    if entry.season.state != SeasonState.NOTICE:
        return Card("测评结果已发布", about, (), "看结果", address)
    phase = phase_of(entry.season, PhaseKind.NOTICE)
    closes = phase.closes_at if phase is not None else None
    return Card("测评结果公示中，公示期内可提出异议", about, (), "看公示", address, closes)


def _area(season: Season, area: Area, at: datetime) -> Card:
    counts = _counts(Entry.objects.filter(season=season, institution__area=area))
    waiting = sum(counts.get(state, 0) for state in _TURN)
    phase = phase_of(season, PhaseKind.RECOMMENDING)
    closes = phase.closes_at if phase is not None else None
    figures = tuple((state.label, counts.get(state, 0)) for state in EntryState)
    title = f"{waiting} 家的自评报告等您审核" if waiting else "没有等您审核的自评报告"
    late = bool(waiting) and closes is not None and closes <= at
    return Card(
        title, f"{area.name}　{season.title}", figures, "去审核", reverse("recommender:desk"), closes, late=late
    )


def _season(season: Season) -> Card:
    counts = _counts(Entry.objects.filter(season=season))
    figures = tuple((state.label, counts.get(state, 0)) for state in EntryState)
    # Phases are named as the states they belong to; a season being prepared or signed has none.
    phase = phase_of(season, PhaseKind(season.state)) if season.state in PhaseKind.values else None
    closes = phase.closes_at if phase is not None else None
    said = f"{season.get_state_display()}阶段，{sum(counts.values())} 家参评"
    word, route = ("公示发布", "office:publication") if season.state in _AFTER else ("看进度", "office:progress")
    return Card(season.title, said, figures, word, f"{_address(route)}?season={season.pk}", closes)


def _operated() -> Iterator[Card]:
    """What waits of shops and of their points."""
    shops, points = waiting_here(), waiting_for_operator()
    title = f"{shops.shops} 家店铺等您审核" if shops.shops else "没有等您审核的店铺"
    said = "核对主体、介绍和证书，准许开业或写明原因不准"
    state = f"?state={ShopState.PENDING}" if shops.shops else ""
    yield Card(title, said, (), "去审核" if shops.shops else "看店铺", f"{_address('office:shops')}{state}")
    if shops.reports:
        said = "查明后答复举报人；属实的可以隐藏评价、作废刷单"
        yield Card(f"{shops.reports} 份举报没有处理", said, (), "去处理", _address("office:abuse"))
    counted = ((points.held, "个挂起的事件"), (points.signals, "条异常线索"), (points.calls, "条没有送达的通知"))
    waits = "，".join(f"{number} {word}" for number, word in counted if number)
    title, word = ("积分有事等您处理", "去处理") if waits else ("积分没有待办", "看积分")
    yield Card(title, waits or "账目、规则、来件、接口和导入", (), word, _address("office:points"))


def _counts(entries: QuerySet[Entry]) -> dict[EntryState, int]:
    counted = entries.order_by().values("state").annotate(count=Count("pk")).values_list("state", "count")
    return {EntryState(state): count for state, count in counted}


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        # A desk that is not built yet: the card stands without its step.
        return ""
