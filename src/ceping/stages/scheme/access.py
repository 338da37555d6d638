"""Who may publish schemes, open seasons and change their calendar."""

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import hats_for
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act
from ceping.stages.scheme.models import SchemeVersion


def why_not_organise(user: User, act: Act) -> Finding | None:
    """Why this person may not do an organiser's act; None when they may."""
    return None if hats_for(user, act) else fault("season_not_organiser")


def why_not_publish(user: User, version: SchemeVersion) -> Finding | None:
    """Why this person cannot be the second who publishes the version."""
    if reason := why_not_organise(user, Act.PUBLISH):
        return reason
    return fault("scheme_second_person") if version.proposed_by_id == user.pk else None
