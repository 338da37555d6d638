"""Tables from outside: looked at by the folder's own reader before they count."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from ceping.core.finding import Finding, errors_in, fault
from ceping.folder.columns import FILES
from ceping.folder.faults import Faults
from ceping.folder.shops import FORMS
from ceping.folder.tables import read_table
from ceping.ground.files.actions import Arrived, add_file
from ceping.ground.files.store import place_of
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.results.access import why_not_supply
from ceping.stages.results.models import Supplied
from ceping.stages.results.queries import read_links, supplied_as
from ceping.stages.results.states import SuppliedKind
from ceping.stages.scheme.models import Season

PURPOSE = "supplied"
_TABLES = {one.name: one for one in FILES}


@transaction.atomic
def supply_table(
    *, season: Season, kind: SuppliedKind, arrived: Arrived, form: str, by: User, at: datetime
) -> tuple[Supplied, Sequence[Finding]]:
    """The table counts from now on, in place of the one before. Raises NotAllowed; Refused with every error in it.

    `form` is csv, and for events also jsonl or parquet. What is only asked about is answered beside the row. Events are
    looked at by the computation, which reads them all.
    """
    held = Season.objects.select_for_update().get(pk=season.pk)
    if reason := why_not_supply(by, held):
        raise NotAllowed(reason)
    if form not in (FORMS if kind == SuppliedKind.EVENTS else ("csv",)):
        raise Refused(fault("results_table_form", given=form[:20]))
    faults, rows = Faults(), None
    if kind != SuppliedKind.EVENTS:
        rows = _read(kind, place_of(arrived.sha256), faults)
    if errors := errors_in(faults.findings):
        raise Refused(*errors)
    file = add_file(arrived=arrived, purpose=PURPOSE, institution=None, by=by, at=at)
    made = Supplied.objects.create(season=held, kind=kind, file=file, form=form, rows=rows, given_by=by, given_at=at)
    body = {"kind": str(kind), "sha256": arrived.sha256, "rows": rows}
    record("supply_table", by=by, at=at, about=("season", held.pk), chain=season_chain(held.pk), body=body)
    return made, faults.findings


def _read(kind: SuppliedKind, path: Path, faults: Faults) -> int:
    if kind == SuppliedKind.LINKS:
        return len(read_links(path, faults))
    table = _TABLES[f"{kind}.csv"]
    with supplied_as(path, table) as folder:
        return sum(1 for _ in read_table(folder, table, faults))
