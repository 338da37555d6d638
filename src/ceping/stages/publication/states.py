"""States of a notice, an objection and a certificate, and what an objection may come to."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class NoticeState(TextChoices):
    """Where a notice or a published result stands: one person proposes, another publishes."""

    PROPOSED = "proposed", "待第二人发布"
    DROPPED = "dropped", "已撤回"
    PUBLISHED = "published", "已发布"
    REPLACED = "replaced", "已被更正代替"


class ObjectionState(TextChoices):
    """Where an objection stands."""

    FILED = "filed", "已收到"
    REFUSED = "refused", "不予受理"
    ACCEPTED = "accepted", "已受理"
    RECHECKED = "rechecked", "已复核"
    DECIDED = "decided", "已答复"


OVER = frozenset({ObjectionState.REFUSED, ObjectionState.DECIDED})
NEXT: Mapping[ObjectionState, frozenset[ObjectionState]] = MappingProxyType(
    {
        ObjectionState.FILED: frozenset({ObjectionState.ACCEPTED, ObjectionState.REFUSED}),
        ObjectionState.REFUSED: frozenset(),
        ObjectionState.ACCEPTED: frozenset({ObjectionState.RECHECKED}),
        ObjectionState.RECHECKED: frozenset({ObjectionState.ACCEPTED, ObjectionState.DECIDED}),
        ObjectionState.DECIDED: frozenset(),
    }
)


class Verdict(TextChoices):
    """What an objection comes to."""

    UPHELD = "upheld", "异议成立"
    PARTLY = "partly", "异议部分成立"
    REJECTED = "rejected", "异议不成立"


class CertificateState(TextChoices):
    """Whether a certificate still stands."""

    VALID = "valid", "有效"
    REPLACED = "replaced", "已换发"
    REVOKED = "revoked", "已撤销"
