"""Answers beside their labels: rows of label and value cells, however they were moved, merged or taken apart."""

import re
from dataclasses import dataclass, field

from ceping.core.finding import fault
from ceping.documents.intake.word_flow import Box, Grid, Line, Span
from ceping.documents.intake.word_label import after, key
from ceping.documents.intake.word_official import Chapter, Slot
from ceping.documents.intake.word_taken import Taken

_COLON = re.compile("[:：]")


@dataclass(slots=True)
class Slots:
    """Reads the label cells of one chapter."""

    chapter: Chapter
    taken: Taken
    met: dict[str, int] = field(default_factory=dict)
    _row: str = ""
    _at: dict[int, Slot | None] = field(default_factory=dict)
    _waiting: Slot | None = None

    def is_row(self, row: tuple[Box, ...]) -> bool:
        """Whether the first filled cell of the row is a label, or the row belongs to a label merged from above."""
        first = next((box for box in row if not box.blank), None)
        if first is None:
            return False
        return bool(
            self.chapter.slots_named(key(first.text))
            or (first.origin is not None and id(first.origin) in self._at)
            or (key(first.text) in self.chapter.words and len(row) > 1 and self.chapter.slots)
            or self._inline(first) is not None
            or (self._waiting is not None and sum(not box.blank for box in row) == 1)
        )

    def read(self, row: tuple[Box, ...], grid: Grid) -> None:
        """Each value of the row goes to the label before it."""
        current, self._waiting = self._waiting, None
        valued = True
        for box in row:
            place = f"{id(grid)}"
            inner = self._inline(box)
            if box.origin is not None:
                if id(box.origin) in self._at:
                    current, valued = self._at[id(box.origin)], True
                continue
            if named := self.chapter.slots_named(key(box.text)):
                current, valued = self._resolved(named), False
                self._at[id(box)] = current
                self.taken.used.take(*box.lines)
            elif inner is not None:
                slot, lines = inner
                self._count(slot)
                self.taken.used.take(*box.lines)
                self.taken.put(slot.field, lines, hint=slot.hint, place=f"{place} {self.met[slot.field.id]}")
                current, valued = None, True
            elif not box.blank and key(box.text) in self.chapter.words:
                current = None
                self.taken.used.take(*box.lines)
            elif current is not None:
                self.taken.put(
                    current.field, box.lines, hint=current.hint, place=f"{place} {self.met[current.field.id]}"
                )
                valued = True
        self._waiting = None if valued else current

    def line(self, line: Line) -> bool:
        """A paragraph `办公地址：…` outside of tables; whether it was one."""
        if _COLON.search(line.text) is None:
            return False
        for slot in self.chapter.slots:
            for label in slot.labels:
                rest = after(line.text, label)
                if rest is not None and rest.lstrip()[:1] in (":", "：") and slot.field.type != "long_text":
                    self._count(slot)
                    self.taken.used.take(line)
                    value = (Line((Span(rest.lstrip()[1:]),)),)
                    self.taken.put(slot.field, value, hint=slot.hint, place=f"line {self.met[slot.field.id]}")
                    return True
        return False

    def doubled(self) -> bool:
        """Whether a table of labels is there twice: most of them were met more than once."""
        wanted = {slot.field.id for slot in self.chapter.slots}
        twice = [one for one, count in self.met.items() if count > 1]
        return len(twice) > 1 and len(twice) * 2 >= len(wanted)

    def finish(self) -> None:
        """Labels that were not met are told; none met at all, or most of them twice, refuses the file."""
        printed = [slot for slot in self.chapter.slots if " " in slot.row]
        if self.doubled():
            place = self.chapter.heading
            self.taken.refusals.append(fault("word_table_doubled", file=self.taken.file, place=place))
        grids = {slot.row.rpartition(" ")[0] for slot in printed}
        for grid in sorted(grids):
            slots = [slot for slot in printed if slot.row.rpartition(" ")[0] == grid]
            if not any(slot.field.id in self.met for slot in slots):
                names = "、".join(slot.field.name for slot in slots[:3])
                place = self.chapter.heading
                self.taken.refusals.append(fault("word_table_missing", file=self.taken.file, place=place, names=names))
        for slot in self.chapter.slots:
            # What is written as free text has no label in the empty form either.
            free = slot.field.type == "long_text" and slot not in printed
            if not (slot.field.id in self.met or slot.field.id in self.taken.fields or free or self.chapter.optional):
                place = self.taken.field_place(slot.field)
                name = slot.field.name
                self.taken.findings.append(fault("word_field_missing", file=self.taken.file, place=place, name=name))

    def _resolved(self, named: tuple[Slot, ...]) -> Slot:
        """The one meant by a label that several rows share: that of the row being read, else the first not yet met."""
        slot = next((one for one in named if len(named) > 1 and one.row == self._row), None)
        slot = slot or next((one for one in named if one.field.id not in self.met), named[0])
        if len(named) == 1:
            self._row = slot.row
        self._count(slot)
        return slot

    def _count(self, slot: Slot) -> None:
        self.met[slot.field.id] = self.met.get(slot.field.id, 0) + 1

    def _inline(self, box: Box) -> tuple[Slot, tuple[Line, ...]] | None:
        """A label and its value in one cell: behind a colon, or in the lines under it."""
        if box.origin is not None or box.blank:
            return None
        first, *others = [line for line in box.lines if not line.blank]
        for slot in self.chapter.slots:
            for label in slot.labels:
                rest = after(first.text, label)
                if rest is None or len(self.chapter.slots_named(label)) > 1:
                    continue
                if rest.lstrip()[:1] in (":", "："):
                    return slot, (Line((Span(rest.lstrip()[1:]),)), *others)
                if not rest.strip() and others:
                    return slot, tuple(others)
        return None
