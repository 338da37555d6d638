"""Which days belong to a frozen season: what comes late for them waits for a person."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState

_FROZEN = (SeasonState.SIGNED, SeasonState.NOTICE, SeasonState.PUBLISHED, SeasonState.ARCHIVED)


def frozen_periods() -> Sequence[tuple[date, date]]:
    """First and last day of every season whose result is signed; until the transaction ends no other gets there.

    A second signature looks at what is signed with its season locked: an event comes before that look or is held.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM scheme_season WHERE state = %s ORDER BY id FOR SHARE", [SeasonState.COMPUTED])
    # What was waited for is seen by the next question only.
    return list(Season.objects.filter(state__in=_FROZEN).order_by("pk").values_list("from_on", "to_on"))


def is_frozen(day: date, periods: Sequence[tuple[date, date]]) -> bool:
    """Whether the day lies in one of them."""
    return any(first <= day <= last for first, last in periods)
