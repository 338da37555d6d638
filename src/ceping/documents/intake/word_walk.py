"""One chapter of a file walked from its heading to the next: every line and row goes to the reader that knows it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ceping.core.finding import Level, fault
from ceping.documents.intake.word_flow import Block, Box, Grid, Line, Span, lines_in
from ceping.documents.intake.word_label import bare, key
from ceping.documents.intake.word_official import Chapter, Official
from ceping.documents.intake.word_passage import Passage
from ceping.documents.intake.word_row import Tables
from ceping.documents.intake.word_slot import Slots
from ceping.documents.intake.word_taken import Taken, listed

_DIGITS = re.compile(r"[0-9]")


@dataclass(slots=True)
class Walk:
    """Reads one chapter; the reader of tables goes on through all of them."""

    chapter: Chapter
    official: Official
    taken: Taken
    tables: Tables
    _attached: list[str] = field(default_factory=list)

    def read(self, blocks: list[Block]) -> None:
        """Every block of the chapter is read; what nobody knows stays unread."""
        passage, slots = Passage(self.chapter, self.taken), Slots(self.chapter, self.taken)
        passage.look_ahead([one for one in blocks if isinstance(one, Line)])
        for block in blocks:
            if isinstance(block, Line):
                self._line(block, passage, slots)
            else:
                self._grid(block, passage, slots)
        self.tables.close()
        passage.finish()
        slots.finish()
        if self.chapter.has_commitment:
            self._commitment(blocks)
        if self._attached:
            self.taken.findings.append(
                fault(
                    "word_checklist_written",
                    file=self.taken.file,
                    place=self.chapter.heading,
                    level=Level.WARNING,
                    count=len(self._attached),
                    given=listed(self._attached),
                )
            )

    def _line(self, line: Line, passage: Passage, slots: Slots) -> None:
        used = self.taken.used
        if line.blank:
            passage.add(line)
        elif key(line.text) in {key(one) for one in self.chapter.sections}:
            self._printed(line, passage)
        elif passage.printed(line):
            self.tables.close()
        elif self._is_word(line):
            self._printed(line, passage)
        elif key(line.text) in self.official.titles:
            used.take(line)
        elif not (self.tables.say_owner(line.text, line) or passage.add(line)):
            slots.line(line)

    def _printed(self, line: Line, passage: Passage) -> None:
        self.taken.used.take(line)
        self.tables.close()
        passage.leave()

    def _is_word(self, line: Line) -> bool:
        sections = {bare(one) for one in self.chapter.sections}
        return key(line.text) in self.chapter.words or bare(line.text) in self.chapter.words | sections

    def _grid(self, grid: Grid, passage: Passage, slots: Slots) -> None:
        unread = [row for row in grid.rows if not self._row(row, grid, slots) and any(not box.blank for box in row)]
        if unread and passage.active and len(unread) == sum(any(not box.blank for box in row) for row in grid.rows):
            self._as_text(unread, passage)
        elif unread and self.chapter.has_checklist and len(unread) < len(grid.rows):
            self._beside_checklist([box for row in unread for box in row])

    def _row(self, row: tuple[Box, ...], grid: Grid, slots: Slots) -> bool:
        if all(box.blank for box in row):
            return True
        if self.tables.turns(row, grid):
            return True
        if slots.is_row(row):
            self.tables.close()
            slots.read(row, grid)
            return True
        return self.tables.data(row, grid) or self._words(row)

    def _words(self, row: tuple[Box, ...]) -> bool:
        """A row of printed words, as those of the checklist; what was written beside them is told, not read."""
        words = [box for box in row if not box.blank and key(box.text) in self.chapter.words]
        if not words:
            return False
        self.tables.close()
        self.taken.used.take(*(line for box in words for line in box.lines))
        rest = [box for box in row if box not in words and not box.blank]
        if self.chapter.has_checklist:
            numbers = {str(item.number) for item in self.official.form.checklist.items}
            counted = [box for box in rest if key(box.text) in numbers]
            self.taken.used.take(*(line for box in counted for line in box.lines))
            self._beside_checklist([box for box in rest if box not in counted])
        return True

    def _beside_checklist(self, boxes: list[Box]) -> None:
        for box in boxes:
            self.taken.used.take(*box.lines)
            self._attached += [line.text.strip() for line in box.lines if not line.blank]

    def _as_text(self, rows: list[tuple[Box, ...]], passage: Passage) -> None:
        """A table inside free text becomes lines of it."""
        for row in rows:
            self.taken.used.take(*(line for box in row for line in box.lines))
            passage.add(Line((Span("　".join(" ".join(box.text.split()) for box in row if box.origin is None)),)))
        place = self.chapter.heading
        self.taken.findings.append(
            fault("word_table_as_text", file=self.taken.file, place=place, level=Level.WARNING, count=len(rows))
        )

    def _commitment(self, blocks: list[Block]) -> None:
        """The promise stands as printed; who signed it on paper is told, since accepting it is an act of its own."""
        commitment = self.official.form.commitment
        there = {key(line.text) for line in lines_in(blocks)}
        for clause in commitment.clauses:
            if key(clause) not in there:
                self.taken.findings.append(
                    fault(
                        "word_commitment_changed", file=self.taken.file, place=self.chapter.heading, given=clause[:40]
                    )
                )
        for line, typed in self._signed(blocks):
            self.taken.used.take(line)
            if typed:
                self.taken.findings.append(
                    fault(
                        "word_signature_typed",
                        file=self.taken.file,
                        place=self.chapter.heading,
                        level=Level.WARNING,
                        given=" ".join(line.text.split())[:60],
                    )
                )

    def _signed(self, blocks: list[Block]) -> Iterator[tuple[Line, bool]]:
        """The lines to sign on, each with whether something was typed there."""
        labels = [key(one) for one in self.official.form.commitment.signature]
        for line in self.taken.used.left(lines_in(blocks)):
            rest = key(line.text)
            dated = any(_DIGITS.sub("", rest) == label for label in labels)
            for label in labels:
                rest = rest.replace(label, "")
            if dated or rest != key(line.text):
                yield line, dated or bool(rest.replace(":", "").strip("_"))
