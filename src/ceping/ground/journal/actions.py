"""The one way into the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from ceping.ground.journal.chain import FIRST, PLATFORM, hash_of
from ceping.ground.journal.models import Entry


class Actor(Protocol):
    """Somebody who acts: the journal asks no more of a person than a number."""

    pk: Any


@transaction.atomic
def record(
    act: str,
    *,
    by: Actor | None,
    at: datetime,
    role: str = "",
    about: tuple[str, object] = ("", ""),
    chain: str = PLATFORM,
    reason: str = "",
    body: Mapping[str, Any] | None = None,
) -> Entry:
    """The act stands in its chain. Called last in an action: the chain is held until the transaction ends.

    `body` is JSON and says nothing personal: ids, codes, counts, hashes. Raises ValueError for a naive `at`.
    """
    if at.tzinfo is None:
        raise ValueError("at has no time zone")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"journal:{chain}"])
    last = Entry.objects.filter(chain=chain).order_by("-number").values_list("number", "sha256").first()
    number, previous = (last[0] + 1, last[1]) if last else (1, FIRST)
    kind, key = about
    content: dict[str, Any] = {
        "chain": chain,
        "number": number,
        "at": at,
        "by": by.pk if by is not None else None,
        "role": str(role),
        "act": act,
        "kind": kind,
        "key": str(key),
        "reason": reason,
        "body": dict(body or {}),
    }
    return Entry.objects.create(**content, previous=previous, sha256=hash_of(previous, content))
