"""A season's evaluation done: every mark, verdict and call of its institutions, as the season folder's demo has them.

Written in bulk: a dozen institutions have thousands, and what is shown is what came of them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from ceping.core.scheme.loading import Scheme
from ceping.flow.demo_second import SEED, Second
from ceping.folder.demo import inquiry, judgement
from ceping.folder.needs import Needs
from ceping.ground.people.models import User
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
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import last_submission
from ceping.stages.verification.actions import draw_clients, freeze_frame, record_seed
from ceping.stages.verification.models import Attempt, Client, Frame

Rows = Sequence[Mapping[str, str]]


def judge(second: Second, scheme: Scheme, *, lead: User, somebody: Callable[[str], User], at: datetime) -> None:
    """Every mark is in, every difference settled, every value and file verified; `somebody` answers a user by name."""
    season, members = second.season, second.members
    people = judgement.assessors(scheme, count=len(members), seed=SEED)
    assessors = {
        one["assessor_id"]: Assessor.objects.create(
            season=season,
            user=somebody(one["name"]),
            code=one["assessor_id"],
            employer=one["employer"],
            declared_at=at,
            added_by=lead,
            added_at=at,
        )
        for one in people
    }
    entries = {entry.institution.uscc: entry for entry in second.entries}
    submissions = {uscc: _submission(entry) for uscc, entry in entries.items()}
    assignments, marks, settled = judgement.marking(scheme, members, people, seed=SEED)
    Assignment.objects.bulk_create(
        Assignment(
            entry=entries[row["uscc"]],
            item=row["indicator_id"],
            assessor=assessors[row["assessor_id"]],
            way=Way.HAND,
            reason="按专长分派",
            assigned_by=lead,
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
    _settle(entries, settled, lead, at)
    _verify(second, scheme, submissions, lead, at)


def _settle(entries: Mapping[str, Entry], settled: Rows, lead: User, at: datetime) -> None:
    Difference.objects.bulk_create(
        Difference(
            entry=entries[row["uscc"]],
            item=row["indicator_id"],
            state=DifferenceState.DECIDED,
            gap="4",
            opened_at=at,
            mark=row["mark"],
            reason=row["reason"],
            decided_by=lead,
            decided_at=at,
        )
        for row in settled
    )


def _verify(second: Second, scheme: Scheme, submissions: Mapping[str, Submission], lead: User, at: datetime) -> None:
    entries = {entry.institution.uscc: entry for entry in second.entries}
    VerifiedValue.objects.bulk_create(
        VerifiedValue(
            entry=entries[row["uscc"]],
            metric=row["metric_id"],
            submission=submissions[row["uscc"]],
            value=row["value"],
            reason=row["reason"],
            set_by=lead,
            set_at=at,
        )
        for row in judgement.verified(second.members, list(Needs(scheme).by_hand), seed=SEED)
    )
    EvidenceCheck.objects.bulk_create(
        EvidenceCheck(
            entry=entries[uscc],
            submission=submission,
            file=one["file"],
            sha256=one["sha256"],
            verdict="genuine",
            checked_by=lead,
            checked_at=at,
        )
        for uscc, submission in submissions.items()
        for one in submission.report["attachments"]
    )


def call(second: Second, scheme: Scheme, *, lead: User, caller: User, at: datetime) -> None:
    """The lists are frozen, drawn and called, twenty days before."""
    table = scheme.verification
    if table is None:
        return
    begun, seed = at - timedelta(days=20), "evaluated-clients"
    survey = record_seed(season=second.season, seed=seed, by=lead, at=begun)
    survey = freeze_frame(survey=survey, by=lead, at=begun + timedelta(hours=1))
    draw_clients(survey=survey, by=lead, at=begun + timedelta(hours=2))
    frames = {
        one.entry.institution.uscc: one
        for one in Frame.objects.filter(survey=survey).select_related("entry__institution")
    }
    clients = {(one.frame_id, one.key): one for one in Client.objects.filter(frame__survey=survey)}
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
        for member in second.members
        for row in inquiry.call_rows(member, table, draw_seed=seed, seed=SEED)
    )


def _submission(entry: Entry) -> Submission:
    found = last_submission(entry)
    if found is None:
        raise LookupError(entry.pk)
    return found
