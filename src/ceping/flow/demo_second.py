"""A second demo season, one stage further: an early batch put forward and under evaluation.

Made before the first one's rows, so that the season people are filling in is the newest and opens by default. Its
institutions are others, of the same areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ceping.core.scheme.loading import Scheme
from ceping.flow.advance import decide
from ceping.flow.demo_filing import add_evidence, fill_draft, hand_in, open_entry, typed_so_far
from ceping.flow.demo_parts import State
from ceping.flow.demo_people import Cast, join
from ceping.folder.demo.cast import Member, members
from ceping.folder.demo.paper import report_of
from ceping.ground.people.models import Area, User
from ceping.stages.recommendation.actions import issue_table
from ceping.stages.report.models import Entry
from ceping.stages.scheme import actions as scheme_actions
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.stages.scheme.states import PhaseKind

TITLE = "2021年上海市中小企业服务质量第三方测评·先行批次（示范）"
# Numbers of the season folder's demo that no first season reaches.
FIRST, COUNT, SEED = 801, 12, 8
# Days from `at`.
_CALENDAR = {
    PhaseKind.FILING: (-60, -40),
    PhaseKind.PAPER: (-60, -38),
    PhaseKind.RECOMMENDING: (-44, -30),
    PhaseKind.EVALUATING: (-29, 21),
}


@dataclass(frozen=True, slots=True)
class Second:
    """The season under evaluation, its entries put forward, and their members in the same order."""

    season: Season
    entries: tuple[Entry, ...]
    members: tuple[Member, ...]


def batch(scheme: Scheme, count: int = COUNT, *, first: int = FIRST) -> list[Member]:
    """The institutions of a batch, whose numbers begin with `first`."""
    return members(scheme, count=first + count - 1, seed=SEED)[first - 1 :]


def fill_second(cast: Cast, scheme: Scheme, version: SchemeVersion, *, at: datetime, count: int = COUNT) -> Second:
    """The season stands under evaluation with every report put forward and every table issued."""
    season = open_batch(cast, scheme, version, title=TITLE, at=at)
    return fill_batch(cast, scheme, season, batch(scheme, count), at=at)


def open_batch(cast: Cast, scheme: Scheme, version: SchemeVersion, *, title: str, at: datetime) -> Season:
    """The season of a batch, in preparation, with its calendar around `at`."""
    return scheme_actions.open_season(
        title=title,
        version=version,
        period=(scheme.header.period.start, scheme.header.period.end),
        phases={kind: (at + timedelta(days=a), at + timedelta(days=b)) for kind, (a, b) in _CALENDAR.items()},
        by=cast.organiser,
        at=at - timedelta(days=62),
    )


def fill_batch(cast: Cast, scheme: Scheme, season: Season, batch_members: list[Member], *, at: datetime) -> Second:
    """As `fill_second`, of a season that is opened."""
    organiser = cast.organiser
    scheme_actions.advance_season(season=season, by=organiser, at=at - timedelta(days=60))
    entries = _submit(cast, season, scheme, batch_members, at=at - timedelta(days=50))
    scheme_actions.advance_season(season=season, by=organiser, at=at - timedelta(days=40))
    _put_forward(cast, season, entries, batch_members, at=at - timedelta(days=36))
    season = scheme_actions.advance_season(season=season, by=organiser, at=at - timedelta(days=29))
    fresh = Entry.objects.select_related("institution__area", "season__scheme").in_bulk([one.pk for one in entries])
    return Second(season, tuple(fresh[one.pk] for one in entries), tuple(batch_members))


def _submit(cast: Cast, season: Season, scheme: Scheme, everybody: Sequence[Member], *, at: datetime) -> list[Entry]:
    reports = [report_of(scheme, member, seed=SEED) for member in everybody]
    contacts = [report["answers"]["contact_name"] for report in reports]  # type: ignore[index]
    people = join(cast, everybody, contacts, at=at - timedelta(days=9))
    entries = []
    for number, (member, report, (institution, user)) in enumerate(zip(everybody, reports, people, strict=True)):
        # Over half a day, however many they are.
        moment = at + timedelta(hours=COUNT * number / len(everybody))
        entry = open_entry(season, institution, at=moment - timedelta(days=8))
        fill_draft(entry, typed_so_far(report, State.FORWARD), by=user, at=moment - timedelta(days=2))
        add_evidence(entry, member, state=State.FORWARD, by=user, at=moment - timedelta(days=1))
        hand_in(entry, member, scheme, signer=report["answers"]["legal_name"], by=user, at=moment)  # type: ignore[index]
        entries.append(entry)
    return entries


def _put_forward(
    cast: Cast, season: Season, entries: Sequence[Entry], everybody: Sequence[Member], *, at: datetime
) -> None:
    by_area: dict[str, tuple[Area, User]] = {
        area.name: (area, user) for area, user in zip(cast.areas, cast.recommenders, strict=True)
    }
    used: dict[str, tuple[Area, User]] = {}
    for number, (entry, member) in enumerate(zip(entries, everybody, strict=True)):
        area, by = used[member.recommender] = by_area[member.recommender]
        decide(entry=entry, forward=True, by=by, at=at + timedelta(minutes=7 * number))
    for area, by in used.values():
        day = at + timedelta(days=2)
        issue_table(season=season, area=area, filled_on=day.date(), by=by, at=day)
