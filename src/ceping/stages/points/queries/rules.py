"""Which version of the rules points are posted by."""

from dataclasses import dataclass
from functools import cache

from ceping.bulk.rulebook import rulebook_of
from ceping.core.scheme.points import PointsFile
from ceping.stages.points.models import Adoption
from ceping.stages.scheme.models import SchemeVersion
from ceping.stages.scheme.queries import rules_of_version

# Until somebody adopts another version, the shipped one holds: shops earn points before the first season is drafted.
SHIPPED = "shanghai-2021"


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules and levels of one version; `label` is `id@version`, `sha256` the hash of the whole scheme."""

    label: str
    sha256: str
    points: PointsFile


def rules_in_force() -> Rules:
    """The version last adopted, or the shipped one."""
    last = Adoption.objects.select_related("version").first()
    found = rules_in_version(last.version) if last is not None else None
    return found or shipped_rules()


def rules_in_version(version: SchemeVersion) -> Rules | None:
    """The points of a scheme's version; None for one without a cloud shop."""
    scheme = rules_of_version(version)
    return Rules(scheme.label, scheme.sha256, scheme.points) if scheme.points is not None else None


@cache
def shipped_rules() -> Rules:
    """Those that come with the program."""
    book = rulebook_of(SHIPPED)
    return Rules(book.label, book.sha256, book.points)
