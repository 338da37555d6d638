"""Calls: a number shown with its reason, an attempt recorded once, one made void, an appointment made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.core.scheme.verification import Disposition, VerificationFile
from ceping.core.verification import Call, callable_keys, completed
from ceping.ground.people.access import NotAllowed, Refused, hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role
from ceping.stages.verification.access import why_not_call, why_not_in, why_not_lead, why_not_reveal
from ceping.stages.verification.actions.shared import (
    LONGEST_WORDS,
    hold_client,
    record_client,
    touch,
    wanted_reason,
)
from ceping.stages.verification.models import Appointment, Attempt, Client
from ceping.stages.verification.queries import Board, Line, phone_of
from ceping.stages.verification.states import Mode, SurveyState
from ceping.stages.verification.states.hours import may_be_agreed

_FREE = 500


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call came to: the outcome's code, answers by question id as codes or words, and what else was said."""

    disposition: str
    answers: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""


class Conflict(Refused):
    """Somebody recorded something about the client meanwhile: `theirs` is their last attempt, `mine` was not kept."""

    def __init__(self, theirs: Attempt | None, mine: Heard, revision: int) -> None:
        who = theirs.by.name if theirs is not None and theirs.by is not None else ""
        super().__init__(fault("verify_changed_meanwhile", by=who))
        self.theirs, self.mine, self.revision = theirs, mine, revision


@transaction.atomic
def reveal_phone(*, client: Client, reason: str, by: User, at: datetime) -> str:
    """The client's whole number; who looked and why stands in the journal.

    A verifier sees those whose turn it is, within calling hours; a lead any. Raises NotAllowed, Refused.
    """
    found, board, line = hold_client(client, at)
    if why := why_not_reveal(by, _with(board, found)):
        raise NotAllowed(why)
    lead = any(hat.role is Role.LEAD for hat in hats_for(by, Act.REVEAL_PHONE))
    if not lead and (why := why_not_call(by, board, line, at)):
        raise NotAllowed(why)
    said = wanted_reason(reason)
    role = Role.LEAD if lead else Role.VERIFIER
    record_client("reveal_phone", board, found, by, at, role=role, reason=said)
    return phone_of(found)


@transaction.atomic
def record_attempt(
    *,
    client: Client,
    key: UUID,
    heard: Heard,
    revision: int,
    by: User,
    at: datetime,
    again: datetime | None = None,
) -> Attempt:
    """One call to a client as it went; `again` is when the client asked to be called next.

    The same `key` twice is one attempt. Raises NotAllowed (not handed out, not its turn, not at this hour), Conflict
    when somebody recorded something since `revision` was read, Refused for outcomes and answers the scheme has not.
    """
    found, board, line = hold_client(client, at)
    known = Attempt.objects.filter(key=key).first()
    if known is not None and known.client_id == found.pk and known.by_id == by.pk:
        return known
    if found.revision != revision and known is None:
        raise Conflict(line.attempts[-1] if line.attempts else None, heard, found.revision)
    if why := why_not_call(by, board, line, at):
        raise NotAllowed(why)
    if known is not None:
        raise Refused(fault("verify_key_used"))
    outcome, answers, said = checked(heard, board.table)
    made = add_attempt(board, line, outcome, Attempt(key=key, answers=answers, said=said, by=by), at)
    if again is not None:
        _agree(board, found, again, "", by, at)
    body = {"n": made.number, "disposition": outcome.code, "mode": made.mode}
    record_client("record_call", board, found, by, at, body=body)
    return made


def add_attempt(board: Board, line: Line, outcome: Disposition, row: Attempt, at: datetime) -> Attempt:
    """The attempt stands, the appointment is kept; raises Refused where a reserve stood in for the client already."""
    client = line.client
    _check_within(board, line, outcome)
    last = Attempt.objects.filter(client=client).aggregate(last=Max("number"))["last"] or 0
    row.client, row.frame, row.number, row.disposition, row.at = client, board.frame, last + 1, outcome.code, at
    row.save()
    Appointment.objects.filter(client=client, ended_at=None).update(ended_at=at)
    touch(client)
    return row


def _check_within(board: Board, line: Line, outcome: Disposition) -> None:
    """Nobody who was called may fall out of the draw by it: a reserve stands in once for whom it was called."""
    calls = {key: list(made) for key, made in board.calls.items()}
    before = set(calls)
    calls.setdefault(line.key, []).append(Call(line.key, len(line.attempts) + 1, outcome.code, {}))
    ended = {key: completed(made, board.table) for key, made in calls.items()}
    if not before | {line.key} <= set(callable_keys(board.draw, ended)):
        raise Refused(fault("verify_reserve_in", key=line.key))


def checked(heard: Heard, table: VerificationFile) -> tuple[Disposition, dict[str, str], dict[str, str]]:
    """The outcome, the coded answers and the free words. Raises Refused with everything that is wrong."""
    outcome = next((one for one in table.dispositions if one.code == heard.disposition), None)
    if outcome is None:
        raise Refused(fault("verify_outcome_unknown", place="disposition", given=heard.disposition[:20]))
    questions = {question.id: question for question in table.questions}
    given = {name: value.strip() for name, value in heard.answers.items() if value.strip()}
    wrong: list[Finding] = []
    answers: dict[str, str] = {}
    said: dict[str, str] = {}
    for name, value in given.items():
        question = questions.get(name)
        if question is None or (question.options and value not in {one.code for one in question.options}):
            wrong.append(fault("verify_answer_unknown", place=name[:40], given=value[:40]))
        elif question.options:
            answers[name] = value
        elif len(value) > _FREE:
            wrong.append(fault("verify_words_long", place=name, most=_FREE, given=len(value)))
        else:
            said[name] = value
    if len(heard.remark) > LONGEST_WORDS:
        wrong.append(fault("verify_words_long", place="remark", most=LONGEST_WORDS, given=len(heard.remark)))
    if given and outcome.outcome_class != "completed":
        wrong.append(fault("verify_answers_unfit", place="disposition", title=outcome.title))
    wrong += _wanting(outcome, given, table)
    if wrong:
        raise Refused(*wrong)
    if remark := heard.remark.strip():
        said[""] = remark
    return outcome, answers, said


def _wanting(outcome: Disposition, given: Mapping[str, str], table: VerificationFile) -> list[Finding]:
    """A full answer has every question with options answered; the scheme's first such outcome is the full one."""
    full = next((one for one in table.dispositions if one.verdict == "confirmed" and not one.partial), None)
    if full is None or outcome.code != full.code:
        return []
    open_ones = [
        str(number)
        for number, question in enumerate(table.questions, start=1)
        if question.options and question.id not in given
    ]
    return [fault("verify_answers_wanting", place="disposition", which="、".join(open_ones))] if open_ones else []


@transaction.atomic
def void_attempt(*, attempt: Attempt, reason: str, by: User, at: datetime) -> Attempt:
    """The attempt was recorded wrongly and no longer counts; it stays where it was with the reason.

    By the lead, or by who recorded it on the same day. Raises NotAllowed; Refused without a reason, twice, and where a
    reserve was called because of it or it was answered online.
    """
    found, board, line = hold_client(attempt.client, at)
    row = Attempt.objects.select_for_update().get(pk=attempt.pk)
    own = row.by_id == by.pk and timezone.localtime(row.at).date() == timezone.localtime(at).date()
    if not own and (why := why_not_lead(by)):
        raise NotAllowed(why)
    if board.frame.survey.state != SurveyState.CALLING:
        raise NotAllowed(
            fault(
                "verify_state",
                state=SurveyState(board.frame.survey.state).label,
                wanted=SurveyState.CALLING.label,
            )
        )
    if why := why_not_in(board.frame.survey.season):
        raise NotAllowed(why)
    said = wanted_reason(reason)
    if row.voided_at is not None or row.mode == Mode.ONLINE:
        raise Refused(fault("verify_not_voidable"))
    calls = {key: list(made) for key, made in board.calls.items()}
    rest = [call for call, one in zip(calls.get(line.key, []), line.attempts, strict=False) if one.pk != row.pk]
    ended = {key: completed(made, board.table) for key, made in (calls | {line.key: rest}).items() if made}
    if not set(ended) <= set(callable_keys(board.draw, ended)):
        raise Refused(fault("verify_reserve_in", key=line.key))
    row.voided_by, row.voided_at, row.void_reason = by, at, said
    row.save(update_fields=["voided_by", "voided_at", "void_reason"])
    touch(found)
    role = Role.VERIFIER if own else Role.LEAD
    body = {"n": row.number, "disposition": row.disposition}
    record_client("void_call", board, found, by, at, role=role, reason=said, body=body)
    return row


@transaction.atomic
def make_appointment(*, client: Client, on: datetime, note: str, by: User, at: datetime) -> Appointment:
    """The client is called at that moment and not before; an earlier appointment ends.

    Raises NotAllowed for somebody else's client and one who is finished; Refused for a moment at night, past or far.
    """
    found, board, line = hold_client(client, at)
    why = why_not_call(by, board, line, at)
    # To agree on a moment is no call: the hour does not matter, everything else does.
    if why is not None and (line.standing != "open" or line.key not in board.allowed or not _own(board, by)):
        raise NotAllowed(why)
    made = _agree(board, found, on, note, by, at)
    touch(found)
    record_client("make_appointment", board, found, by, at, body={"on": on.isoformat(timespec="minutes")})
    return made


def _agree(board: Board, client: Client, on: datetime, note: str, by: User, at: datetime) -> Appointment:
    if not may_be_agreed(timezone.localtime(on), timezone.localtime(at)):
        raise Refused(fault("verify_appointment_unfit", place="again"))
    if len(note) > LONGEST_WORDS:
        raise Refused(fault("verify_words_long", place="note", most=LONGEST_WORDS, given=len(note)))
    Appointment.objects.filter(client=client, ended_at=None).update(ended_at=at)
    return Appointment.objects.create(
        client=client, frame=board.frame, on=on, note=note.strip(), made_by=by, made_at=at
    )


def _own(board: Board, by: User) -> bool:
    return board.frame.verifier_id == by.pk and board.frame.survey.state == SurveyState.CALLING


def _with(board: Board, client: Client) -> Client:
    """The client with its list at hand."""
    client.frame = board.frame
    return client
