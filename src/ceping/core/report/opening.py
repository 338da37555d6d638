"""What a return opens of a report: the places its remarks are about and what hangs on them, nothing else."""

from collections.abc import Iterable, Iterator
from typing import Literal

from ceping.core.report.spots import COVER, SUPPLEMENT
from ceping.core.scheme.form import FormFile

Subject = Literal["field", "table", "row", "attachment", "part", "whole"]
_COVER_HEADING = "封面"


def places_opened(form: FormFile, remarks: Iterable[tuple[str, str]]) -> tuple[str, ...] | None:
    """The places that remarks open, each once, in their order; None when that is the whole report.

    A remark is its kind (`Subject`) and key: a field, a table, `table/row number`, a checklist item by number, a part
    by id. A place is `field:id`, `table:id` (all of its rows), `row:table/number`, `item:number`, or `commitment`.

    A table opens with those that repeat under its rows; a checklist item with the field that may stand in for it. A
    remark on the whole, or on a place that the form does not have, opens everything: nobody is asked for what they
    cannot write.
    """
    found: list[str] = []
    for kind, key in remarks:
        places = list(_places(form, kind, key))
        if not places:
            return None
        found += places
    return tuple(dict.fromkeys(found)) or None


def places_against(form: FormFile, code: str, key: str) -> tuple[str, ...]:
    """The other places at which a fault at `key` can be mended: what it is held against, or what stands in for it.

    `code` is the fault's; `key` the field, or the number of the checklist item, where it is told.
    """
    match code:
        case "report_part_exceeds":
            return tuple(f"field:{one.whole}" for one in form.relations if one.part == key)
        case "report_list_exceeds":
            return tuple(f"table:{one.table}" for one in form.figures if one.within == key)
        case _:
            items = (one for one in form.checklist.items if str(one.number) == key and one.or_field)
            return tuple(f"field:{one.or_field}" for one in items)


def _places(form: FormFile, kind: str, key: str) -> Iterator[str]:
    """What one remark opens; nothing when that cannot be said."""
    match kind:
        case "field" if key in form.field_by_id:
            yield f"field:{key}"
        case "table" if key in form.table_by_id:
            yield f"table:{key}"
            yield from (f"table:{table.id}" for table in form.tables if table.repeated_by == key)
        case "row":
            table, _, number = key.partition("/")
            if table in form.table_by_id and number.isascii() and number.isdigit():
                yield f"row:{table}/{int(number)}"
        case "attachment":
            for item in form.checklist.items:
                if key == str(item.number):
                    yield f"item:{item.number}"
                    if item.or_field:
                        yield f"field:{item.or_field}"
        case "part":
            yield from _part(form, key)


def _part(form: FormFile, key: str) -> Iterator[str]:
    headings = {part.id: part.heading for part in form.parts} | {COVER: _COVER_HEADING}
    if form.supplement is not None:
        headings[SUPPLEMENT] = form.supplement.title
    for place, heading in form.place_of.items():
        if heading != headings.get(key):
            continue
        if place == "checklist":
            for item in form.checklist.items:
                yield from _places(form, "attachment", str(item.number))
        elif place == "commitment" or place.startswith(("field:", "table:")):
            yield place
