"""What the table of duties expects of every address, written out as data; nothing here is read from the program.

A row a route, by its name in the address table. `answers` holds a letter a column of `COLUMNS`: y the page (2xx), r led
on (a redirect that is not the log-in), l asked to log in, f forbidden (403), n no such thing (404), m no such method
(405), g gone (410), - this column does not arise.
"""

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

    `arguments` names things of the scene: `entry`, `season`, `area`, `institution` (their keys), or `nothing`.
    """

    answers: str
    method: str = "get"
    arguments: Mapping[str, str] = field(default_factory=dict)
    fragment: bool = False


PUBLIC = "y" * len(COLUMNS)
ROUTES: Mapping[str, tuple[Row, ...]] = {
    "healthy": (Row(PUBLIC), Row(PUBLIC, fragment=True)),
    # A link is for whoever has it; one that does not work says no more to anybody than that.
    "invitation": (Row("g" * len(COLUMNS), arguments={"token": "nothing"}),),
    # Strangers are led to the log-in, everybody else to their own pages.
    "home": (Row("l" + "y" * (len(COLUMNS) - 1)),),
    "recommender:desk": (Row("lffyy" + "f" * 11),),
    # The scene's entry is a draft: to its own district it is not there yet.
    "recommender:check": (Row("lffnn" + "f" * 11, arguments={"pk": "entry"}),),
    "recommender:return": (Row("lffnn" + "f" * 11, method="post", arguments={"pk": "entry"}),),
    "recommender:decide": (Row("lffnn" + "f" * 11, method="post", arguments={"pk": "entry"}),),
    "recommender:undo": (Row("lffnn" + "f" * 11, method="post", arguments={"pk": "entry"}),),
}
# Views of packages that guard themselves; what stands here by prefix needs no row.
GUARDED = ("allauth.", "django.contrib.staticfiles.")
