"""Rows that seem to be the same, side by side: the same name, a name that looks alike, the same telephone number."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from ceping.core.scheme.entry import FormTable
from ceping.stages.report.models import Entry, Row
from ceping.stages.report.queries import Gap, Standing
from ceping.stages.report.queries.opening import Opening

MOST = 4
_KINDS: Mapping[str, str] = MappingProxyType(
    {"report_same_name": "名称相同", "report_alike_name": "名称看上去一样", "report_same_number": "电话相同"}
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and what they share; `cells` are (column, of the first, of the second, whether they differ).

    `open` says whether the second can be taken out.
    """

    number: int
    word: str
    remedy: str
    first: int
    second: int
    pk: int
    open: bool
    cells: tuple[tuple[str, str, str, bool], ...]


def pairs_shown(entry: Entry, table: FormTable, standing: Standing, opening: Opening) -> tuple[list[Pair], int]:
    """The first few pairs of a table and how many there are; one query."""
    gaps = [gap for gap in standing.gaps if gap.spot.key == table.id and gap.finding.code in _KINDS]
    shown = gaps[:MOST]
    wanted = {number for gap in shown for number in (_first(gap), gap.spot.row)}
    rows = _rows(entry, table.id, wanted) if wanted else {}
    pairs = [
        _pair(table, gap, rows[_first(gap)], rows[gap.spot.row], opening)
        for gap in shown
        if _first(gap) in rows and gap.spot.row in rows
    ]
    return pairs, len(gaps)


def _rows(entry: Entry, table: str, numbers: set[int]) -> dict[int, Row]:
    """The rows of these numbers as findings count them."""
    place = Window(RowNumber(), order_by=[F("position"), F("pk")])
    rows = entry.rows.filter(table=table, removed_at=None).annotate(number=place).filter(number__in=numbers)
    return {row.number: row for row in rows.order_by("position", "pk")}


def _pair(table: FormTable, gap: Gap, first: Row, second: Row, opening: Opening) -> Pair:
    texts = [
        (column.name, str(first.values.get(column.id, "")), str(second.values.get(column.id, "")))
        for column in table.columns
    ]
    return Pair(
        number=gap.number,
        word=_KINDS[gap.finding.code],
        remedy=gap.finding.remedy(),
        first=_first(gap),
        second=gap.spot.row,
        pk=second.pk,
        open=opening.has(f"row:{table.id}/{second.pk}"),
        cells=tuple((name, one, two, one != two) for name, one, two in texts),
    )


def _first(gap: Gap) -> int:
    """The earlier row that the finding speaks of."""
    return int(dict(gap.finding.values)["first"])
