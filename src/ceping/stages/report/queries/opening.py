"""What of a draft can be written in now: everything, or, once it was returned, the places the remarks are about."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from ceping.core.report.opening import places_against, places_opened
from ceping.core.report.spots import Spot
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries.standing import Standing, standing_of
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.queries import rules_of

_LONGEST_NUMBER = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """The places that can be written in: all of them (`whole`), or those of `places`.

    A place is `field:id`, `table:id`, `row:table/pk`, `item:number`, or `item:` for what lies under no item. `rows`
    names the row that a remark on a row is about, by the remark's key.
    """

    whole: bool = True
    places: Collection[str] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    def has(self, place: str) -> bool:
        """Whether that place is open; a row is with its table."""
        if self.whole or place in self.places:
            return True
        kind, _, key = place.partition(":")
        return kind == "row" and f"table:{key.partition('/')[0]}" in self.places


def opening_of(entry: Entry, standing: Standing | None = None) -> Opening:
    """What is open, with what a change there brought about: a place that keeps the report from going back is open too.

    Without `standing` only what was opened so far is answered, at no price.
    """
    if entry.state != EntryState.RETURNED or entry.opening is None:
        return Opening()
    given, rows = entry.opening["places"], entry.opening["rows"]
    mended = list(_stopping(entry, standing)) if standing is not None and given is not None else []
    if given is None or "" in mended:
        return Opening(rows=rows)
    return Opening(whole=False, places=tuple(dict.fromkeys([*given, *mended])), rows=rows)


def opening_now(entry: Entry) -> Opening:
    """As `opening_of`, looking through the draft only where something is closed."""
    found = opening_of(entry)
    return found if found.whole else opening_of(entry, standing_of(entry))


def widened(entry: Entry, places: Collection[str]) -> dict[str, object] | None:
    """The entry's opening with these places, where each is open or keeps the report from going back; else None."""
    closed = [place for place in places if not opening_of(entry).has(place)]
    if closed:
        now = opening_now(entry)
        if not all(now.has(place) for place in closed):
            return None
    known = entry.opening or {"places": None, "rows": {}}
    if known["places"] is None:
        return dict(known)
    return {**known, "places": [*known["places"], *closed]}


def opening_for(entry: Entry, remarks: Collection[tuple[str, str]]) -> dict[str, object]:
    """What a return with these remarks (kind and key) opens, as it is kept; `places` is None for everything.

    Rows are named by what they are and no longer by where they stand: others may go, come, or be moved. A row that is
    not there opens its table.
    """
    places = places_opened(rules_of(entry.season).form, remarks)
    found = {key: _row_at(entry, key) for kind, key in remarks if kind == "row"}
    kept = places and [_kept(entry, place) for place in places]
    rows = {key: pk for key, pk in found.items() if pk is not None}
    return {"places": list(dict.fromkeys(kept)) if kept else None, "rows": rows}


def rows_now(entry: Entry) -> dict[str, int]:
    """Where each row stands now that a remark is about, from 1, by the remark's key; those taken out are left out."""
    wanted = (entry.opening or {}).get("rows", {})
    tables = {key.partition("/")[0] for key in wanted}
    rows = entry.rows.filter(table__in=tables, removed_at=None).order_by("table", "position", "pk")
    numbers: dict[int, int] = {}
    for _, mine in groupby(rows.values_list("table", "pk"), key=itemgetter(0)):
        numbers |= {pk: number for number, (_, pk) in enumerate(mine, start=1)}
    return {key: numbers[pk] for key, pk in wanted.items() if pk in numbers}


def document_open(entry: Entry, opening: Opening, page: Attachment) -> bool:
    """Whether the document of that page can be taken out, replaced and described.

    Anything may be added that proves what a remark asks for, as long as it lies under no item; what came that way since
    the return may go again.
    """
    if opening.has(item_place(page.item)):
        return True
    return page.item is None and page.added_at > entry.changed_at


def item_place(item: int | None) -> str:
    """The place of a checklist item, or of what lies under none."""
    return f"item:{item}" if item is not None else "item:"


def _stopping(entry: Entry, standing: Standing) -> Iterator[str]:
    """The places of what keeps the report from going back; an empty one for what is nowhere on the form."""
    form = rules_of(entry.season).form
    rows: dict[str, list[int]] = {}
    for gap in standing.errors:
        spot = gap.spot
        if spot.kind == "row" and spot.key not in rows:
            rows[spot.key] = _keys(entry, spot.key)
        yield from _place(spot, rows.get(spot.key, ()))
        if spot.kind in ("field", "item"):
            yield from places_against(form, gap.finding.code, spot.key)


def _place(spot: Spot, keys: Collection[int]) -> Iterator[str]:
    match spot.kind:
        case "row" if 0 < spot.row <= len(keys):
            yield f"row:{spot.key}/{list(keys)[spot.row - 1]}"
        case "row":
            yield f"table:{spot.key}"
        case "field" | "table" | "item":
            yield f"{spot.kind}:{spot.key}"
        case "whole":
            yield ""
        case "commitment":
            # Given anew with every submission.
            pass


def _kept(entry: Entry, place: str) -> str:
    """The place with its row by key instead of number."""
    kind, _, key = place.partition(":")
    table, pk = key.partition("/")[0], _row_at(entry, key) if kind == "row" else None
    return f"row:{table}/{pk}" if pk is not None else f"table:{table}" if kind == "row" else place


def _row_at(entry: Entry, key: str) -> int | None:
    """The row that stands at `table/number` now."""
    table, _, number = key.partition("/")
    keys = _keys(entry, table)
    place = int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER else 0
    return keys[place - 1] if 0 < place <= len(keys) else None


def _keys(entry: Entry, table: str) -> list[int]:
    """The rows of a table in the order in which they are counted."""
    rows = entry.rows.filter(table=table, removed_at=None).order_by("position", "pk")
    return list(rows.values_list("pk", flat=True))
