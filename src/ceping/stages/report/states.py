"""States of an entry's report, and which may follow which."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class EntryState(TextChoices):
    """Where an institution's report stands."""

    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"
    PUT_FORWARD = "put_forward", "已推荐"
    NOT_PUT_FORWARD = "not_put_forward", "不予推荐"


# A withdrawal goes back to draft; what was put forward comes back only by the recommender's own undoing.
FOLLOWS: Mapping[EntryState, frozenset[EntryState]] = MappingProxyType(
    {
        EntryState.DRAFT: frozenset({EntryState.SUBMITTED}),
        EntryState.SUBMITTED: frozenset(
            {EntryState.DRAFT, EntryState.RETURNED, EntryState.PUT_FORWARD, EntryState.NOT_PUT_FORWARD}
        ),
        EntryState.RETURNED: frozenset({EntryState.SUBMITTED}),
        EntryState.PUT_FORWARD: frozenset({EntryState.SUBMITTED}),
        EntryState.NOT_PUT_FORWARD: frozenset({EntryState.SUBMITTED}),
    }
)
# While in one of these the institution writes; in all others what was submitted stays as it is.
WRITABLE = frozenset({EntryState.DRAFT, EntryState.RETURNED})
