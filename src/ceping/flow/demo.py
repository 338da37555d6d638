"""A season in mid-flight for the demo: made once, in one transaction, from the cast of the season folder's demo.

Everything a person decides goes through the same actions as on the pages, at moments before `at`, so the journal of the
demo verifies like any other. Only what people type into drafts is written in bulk: nothing of that is journalled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import FILE_NAMES, folder_of
from ceping.flow import demo_assessment, demo_results, demo_verification
from ceping.flow.advance import decide
from ceping.flow.demo_earlier import open_earlier
from ceping.flow.demo_filing import add_evidence, fill_draft, hand_in, open_entry, typed_so_far
from ceping.flow.demo_parts import (
    BOUNDED,
    CLAIMED,
    EXTENDED,
    ISSUED,
    LATE,
    NOT_FORWARD_REASONS,
    REMARKS,
    TOLD,
    State,
    state_of,
)
from ceping.flow.demo_people import Cast, claim, join, make_cast
from ceping.flow.demo_second import fill_second
from ceping.flow.extend import extend
from ceping.flow.send_back import return_report
from ceping.folder.demo.cast import Member, members
from ceping.folder.demo.paper import report_of
from ceping.ground.people.models import User
from ceping.stages.recommendation.actions import Note, issue_table, set_quota
from ceping.stages.report.models import Entry
from ceping.stages.scheme import actions as scheme_actions
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.stages.scheme.queries import phase_of
from ceping.stages.scheme.states import PhaseKind

SCHEME, COUNT, SEED = "shanghai-2021", TOLD, 7
TITLE = "2021年上海市中小企业服务质量第三方测评（示范）"
_LOCK = "ceping demo"
# Days from `at`: filing is about to close, recommendation has begun with those who were early.
_CALENDAR = {
    PhaseKind.FILING: (-24, 4),
    PhaseKind.PAPER: (-24, 9),
    PhaseKind.RECOMMENDING: (-12, 16),
    PhaseKind.EVALUATING: (17, 62),
}


@dataclass(frozen=True, slots=True)
class _Part:
    """One institution with its entry and the person who writes for it."""

    member: Member
    entry: Entry
    user: User
    signer: str

    @property
    def state(self) -> State:
        """Where its report is to stand."""
        return state_of(self.member.number)


def fill_demo(*, at: datetime, count: int = COUNT) -> bool:
    """The demo of `count` institutions stands, all of it or nothing; False when somebody was in the database already.

    Raises ValueError for a naive `at`, and for fewer institutions than its story needs.
    """
    if at.tzinfo is None:
        raise ValueError("at has no time zone")
    if count < COUNT:
        raise ValueError(f"the demo needs {COUNT} institutions")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        if User.objects.exists():
            return False
        _fill(at, count)
    return True


def _fill(at: datetime, count: int) -> None:
    scheme, findings = load(SCHEME)
    if scheme is None:
        raise ValueError([finding.code for finding in findings])
    cast = make_cast(scheme.header.recommenders, at=at - timedelta(days=68))
    version = publish(cast, at)
    # First, so that the seasons people work in are newer; a worker fills it once the pages are up.
    open_earlier(cast, scheme, version, at=at)
    second = fill_second(cast, scheme, version, at=at)
    demo_assessment.fill(cast=cast, season=second.season, entries=second.entries, at=at)
    demo_verification.fill(cast=cast, season=second.season, entries=second.entries, at=at)
    demo_results.fill(cast=cast, season=second.season, members=second.members, at=at)
    season = _open_season(cast, scheme, version, at)
    parts = _file(cast, season, scheme, at, count)
    _bound(cast, season, parts, at)
    moment, span = at - timedelta(days=10), timedelta(days=3)
    handed_in = [part for part in parts if part.state.was_submitted]
    for part in handed_in:
        moment += span / len(handed_in)
        hand_in(part.entry, part.member, scheme, signer=part.signer, by=part.user, at=moment)
    _recommend(cast, season, handed_in, at)
    claim(parts[CLAIMED - 1].entry.institution, at=at - timedelta(hours=3))


def publish(cast: Cast, at: datetime) -> SchemeVersion:
    """The shipped scheme, published by two persons before the early batch began."""
    folder = folder_of(SCHEME)
    if folder is None:
        raise FileNotFoundError(SCHEME)
    files = {name: (folder / name).read_text(encoding="utf-8") for name in FILE_NAMES if (folder / name).is_file()}
    organiser, second, begun = cast.organiser, cast.staff["organiser-2"], at - timedelta(days=66)
    version = scheme_actions.draft_version(files=files, by=organiser, at=begun)
    version = scheme_actions.propose_version(version=version, by=organiser, at=begun + timedelta(hours=1))
    return scheme_actions.publish_version(version=version, by=second, at=begun + timedelta(days=1))


def _open_season(cast: Cast, scheme: Scheme, version: SchemeVersion, at: datetime) -> Season:
    """A season on it that is under way."""
    organiser = cast.organiser
    phases = {
        kind: (at + timedelta(days=opens), at + timedelta(days=closes)) for kind, (opens, closes) in _CALENDAR.items()
    }
    period = (scheme.header.period.start, scheme.header.period.end)
    moment = at - timedelta(days=30)
    season = scheme_actions.open_season(
        title=TITLE, version=version, period=period, phases=phases, by=organiser, at=moment
    )
    season = scheme_actions.advance_season(season=season, by=organiser, at=at - timedelta(days=24))
    return Season.objects.select_related("scheme").get(pk=season.pk)


def _file(cast: Cast, season: Season, scheme: Scheme, at: datetime, count: int) -> list[_Part]:
    """Every institution with its draft as far as it got."""
    everybody = members(scheme, count=count, seed=SEED)
    reports = [report_of(scheme, member, seed=SEED) for member in everybody]
    contacts = [report["answers"]["contact_name"] for report in reports]  # type: ignore[index]
    people = join(cast, everybody, contacts, at=at - timedelta(days=24))
    parts = []
    for member, report, (institution, user) in zip(everybody, reports, people, strict=True):
        moment = at - timedelta(days=22, minutes=-member.number)
        entry = open_entry(season, institution, at=moment)
        state = state_of(member.number)
        fill_draft(entry, typed_so_far(report, state), by=user, at=moment + timedelta(days=3))
        add_evidence(entry, member, state=state, by=user, at=moment + timedelta(days=4))
        parts.append(_Part(member, entry, user, report["answers"]["legal_name"]))  # type: ignore[index]
    return parts


def _bound(cast: Cast, season: Season, parts: Sequence[_Part], at: datetime) -> None:
    """A quota for one area, more time for one institution; each with its reason."""
    set_quota(
        season=season,
        area=cast.areas[BOUNDED - 1],
        category="",
        most=2,
        reason="按上年度推荐数核定",
        by=cast.organiser,
        at=at - timedelta(days=13),
    )
    filing = phase_of(season, PhaseKind.FILING)
    if filing is None:
        raise LookupError(PhaseKind.FILING)
    extend(
        phase=filing,
        until=filing.closes_at + timedelta(days=5),
        reason="机构搬迁，审计报告由新址寄出，延期五天。",
        institutions=[parts[EXTENDED - 1].entry.institution],
        by=cast.organiser,
        at=at - timedelta(days=11),
    )


def _recommend(cast: Cast, season: Season, handed_in: Sequence[_Part], at: datetime) -> None:
    """Returned with remarks, put forward in order, or not; one summary table issued."""
    area_of = {area.name: (area, user) for area, user in zip(cast.areas, cast.recommenders, strict=True)}
    moment = at - timedelta(days=6)
    for part in handed_in:
        number, (_, by) = part.member.number, area_of[part.member.recommender]
        moment += timedelta(minutes=61)
        match part.state:
            case State.RETURNED:
                due = at - timedelta(hours=30) if number == LATE else at + timedelta(days=6)
                notes = [Note(*remark) for remark in REMARKS[number]]
                return_report(entry=part.entry, remarks=notes, due_at=due, by=by, at=moment)
            case State.FORWARD:
                decide(entry=part.entry, forward=True, by=by, at=moment)
            case State.NOT_FORWARD:
                decide(entry=part.entry, forward=False, reason=NOT_FORWARD_REASONS[number], by=by, at=moment)
            case _:
                pass
    issue_table(
        season=season,
        area=cast.areas[ISSUED - 1],
        filled_on=(at - timedelta(days=1)).date(),
        by=cast.recommenders[ISSUED - 1],
        at=at - timedelta(days=1),
    )
