"""Where a finding of a report belongs: its place, as people read it, back to the part, field, row or item."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ceping.core.report.answers import Report
from ceping.core.report.frame import Frame
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.header import Period

COVER, SUPPLEMENT = "cover", "supplement"
Kind = Literal["field", "table", "row", "item", "commitment", "whole"]
_ROW = re.compile(r"第 ([0-9]+) 行(?: (.+))?")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the form: `part` by id (`cover` and `supplement` for what stands outside of the parts).

    `key` is a field, a table, or a checklist item by number; `row` counts rows as people do, `column` is one of the
    table. A place that is nowhere on the form is the `whole`.
    """

    kind: Kind
    part: str = ""
    key: str = ""
    row: int = 0
    column: str = ""


class Spots:
    """The places of one form by the words its findings use."""

    def __init__(self, form: FormFile) -> None:
        # Names of places depend on the form alone.
        period = Period.model_validate({"from": date.min, "to": date.max})
        frame = Frame(Report("", "", ""), form, period, "")
        self._part = {part.heading: part.id for part in form.parts} | {"封面": COVER}
        if form.supplement is not None:
            self._part[form.supplement.title] = SUPPLEMENT
        self._form = form
        self._exact: dict[str, Spot] = {}
        for field in form.fields:
            spot = Spot("field", self.part_of(f"field:{field.id}"), field.id)
            self._exact.setdefault(frame.field_place(field), spot)
        self._tables = [
            (frame.table_place(table), Spot("table", self.part_of(f"table:{table.id}"), table.id))
            for table in form.tables
        ]
        checklist = self.part_of("checklist")
        self._items = [
            (frame.item_place(item.number), Spot("item", checklist, str(item.number))) for item in form.checklist.items
        ]
        self._exact.setdefault(form.place_of["commitment"], Spot("commitment", self.part_of("commitment")))
        self._checklist = (form.place_of["checklist"], Spot("item", checklist))

    def part_of(self, key: str) -> str:
        """The part on which a field (`field:ID`), table (`table:ID`), `commitment` or `checklist` stands; or none."""
        return self._part.get(self._form.place_of.get(key, ""), "")

    def spot(self, place: str) -> Spot:
        """The spot that a finding's place names."""
        exact = self._exact.get(place)
        return exact or next(self._within(place), Spot("whole"))

    def _within(self, place: str) -> Iterator[Spot]:
        for words, table in self._tables:
            if place == words:
                yield table
            elif place.startswith(words + " ") and (found := _ROW.fullmatch(place[len(words) + 1 :])):
                yield Spot("row", table.part, table.key, int(found[1]), self._column(table.key, found[2] or ""))
        for words, item in (*self._items, self._checklist):
            if place == words or place.startswith(words + " "):
                yield item

    def _column(self, table: str, name: str) -> str:
        columns = self._form.table_by_id[table].columns
        return next((column.id for column in columns if column.name == name), "")
