"""Who speaks for a credit code: the first who registers with a free one, else held until somebody decides."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from ceping.core import uscc as codes
from ceping.core.finding import Finding, errors_in, fault
from ceping.core.names import hidden_in, is_blank
from ceping.core.phone import kind_of, normalised
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused, why_not_manage
from ceping.ground.people.actions import attach_grant
from ceping.ground.people.models import Area, Claim, Grant, Institution, User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index

_LONGEST, _NAME, _REASON = 200, 64, 1000
# Read out over a telephone: nothing that sounds or looks like something else.
_LETTERS = "23456789ACDEFHJKLMNPRTUVWXY"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who claims without an account: where the answer goes, and the number under which they are called back."""

    name: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the person types of the institution they speak for."""

    uscc: str
    name: str
    area: Area | None
    reason: str


@transaction.atomic
def claim_institution(*, who: Claimed, by: User, at: datetime) -> Claim:
    """Held for a decision, whether the credit code is new here or spoken for; the answer does not tell which.

    Raises Refused: bad code, no name, no area, no reason, a claim that waits already, one's own institution.
    """
    if told := _faults(who):
        raise Refused(*told)
    held = _held(who, at)
    if held.grants.filter(user=by, revoked_at=None).exists():
        raise Refused(fault("people_claim_member"))
    if held.claims.filter(user=by, decided_at=None).exists():
        raise Refused(fault("people_claim_held"))
    claim = Claim.objects.create(institution=held, user=by, reason=who.reason.strip(), claimed_at=at)
    record("claim_institution", by=by, at=at, about=("institution", held.pk), body={"claim": claim.pk})
    return claim


@transaction.atomic
def claim_without_account(*, who: Claimed, stranger: Stranger, at: datetime) -> str:
    """The receipt of a claim held for a decision; the same person's again answers the first one's receipt.

    Whether the credit code is known, spoken for or free changes nothing in the answer. Raises Refused for what is typed
    wrong, all of it at once.
    """
    told = [*_faults(who), *_stranger_faults(stranger)]
    if told:
        raise Refused(*told)
    held = _held(who, at)
    index = blind_index(stranger.email.strip().lower(), kind="invited")
    before = held.claims.filter(person_index=index, decided_at=None).first()
    if before is not None:
        return before.receipt
    claim = Claim.objects.create(
        institution=held,
        name=stranger.name.strip(),
        email=stranger.email.strip(),
        phone=normalised(stranger.phone),
        person_index=index,
        receipt="".join(secrets.choice(_LETTERS) for _ in range(8)),
        reason=who.reason.strip(),
        claimed_at=at,
    )
    record("claim_institution", by=None, at=at, about=("institution", held.pk), body={"claim": claim.pk})
    return claim.receipt


@transaction.atomic
def decide_claim(*, claim: Claim, accepted: bool, replace: bool, by: User, at: datetime, reason: str) -> Claim:
    """The claim is over; accepted, the person speaks for the institution, with `replace` as its main contact alone.

    The former main contact's role ends then. Where nobody is the main contact the person becomes it. Who has no account
    is given nothing here: `flow.claims` invites them. Raises NotAllowed for whoever does not manage the institution's
    people, and one's own claim; Refused.
    """
    held = Claim.objects.select_for_update(of=("self",)).select_related("institution", "user").get(pk=claim.pk)
    institution = Institution.objects.select_for_update().get(pk=held.institution_id)
    if by.pk == held.user_id or not may_decide(by, institution):
        raise NotAllowed(fault("people_not_yours"))
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    if held.decided_at is not None:
        raise Refused(fault("people_claim_over"))
    ended = []
    if accepted:
        mains = Grant.objects.select_for_update().filter(institution=institution, main=True, revoked_at=None)
        former = list(mains)
        if replace:
            ended = [one.pk for one in former]
            Grant.objects.filter(pk__in=ended).update(revoked_by=by, revoked_at=at)
        if held.user is not None:
            main = replace or not former
            role = Role.INSTITUTION
            attach_grant(user=held.user, role=role, institution=institution, area=None, main=main, by=by, at=at)
    held.accepted, held.decided_by, held.decided_at = accepted, by, at
    held.save(update_fields=["accepted", "decided_by", "decided_at"])
    body = {"institution": institution.pk, "user": held.user_id, "accepted": accepted, "ended": ended}
    record("decide_claim", by=by, at=at, about=("claim", held.pk), reason=reason.strip(), body=body)
    return held


@transaction.atomic
def reveal_claimant(*, claim: Claim, by: User, at: datetime, reason: str) -> Claim:
    """The claim with its phone and e-mail address to be shown in full; the journal knows who looked and why.

    Raises NotAllowed for whoever does not decide it; Refused without a reason.
    """
    held = Claim.objects.select_related("institution").get(pk=claim.pk)
    if by.pk == held.user_id or not may_decide(by, held.institution):
        raise NotAllowed(fault("people_not_yours"))
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    record("reveal_contact", by=by, at=at, about=("claim", held.pk), reason=reason.strip())
    return held


def may_decide(by: User, institution: Institution) -> bool:
    """The recommender of its area and the security officer; the institution's own people do not judge a rival."""
    if by.roles & {Role.RECOMMENDER, Role.SECURITY_OFFICER}:
        others = [g for g in by.grants_in_force if g.institution_id == institution.pk]
        return not others and why_not_manage(by, role=Role.INSTITUTION, institution=institution, area=None) is None
    return False


def claims_for(viewer: User) -> QuerySet[Claim]:
    """The claims this person decides, waiting ones first, oldest first."""
    mine = Q(pk__in=[])
    if Role.SECURITY_OFFICER in viewer.roles:
        mine = Q()
    else:
        areas = [g.area_id for g in viewer.grants_in_force if g.role == Role.RECOMMENDER]
        mine = Q(institution__area__in=areas)
    found = Claim.objects.filter(mine).exclude(user=viewer)
    return found.select_related("institution__area", "user", "decided_by").order_by("-decided_at", "claimed_at")


def _faults(who: Claimed) -> list[Finding]:
    told = []
    if errors_in(codes.faults_in_code(codes.normalised(who.uscc))):
        told.append(fault("people_uscc_wrong", place="uscc"))
    if not who.name.strip() or len(who.name.strip()) > _LONGEST:
        told.append(fault("people_institution_name_wanted", place="name"))
    if who.area is None:
        told.append(fault("people_area_closed", place="area"))
    if not who.reason.strip() or len(who.reason.strip()) > _REASON:
        told.append(fault("people_reason_wanted", place="reason"))
    return told


def _stranger_faults(who: Stranger) -> list[Finding]:
    told = []
    name = who.name.strip()
    if is_blank(name) or hidden_in(name) or len(name) > _NAME:
        told.append(fault("people_name_wanted", place="person"))
    try:
        validate_email(who.email.strip())
    except ValidationError:
        told.append(fault("people_claim_email", place="email"))
    if kind_of(normalised(who.phone)) is None:
        told.append(fault("people_claim_phone", place="phone"))
    return told


def _held(who: Claimed, at: datetime) -> Institution:
    """The institution of the code, locked; made where the code is new."""
    made, _ = Institution.objects.get_or_create(
        uscc=codes.normalised(who.uscc), defaults={"name": who.name.strip(), "area": who.area, "created_at": at}
    )
    return Institution.objects.select_for_update().get(pk=made.pk)
