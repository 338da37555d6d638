"""The people of one institution: who they are, who is invited, and taking one away, but never the last."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ceping.core.finding import fault
from ceping.ground.people.access import Refused
from ceping.ground.people.actions import revoke_role
from ceping.ground.people.models import Grant, Institution, Invitation
from ceping.ground.people.models import User as Person
from ceping.ground.people.roles import Role


def colleagues_of(institution: Institution) -> QuerySet[Grant]:
    """Who fills in for the institution now, the main contact first; asked for by one of them."""
    held = Grant.objects.filter(institution=institution, role=Role.INSTITUTION, revoked_at=None)
    return held.select_related("user").order_by("-main", "granted_at", "pk")


def invited_to(institution: Institution, at: datetime) -> QuerySet[Invitation]:
    """Whose invitation still waits."""
    waiting = Invitation.objects.filter(institution=institution, accepted_at=None, withdrawn_at=None)
    return waiting.filter(expires_at__gt=at).select_related("invited_by").order_by("-invited_at")


@transaction.atomic
def remove_colleague(*, grant: Grant, by: Person, at: datetime, reason: str) -> Grant:
    """The person no longer fills in for the institution. Raises what `revoke_role` raises, and Refused for the last.

    The institution is locked: two who remove each other at one moment do not leave it without anybody.
    """
    if grant.institution_id is None:
        raise Refused(fault("colleague_unknown"))
    institution = Institution.objects.select_for_update().get(pk=grant.institution_id)
    others = colleagues_of(institution).exclude(pk=grant.pk).filter(user__is_active=True)
    if not others.exists():
        raise Refused(fault("colleague_last"))
    return revoke_role(grant=grant, by=by, at=at, reason=reason)
