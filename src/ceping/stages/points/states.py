"""What a held event waits for, why a ledger's line was written, what a token may do, which coincidences are shown."""

from django.db.models import TextChoices


class Outcome(TextChoices):
    """What became of one event that was handed in."""

    ACCEPTED = "accepted", "已收下"
    REPEATED = "repeated", "以前收过"
    HELD = "held", "等人处理"
    CONFLICT = "conflict", "同号异文"
    REFUSED = "refused", "不收"


class HeldReason(TextChoices):
    """Why an event waits for a person."""

    CONFLICT = "id_conflict", "同一编号有不同内容"
    FROZEN = "frozen", "落在已冻结的测评年度"
    AHEAD = "ahead", "时间超前五分钟以上"
    VOID = "void_of_void", "作废的对象是一条作废"


class HeldState(TextChoices):
    """What a person decided about it."""

    OPEN = "open", "待处理"
    TAKEN = "taken", "已收下"
    DROPPED = "dropped", "不采用"


class Why(TextChoices):
    """Why a line of the ledger was written."""

    EVENTS = "events", "新的事件"
    VOID = "void", "事件作废"
    FACTS = "facts", "店铺信息变动"
    DATE = "date", "日期推移"
    RULES = "rules", "规则换版"
    CHECK = "check", "全面重算"


class Scope(TextChoices):
    """What a token of the interface may do."""

    READ = "read", "读店铺、积分、账目"
    EVENTS = "events", "写事件"
    SHOPS = "shops", "写店铺信息"


class SignalKind(TextChoices):
    """Coincidences in the log that a person should look at; none of them takes points away."""

    BURST = "burst", "一分钟内订单集中"
    SELF = "self", "店铺自己的人下单、评价或关注"
    RING = "ring", "两家店铺的人互相下单或评价"
    MANY = "many", "一个用户占了多数订单或评价"


class CallState(TextChoices):
    """Where a message to another system stands."""

    WAITING = "waiting", "待发送"
    DONE = "done", "已送达"
    FAILED = "failed", "未送达"
