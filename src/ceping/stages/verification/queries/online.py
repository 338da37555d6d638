"""The link of an online answer, found by its token."""

import hashlib
from datetime import datetime

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.stages.scheme.states import SeasonState
from ceping.stages.verification.models import Link
from ceping.stages.verification.states import SurveyState

# Who may still answer online: nobody who answered, refused, or whose place a reserve has taken.
ANSWERABLE = ("open", "online")


def hash_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_for(token: str, *, at: datetime, lock: bool = False) -> Link:
    """The live link of a token. Raises Refused, the same for unknown, used, withdrawn, run out and closed calls."""
    rows = Link.objects.select_related("client", "frame__survey__season__scheme", "frame__entry__institution")
    if lock:
        rows = rows.select_for_update(of=("self",))
    open_ones = {"frame__survey__state": SurveyState.CALLING, "frame__survey__season__state": SeasonState.EVALUATING}
    found = rows.filter(
        token_sha256=hash_of(token), used_at=None, withdrawn_at=None, expires_at__gt=at, **open_ones
    ).first()
    if found is None:
        raise Refused(fault("verify_link_dead"))
    return found
