"""A person's standing: the account closed and opened again, second factor and sessions ended, a phone revealed."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from ceping.core.finding import Finding, fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused, hats_for, why_not_manage
from ceping.ground.people.models import Grant, User
from ceping.ground.people.roles import APART, Act, Reach, Role


def is_officer(by: User) -> bool:
    """Whether everybody's accounts are this person's duty."""
    return by.is_active and any(hat.reach(Act.MANAGE_PEOPLE) is Reach.ALL for hat in hats_for(by, Act.MANAGE_PEOPLE))


def why_not_close(by: User, user: User) -> Finding | None:
    """Why `by` may not close or open this account; None when they may.

    The security officer may everybody's but the own; a recommender who holds nothing but institutions of the own area.
    """
    if by.pk == user.pk:
        return fault("people_own_account")
    if is_officer(by):
        return None
    grants = user.grants_in_force
    within = bool(grants) and Role.RECOMMENDER in by.roles and all(g.role == Role.INSTITUTION for g in grants)
    if within and all(
        why_not_manage(by, role=Role(g.role), institution=g.institution, area=g.area) is None for g in grants
    ):
        return None
    return fault("people_not_yours")


@transaction.atomic
def deactivate(*, user: User, by: User, at: datetime, reason: str) -> User:
    """Nobody logs in with the account from now on; who is inside is out at the next request. Roles stay as they are.

    Raises NotAllowed; Refused without a reason, when it is closed already, and for the last of a duty that must be
    held: without a security officer nobody could open an account again.
    """
    # The officers first and in order: two who close each other's accounts at one moment do not leave nobody.
    officers = Grant.objects.filter(role__in=sorted(APART), revoked_at=None).order_by("pk")
    held_duties = list(officers.select_for_update(of=("self",)).select_related("user"))
    held = _held(user, by, reason)
    if not held.is_active:
        raise Refused(fault("people_inactive_already"))
    for duty in (g for g in held_duties if g.user_id == held.pk):
        if not any(g.role == duty.role and g.user_id != held.pk and g.user.is_active for g in held_duties):
            raise Refused(fault("people_last_of_duty", role=duty.get_role_display()))
    held.is_active = False
    held.save(update_fields=["is_active"])
    ended = _end(held)
    record("deactivate", by=by, at=at, about=("user", held.pk), reason=reason.strip(), body={"sessions": ended})
    user.is_active = False
    return held


@transaction.atomic
def reactivate(*, user: User, by: User, at: datetime, reason: str) -> User:
    """The account logs in again, with its password and roles of before. Raises NotAllowed, Refused."""
    held = _held(user, by, reason)
    if held.is_active:
        raise Refused(fault("people_active_already"))
    held.is_active = True
    held.save(update_fields=["is_active"])
    record("reactivate", by=by, at=at, about=("user", held.pk), reason=reason.strip())
    user.is_active = True
    return held


@transaction.atomic
def reset_second_factor(*, user: User, by: User, at: datetime, reason: str) -> int:
    """How many second factors and recovery codes were taken off, unseen: the person sets up new ones at log-in.

    Raises NotAllowed for all but the security officer, and for the own; Refused without a reason or without any.
    """
    held = _for_officer(user, by, reason)
    count: int = Authenticator.objects.filter(user=held).delete()[0]
    if not count:
        raise Refused(fault("people_no_factor"))
    user.__dict__.pop("has_second_factor", None)
    ended = _end(held)
    record(
        "reset_second_factor",
        by=by,
        at=at,
        about=("user", held.pk),
        reason=reason.strip(),
        body={"factors": count, "sessions": ended},
    )
    return count


@transaction.atomic
def end_sessions(*, user: User, by: User, at: datetime, reason: str) -> int:
    """How many sessions ended: the person logs in anew. Raises NotAllowed, Refused without a reason."""
    held = _for_officer(user, by, reason)
    ended = _end(held)
    record("end_sessions", by=by, at=at, about=("user", held.pk), reason=reason.strip(), body={"sessions": ended})
    return ended


@transaction.atomic
def reveal_contact(*, user: User, by: User, at: datetime, reason: str) -> tuple[str, str]:
    """Phone and e-mail address in full, and the journal knows who looked and why. Raises NotAllowed, Refused."""
    if not is_officer(by):
        raise NotAllowed(fault("people_not_yours"))
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    held = User.objects.get(pk=user.pk)
    record("reveal_contact", by=by, at=at, about=("user", held.pk), reason=reason.strip())
    return held.phone, held.email


def _held(user: User, by: User, reason: str) -> User:
    held = User.objects.select_for_update().get(pk=user.pk)
    if why := why_not_close(by, held):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    return held


def _for_officer(user: User, by: User, reason: str) -> User:
    if not is_officer(by):
        raise NotAllowed(fault("people_not_yours"))
    return _held(user, by, reason)


def _end(user: User) -> int:
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for one in sessions:
        one.end()
    return len(sessions)
