"""Institutions evaluated again while a frozen result is corrected: opened by name, closed all at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceping.ground.people.models import Institution, User
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.actions.shared import allow, give_reason, record_season
from ceping.stages.scheme.models import Reopening, Season


@transaction.atomic
def reopen_institutions(
    *, season: Season, institutions: Sequence[Institution], reason: str, by: User, at: datetime
) -> list[Reopening]:
    """Marks, verified values and rulings of these institutions may change again. Raises NotAllowed; Refused: no reason.

    Through `flow.results`, with the correction they belong to; one that is open already stays open.
    """
    allow(by, Act.SIGN_RESULT)
    give_reason(reason)
    held = Season.objects.select_for_update().get(pk=season.pk)
    open_ones = set(held.reopenings.filter(closed_at=None).values_list("institution", flat=True))
    made = Reopening.objects.bulk_create(
        Reopening(season=held, institution=one, reason=reason.strip(), opened_by=by, opened_at=at)
        for one in institutions
        if one.pk not in open_ones
    )
    body = {"institutions": [one.institution_id for one in made]}
    record_season("reopen_evaluation", held, by, at, reason=reason.strip(), body=body)
    return made


@transaction.atomic
def close_reopened(*, season: Season, by: User, at: datetime) -> int:
    """Nothing of the season changes any more; answers how many institutions were open. Through `flow.results`."""
    allow(by, Act.SIGN_RESULT)
    held = Season.objects.select_for_update().get(pk=season.pk)
    closed = list(held.reopenings.filter(closed_at=None))
    held.reopenings.filter(closed_at=None).update(closed_at=at)
    body = {"institutions": [one.institution_id for one in closed]}
    role = Role.ORGANISER if Role.ORGANISER in by.roles else Role.LEAD
    record_season("close_reopened", held, by, at, body=body, role=role)
    return len(closed)
