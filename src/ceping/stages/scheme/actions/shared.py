"""What every change of schemes and seasons does: who may, a reason given, the journal's line."""

from collections.abc import Mapping
from datetime import datetime

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.access import why_not_organise
from ceping.stages.scheme.models import SchemeVersion, Season


def allow(by: User, act: Act) -> None:
    """Raises NotAllowed unless it is an act of theirs."""
    if reason := why_not_organise(by, act):
        raise NotAllowed(reason)


def give_reason(reason: str) -> None:
    """Raises Refused for an empty one."""
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))


def record_version(act: str, version: SchemeVersion, by: User, at: datetime) -> None:
    """The journal's line on a version."""
    about = ("scheme_version", version.pk)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, body={"label": str(version), "sha256": version.sha256})


def record_season(
    act: str,
    season: Season,
    by: User,
    at: datetime,
    *,
    reason: str = "",
    body: Mapping[str, object] | None = None,
    role: Role = Role.ORGANISER,
) -> None:
    """The journal's line on a season, in its chain."""
    about = ("season", season.pk)
    record(act, by=by, role=role, at=at, about=about, chain=season_chain(season.pk), reason=reason, body=body)
