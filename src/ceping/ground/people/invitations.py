"""Invitations: a link that makes an account with a password of its own, works once, and runs out."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from ceping.core.finding import Finding, fault
from ceping.core.names import hidden_in, is_blank
from ceping.core.phone import normalised
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused, why_not_manage
from ceping.ground.people.actions import attach_grant, check_bounds
from ceping.ground.people.models import Area, Grant, Institution, Invitation, User
from ceping.ground.people.roles import APART, Role
from ceping.ground.people.sealing import blind_index

LIFETIME = timedelta(days=14)
# Nobody is there yet who could invite the first of these.
FIRST_ROLES = APART | {Role.ORGANISER}
_TOKEN_BYTES = 32
_LOGIN_LENGTH = _NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation and the one copy of its token, which is stored nowhere."""

    invitation: Invitation
    token: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom an invitation goes to; the e-mail address before the phone says who it is."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an invited person without an account types."""

    login: str
    name: str
    password: str


@transaction.atomic
def invite(
    *,
    role: Role,
    to: Contact,
    by: User,
    at: datetime,
    institution: Institution | None = None,
    area: Area | None = None,
    main: bool = False,
) -> Invited:
    """A live invitation; one to the same person for the same role that was live before no longer works.

    Raises NotAllowed; Refused without an e-mail address or phone, and for an address or name that cannot be one.
    """
    check_bounds(role, institution, area)
    if why := why_not_manage(by, role=role, institution=institution, area=area):
        raise NotAllowed(why)
    person = _person_index(to)
    if not person:
        raise Refused(fault("people_contact_wanted"))
    if told := _contact_faults(to):
        raise Refused(*told)
    one = Invitation(role=role, institution=institution, area=area, main=main)
    one.name, one.email, one.phone = to.name.strip(), to.email.strip(), normalised(to.phone)
    made = _make(one, person, by, at)
    _record("invite", made.invitation, by, at)
    return made


@transaction.atomic
def invite_first(*, role: Role, login: str, at: datetime) -> Invited:
    """From the machine itself: the first organiser, security officer, system administrator or auditor.

    Raises Refused for any other role, and once somebody holds this one: from then on people are asked.
    """
    if role not in FIRST_ROLES or Grant.objects.filter(role=role, revoked_at=None).exists():
        raise Refused(fault("people_not_first"))
    _check_login(login.strip())
    made = _make(Invitation(role=role, login=login.strip()), f"first:{role}", None, at)
    _record("invite_first", made.invitation, None, at)
    return made


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime, reason: str) -> None:
    """The link no longer works. Raises NotAllowed, Refused without a reason or when it was used or withdrawn."""
    held = Invitation.objects.select_for_update(of=("self",)).select_related("institution", "area")
    one = held.get(pk=invitation.pk)
    if why := why_not_manage(by, role=Role(one.role), institution=one.institution, area=one.area):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    if one.accepted_at is not None or one.withdrawn_at is not None:
        raise Refused(fault("people_invitation_over"))
    one.withdrawn_at = at
    one.save(update_fields=["withdrawn_at"])
    _record("withdraw_invitation", one, by, at, reason.strip())


def invitation_for(token: str, *, at: datetime, lock: bool = False) -> Invitation:
    """The live invitation of a link. Raises Refused, the same for unknown, used, withdrawn and run out."""
    rows = Invitation.objects.select_related("institution", "area")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(token_sha256=_hash(token), accepted_at=None, withdrawn_at=None, expires_at__gt=at).first()
    if found is None:
        raise Refused(fault("people_link_dead"))
    return found


@transaction.atomic
def accept_invitation(*, token: str, who: User | NewAccount, at: datetime) -> User:
    """The role is given to the person logged in, or to a new account; the link is used up.

    Raises Refused: dead link, login or phone taken, weak password, a role that cannot be given to this person.
    """
    one = invitation_for(token, at=at, lock=True)
    if isinstance(who, User):
        user = who
    else:
        user = new_user(who, login=one.login, to=Contact(one.name, one.email, one.phone), at=at)
    attach_grant(
        user=user,
        role=Role(one.role),
        institution=one.institution,
        area=one.area,
        main=one.main,
        by=one.invited_by,
        at=at,
    )
    one.accepted_by, one.accepted_at = user, at
    one.save(update_fields=["accepted_by", "accepted_at"])
    _record("accept_invitation", one, user, at)
    return user


def new_user(typed: NewAccount, *, to: Contact, at: datetime, login: str = "") -> User:
    """An account without a role; `login` where it was fixed beforehand. Raises Refused; called in a transaction."""
    login = login or typed.login.strip()
    _check_login(login)
    index = blind_index(to.phone, kind="phone")
    if index and User.objects.filter(phone_index=index).exists():
        raise Refused(fault("people_phone_taken"))
    name = typed.name.strip() or to.name
    if is_blank(name) or hidden_in(name) or len(name) > _NAME_LENGTH:
        raise Refused(fault("people_name_wanted", place="name"))
    user = User(login=login, name=name, email=to.email, phone=to.phone, phone_index=index, created_at=at)
    try:
        get_adapter().clean_password(typed.password, user)
    except ValidationError as weak:
        raise Refused(
            *(fault("people_password_weak", place="password", why=why.rstrip("。. ")) for why in weak.messages)
        ) from None
    user.set_password(typed.password)
    user.save()
    return user


def _check_login(login: str) -> None:
    # An @ would make it look like somebody's e-mail address at the door; full width like another's name.
    odd = not login or len(login) > _LOGIN_LENGTH or "@" in login or unicodedata.normalize("NFKC", login) != login
    if odd or hidden_in(login) or User.objects.filter(login__iexact=login).exists():
        raise Refused(fault("people_login_taken", place="login", login=login))


def _make(one: Invitation, person: str, by: User | None, at: datetime) -> Invited:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    same = Invitation.objects.filter(
        role=one.role, institution=one.institution, area=one.area, person_index=person, accepted_at=None
    )
    same.filter(withdrawn_at=None).update(withdrawn_at=at)
    one.token_sha256, one.person_index = _hash(token), person
    one.invited_by, one.invited_at, one.expires_at = by, at, at + LIFETIME
    one.save()
    return Invited(one, token)


def _contact_faults(to: Contact) -> list[Finding]:
    told = []
    if len(to.name.strip()) > _NAME_LENGTH or hidden_in(to.name):
        told.append(fault("people_name_wanted", place="name"))
    if to.email.strip():
        try:
            validate_email(to.email.strip())
        except ValidationError:
            told.append(fault("people_email_malformed", place="email"))
    return told


def _person_index(to: Contact) -> str:
    return blind_index(to.email.strip().lower() or normalised(to.phone), kind="invited")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(act: str, one: Invitation, by: User | None, at: datetime, reason: str = "") -> None:
    body = {"role": one.role, "institution": one.institution_id, "area": one.area_id, "main": one.main}
    record(act, by=by, at=at, about=("invitation", one.pk), reason=reason, body=body)
