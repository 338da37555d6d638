"""Invited, given a role, relieved of it, and told so: what pages and the command line call for people."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from ceping.core.finding import fault
from ceping.ground.messages.actions import said_on, tell, write_letter
from ceping.ground.messages.events import Event
from ceping.ground.messages.queries import Reader
from ceping.ground.people.access import Refused
from ceping.ground.people.actions import grant_role, revoke_role
from ceping.ground.people.invitations import Contact, Invited, invite
from ceping.ground.people.models import Area, Grant, Institution, Invitation, User
from ceping.ground.people.roles import ROLE_NAMES, Role


@transaction.atomic
def invite_by_letter(
    *,
    role: Role,
    to: Contact,
    by: User,
    at: datetime,
    institution: Institution | None = None,
    area: Area | None = None,
    main: bool = False,
    address: str = "",
) -> Invited:
    """Invited as by `invite`, with a letter where there is an e-mail address.

    `address` is that of the link with `{token}` in it; the platform's own unless given.
    Raises what `invite` raises.
    """
    made = invite(role=role, to=to, by=by, at=at, institution=institution, area=area, main=main)
    one = made.invitation
    if one.email:
        values = {
            "name": one.name or "您好",
            "role": ROLE_NAMES[role],
            "scope": _scope(institution, area),
            "due": said_on(one.expires_at),
            "link": (address or own_address()).replace("{token}", made.token),
        }
        key = f"invitation:{one.pk}"
        write_letter(event=Event.INVITATION, role=role, to=one.email, values=values, key=key, at=at)
    return made


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User, at: datetime) -> Invited:
    """The same person invited once more with a new link, by letter where there is an address; the old link is dead.

    Raises NotAllowed; Refused when it was accepted, when it was withdrawn, and where it names nobody.
    """
    held = Invitation.objects.select_for_update(of=("self",)).select_related("institution", "area")
    one = held.get(pk=invitation.pk)
    if one.accepted_at is not None or one.withdrawn_at is not None:
        raise Refused(fault("people_invitation_over"))
    return invite_by_letter(
        role=Role(one.role),
        to=Contact(one.name, one.email, one.phone),
        institution=one.institution,
        area=one.area,
        main=one.main,
        by=by,
        at=at,
    )


def own_address() -> str:
    """The address of an invitation's link on this platform, with `{token}` where its token goes."""
    return str(settings.SITE_URL) + reverse("invitation", args=["TOKEN"]).replace("TOKEN", "{token}")


@transaction.atomic
def give_role(
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
    """The person holds the role and is told. Raises what `grant_role` raises."""
    grant = grant_role(user=user, role=role, by=by, at=at, reason=reason, institution=institution, area=area, main=main)
    _tell(Event.GRANTED, grant, at)
    return grant


@transaction.atomic
def take_role(*, grant: Grant, by: User, at: datetime, reason: str) -> Grant:
    """The grant ends and the person is told. Raises what `revoke_role` raises."""
    ended = revoke_role(grant=grant, by=by, at=at, reason=reason)
    _tell(Event.REVOKED, ended, at)
    return ended


def _tell(event: Event, grant: Grant, at: datetime) -> None:
    values = {"scope": _scope(grant.institution, grant.area)}
    reader = Reader(grant.user, Role(grant.role))
    tell(event, about=("grant", grant.pk), to=[reader], at=at, values=values, once="")


def _scope(institution: Institution | None, area: Area | None) -> str:
    return str(institution or area or "全平台")
