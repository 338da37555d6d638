"""An objection: filed with evidence and a number, taken up or not, looked at again by others, answered."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.folder.calendar_days import after_working_days
from ceping.ground.files.actions import Arrived, add_file
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import Institution, User
from ceping.ground.people.roles import Role
from ceping.stages.publication.access import (
    why_not_ask,
    why_not_decide,
    why_not_object,
    why_not_object_for,
    why_not_say,
    why_not_take,
)
from ceping.stages.publication.models import Notice, Objection, ObjectionFile, Recheck
from ceping.stages.publication.queries import hash_of, may_recheck
from ceping.stages.publication.states import ObjectionState, Verdict
from ceping.stages.report.models import Entry

PURPOSE = "objection"
MOST_FILES, MOST_TEXT, MOST_NAME = 5, 5000, 200


@dataclass(frozen=True, slots=True)
class ObjectionGiven:
    """What somebody says: about which entry (None for the list as a whole), who they are, how to reach them."""

    entry: Entry | None
    name: str
    contact: str
    text: str


@transaction.atomic
def file_objection(
    *,
    notice: Notice,
    given: ObjectionGiven,
    arrived: Sequence[Arrived],
    by: User | None,
    institution: Institution | None,
    at: datetime,
) -> tuple[Objection, str]:
    """The objection has a number and a day by which it is answered; answers it and the token of its link.

    `at` is when the server read the head of the request. Raises NotAllowed outside the days of the notice or for
    somebody else's institution; Refused for what is missing or too much.
    """
    held = Notice.objects.select_for_update(of=("self",)).select_related("season").get(pk=notice.pk)
    if why := why_not_object(held, at):
        raise NotAllowed(why)
    if institution is not None and (by is None or (why := why_not_object_for(by, institution))):
        raise NotAllowed(why if by is not None and why else fault("objection_not_yours"))
    if faults := _faults(held, given, arrived):
        raise Refused(*faults)
    token = secrets.token_urlsafe(24)
    due_on, _ = after_working_days(timezone.localtime(at).date(), held.answer_days)
    count = Objection.objects.filter(notice__season=held.season_id).count()
    made = Objection.objects.create(
        notice=held,
        number=f"YY-{held.season_id:03d}-{count + 1:04d}",
        entry=given.entry,
        institution=institution,
        filed_by=by,
        name=given.name.strip(),
        contact=given.contact.strip(),
        text=given.text.strip(),
        token_sha256=hash_of(token),
        filed_at=at,
        due_on=due_on,
    )
    ObjectionFile.objects.bulk_create(
        ObjectionFile(
            objection=made,
            file=add_file(arrived=one, purpose=PURPOSE, institution=institution, by=by, at=at),
        )
        for one in arrived
    )
    body = {"number": made.number, "entry": made.entry_id, "files": [one.sha256 for one in arrived]}
    _record("file_objection", made, by, at, Role.INSTITUTION if institution is not None else None, body=body)
    return made, token


@transaction.atomic
def take_objection(*, objection: Objection, accept: bool, reason: str, by: User, at: datetime) -> Objection:
    """It is taken up, or turned away with the reason that is answered."""
    held = _locked(objection)
    if why := why_not_take(by, held):
        raise NotAllowed(why)
    held.taken_by, held.taken_at = by, at
    held.state = ObjectionState.ACCEPTED
    if not accept:
        if not reason.strip():
            raise Refused(fault("objection_answer_wanted", place="reason"))
        held.state, held.answer = ObjectionState.REFUSED, reason.strip()
        held.decided_by, held.decided_at = by, at
    held.save()
    body = {"number": held.number, "accepted": accept}
    _record("take_objection", held, by, at, Role.ORGANISER, reason=held.answer, body=body)
    return held


@transaction.atomic
def ask_recheck(*, objection: Objection, assessor: User, by: User, at: datetime) -> Recheck:
    """An assessor who had no part in the result is to look again. Raises Refused for anybody else."""
    held = _locked(objection)
    if why := why_not_ask(by, held):
        raise NotAllowed(why)
    if assessor.pk not in {one.user_id for one in may_recheck(held)}:
        raise Refused(fault("objection_assessor_involved"))
    made = Recheck.objects.create(objection=held, assessor=assessor, asked_by=by, asked_at=at)
    if held.state == ObjectionState.RECHECKED:
        held.state = ObjectionState.ACCEPTED
        held.save(update_fields=["state"])
    _record("ask_recheck", held, by, at, Role.LEAD, body={"number": held.number, "assessor": assessor.pk})
    return made


@transaction.atomic
def end_recheck(*, recheck: Recheck, by: User, at: datetime) -> Recheck:
    """The one asked is not asked any more; what is not said by then is said by another."""
    held = _locked(recheck.objection)
    if why := why_not_ask(by, held):
        raise NotAllowed(why)
    row = Recheck.objects.select_for_update().get(pk=recheck.pk)
    if row.ended_at is None and row.done_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        _settle(held)
        _record("end_recheck", held, by, at, Role.LEAD, body={"number": held.number, "assessor": row.assessor_id})
    return row


@transaction.atomic
def say_recheck(*, recheck: Recheck, advice: str, opinion: str, by: User, at: datetime) -> Recheck:
    """What the assessor would decide, and why; said again it takes the place of what was said before."""
    held = _locked(recheck.objection)
    row = Recheck.objects.select_for_update(of=("self",)).select_related("objection").get(pk=recheck.pk)
    row.objection = held
    if why := why_not_say(by, row):
        raise NotAllowed(why)
    if advice not in Verdict.values or not opinion.strip():
        raise Refused(fault("objection_opinion_wanted"))
    row.advice, row.opinion, row.done_at = advice, opinion.strip()[:MOST_TEXT], at
    row.save(update_fields=["advice", "opinion", "done_at"])
    _settle(held)
    _record("say_recheck", held, by, at, Role.ASSESSOR, body={"number": held.number, "advice": advice})
    return row


@transaction.atomic
def decide_objection(*, objection: Objection, verdict: str, answer: str, by: User, at: datetime) -> Objection:
    """The organiser's answer after the re-check. What is upheld is mended by a correction of the result."""
    held = _locked(objection)
    if why := why_not_decide(by, held):
        raise NotAllowed(why)
    if verdict not in Verdict.values or not answer.strip():
        raise Refused(fault("objection_answer_wanted", place="answer"))
    held.state, held.verdict, held.answer = ObjectionState.DECIDED, verdict, answer.strip()
    held.decided_by, held.decided_at = by, at
    held.save()
    body = {"number": held.number, "verdict": verdict}
    _record("decide_objection", held, by, at, Role.ORGANISER, reason=held.answer, body=body)
    return held


@transaction.atomic
def reveal_objector(*, objection: Objection, reason: str, by: User, at: datetime) -> tuple[str, str]:
    """Name and contact of whoever objects, to the organiser alone, with a reason that the journal keeps."""
    held = _locked(objection)
    if by.roles.isdisjoint({Role.ORGANISER}):
        raise NotAllowed(fault("objection_organiser_decides"))
    if not reason.strip():
        raise Refused(fault("objection_reveal_reason"))
    _record("reveal_objector", held, by, at, Role.ORGANISER, reason=reason.strip(), body={"number": held.number})
    return held.name, held.contact


def _faults(notice: Notice, given: ObjectionGiven, arrived: Sequence[Arrived]) -> list[Finding]:
    found = []
    if not given.name.strip():
        found.append(fault("objection_name_wanted", place="name"))
    if not given.contact.strip():
        found.append(fault("objection_contact_wanted", place="contact"))
    if not given.text.strip():
        found.append(fault("objection_text_wanted", place="text"))
    sizes = (("name", given.name, MOST_NAME), ("contact", given.contact, MOST_NAME), ("text", given.text, MOST_TEXT))
    found += [
        fault("objection_too_long", place=place, most=most) for place, text, most in sizes if len(text.strip()) > most
    ]
    if given.entry is not None and given.entry.season_id != notice.season_id:
        found.append(fault("objection_entry_unknown", place="entry"))
    if len(arrived) > MOST_FILES:
        found.append(fault("objection_files", place="files", most=MOST_FILES))
    return found


def _settle(objection: Objection) -> None:
    """It is looked at again once everybody asked has said."""
    asked = Recheck.objects.filter(objection=objection, ended_at=None)
    done = asked.exists() and not asked.filter(done_at=None).exists()
    state = ObjectionState.RECHECKED if done else ObjectionState.ACCEPTED
    if objection.state != state:
        objection.state = state
        objection.save(update_fields=["state"])


def _locked(objection: Objection) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related("notice__season", "entry")
    return rows.get(pk=objection.pk)


def _record(
    act: str,
    objection: Objection,
    by: User | None,
    at: datetime,
    role: Role | None,
    *,
    reason: str = "",
    body: Mapping[str, object],
) -> None:
    about, chain = ("objection", objection.pk), season_chain(objection.notice.season_id)
    record(act, by=by, role=role or "", at=at, about=about, chain=chain, reason=reason, body=body)
