"""What a return says of the report's pages: the remarks where they belong, and which places can be written in now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from ceping.core.scheme.form import FormFile
from ceping.stages.recommendation.models import Remark
from ceping.stages.recommendation.queries import return_in_force
from ceping.stages.report.models import Entry, Row
from ceping.stages.report.queries import Standing, spots_in
from ceping.stages.report.queries.opening import Opening, opening_of, rows_now
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class Returned:
    """The remarks of the return that the institution answers now, and what it opened; nothing, and everything, else."""

    remarks: Sequence[Remark] = ()
    opening: Opening = field(default_factory=Opening)

    def at(self, kind: str, key: str) -> tuple[Remark, ...]:
        """The remarks on that field or table."""
        return tuple(one for one in self.remarks if (one.kind, one.key) == (kind, key))

    def at_row(self, row: Row) -> tuple[Remark, ...]:
        """The remarks on that row, wherever it stands by now."""
        return tuple(one for one in self.remarks if one.kind == "row" and self.opening.rows.get(one.key) == row.pk)


def returned_of(entry: Entry, standing: Standing) -> Returned:
    """As the draft stands: what a change made wrong is open with the rest."""
    if entry.state != EntryState.RETURNED:
        return Returned()
    returned = return_in_force(entry)
    remarks = list(returned.remarks.all()) if returned is not None else []
    return Returned(remarks, opening_of(entry, standing))


def remark_lines(entry: Entry, remarks: Sequence[Remark]) -> list[dict[str, Any]]:
    """Each remark with the place it is about, as people know it, and the link there."""
    now = rows_now(entry) if any(remark.kind == "row" for remark in remarks) else {}
    return [{"remark": remark, **_about(entry, remark, now)} for remark in remarks]


def widened_lines(entry: Entry, opening: Opening) -> list[dict[str, str]]:
    """The places that no remark is about and that are open all the same, because a change made them wrong."""
    given = set(opening_of(entry).places)
    return [] if opening.whole else [_place(entry, place) for place in opening.places if place not in given]


def parts_open(entry: Entry, opening: Opening) -> set[str]:
    """The parts in which something can be written, by id."""
    spots = spots_in(rules_of(entry.season))
    return {spots.part_of(key) for key in _keys(opening)}


def _keys(opening: Opening) -> Iterator[str]:
    for place in opening.places:
        kind, _, key = place.partition(":")
        yield "checklist" if kind == "item" else f"table:{key.partition('/')[0]}" if kind == "row" else place


def _about(entry: Entry, remark: Remark, now: Mapping[str, int]) -> dict[str, str]:
    form = rules_of(entry.season).form
    table, _, number = remark.key.partition("/")
    match remark.kind:
        case "field" if remark.key in form.field_by_id:
            return _place(entry, f"field:{remark.key}")
        case "table" if table in form.table_by_id:
            return _place(entry, f"table:{table}")
        case "row" if table in form.table_by_id:
            return _row(entry, table, now.get(remark.key, 0), f"第 {number} 行")
        case "attachment":
            return _place(entry, f"item:{remark.key}")
        case "part":
            return _whole_part(entry, form, remark.key)
        case _:
            return {"place": "整体", "url": ""}


def _place(entry: Entry, place: str) -> dict[str, str]:
    rules = rules_of(entry.season)
    form, part_of = rules.form, spots_in(rules).part_of
    kind, _, key = place.partition(":")
    match kind:
        case "field":
            return {"place": form.field_by_id[key].name, "url": _part(entry, part_of(place), f"#f-{key}")}
        case "table":
            return {"place": _title(form, key), "url": _part(entry, part_of(place), f"?t={key}&row=1#t-{key}")}
        case "row":
            table, _, pk = key.partition("/")
            keys = list(entry.rows.filter(table=table, removed_at=None).order_by("position", "pk").values_list("pk"))
            number = keys.index((int(pk),)) + 1 if (int(pk),) in keys else 0
            return _row(entry, table, number, f"第 {number} 行")
        case _:
            address = reverse("institution:evidence", args=[entry.pk])
            return {"place": f"附件 {key}".strip(), "url": f"{address}#item-{key}" if key.isdigit() else address}


def _row(entry: Entry, table: str, number: int, words: str) -> dict[str, str]:
    rules = rules_of(entry.season)
    where = f"?t={table}&row={number}#r-{table}-{number}" if number else f"#t-{table}"
    gone = "" if number else "（已删除）"
    return {
        "place": f"{_title(rules.form, table)} {words}{gone}",
        "url": _part(entry, spots_in(rules).part_of(f"table:{table}"), where),
    }


def _whole_part(entry: Entry, form: FormFile, part: str) -> dict[str, str]:
    names = {one.id: one.heading for one in form.parts} | {"cover": "封面"}
    if form.supplement is not None:
        names["supplement"] = form.supplement.title
    return {"place": f"{names.get(part, part)}（整个部分）", "url": _part(entry, part, "") if part in names else ""}


def _title(form: FormFile, table: str) -> str:
    return form.table_by_id[table].title or form.place_of[f"table:{table}"]


def _part(entry: Entry, part: str, where: str) -> str:
    return reverse("institution:part", args=[entry.pk, part]) + where if part else ""
