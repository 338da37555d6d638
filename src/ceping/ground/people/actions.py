"""Changes of who may do what: roles given and taken back, each with a reason and in the journal."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused, why_not_manage
from ceping.ground.people.models import Area, Grant, Institution, User
from ceping.ground.people.roles import APART, ROLE_NAMES, Role


def check_bounds(role: Role, institution: Institution | None, area: Area | None) -> None:
    """Raises Refused unless exactly what bounds this role is given."""
    wanted = (role is Role.INSTITUTION, role is Role.RECOMMENDER)
    if (institution is not None, area is not None) != wanted:
        raise Refused(fault("people_bounds", role=ROLE_NAMES[role]))


@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    by: User,
    at: datetime,
    reason: str,
    institution: Institution | None = None,
    area: Area | None = None,
    main: bool = False,
) -> Grant:
    """The person holds the role from now on.

    Raises NotAllowed for whoever manages other people, or oneself; Refused for a demo person by a real one, a role
    held already, a second main contact, and two duties that stay apart.
    """
    check_bounds(role, institution, area)
    if why := why_not_manage(by, role=role, institution=institution, area=area):
        raise NotAllowed(why)
    if by.pk == user.pk:
        raise NotAllowed(fault("people_own_grant"))
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    grant = attach_grant(user=user, role=role, institution=institution, area=area, main=main, by=by, at=at)
    _record("grant_role", grant, by, at, reason)
    return grant


def attach_grant(
    *,
    user: User,
    role: Role,
    institution: Institution | None,
    area: Area | None,
    main: bool,
    by: User | None,
    at: datetime,
) -> Grant:
    """The row of a grant whose giver was checked before; called inside a transaction. Raises Refused."""
    # The person is locked, so that two officers cannot give two duties that stay apart at one moment.
    held = User.objects.select_for_update().get(pk=user.pk)
    # People of the demo have no password: only others of it, or the machine itself, give them anything.
    if held.demo and by is not None and not by.demo:
        raise Refused(fault("people_demo"))
    if not held.is_active:
        raise Refused(fault("people_inactive"))
    grants = list(held.grants.filter(revoked_at=None))
    if any((g.role, g.institution_id, g.area_id) == (role, _pk(institution), _pk(area)) for g in grants):
        raise Refused(fault("people_role_held", role=ROLE_NAMES[role]))
    other = next((Role(g.role) for g in grants if g.role in APART), None)
    if role in APART and other is not None:
        raise Refused(fault("people_apart", role=ROLE_NAMES[role], other=ROLE_NAMES[other]))
    if main and institution is not None:
        Institution.objects.select_for_update().get(pk=institution.pk)
        if Grant.objects.filter(institution=institution, main=True, revoked_at=None).exists():
            raise Refused(fault("people_main_held"))
    user.__dict__.pop("grants_in_force", None)
    return Grant.objects.create(
        user=held, role=role, institution=institution, area=area, main=main, granted_by=by, granted_at=at
    )


@transaction.atomic
def revoke_role(*, grant: Grant, by: User, at: datetime, reason: str) -> Grant:
    """The grant ends now; its row stays. Raises NotAllowed, Refused without a reason or when it ended before."""
    held = Grant.objects.select_for_update(of=("self",)).select_related("institution", "area", "user").get(pk=grant.pk)
    if why := why_not_manage(by, role=Role(held.role), institution=held.institution, area=held.area):
        raise NotAllowed(why)
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    if held.revoked_at is not None:
        raise Refused(fault("people_grant_over"))
    held.revoked_by, held.revoked_at = by, at
    held.save(update_fields=["revoked_by", "revoked_at"])
    _record("revoke_role", held, by, at, reason)
    return held


def _pk(row: Area | Institution | None) -> int | None:
    return None if row is None else row.pk


def _record(act: str, grant: Grant, by: User, at: datetime, reason: str) -> None:
    body = {"role": grant.role, "institution": grant.institution_id, "area": grant.area_id, "main": grant.main}
    record(act, by=by, at=at, about=("user", grant.user_id), reason=reason.strip(), body={"grant": grant.pk, **body})
