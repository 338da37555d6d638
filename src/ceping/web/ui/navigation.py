"""What stands in the bar at the top: a line an entry, shown to the roles that may knock there, if the page exists."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from ceping.ground.people.models import User
from ceping.ground.people.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: its name for `nav_now`, its word, its route, and who sees it."""

    name: str
    word: str
    route: str
    roles: frozenset[Role]


def _entry(name: str, word: str, route: str, *roles: Role) -> Entry:
    return Entry(name, word, route, frozenset(roles))


ENTRIES = (
    _entry("report", "自评报告", "institution:report", Role.INSTITUTION),
    _entry("result", "测评结果", "institution:result", Role.INSTITUTION),
    _entry("shop", "我的店铺", "institution:shop", Role.INSTITUTION),
    _entry("market", "服务机构", "market:directory", Role.ENTERPRISE, Role.PERSONAL, Role.INSTITUTION, Role.OPERATOR),
    _entry("orders", "我的订单", "market:orders", Role.ENTERPRISE, Role.PERSONAL),
    _entry("follows", "我的关注", "market:follows", Role.ENTERPRISE, Role.PERSONAL),
    _entry("buyer", "我的账户", "market:account", Role.ENTERPRISE, Role.PERSONAL),
    _entry("colleagues", "本机构人员", "institution:colleagues", Role.INSTITUTION),
    _entry("desk", "推荐审核", "recommender:desk", Role.RECOMMENDER),
    _entry("ranks", "排序", "recommender:ranks", Role.RECOMMENDER),
    _entry("table", "汇总表", "recommender:table", Role.RECOMMENDER),
    _entry("paper", "纸质材料", "recommender:paper", Role.RECOMMENDER),
    _entry("people", "机构联系人", "recommender:people", Role.RECOMMENDER),
    _entry("area_claims", "认领", "recommender:claims", Role.RECOMMENDER),
    _entry("calls", "呼叫台", "verifier:home", Role.VERIFIER),
    _entry("call_records", "我的记录", "verifier:records", Role.VERIFIER),
    _entry("call_training", "练习", "verifier:training", Role.VERIFIER),
    _entry("marking", "我的测评", "assessor:home", Role.ASSESSOR),
    _entry("settling", "裁定", "assessor:differences", Role.ASSESSOR),
    _entry("rechecks", "异议复核", "assessor:rechecks", Role.ASSESSOR),
    _entry("conflicts", "回避申报", "assessor:conflicts", Role.ASSESSOR),
    _entry("offline", "离线评分表", "assessor:offline", Role.ASSESSOR),
    _entry("progress", "进度总览", "office:progress", Role.ORGANISER, Role.LEAD),
    _entry("assessment", "测评", "office:assessment", Role.LEAD),
    _entry("calls_office", "服务核验", "office:calls", Role.ORGANISER, Role.LEAD),
    _entry("results", "结果", "office:results", Role.ORGANISER, Role.LEAD),
    _entry("publication", "公示发布", "office:publication", Role.ORGANISER, Role.LEAD),
    _entry("exports", "导出审批", "office:exports", Role.ORGANISER, Role.LEAD),
    _entry("seasons", "测评年度", "office:seasons", Role.ORGANISER),
    _entry("schemes", "测评方案", "office:schemes", Role.ORGANISER, Role.LEAD),
    _entry("templates", "消息模板", "office:templates", Role.ORGANISER),
    _entry("letters", "待发信件", "office:letters", Role.ORGANISER),
    _entry("shops", "店铺", "office:shops", Role.OPERATOR),
    _entry("abuse", "举报", "office:abuse", Role.OPERATOR),
    _entry("points", "积分", "office:points", Role.OPERATOR),
    _entry("connections", "接口与通知", "office:points_keys", Role.SYSTEM_ADMIN),
    _entry("accounts", "账号", "office:accounts", Role.SECURITY_OFFICER),
    _entry("claims", "认领", "office:claims", Role.SECURITY_OFFICER),
    _entry("areas", "推荐单位", "office:areas", Role.SECURITY_OFFICER),
    _entry("start", "批量开户", "office:start", Role.SECURITY_OFFICER),
    _entry("machine", "运行状态", "office:machine", Role.SYSTEM_ADMIN),
    _entry("journal", "操作日志", "auditor:journal", Role.AUDITOR),
    _entry("packages", "重算数据包", "auditor:packages", Role.AUDITOR),
)


# For whoever is not logged in; the name of each page's route says that it is public.
OPEN = (
    ("market", "服务机构", "market:directory"),
    ("notices", "结果公示", "public:notices"),
    ("check", "证书查验", "public:check"),
)


def entries_for_anybody() -> Iterator[tuple[str, str, str]]:
    """As `entries_for`, for a stranger."""
    for name, word, route in OPEN:
        yield name, word, reverse(route)


def entries_for(user: User) -> Iterator[tuple[str, str, str]]:
    """Name, word and address of every page the person finds in the bar."""
    held = user.roles
    for entry in ENTRIES:
        if not entry.roles & held:
            continue
        try:
            yield entry.name, entry.word, reverse(entry.route)
        except NoReverseMatch:
            # A desk that is not built yet.
            continue
