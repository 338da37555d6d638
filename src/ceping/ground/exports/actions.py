"""An export asked for, decided by somebody else, made, fetched, and removed when its time is over."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.exports.models import Export, Standing
from ceping.ground.exports.queries import is_of_the_pair, run_out
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for

_REASON = 500


@transaction.atomic
def propose_export(
    *, kind: str, given: Mapping[str, Any], count: int, chain: str, reason: str, by: User, at: datetime
) -> Export:
    """The list waits for a second person. `given` says nothing personal, `count` how many lines it will have.

    Raises NotAllowed; Refused without lines, columns or a reason.
    """
    _allow(by)
    found = [] if count else [fault("export_empty")]
    if not given.get("columns"):
        found.append(fault("export_no_columns", place="columns"))
    if not reason.strip():
        found.append(fault("export_reason", place="reason"))
    if found:
        raise Refused(*found)
    made = Export.objects.create(
        token=secrets.token_urlsafe(18),
        kind=kind,
        chain=chain,
        given=dict(given),
        reason=reason.strip()[:_REASON],
        asked_by=by,
        asked_at=at,
    )
    body = {"what": kind, "count": count, "fields": list(given["columns"]), "filters": given.get("filters", {})}
    record("propose_export", by=by, at=at, about=("export", made.pk), chain=chain, reason=made.reason, body=body)
    return made


@transaction.atomic
def decide_export(
    *, export: Export, accept: bool, reason: str, begin: Callable[[str], object], by: User, at: datetime
) -> Export:
    """Another person lets it go, whereupon a worker makes it, or does not and says why.

    `begin` is called with the work's token inside the transaction. Raises NotAllowed, also for whoever asked; Refused
    when it no longer waits, or a no has no reason.
    """
    _allow(by)
    held = _held(export)
    if held.asked_by_id == by.pk:
        raise NotAllowed(fault("export_own"))
    _wanted(held, Standing.WAITING, at)
    if not accept and not reason.strip():
        raise Refused(fault("export_reason", place="reason"))
    held.decided_by, held.decided_at, held.accepted, held.answer = by, at, accept, reason.strip()[:_REASON]
    if accept:
        held.job = ask_for(kind="export", about=f"export:{held.pk}", given={}, begin=begin, by=held.asked_by, at=at)
    held.save(update_fields=["decided_by", "decided_at", "accepted", "answer", "job"])
    _record("decide_export", held, by, at, reason=held.answer, body={"accepted": accept})
    return held


@transaction.atomic
def withdraw_export(*, export: Export, by: User, at: datetime) -> Export:
    """Whoever asked does not want it any more; nobody decides about it from now on. Raises NotAllowed, Refused."""
    held = _own(export, by)
    _wanted(held, Standing.WAITING, at)
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    _record("withdraw_export", held, by, at)
    return held


@transaction.atomic
def keep_export(*, export: Export, data: bytes, rows: int, at: datetime) -> Export:
    """The file lies sealed from now on, for its time; made once more it stays the first.

    Raises Refused when whoever asked may not any longer.
    """
    held = _held(export)
    if held.made_at is not None:
        return held
    _wanted(held, Standing.MAKING, at)
    if not is_of_the_pair(held.asked_by):
        raise Refused(fault("export_no_longer"))
    held.content, held.sha256 = base64.b64encode(data).decode("ascii"), hashlib.sha256(data).hexdigest()
    held.made_at = at
    held.save(update_fields=["content", "sha256", "made_at"])
    _record("make_export", held, None, at, body={"rows": rows, "sha256": held.sha256})
    return held


@transaction.atomic
def take_export(*, export: Export, by: User, at: datetime) -> bytes:
    """The file, to whoever asked and nobody else, while its time lasts; each fetching is in the journal.

    Raises NotAllowed; Refused before it is made and from the moment its time is over.
    """
    held = _own(export, by)
    _allow(by)
    _wanted(held, Standing.READY, at)
    _record("take_export", held, by, at, body={"sha256": held.sha256})
    return base64.b64decode(held.content)


def remove_run_out(*, at: datetime) -> int:
    """Files whose time is over are gone, one after the other; answers how many."""
    return sum(_remove(one, at) for one in run_out(at=at))


@transaction.atomic
def _remove(export: Export, at: datetime) -> bool:
    held = _held(export)
    if held.removed_at is not None:
        return False
    held.content, held.removed_at = "", at
    held.save(update_fields=["content", "removed_at"])
    _record("remove_export", held, None, at, body={"sha256": held.sha256})
    return True


def _allow(by: User) -> None:
    if not is_of_the_pair(by):
        raise NotAllowed(fault("export_not_yours"))


def _held(export: Export) -> Export:
    rows = Export.objects.select_for_update(of=("self",)).select_related("asked_by", "job")
    return rows.get(pk=export.pk)


def _own(export: Export, by: User) -> Export:
    held = _held(export)
    if held.asked_by_id != by.pk:
        raise NotAllowed(fault("export_not_yours"))
    return held


def _wanted(held: Export, wanted: Standing, at: datetime) -> None:
    standing = held.standing(at)
    if standing is not wanted:
        raise Refused(fault("export_stands_otherwise", standing=standing.label))


def _record(
    act: str, held: Export, by: User | None, at: datetime, *, reason: str = "", body: Mapping[str, Any] | None = None
) -> None:
    record(act, by=by, at=at, about=("export", held.pk), chain=held.chain, reason=reason, body=body)
