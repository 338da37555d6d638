"""Who somebody is, changed: name, phone, e-mail address. The journal says which, never what they were or are."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from ceping.core.finding import Finding, fault
from ceping.core.names import hidden_in, is_blank
from ceping.core.phone import is_plain_mobile, normalised
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.sealing import blind_index
from ceping.ground.people.standing import is_officer

_NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Particulars:
    """Name, e-mail address and phone as typed; the last two may be empty."""

    name: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def change_particulars(*, user: User, to: Particulars, by: User, at: datetime, reason: str = "") -> User:
    """The person's name, phone and e-mail address are these from now on, at the log-in too.

    Oneself needs no reason, the security officer does. Raises NotAllowed for everybody else; Refused for what is
    empty, malformed or another account's: all of it at once and nothing changed.
    """
    if by.pk != user.pk:
        if not is_officer(by):
            raise NotAllowed(fault("people_not_yours"))
        if not reason.strip():
            raise Refused(fault("people_reason_wanted"))
    held = User.objects.select_for_update().get(pk=user.pk)
    name, email, phone = to.name.strip(), to.email.strip(), normalised(to.phone)
    index = blind_index(phone, kind="phone")
    if told := [*_about_name(name), *_about_email(email, held), *_about_phone(phone, index, held)]:
        raise Refused(*told)
    pairs = {"name": (held.name, name), "email": (held.email, email), "phone": (held.phone, phone)}
    changed = [field for field, (old, new) in pairs.items() if old != new]
    if not changed:
        raise Refused(fault("people_nothing_changed"))
    held.name, held.email, held.phone, held.phone_index = name, email, phone, index
    held.save(update_fields=["name", "email", "phone", "phone_index"])
    if "email" in changed:
        # A letter that resets the password must not go to the address of before.
        EmailAddress.objects.filter(user=held).delete()
    record(
        "change_particulars",
        by=by,
        at=at,
        about=("user", held.pk),
        reason=reason.strip(),
        body={"changed": changed},
    )
    return held


def _about_name(name: str) -> list[Finding]:
    odd = is_blank(name) or hidden_in(name) or len(name) > _NAME_LENGTH
    return [fault("people_name_wanted", place="name")] if odd else []


def _about_email(email: str, held: User) -> list[Finding]:
    if not email or email == held.email:
        return []
    try:
        validate_email(email)
    except ValidationError:
        return [fault("people_email_taken", place="email")]
    taken = User.objects.filter(email__iexact=email).exclude(pk=held.pk).exists()
    return [fault("people_email_taken", place="email")] if taken else []


def _about_phone(phone: str, index: str, held: User) -> list[Finding]:
    if not phone or phone == held.phone:
        return []
    taken = User.objects.filter(phone_index=index).exclude(pk=held.pk).exists()
    return [fault("people_phone_unusable", place="phone")] if taken or not is_plain_mobile(phone) else []
