"""What the changes of an area have in common: its lock, renumbering, and their line in the journal."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.access import is_own_area, why_not_now
from ceping.stages.recommendation.models import Issue, Putting
from ceping.stages.report.models import Entry
from ceping.stages.scheme.models import Season


def hold_area(area: Area) -> None:
    """The area is locked: its decisions, ranks and tables come one after the other."""
    Area.objects.select_for_update().get(pk=area.pk)


def hold_area_of(entry: Entry) -> Area | None:
    """The entry's area, locked."""
    number = entry.institution.area_id
    return Area.objects.select_for_update().get(pk=number) if number is not None else None


def check_now(season: Season, area: Area, by: User, at: datetime) -> None:
    """Raises NotAllowed unless this person may change the area's recommendation at this moment."""
    if not is_own_area(by, area):
        raise NotAllowed(fault("recommend_not_your_area"))
    if why := why_not_now(season, area, at):
        raise NotAllowed(why)


def number_ranks(puttings: Sequence[Putting]) -> None:
    """The puttings stand in this order from 1 on."""
    for rank, putting in enumerate(puttings, start=1):
        putting.rank = rank
    Putting.objects.bulk_update(puttings, ["rank"])


def record_entry(
    act: str, entry: Entry, by: User, at: datetime, *, reason: str = "", body: Mapping[str, object] | None = None
) -> None:
    """An act about one entry, in the season's chain."""
    about = ("entry", entry.pk)
    chain = season_chain(entry.season_id)
    record(act, by=by, role=Role.RECOMMENDER, at=at, about=about, chain=chain, reason=reason.strip(), body=body)


def record_area(
    act: str,
    season: Season,
    area: Area,
    by: User,
    at: datetime,
    *,
    role: Role = Role.RECOMMENDER,
    reason: str = "",
    body: Mapping[str, object] | None = None,
) -> None:
    """An act about a whole area."""
    about = ("area", area.pk)
    chain = season_chain(season.pk)
    record(act, by=by, role=role, at=at, about=about, chain=chain, reason=reason.strip(), body=body)


def record_issue(
    act: str, issue: Issue, by: User, at: datetime, *, role: Role = Role.RECOMMENDER, reason: str = "", scan: str = ""
) -> None:
    """An act about an issued table: its number, how many rows, its hash, and that of the scan."""
    body = {"number": issue.number, "rows": len(issue.rows), "sha256": issue.sha256}
    if scan:
        body["scan"] = scan
    record_area(act, issue.season, issue.area, by, at, role=role, reason=reason, body=body)
