"""Who asks: a key of another system, what it may do, and how often it may ask."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBearer

from ceping.core.finding import fault
from ceping.stages.points.models import Token
from ceping.stages.points.queries import token_by
from ceping.stages.points.states import Scope
from ceping.web.api.problem import Problem
from ceping.web.ui.numbered import arrived_at

# What a key may ask in a minute; what an address may try with keys that open nothing.
MOST_REQUESTS, MOST_WRONG = 1200, 60
SECONDS = 60
_ASK = {"WWW-Authenticate": 'Bearer realm="ceping"'}


class Key(HttpBearer):
    """The request carries a key that holds, with that scope, and has not asked too often."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Token:
        """The token. Raises Problem: 401, 403, 429."""
        at = arrived_at(request)
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise Problem(401, fault("api_token_missing"), headers=_ASK)
        return self.authenticate_at(request, text.strip(), at)

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """As the call."""
        return self.authenticate_at(request, token, arrived_at(request))

    def authenticate_at(self, request: HttpRequest, text: str, at: datetime) -> Token:
        """The token of that text at that moment. Raises Problem."""
        found = token_by(text)
        if found is None or found.revoked_at is not None or found.expires_at <= at:
            _limit(f"wrong:{request.META.get('REMOTE_ADDR', '')}", MOST_WRONG, at)
        if found is None:
            raise Problem(401, fault("api_token_unknown"), headers=_ASK)
        if found.revoked_at is not None:
            raise Problem(401, fault("api_token_revoked"), headers=_ASK)
        if found.expires_at <= at:
            raise Problem(401, fault("api_token_expired", on=found.expires_at.date()), headers=_ASK)
        _limit(f"key:{found.pk}", MOST_REQUESTS, at)
        if self.scope not in found.scopes:
            raise Problem(403, fault("api_scope_missing", scope=f"{self.scope.value}（{self.scope.label}）"))
        return found


def _limit(key: str, most: int, at: datetime) -> None:
    """Raises Problem, 429, once more than so many came within the minute; two at one instant may count as one."""
    minute, second = divmod(int(at.timestamp()), SECONDS)
    name = f"api:{key}:{minute}"
    count = int(cache.get(name, 0)) + 1
    cache.set(name, count, 2 * SECONDS)
    if count > most:
        wait = SECONDS - second
        raise Problem(
            429, fault("api_too_fast", most=most, seconds=SECONDS, wait=wait), headers={"Retry-After": str(wait)}
        )
