"""What the office's pages about verification have in common: the season meant, rates in words, who may act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import Http404, QueryDict

from ceping.core.exact import product, rounded
from ceping.core.verification import Rate
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import seasons_open
from ceping.stages.scheme.states import SeasonState
from ceping.stages.verification.models import Survey
from ceping.stages.verification.queries import Result, survey_of
from ceping.stages.verification.queries.rates import SHOWN_BY
from ceping.web.office.chosen import wanted_season


@dataclass(frozen=True, slots=True)
class Shown:
    """A rate for a page: its share and interval in words, and whether so few were counted that it shows little."""

    part: int
    whole: int
    share: str
    interval: str
    small: bool


def season_meant(asked: QueryDict, at: datetime) -> Season:
    """The season the address names, else the newest under evaluation, else the newest. Raises Http404 without one."""
    if asked.get("season", ""):
        return wanted_season(asked, at)
    open_ones = list(seasons_open(at).select_related("scheme", "survey").prefetch_related("phases"))
    found = next((one for one in open_ones if one.state == SeasonState.EVALUATING), None) or next(iter(open_ones), None)
    if found is None:
        raise Http404
    return found


def season_out(asked: QueryDict, at: datetime) -> Season:
    """The season the address names, else the newest with something to put out, else the newest published one."""
    if not asked.get("season", ""):
        known = list(seasons_open(at).prefetch_related("phases"))
        for states in ((SeasonState.SIGNED, SeasonState.NOTICE), (SeasonState.PUBLISHED,)):
            if found := next((one for one in known if one.state in states), None):
                return found
    return season_meant(asked, at)


def survey_meant(asked: QueryDict, at: datetime) -> Survey:
    """The verification of that season. Raises Http404 before it began."""
    found = survey_of(season_meant(asked, at))
    if found is None:
        raise Http404
    return found


def is_lead(user: User) -> bool:
    """Whether the forms of the lead are shown."""
    return Role.LEAD in user.roles


def shown(rate: Rate) -> Shown:
    """The rate in words."""
    if rate.value is None or rate.low is None or rate.high is None:
        return Shown(rate.part, rate.whole, "—", "", small=True)
    interval = f"{percent(rate.low)}—{percent(rate.high)}"
    return Shown(rate.part, rate.whole, percent(rate.value), interval, small=rate.whole < SHOWN_BY)


def estimated(share: Decimal | None) -> Shown:
    """A rate that is no share of a count: without an interval."""
    return Shown(0, 0, percent(share) if share is not None else "—", "估计值，没有区间", small=False)


def percent(share: Decimal) -> str:
    """A share as per cent with one decimal."""
    return f"{rounded(product(share, Decimal(100)), 1)}%"


def rows_of(results: Sequence[Result]) -> list[dict[str, object]]:
    """A row for each institution: how far it is, its rates."""
    return [
        {
            "frame": one.board.frame,
            "done": one.board.done,
            "sample": len(one.board.draw.sample),
            "left": len(one.board.left),
            "verification": shown(one.verification.verification),
            "satisfaction": shown(one.verification.satisfaction),
            "response": shown(one.verification.response),
        }
        for one in results
    ]
