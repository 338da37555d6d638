"""What a row of the matrix of access says: who asks, how, and what each is to get."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Nobody logged in; then each role. `other` is the same role of another institution or area.
COLUMNS = (
    "nobody",
    "institution",
    "institution other",
    "recommender",
    "recommender other",
    "organiser",
    "lead",
    "assessor",
    "verifier",
    "operator",
    "system_admin",
    "security_officer",
    "auditor",
    "enterprise",
    "personal",
    "without a role",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One route: what each column gets, the method, and the arguments of its address by what they stand for.

    `answers` holds a letter a column of `COLUMNS`: y the page (2xx), r led on (a redirect that is not the log-in), l
    asked to log in, f forbidden (403), n no such thing (404), m no such method (405), g gone (410), u let through and
    told why what was sent cannot be done (409, 422), - does not arise.
    `arguments` names things of the scene: `entry`, `season`, its `version`, `area`, `institution` (their keys), a
    `part`, `field` or `table` of its form, the number `one`, the `oidc` provider, or `nothing`.
    """

    answers: str
    method: str = "get"
    arguments: Mapping[str, str] = field(default_factory=dict)
    fragment: bool = False


PUBLIC = "y" * len(COLUMNS)
Routes = Mapping[str, tuple[Row, ...]]
