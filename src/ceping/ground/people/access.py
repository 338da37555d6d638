"""How access answers: a reason in the reader's words, or nothing; and what is raised when there is one."""

from dataclasses import dataclass

from ceping.core.finding import Finding, fault
from ceping.ground.people.models import Area, Institution, User
from ceping.ground.people.roles import Act, Reach, Role, reach_of


class Refused(Exception):
    """What was asked for is not done; `findings` say why and what to do, and nothing was changed."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("; ".join(finding.code for finding in findings))
        self.findings = findings


class NotAllowed(Refused):
    """Who asked may not, or not now."""


@dataclass(frozen=True, slots=True)
class Hat:
    """One role as one person holds it: the grant's own institution or area bounds what `OWN` means."""

    role: Role
    institution_id: int | None
    area_id: int | None

    def reach(self, act: Act) -> Reach | None:
        """How far this role may do it."""
        return reach_of(self.role, act)


def hats_of(user: User) -> list[Hat]:
    """Every role the person holds now, each with its bounds."""
    return [Hat(Role(grant.role), grant.institution_id, grant.area_id) for grant in user.grants_in_force]


def hats_for(user: User, act: Act) -> list[Hat]:
    """Those of them that may do it at all."""
    return [hat for hat in hats_of(user) if hat.reach(act) is not None]


def why_not_manage(by: User, *, role: Role, institution: Institution | None, area: Area | None) -> Finding | None:
    """Why `by` may not give or take this role within these bounds; None when they may."""
    for hat in hats_for(by, Act.MANAGE_PEOPLE):
        if hat.reach(Act.MANAGE_PEOPLE) is Reach.ALL:
            return None
        if role is Role.INSTITUTION and institution is not None:
            own = hat.role is Role.INSTITUTION and hat.institution_id == institution.pk
            if own or (hat.role is Role.RECOMMENDER and hat.area_id == institution.area_id):
                return None
        if role is Role.RECOMMENDER and hat.role is Role.RECOMMENDER and area is not None and hat.area_id == area.pk:
            return None
    return fault("people_not_yours")
