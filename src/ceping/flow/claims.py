"""A claim decided: who has an account speaks for the institution at once, anybody else is invited to."""

from datetime import datetime

from django.db import transaction

from ceping.ground.messages.invitations import invite_by_letter
from ceping.ground.people import claims
from ceping.ground.people.invitations import Contact, Invited
from ceping.ground.people.models import Claim, Grant, User
from ceping.ground.people.roles import Role


@transaction.atomic
def decide_claim(*, claim: Claim, accepted: bool, replace: bool, by: User, at: datetime, reason: str) -> Invited | None:
    """The claim is over; an accepted stranger is invited by letter to the address they gave, which proves it theirs.

    Nothing of theirs is an account before they open that link. Raises what `claims.decide_claim` and `invite` raise.
    """
    held = claims.decide_claim(claim=claim, accepted=accepted, replace=replace, by=by, at=at, reason=reason)
    if not accepted or held.user_id is not None:
        return None
    main = not Grant.objects.filter(institution=held.institution, main=True, revoked_at=None).exists()
    to = Contact(held.name, held.email, held.phone)
    return invite_by_letter(role=Role.INSTITUTION, to=to, institution=held.institution, main=main, by=by, at=at)
