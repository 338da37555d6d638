"""The order in which an area stands behind what it put forward, and the bounds set to how many."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import Area, User
from ceping.ground.people.roles import Act, Role
from ceping.stages.recommendation.actions.shared import check_now, hold_area, number_ranks, record_area
from ceping.stages.recommendation.models import Putting, Quota
from ceping.stages.recommendation.queries import put_forward
from ceping.stages.scheme.models import Season


@transaction.atomic
def rank_entries(*, season: Season, area: Area, order: Sequence[int], by: User, at: datetime) -> list[Putting]:
    """What the area put forward stands in this order of entry numbers. Raises Refused unless it names each once."""
    hold_area(area)
    check_now(season, area, by, at)
    standing = {putting.entry_id: putting for putting in put_forward(season, area)}
    if sorted(order) != sorted(standing):
        raise Refused(fault("recommend_order_incomplete"))
    ordered = [standing[number] for number in order]
    number_ranks(ordered)
    record_area("rank_entries", season, area, by, at, body={"order": list(order)})
    return ordered


@transaction.atomic
def move_rank(
    *, season: Season, area: Area, entry: int, to: int, seen: Sequence[int], by: User, at: datetime
) -> list[Putting]:
    """The entry takes place `to` (from 1) among those of its category; the places of other categories stay.

    `seen` is the order of the category as the reader had it before them: if a colleague changed it meanwhile nothing
    is moved. Raises Refused then, and NotAllowed.
    """
    hold_area(area)
    check_now(season, area, by, at)
    standing = list(put_forward(season, area))
    moved = next((putting for putting in standing if putting.entry_id == entry), None)
    if moved is None:
        raise Refused(fault("recommend_order_changed"))
    slots = [place for place, putting in enumerate(standing) if putting.category == moved.category]
    mine = [standing[place] for place in slots]
    if [putting.entry_id for putting in mine] != list(seen):
        raise Refused(fault("recommend_order_changed"))
    mine.remove(moved)
    mine.insert(min(max(to, 1), len(slots)) - 1, moved)
    for place, putting in zip(slots, mine, strict=True):
        standing[place] = putting
    number_ranks(standing)
    body = {"order": [putting.entry_id for putting in standing]}
    record_area("rank_entries", season, area, by, at, body=body)
    return standing


@transaction.atomic
def set_quota(
    *, season: Season, area: Area, category: str, most: int | None, reason: str, by: User, at: datetime
) -> Quota:
    """The area may put forward so many of the category, or of all when it is empty; None lifts the bound."""
    if not hats_for(by, Act.CHANGE_CALENDAR):
        raise NotAllowed(fault("season_not_organiser"))
    if not reason.strip():
        raise Refused(fault("season_reason_wanted"))
    made = Quota.objects.create(
        season=season, area=area, category=category, most=most, reason=reason.strip(), set_by=by, set_at=at
    )
    body = {"category": category, "most": most}
    record_area("set_quota", season, area, by, at, role=Role.ORGANISER, reason=reason, body=body)
    return made
