"""Tables from outside: the newest of each kind, and the list that says whose a shop is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ceping.core.uscc import faults_in_code
from ceping.folder.columns import INSTITUTIONS, File
from ceping.folder.faults import Faults
from ceping.folder.tables import read_table
from ceping.stages.results.models import Supplied
from ceping.stages.scheme.models import Season


def in_force(season: Season) -> dict[str, Supplied]:
    """The newest supplied table of each kind."""
    found: dict[str, Supplied] = {}
    for one in season.supplied.select_related("file__blob").order_by("given_at", "pk"):
        found[one.kind] = one
    return found


def read_links(path: Path, faults: Faults) -> list[dict[str, str]]:
    """Credit code and shop of each line of such a list; what is wrong with it is told to `faults`."""
    columns = tuple(one for one in INSTITUTIONS.columns if one.name in {"uscc", "shop_id"})
    table = list(read_table(path.parent, File(path.name, columns, ("uscc",)), faults))
    for row in table:
        faults.add(faults_in_code(row.get("uscc"), file=row.file, place=row.place("uscc")))
    return [{"uscc": row.get("uscc"), "shop_id": row.get("shop_id")} for row in table]


@contextmanager
def supplied_as(path: Path, table: File) -> Iterator[Path]:
    """A folder in which a supplied table stands under its own name, by which its reader knows it."""
    with TemporaryDirectory(prefix="ceping-supplied-") as name:
        (Path(name) / table.name).symlink_to(path)
        yield Path(name)
