"""Who may decide held events, void, adopt rules, and hand out keys to the interface; answered with the reason."""

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role


def why_not_oversee(user: User) -> Finding | None:
    """Why this person decides nothing about events and points: the operator does."""
    return None if hats_for(user, Act.OVERSEE_SHOPS) else fault("points_not_yours")


def why_not_connect(user: User) -> Finding | None:
    """Why this person connects no other system: the operator and the system administrator do."""
    return None if user.roles & {Role.OPERATOR, Role.SYSTEM_ADMIN} else fault("points_not_yours")
