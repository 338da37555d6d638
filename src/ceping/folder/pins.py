"""Assessors put on an institution by hand: rows of pins.csv, held against conflicts, bounds and the size of a panel."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ceping.folder.faults import Faults
from ceping.folder.tables import Row

Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Room:
    """What pins have to fit into.

    `apart` gives the reason by assessor and institution, `most` the bound by assessor in units, `items` the judged
    items, `by_item` whether each has a panel of its own.
    """

    usccs: Collection[str]
    assessors: Collection[str]
    apart: Mapping[tuple[str, str], str]
    most: Mapping[str, int]
    items: Sequence[str]
    by_item: bool
    per_item: int


def pins_in(rows: Iterable[Row], room: Room, faults: Faults) -> dict[Triple, str]:
    """The reason by assessor, institution and item; what does not fit is told.

    The item is empty when one panel judges all.
    """
    found: dict[Triple, tuple[Row, str]] = {}
    for row in rows:
        if _fits(row, room, faults):
            item = row.get("indicator_id")
            for key in ([item] if item else room.items) if room.by_item else [""]:
                found.setdefault((row.get("assessor_id"), row.get("uscc"), key), (row, row.get("reason")))
    loads = Counter(assessor for assessor, _, _ in found)
    panels = Counter((uscc, item) for _, uscc, item in found)
    told: set[object] = set()
    for (assessor, uscc, item), (row, _) in found.items():
        most = room.most.get(assessor)
        if most is not None and loads[assessor] > most and assessor not in told:
            told.add(assessor)
            place = row.place("assessor_id")
            faults.error("pin_over_load", row.file, place, assessor=assessor, count=loads[assessor], most=most)
        if panels[uscc, item] > room.per_item and uscc not in told:
            told.add(uscc)
            values = {"uscc": uscc, "count": panels[uscc, item], "per_item": room.per_item}
            faults.error("pin_crowded", row.file, row.place("uscc"), **values)
    return {key: reason for key, (_, reason) in sorted(found.items())}


def _fits(row: Row, room: Room, faults: Faults) -> bool:
    assessor, uscc, item = row.get("assessor_id"), row.get("uscc"), row.get("indicator_id")
    before = len(faults.found)
    if assessor not in room.assessors:
        faults.error("assessor_unknown", row.file, row.place("assessor_id"), assessor=assessor)
    if uscc not in room.usccs:
        faults.error("uscc_not_in_season", row.file, row.place("uscc"), uscc=uscc[:40])
    if item and not room.by_item:
        faults.error("pin_item_alone", row.file, row.place("indicator_id"), item=item[:40])
    elif item and item not in room.items:
        known = "、".join(room.items)
        faults.error("indicator_unknown", row.file, row.place("indicator_id"), given=item[:40], known=known)
    if (assessor, uscc) in room.apart:
        values = {"assessor": assessor, "uscc": uscc, "why": room.apart[assessor, uscc]}
        faults.error("pin_conflicted", row.file, row.place("assessor_id"), **values)
    return len(faults.found) == before
