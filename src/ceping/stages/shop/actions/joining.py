"""A buyer's account: made by whoever comes, as a person or a firm; nobody's word but the check character is asked."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ceping.core import uscc as codes
from ceping.core.finding import Finding, fault
from ceping.core.names import hidden_in, is_blank
from ceping.core.phone import kind_of, normalised
from ceping.ground.journal.actions import record
from ceping.ground.people.access import Refused
from ceping.ground.people.actions import attach_grant
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.shop.models import Buyer
from ceping.stages.shop.states import BuyerKind

MOST_NAME = 64
_MOST_FIRM = 200
_LOGIN = re.compile(r"[A-Za-z0-9._-]{4,32}", re.ASCII)
_ROLES = {BuyerKind.PERSONAL: Role.PERSONAL, BuyerKind.ENTERPRISE: Role.ENTERPRISE}


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody typed to become a buyer; firm and code of enterprises alone."""

    kind: BuyerKind
    login: str
    password: str
    name: str
    phone: str
    firm: str = ""
    uscc: str = ""


@transaction.atomic
def sign_up(*, given: Joining, at: datetime) -> Buyer:
    """A new account that buys. Raises Refused with everything that is wrong, and nothing is made.

    The phone is where a shop calls, not a way to log in: nobody has shown that it is theirs.
    """
    login, name, phone = given.login.strip(), given.name.strip(), normalised(given.phone)
    firm, code = given.firm.strip(), codes.normalised(given.uscc)
    enterprise = given.kind is BuyerKind.ENTERPRISE
    told = [*_about_login(login), *_about_person(name, phone), *(_about_firm(firm, code) if enterprise else ())]
    user = User(login=login, name=name, created_at=at)
    told += _about_password(given.password, user)
    if told:
        raise Refused(*told)
    user.set_password(given.password)
    try:
        with transaction.atomic():
            user.save()
            buyer = Buyer.objects.create(
                user=user,
                kind=given.kind,
                firm=firm if enterprise else "",
                uscc=code if enterprise else "",
                phone=phone,
                joined_at=at,
            )
    except IntegrityError:
        # Somebody took the name or the code between the look and the row.
        raise Refused(fault("buyer_login_taken", place="login")) from None
    attach_grant(user=user, role=_ROLES[given.kind], institution=None, area=None, main=False, by=None, at=at)
    record("join_market", by=user, at=at, about=("user", user.pk), body={"kind": given.kind.value})
    return buyer


@transaction.atomic
def change_phone(*, buyer: Buyer, phone: str, by: User, at: datetime) -> Buyer:
    """Shops call the buyer there from the next order on. Raises Refused."""
    held = Buyer.objects.select_for_update(of=("self",)).get(pk=buyer.pk, user=by)
    number = normalised(phone)
    if kind_of(number) is None:
        raise Refused(fault("shop_phone_wanted", place="phone"))
    held.phone = number
    held.save(update_fields=["phone"])
    record("change_buyer_phone", by=by, at=at, about=("user", by.pk))
    return held


def _about_login(login: str) -> list[Finding]:
    if not _LOGIN.fullmatch(login):
        return [fault("buyer_login_wrong", place="login")]
    taken = User.objects.filter(login__iexact=login).exists()
    return [fault("buyer_login_taken", place="login")] if taken else []


def _about_person(name: str, phone: str) -> list[Finding]:
    told = []
    if is_blank(name) or hidden_in(name) or len(name) > MOST_NAME:
        told.append(fault("buyer_name_wanted", place="name", most=MOST_NAME))
    if kind_of(phone) is None:
        told.append(fault("shop_phone_wanted", place="phone"))
    return told


def _about_firm(firm: str, code: str) -> list[Finding]:
    told = []
    if is_blank(firm) or hidden_in(firm) or len(firm) > _MOST_FIRM:
        told.append(fault("buyer_firm_wanted", place="firm"))
    if faults := codes.faults_in_code(code, place="uscc"):
        return [*told, *faults]
    if Buyer.objects.filter(uscc=code).exists():
        told.append(fault("buyer_uscc_taken", place="uscc"))
    return told


def _about_password(password: str, user: User) -> list[Finding]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        why = "；".join(one.rstrip("。.") for one in error.messages)
        return [fault("buyer_password_weak", place="password", why=why)]
    return []
