"""Remarks: a report goes back with them, its institution answers, its district says which are settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.recommendation.access import why_not_recommend
from ceping.stages.recommendation.actions.shared import record_entry
from ceping.stages.recommendation.models import Remark, Return
from ceping.stages.report.access import why_not_write
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import last_submission

MOST_ANSWER = 500
MOST_REMARK = 1000


@dataclass(frozen=True, slots=True)
class Note:
    """A remark to be made: what it is bound to, and its words."""

    kind: str
    key: str
    text: str


@transaction.atomic
def note_return(*, entry: Entry, remarks: Sequence[Note], due_at: datetime, by: User, at: datetime) -> Return:
    """The submission in force is given back with numbered remarks. Raises NotAllowed, Refused without a remark."""
    if reason := why_not_recommend(by, entry, at):
        raise NotAllowed(reason)
    said = [note for note in remarks if note.text.strip()]
    if not said:
        raise Refused(fault("recommend_no_remark"))
    if any(len(note.text.strip()) > MOST_REMARK for note in said):
        raise Refused(fault("recommend_remark_long", most=MOST_REMARK))
    if due_at <= at:
        raise Refused(fault("recommend_due_passed"))
    submission = last_submission(entry)
    if submission is None:
        raise Refused(fault("recommend_not_submitted", state="未提交"))
    made = Return.objects.create(submission=submission, due_at=due_at, returned_by=by, returned_at=at)
    Remark.objects.bulk_create(
        Remark(returned=made, number=number, kind=note.kind, key=note.key, text=note.text.strip())
        for number, note in enumerate(said, start=1)
    )
    about = [f"{note.kind}:{note.key}" for note in said]
    body = {"receipt": submission.receipt, "remarks": len(said), "about": about, "due_at": due_at.isoformat()}
    record_entry("return_report", entry, by, at, body=body)
    return made


@transaction.atomic
def settle_remark(*, remark: Remark, settled: bool, by: User, at: datetime) -> Remark:
    """At the second reading the district says that a remark is settled, or that it is not after all.

    Raises NotAllowed unless the report lies with the district, submitted again.
    """
    held = Remark.objects.select_for_update(of=("self",)).select_related("returned__submission").get(pk=remark.pk)
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution__area")
        .get(pk=held.returned.submission.entry_id)
    )
    if why := why_not_recommend(by, entry, at):
        raise NotAllowed(why)
    if (held.settled_at is not None) is settled:
        return held
    held.settled_by, held.settled_at = (by, at) if settled else (None, None)
    held.save(update_fields=["settled_by", "settled_at"])
    body = {"receipt": held.returned.submission.receipt, "number": held.number, "settled": settled}
    record_entry("settle_remark", entry, by, at, body=body)
    return held


@transaction.atomic
def answer_remark(*, remark: Remark, answer: str, by: User, at: datetime) -> Remark:
    """The institution says what it changed about a remark, or why nothing; while it may write, the last word stands.

    Raises NotAllowed.
    """
    held = Remark.objects.select_for_update(of=("self",)).select_related("returned__submission").get(pk=remark.pk)
    entry = (
        Entry.objects.select_for_update(of=("self",))
        .select_related("season__scheme", "institution")
        .get(pk=held.returned.submission.entry_id)
    )
    if why := why_not_write(by, entry, at):
        raise NotAllowed(why)
    held.answer = answer.strip()[:MOST_ANSWER]
    held.save(update_fields=["answer"])
    record(
        "answer_remark",
        by=by,
        role=Role.INSTITUTION,
        at=at,
        about=("remark", held.pk),
        chain=season_chain(entry.season_id),
        body={"number": held.number, "receipt": held.returned.submission.receipt},
    )
    return held
