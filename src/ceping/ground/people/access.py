"""How access answers: a reason in the reader's words, or nothing; and what is raised when there is one."""

from dataclasses import dataclass

from ceping.core.finding import Finding
from ceping.ground.people.models import User
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
