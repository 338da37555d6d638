"""An institution's main contact has left: whoever was it is no longer, and another is invited, in one transaction."""

from datetime import datetime

from django.db import transaction

from ceping.core.finding import fault
from ceping.ground.messages.invitations import invite_by_letter, take_role
from ceping.ground.people.access import Refused
from ceping.ground.people.invitations import Contact, Invited
from ceping.ground.people.models import Grant, Institution, User
from ceping.ground.people.roles import Role


@transaction.atomic
def hand_over(*, institution: Institution, to: Contact, reason: str, by: User, at: datetime) -> Invited:
    """An invitation as the institution's main contact, by letter where there is an address; the former one's role ends.

    The institution's other people keep theirs, and what anybody typed stays as it is. Raises NotAllowed, and Refused
    without a reason or without an address to invite.
    """
    held = Institution.objects.select_for_update().get(pk=institution.pk)
    if not reason.strip():
        raise Refused(fault("people_reason_wanted"))
    for grant in Grant.objects.filter(institution=held, role=Role.INSTITUTION, main=True, revoked_at=None):
        take_role(grant=grant, by=by, at=at, reason=reason)
    return invite_by_letter(role=Role.INSTITUTION, to=to, institution=held, main=True, by=by, at=at)
