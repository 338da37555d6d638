"""Files of shops and events taken in: read as `ceping points score` reads them, told row by row what is not taken.

A batch at a time stands for good, and taking the same file again changes nothing: an import that was cut off is simply
run again.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import duckdb as library

from ceping.bulk import duckdb
from ceping.bulk.request import Encoding, FileFormat, Source, Unreadable
from ceping.bulk.result import rejected_rows, write_rows
from ceping.bulk.source import source_of, sources_of
from ceping.bulk.table import Table, event_table, read_whole, rows_of, shop_table
from ceping.core.finding import fault
from ceping.core.points import EVENT_COLUMNS, SHOP_COLUMNS, EventRow, Place, Refusal, ShopRow, accepted_shops
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.stages.points.access import why_not_oversee
from ceping.stages.points.actions.facts import FACTS, take_facts
from ceping.stages.points.actions.posting import post_points
from ceping.stages.points.actions.recording import take_events
from ceping.stages.points.states import Outcome

_A_BATCH, _A_SHARE = 2_000, 200
_MEMORY, _THREADS = "512MB", 2
# What a batch answers that is told as a line of the list.
_TOLD = (Outcome.REFUSED, Outcome.HELD, Outcome.CONFLICT)
Item = TypeVar("Item")
Tell = Callable[[int, int], bool]


@dataclass(slots=True)
class Imported:
    """What came of the files: shops noted, events by outcome; `listed` rows stand in the list of what was not taken.

    `stopped` when somebody called it off meanwhile; what was taken by then stays.
    """

    shops: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    listed: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """What is to be taken in: tables of shops, if any, then files of events; `out` is where the list goes, CSV."""

    shops: Path | None
    events: Sequence[Path]
    out: Path
    encoding: Encoding = Encoding.UTF8


def import_files(*, files: Files, source: str, by: User, at: datetime, tell: Tell = lambda _d, _t: True) -> Imported:
    """Everything good in the files is in the log, and `files.out` lists the rest.

    Files are read whole before the first row of any is taken; `tell` gets rows done and rows in all, and answers
    whether to go on. Raises NotAllowed; Refused with every reason why a file cannot be read.
    """
    if why := why_not_oversee(by):
        raise NotAllowed(why)
    if files.shops is None and not files.events:
        raise Refused(fault("import_no_file"))
    with _scratch() as scratch:
        try:
            shops = source_of(files.shops) if files.shops is not None else None
            events = sources_of(files.events, taken=shops.label if shops else "")
            given = [*([shops] if shops else []), *events]
            paths = [one.path for one in given]
            with duckdb.connected(scratch, paths, memory=_MEMORY, threads=_THREADS) as db:
                return _Import(db, files, source, by, at, tell).run(scratch, shops, events)
        except Unreadable as unreadable:
            raise Refused(*unreadable.findings) from None


@dataclass(slots=True)
class _Import:
    db: library.DuckDBPyConnection
    files: Files
    source: str
    by: User
    at: datetime
    tell: Tell
    done: int = 0
    total: int = 0
    made: Imported = field(default_factory=Imported)

    def run(self, scratch: Path, shops: Source | None, events: Sequence[Source]) -> Imported:
        places = [scratch / f"input-{number}" for number in range(len(events) + 1)]
        for place in places:
            place.mkdir()
        encoding = self.files.encoding
        known = shop_table(self.db, shops, encoding, places[0]) if shops is not None else None
        pairs = zip(events, places[1:], strict=True)
        tables = [event_table(self.db, one, encoding, place, instants=False) for one, place in pairs]
        found = [one for one in (known, *tables) if one is not None]
        self.total = sum(one.reading.rows for one in found)
        listed = self._listed(known, tables)
        with read_whole(found):
            # The list is written while rows are taken, so that a long one is never held.
            lines = rejected_rows(_counted(listed, self.made))
            made = write_rows(self.db, "rejected", lines, scratch, FileFormat.CSV)
        shutil.copyfile(made, self.files.out)
        return self.made

    def _listed(self, known: Table | None, tables: Sequence[Table]) -> Iterator[Refusal]:
        if known is not None:
            yield from self._take_shops(known)
        for table in tables:
            yield from self._take_events(table)

    def _take_shops(self, table: Table) -> Iterator[Refusal]:
        label = table.reading.label
        cells = rows_of(self.db, table, SHOP_COLUMNS)
        rows = [ShopRow(Place(label, number), *row) for number, row in enumerate(cells, start=1)]
        shops, refused = accepted_shops(rows)
        yield from refused
        good = [row for row in rows if row.shop_id in shops]
        for share in _shares(good, _A_SHARE):
            standings = []
            for row in share:
                try:
                    noted = take_facts(row=row, source=self.source, by=self.by, at=self.at, post=False)
                except Refused as told:
                    yield Refusal(row.place, "", row.shop_id, told.findings[0].code)
                else:
                    standings.append(noted.pk)
            post_points(standings=standings, at=self.at, cause=FACTS)
            self.made.shops += len(standings)
            if not self._go_on(len(share)):
                return
        self.done += len(rows) - len(good)

    def _take_events(self, table: Table) -> Iterator[Refusal]:
        label = table.reading.label
        cells = rows_of(self.db, table, EVENT_COLUMNS)
        rows = (EventRow(Place(label, number), *row) for number, row in enumerate(cells, start=1))
        for batch in _shares(rows, _A_BATCH):
            if self.made.stopped:
                return
            taken = take_events(rows=batch, source=self.source, by=self.by, at=self.at)
            self.made.outcomes.update(one.outcome.value for one in taken.results)
            for row, one in zip(batch, taken.results, strict=True):
                if one.outcome in _TOLD:
                    yield Refusal(row.place, row.event_id, row.shop_id, one.code)
            self._go_on(len(batch))

    def _go_on(self, rows: int) -> bool:
        self.done += rows
        self.made.stopped = self.made.stopped or not self.tell(self.done, self.total)
        return not self.made.stopped


def _counted(listed: Iterable[Refusal], made: Imported) -> Iterator[Refusal]:
    for one in listed:
        made.listed += 1
        yield one


def _shares(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(rows)
    while share := list(islice(left, size)):
        yield share


@contextmanager
def _scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ceping-import-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
