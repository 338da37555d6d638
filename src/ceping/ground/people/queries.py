"""Who there is and what they hold."""

from ceping.ground.people.models import Grant
from ceping.ground.people.roles import Role


def roles_of_everybody() -> dict[int, list[Role]]:
    """Roles in force by user, for the machine's own command line alone; every role once."""
    held: dict[int, list[Role]] = {}
    rows = Grant.objects.filter(revoked_at=None).order_by("user_id", "role").values_list("user_id", "role").distinct()
    for user, role in rows:
        held.setdefault(user, []).append(Role(role))
    return held
