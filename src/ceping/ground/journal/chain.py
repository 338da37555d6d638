"""How entries are sealed: one hash over the hash before and the entry's content in one canonical form."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

PLATFORM = "platform"
FIRST = "0" * 64
# Made once: a verification asks for it a million times.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def season_chain(number: int) -> str:
    """The chain of a season, which alone can be handed to somebody outside and verified there."""
    return f"season-{number}"


def hash_of(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 in hex over the entry before and this one.

    `content` has the keys chain, number, at, by, role, act, kind, key, reason, body; `at` is aware and counted in UTC
    to the microsecond.
    """
    at: datetime = content["at"]
    told = {**content, "at": at.astimezone(UTC).isoformat(timespec="microseconds"), "previous": previous}
    return hashlib.sha256(_canonical(told).encode()).hexdigest()
