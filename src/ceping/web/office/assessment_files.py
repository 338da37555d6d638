"""Tables of assessment as people send them: CSV or Excel, looked at in a child, rows by the columns that are wanted."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpRequest

from ceping.core.finding import errors_in, fault
from ceping.documents.inspection.kind import Kind
from ceping.documents.intake.headers import Wanted
from ceping.documents.intake.tables import read_table
from ceping.ground.files.actions import take_in
from ceping.ground.files.store import place_of
from ceping.ground.people.access import Refused


def rows_from(request: HttpRequest, wanted: Sequence[Wanted]) -> list[Mapping[str, str]]:
    """The rows of the uploaded file, empty cells as empty texts. Raises Refused with what is wrong, or without rows."""
    given = request.FILES.get("file")
    if given is None:
        raise Refused(fault("recommend_file_missing"))
    arrived = take_in(given.chunks(), name=given.name or "", wanted={Kind.XLSX, Kind.CSV})
    with TemporaryDirectory(prefix="ceping-assess-") as folder:
        path = Path(folder) / arrived.name
        path.write_bytes(place_of(arrived.sha256).read_bytes())
        table = read_table(path, wanted)
    if errors := errors_in(table.findings):
        raise Refused(*errors)
    if not table.rows:
        raise Refused(fault("assess_file_rows"))
    return [{one.id: row.cells.get(one.id, "") for one in wanted} for row in table.rows]
