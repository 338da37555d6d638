"""Other systems connected: keys to the interface, shown once and kept as hashes; addresses told of changed levels."""

import ipaddress
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import connection, transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.points.access import why_not_connect
from ceping.stages.points.actions.recording import CHAIN
from ceping.stages.points.actions.wire import may_go_to
from ceping.stages.points.models import Hook, Token
from ceping.stages.points.queries.keys import hash_of_token
from ceping.stages.points.states import Scope

_LONGEST_DAYS = 730
_PREFIX = "cp_"


@dataclass(frozen=True, slots=True)
class Made:
    """A new token with its text, which nobody can show again."""

    token: Token
    text: str


@transaction.atomic
def make_token(*, name: str, scopes: Collection[str], days: int, by: User, at: datetime) -> Made:
    """A key that may do what its scopes say until it runs out.

    Raises NotAllowed; Refused without a name or scope, and for a name under which a key holds: a form sent twice would
    leave one behind that nobody has seen.
    """
    _allow(by)
    known = [scope.value for scope in Scope if scope.value in scopes]
    if not name.strip() or not known or not 1 <= days <= _LONGEST_DAYS:
        raise Refused(fault("points_token_incomplete", most=_LONGEST_DAYS))
    _one_at_a_time()
    if Token.objects.filter(name=name.strip()[:64], revoked_at=None, expires_at__gt=at).exists():
        raise Refused(fault("points_token_known", place="name", given=name.strip()[:64]))
    text = _PREFIX + secrets.token_urlsafe(32)
    made = Token.objects.create(
        name=name.strip()[:64],
        token_sha256=hash_of_token(text),
        scopes=known,
        expires_at=at + timedelta(days=days),
        made_by=by,
        made_at=at,
    )
    record("make_token", by=by, at=at, about=("token", made.pk), chain=CHAIN, body={"name": made.name, "kind": known})
    return Made(made, text)


@transaction.atomic
def revoke_token(*, token: Token, by: User, at: datetime) -> Token:
    """The key opens nothing any more. Raises NotAllowed."""
    _allow(by)
    locked = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_by, locked.revoked_at = by, at
        locked.save(update_fields=["revoked_by", "revoked_at"])
        record("revoke_token", by=by, at=at, about=("token", locked.pk), chain=CHAIN, body={"name": locked.name})
    return locked


@transaction.atomic
def add_hook(*, name: str, url: str, by: User, at: datetime) -> Hook:
    """The address is told of every level that changes from now on, signed with a secret made for it.

    Raises NotAllowed; Refused without a name, for an address that is none, not https, or of this machine, and for one
    that is told already.
    """
    _allow(by)
    if not name.strip() or not is_address(url):
        raise Refused(fault("points_hook_address"))
    _one_at_a_time()
    if Hook.objects.filter(url=url, removed_at=None).exists():
        raise Refused(fault("points_hook_known", place="url"))
    made = Hook.objects.create(
        name=name.strip()[:64], url=url, secret=secrets.token_urlsafe(32), added_by=by, added_at=at
    )
    record("add_hook", by=by, at=at, about=("hook", made.pk), chain=CHAIN, body={"name": made.name})
    return made


@transaction.atomic
def remove_hook(*, hook: Hook, by: User, at: datetime) -> Hook:
    """The address is told nothing any more. Raises NotAllowed."""
    _allow(by)
    locked = Hook.objects.select_for_update(of=("self",)).get(pk=hook.pk)
    if locked.removed_at is None:
        locked.removed_by, locked.removed_at = by, at
        locked.save(update_fields=["removed_by", "removed_at"])
        record("remove_hook", by=by, at=at, about=("hook", locked.pk), chain=CHAIN, body={"name": locked.name})
    return locked


def is_address(url: str) -> bool:
    """Whether calls may go there: https to a name, or to an address of the open internet or of a named network."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or not host or parts.username or len(url) > 500 or not url.isascii():
        return False
    try:
        return may_go_to(ipaddress.ip_address(host))
    except ValueError:
        # What a name stands for is looked up at each call.
        return host != "localhost" and not host.endswith((".localhost", ".local"))


def _one_at_a_time() -> None:
    """Until the transaction ends nobody else makes a key or adds an address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('points:connecting', 0))")


def _allow(by: User) -> None:
    if why := why_not_connect(by):
        raise NotAllowed(why)
