"""States of a computation and of a ruling, and which may follow which."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class ComputationState(TextChoices):
    """Where a computed result stands; only the newest one moves on, and a frozen one never changes."""

    COMPUTED = "computed", "已计算"
    SIGNED_LEAD = "signed_lead", "测评机构已签"
    FROZEN = "frozen", "主办方已签并冻结"
    SENT_BACK = "sent_back", "已退回"
    SUPERSEDED = "superseded", "已被新的计算代替"


NEXT: Mapping[ComputationState, frozenset[ComputationState]] = MappingProxyType(
    {
        ComputationState.COMPUTED: frozenset({ComputationState.SIGNED_LEAD, ComputationState.SUPERSEDED}),
        ComputationState.SIGNED_LEAD: frozenset({ComputationState.FROZEN, ComputationState.SENT_BACK}),
        ComputationState.FROZEN: frozenset(),
        ComputationState.SENT_BACK: frozenset({ComputationState.SUPERSEDED}),
        ComputationState.SUPERSEDED: frozenset(),
    }
)


class CorrectionState(TextChoices):
    """Where the correction of a frozen result stands; what it came to is a frozen computation of its own."""

    OPEN = "open", "更正中"
    DONE = "done", "已出新版本"
    DROPPED = "dropped", "已撤销"


class RulingKind(TextChoices):
    """What is ruled on: a gate that is waived, a veto that is laid or refused."""

    WAIVER = "waiver", "豁免"
    VETO = "veto", "否决"


class Effect(TextChoices):
    """What comes of it."""

    WAIVE = "waive", "豁免"
    VETO = "veto", "否决"
    REFUSE = "refuse", "不予"


class SuppliedKind(TextChoices):
    """Tables that come from outside; each replaces the one before it."""

    SHOPS = "shops", "店铺信息"
    LINKS = "links", "机构与店铺对照"
    EVENTS = "events", "店铺事件"
    EXTERNAL = "external", "外部查询结果"
    SPECIALISED = "specialised", "专精特新企业名单"
    HISTORY = "history", "往年等次"
