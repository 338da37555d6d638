"""Another version of the rules put in force: every shop's points follow, and each line of the ledger names it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.points.access import why_not_oversee
from ceping.stages.points.actions.posting import post_points
from ceping.stages.points.actions.recording import CHAIN
from ceping.stages.points.models import Adoption, Standing
from ceping.stages.points.queries.rules import rules_in_force, rules_in_version
from ceping.stages.scheme.models import SchemeVersion
from ceping.stages.scheme.states import VersionState

_SHARE = 200


@transaction.atomic
def adopt_rules(*, version: SchemeVersion, reason: str, by: User, at: datetime) -> Adoption:
    """From now on points are posted by that version; `follow_rules` brings every shop to it.

    Raises NotAllowed; Refused without a reason, for a version that is not published, holds no cloud shop, or whose
    rules are in force already.
    """
    if why := why_not_oversee(by):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("points_reason_wanted"))
    rules = rules_in_version(version) if version.state == VersionState.PUBLISHED else None
    if rules is None:
        raise Refused(fault("points_version_without"))
    if rules.sha256 == rules_in_force().sha256:
        raise Refused(fault("points_version_now", given=rules.label))
    made = Adoption.objects.create(version=version, reason=reason.strip(), adopted_by=by, adopted_at=at)
    record(
        "adopt_rules",
        by=by,
        role=Role.OPERATOR,
        at=at,
        about=("version", version.pk),
        chain=CHAIN,
        reason=reason.strip(),
        body={"label": rules.label},
    )
    return made


def follow_rules(*, at: datetime, tell: Callable[[int, int], bool] = lambda _done, _total: True) -> int:
    """Every shop that was posted by other rules stands by those in force; answers how many came over.

    `tell` gets shops done and shops in all, and answers whether to go on; those left stay as they were until asked for
    again, or until something happens in them.
    """
    now = rules_in_force()
    due = list(Standing.objects.exclude(rules_sha256__in=("", now.sha256)).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(due), _SHARE):
        post_points(standings=due[start : start + _SHARE], at=at)
        if not tell(min(start + _SHARE, len(due)), len(due)):
            return min(start + _SHARE, len(due))
    return len(due)
