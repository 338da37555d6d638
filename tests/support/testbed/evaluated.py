"""A season whose evaluation is done: the demo's early batch with every mark, verdict, call and supplied table.

Marks and calls are written in bulk, as their own actions are tested elsewhere and 12 institutions have thousands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from ceping.core.scheme.loading import Scheme, load
from ceping.flow import demo_results
from ceping.flow.demo import publish
from ceping.flow.demo_people import Cast, make_cast
from ceping.flow.demo_second import COUNT, SEED, Second, fill_second
from ceping.folder.demo import inquiry, judgement
from ceping.folder.needs import Needs
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from ceping.stages.assessment.models import (
    Assessor,
    Assignment,
    Difference,
    EvidenceCheck,
    Mark,
    Sheet,
    VerifiedValue,
)
from ceping.stages.assessment.states import DifferenceState, MarkState, Way
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import last_submission
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import current_of
from ceping.stages.results.tasks import ask_to_compute, compute
from ceping.stages.scheme.models import Season
from ceping.stages.verification.actions import draw_clients, freeze_frame, record_seed
from ceping.stages.verification.models import Attempt, Client, Frame
from testbed.scene import person

Rows = Sequence[Mapping[str, str]]
NOW = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The cast, the season with its entries and members, and the scheme."""

    cast: Cast
    second: Second
    scheme: Scheme

    @property
    def lead(self) -> User:
        """The evaluator's lead."""
        return self.cast.staff["lead-1"]


def evaluated(*, at: datetime, count: int = COUNT) -> Evaluated:
    """The season stands ready to be computed, with so many institutions."""
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    cast = make_cast(scheme.header.recommenders, at=at - timedelta(days=68))
    second = fill_second(cast, scheme, publish(cast, at), at=at, count=count)
    found = Evaluated(cast, second, scheme)
    submissions = {entry.institution.uscc: _submission(entry) for entry in second.entries}
    _judge(found, submissions, at)
    _call(found, at)
    demo_results.fill(cast=cast, season=second.season, members=second.members, at=at)
    return found


def season_of(found: Evaluated) -> Season:
    """The season as it stands now."""
    return Season.objects.select_related("scheme").get(pk=found.second.season.pk)


def computed(found: Evaluated, *, allow_missing: bool = False) -> Computation:
    """The season computed by its lead, here and now."""
    job = ask_to_compute(season=season_of(found), allow_missing=allow_missing, by=found.lead, at=NOW)
    compute(job.token)
    ended = Job.objects.get(pk=job.pk)
    assert ended.state == State.DONE, ended.findings[:5]
    made = current_of(season_of(found))
    assert made is not None
    return made


def _submission(entry: object) -> Submission:
    found = last_submission(entry)  # type: ignore[arg-type]
    assert found is not None
    return found


def _judge(found: Evaluated, submissions: Mapping[str, Submission], at: datetime) -> None:
    season, scheme, members = found.second.season, found.scheme, found.second.members
    people = judgement.assessors(scheme, count=len(members), seed=SEED)
    assessors = {
        one["assessor_id"]: Assessor.objects.create(
            season=season,
            user=person(one["name"], Role.ASSESSOR),
            code=one["assessor_id"],
            employer=one["employer"],
            declared_at=at,
            added_by=found.lead,
            added_at=at,
        )
        for one in people
    }
    entries = {entry.institution.uscc: entry for entry in found.second.entries}
    assignments, marks, settled = judgement.marking(scheme, members, people, seed=SEED)
    Assignment.objects.bulk_create(
        Assignment(
            entry=entries[row["uscc"]],
            item=row["indicator_id"],
            assessor=assessors[row["assessor_id"]],
            way=Way.HAND,
            reason="按专长分派",
            assigned_by=found.lead,
            assigned_at=at,
        )
        for row in assignments
    )
    sheets = {
        key: Sheet.objects.create(entry=entries[key[0]], assessor=assessors[key[1]], opened_at=at)
        for key in dict.fromkeys((row["uscc"], row["assessor_id"]) for row in marks)
    }
    Mark.objects.bulk_create(
        Mark(
            sheet=sheets[row["uscc"], row["assessor_id"]],
            item=row["indicator_id"],
            submission=submissions[row["uscc"]],
            mark=row["mark"],
            reason=row["reason"],
            state=MarkState.OPEN,
            marked_by=assessors[row["assessor_id"]].user,
            marked_at=at,
        )
        for row in marks
    )
    _settle(found, submissions, settled, at)


def _settle(found: Evaluated, submissions: Mapping[str, Submission], settled: Rows, at: datetime) -> None:
    entries = {entry.institution.uscc: entry for entry in found.second.entries}
    members, scheme = found.second.members, found.scheme
    Difference.objects.bulk_create(
        Difference(
            entry=entries[row["uscc"]],
            item=row["indicator_id"],
            state=DifferenceState.DECIDED,
            gap="4",
            opened_at=at,
            mark=row["mark"],
            reason=row["reason"],
            decided_by=found.lead,
            decided_at=at,
        )
        for row in settled
    )
    VerifiedValue.objects.bulk_create(
        VerifiedValue(
            entry=entries[row["uscc"]],
            metric=row["metric_id"],
            submission=submissions[row["uscc"]],
            value=row["value"],
            reason=row["reason"],
            set_by=found.lead,
            set_at=at,
        )
        for row in judgement.verified(members, list(Needs(scheme).by_hand), seed=SEED)
    )
    EvidenceCheck.objects.bulk_create(
        EvidenceCheck(
            entry=entries[uscc],
            submission=submission,
            file=one["file"],
            sha256=one["sha256"],
            verdict="genuine",
            checked_by=found.lead,
            checked_at=at,
        )
        for uscc, submission in submissions.items()
        for one in submission.report["attachments"]
    )


def _call(found: Evaluated, at: datetime) -> None:
    table = found.scheme.verification
    assert table is not None
    begun, seed = at - timedelta(days=20), "evaluated-clients"
    survey = record_seed(season=found.second.season, seed=seed, by=found.lead, at=begun)
    survey = freeze_frame(survey=survey, by=found.lead, at=begun + timedelta(hours=1))
    draw_clients(survey=survey, by=found.lead, at=begun + timedelta(hours=2))
    frames = {one.entry.institution.uscc: one for one in Frame.objects.select_related("entry__institution")}
    clients = {(one.frame_id, one.key): one for one in Client.objects.all()}
    caller = found.cast.staff["verifier-1"]
    Attempt.objects.bulk_create(
        Attempt(
            client=clients[frames[member.uscc].pk, row["client_key"]],
            frame=frames[member.uscc],
            number=int(row["attempt"]),
            key=uuid4(),
            disposition=row["disposition"],
            answers={name: value for name, value in row.items() if name.startswith("q_")},
            by=caller,
            at=begun + timedelta(days=int(row["attempt"])),
        )
        for member in found.second.members
        for row in inquiry.call_rows(member, table, draw_seed=seed, seed=SEED)
    )
