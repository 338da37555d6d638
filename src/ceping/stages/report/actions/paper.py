"""The paper copy: received on a day by somebody who looked at its seals, and that taken back with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.access import why_not_receive
from ceping.stages.report.models import Paper, Submission

MOST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen on the paper: all official seals, the seal across the pages' edges, and what is missing."""

    seals_complete: bool
    cross_page_seal: bool
    note: str = ""


@transaction.atomic
def receive_paper(*, submission: Submission, on: date, seen: Seen, by: User, at: datetime) -> Paper:
    """The paper copy of the submission in force was handed in on that day.

    Said again it stands as said last. Raises NotAllowed; Refused for a submission that no longer counts, a day before
    it or to come, and a seal that is missing without a word on what is.
    """
    held = _held(submission)
    if why := why_not_receive(by, held.submission.entry):
        raise NotAllowed(why)
    given = held.submission
    if given.withdrawn_at is not None or given.entry.submissions.filter(number__gt=given.number).exists():
        raise Refused(fault("paper_other_version", receipt=given.receipt))
    if not _day(given.submitted_at) <= on <= _day(at):
        raise Refused(fault("paper_day"))
    note = seen.note.strip()
    if not (seen.seals_complete and seen.cross_page_seal) and not note:
        raise Refused(fault("paper_what_is_missing"))
    held.received_on, held.received_by, held.note = on, by, note[:MOST_NOTE]
    held.seals_complete, held.cross_page_seal = seen.seals_complete, seen.cross_page_seal
    held.save()
    body = {"on": on.isoformat(), "seals": seen.seals_complete, "cross_page_seal": seen.cross_page_seal}
    _record("receive_paper", held, by, at, body=body)
    return held


@transaction.atomic
def undo_paper(*, submission: Submission, reason: str, by: User, at: datetime) -> Paper:
    """The paper copy counts as not handed in. Raises NotAllowed; Refused without a reason or when none was there."""
    held = _held(submission)
    if why := why_not_receive(by, held.submission.entry):
        raise NotAllowed(why)
    if held.received_on is None:
        raise Refused(fault("paper_not_received"))
    if not reason.strip():
        raise Refused(fault("paper_reason"))
    body = {"on": held.received_on.isoformat()}
    held.received_on = held.received_by = held.seals_complete = held.cross_page_seal = None
    held.note = ""
    held.save()
    _record("undo_paper", held, by, at, reason=reason.strip(), body=body)
    return held


def _held(submission: Submission) -> Paper:
    return (
        Paper.objects.select_for_update(of=("self",))
        .select_related("submission__entry__season", "submission__entry__institution")
        .get(submission=submission)
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(timezone.get_default_timezone()).date()


def _record(act: str, paper: Paper, by: User, at: datetime, *, body: Mapping[str, object], reason: str = "") -> None:
    entry = paper.submission.entry
    record(
        act,
        by=by,
        role=Role.RECOMMENDER,
        at=at,
        about=("entry", entry.pk),
        chain=season_chain(entry.season_id),
        reason=reason,
        body={"receipt": paper.submission.receipt, **body},
    )
