"""Online answers: a link for one person, sent through the outbox, answered once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from ceping.core.finding import fault
from ceping.core.phone import Kind, kind_of
from ceping.core.scheme.verification import Disposition, VerificationFile
from ceping.ground.messages.actions import said_on, write_letter
from ceping.ground.messages.events import Event
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.verification.access import why_not_desk
from ceping.stages.verification.actions.calls import Heard, add_attempt, checked
from ceping.stages.verification.actions.shared import hold_client, record_client, touch
from ceping.stages.verification.models import Attempt, Client, Link
from ceping.stages.verification.queries import phone_of
from ceping.stages.verification.queries.online import ANSWERABLE, hash_of, link_for
from ceping.stages.verification.states import Mode

LIFETIME = timedelta(days=7)
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Sent:
    """A link and the one copy of its token, which is stored nowhere but in the letter until it leaves."""

    link: Link
    token: str


@transaction.atomic
def send_link(*, client: Client, address: str, email: str, by: User, at: datetime) -> Sent:
    """A link goes to the client's mobile by SMS, or to `email`; one sent before no longer works.

    `address` is that of the answer page with `{token}` in it. Raises NotAllowed; Refused for a client who is finished,
    without a mobile number, or for an e-mail address that cannot be one.
    """
    found, board, line = hold_client(client, at)
    if why := why_not_desk(by, board.frame):
        raise NotAllowed(why)
    if line.key not in board.allowed or line.standing not in ANSWERABLE:
        raise Refused(fault("verify_client_closed", key=line.key))
    channel, to = _reached(phone_of(found), email.strip())
    Link.objects.filter(client=found, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = Link.objects.create(
        client=found,
        frame=board.frame,
        token_sha256=hash_of(token),
        channel=channel,
        made_by=by,
        made_at=at,
        expires_at=at + LIFETIME,
    )
    values = {
        "name": found.told("name"),
        "institution": board.frame.entry.institution.name,
        "due": said_on(made.expires_at),
        "link": address.replace("{token}", token),
    }
    letter = write_letter(
        event=Event.ANSWER_ASKED,
        role=Role.ENTERPRISE,
        to=to,
        values=values,
        key=f"answer:{made.pk}",
        at=at,
        channel=channel,
    )
    if letter is None:
        raise Refused(fault("verify_link_off"))
    touch(found)
    record_client("send_answer_link", board, found, by, at, body={"channel": channel})
    return Sent(made, token)


def _reached(phone: str, email: str) -> tuple[str, str]:
    if not email:
        if kind_of(phone) is not Kind.MOBILE:
            raise Refused(fault("verify_link_no_mobile", place="email"))
        return "sms", phone
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(fault("verify_link_email", place="email")) from None
    return "email", email


@transaction.atomic
def answer_online(*, token: str, answers: Mapping[str, str], at: datetime) -> Attempt:
    """The client's own answer; the link is used up by it.

    What it comes to follows from the answers alone: see `outcome_of`. Raises Refused: the same for a link unknown,
    used, withdrawn and run out; and for what was not answered.
    """
    # The list is locked before the link, as everywhere.
    found, board, line = hold_client(link_for(token, at=at).client, at)
    # Between the look and the lock somebody may have been quicker: a call, a second press.
    link = link_for(token, at=at, lock=True)
    if line.key not in board.allowed or line.standing not in ANSWERABLE:
        raise Refused(fault("verify_link_dead"))
    outcome = outcome_of(answers, board.table)
    kept = answers if outcome.outcome_class == "completed" else {}
    outcome, coded, said = checked(Heard(outcome.code, kept), board.table)
    row = Attempt(key=uuid4(), mode=Mode.ONLINE, answers=coded, said=said)
    made = add_attempt(board, line, outcome, row, at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    body = {"n": made.number, "disposition": outcome.code, "mode": made.mode}
    record_client("answer_online", board, found, None, at, role="", body=body)
    return made


def outcome_of(answers: Mapping[str, str], table: VerificationFile) -> Disposition:
    """What online answers come to: the first question asks whether the service was had at all.

    Its option `no` denies, `unsure` is unsure, any other confirms: in full when every question is answered, else in
    part. Raises Refused without an answer to it, or where the scheme has no such outcome.
    """
    first = table.questions[0]
    given = answers.get(first.id, "").strip()
    if not given:
        raise Refused(fault("verify_answer_wanted", place=first.id))
    wanted = {"no": "denied", "unsure": "unsure"}.get(given, "confirmed")
    whole = all(answers.get(question.id, "").strip() for question in table.questions if question.options)
    partial = wanted == "confirmed" and not whole
    found = [one for one in table.dispositions if one.verdict == wanted]
    fitting = next((one for one in found if one.partial == partial), found[0] if found else None)
    if fitting is None:
        raise Refused(fault("verify_answer_unknown", place=first.id, given=given[:40]))
    return fitting


@transaction.atomic
def withdraw_link(*, client: Client, by: User, at: datetime) -> int:
    """The client's link no longer works; answers how many there were. Raises NotAllowed."""
    found, board, _ = hold_client(client, at)
    if why := why_not_desk(by, board.frame):
        raise NotAllowed(why)
    gone = Link.objects.filter(client=found, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    if gone:
        touch(found)
        record_client("withdraw_answer_link", board, found, by, at)
    return gone
