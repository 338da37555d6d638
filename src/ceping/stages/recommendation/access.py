"""Who may return, put forward, rank and issue, and when; answered with the reason."""

from datetime import datetime

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act
from ceping.stages.recommendation.models import Issue
from ceping.stages.report.models import Entry
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Phase, Season
from ceping.stages.scheme.queries import phase_of
from ceping.stages.scheme.states import PhaseKind


def is_own_area(user: User, area: Area | None) -> bool:
    """Whether this person recommends for that area."""
    return area is not None and any(hat.area_id == area.pk for hat in hats_for(user, Act.RECOMMEND))


def why_not_recommend(user: User, entry: Entry, at: datetime) -> Finding | None:
    """Why this person can neither return nor decide about the entry now; None when nothing stands against it."""
    area = entry.institution.area
    if area is None or not is_own_area(user, area):
        return fault("recommend_not_your_area")
    # Nobody puts forward the institution they themselves write for.
    if any(hat.institution_id == entry.institution_id for hat in hats_for(user, Act.EDIT_REPORT)):
        return fault("recommend_own_institution")
    if entry.state != EntryState.SUBMITTED:
        return fault("recommend_not_submitted", state=EntryState(entry.state).label)
    return why_not_now(entry.season, area, at)


def why_not_now(season: Season, area: Area, at: datetime) -> Finding | None:
    """Why nothing of the area's recommendation can be changed at this moment."""
    if Issue.objects.filter(season=season, area=area, revoked_at=None).exists():
        return fault("recommend_issued")
    phase = phase_of(season, PhaseKind.RECOMMENDING)
    if phase is None or at < phase.opens_at:
        return fault("recommend_not_open")
    return fault("recommend_closed") if at >= _closes(phase, area) else None


def why_not_revoke(user: User, issue: Issue, at: datetime) -> Finding | None:
    """Why this person cannot take an issued table back: the district may before the close, the organiser always."""
    if hats_for(user, Act.CHANGE_CALENDAR):
        return None
    if not is_own_area(user, issue.area):
        return fault("recommend_not_your_area")
    closes = recommending_until(issue.season, issue.area)
    return fault("recommend_revoke_closed") if closes is None or at >= closes else None


def why_not_scan(user: User, issue: Issue) -> Finding | None:
    """Why this person cannot add the sealed scan of an issued table."""
    if not is_own_area(user, issue.area):
        return fault("recommend_not_your_area")
    return fault("recommend_issue_over") if issue.revoked_at is not None else None


def recommending_until(season: Season, area: Area) -> datetime | None:
    """When the area's recommendation closes, with its extension; None when the season has no such phase."""
    phase = phase_of(season, PhaseKind.RECOMMENDING)
    return _closes(phase, area) if phase is not None else None


def _closes(phase: Phase, area: Area) -> datetime:
    longer = [one.until for one in phase.extensions.all() if one.area_id == area.pk]
    return phase.closed_at or max([phase.closes_at, *longer])
