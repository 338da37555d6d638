"""Free text under printed requirements, divided by the small headings people write, as 近期计划 or 案例1."""

import re
from dataclasses import dataclass, field

from ceping.core.finding import Level, fault
from ceping.core.scheme.entry import FormField
from ceping.documents.intake.word_flow import Line, Span
from ceping.documents.intake.word_label import after, key, names, without_ordinal
from ceping.documents.intake.word_official import Chapter
from ceping.documents.intake.word_taken import Taken

# What may stand right behind a small heading on its line: its end, a colon, a remark in brackets, 案例1.
_BEHIND = re.compile(
    r"\s*(?:$|[:：]|[（(].{0,20}[）)]\s*(?:$|[:：])|[0-9一二三四五六七八九十]{1,2}\s*(?:$|[:：、.．]))"
)
_LONGEST_HEADING = 40
_SURE = 12


@dataclass(slots=True)
class Passage:
    """Reads the free text of one chapter."""

    chapter: Chapter
    taken: Taken
    _region: tuple[str, ...] = ()
    _field: str = ""
    _parts: dict[str, list[Line]] = field(default_factory=dict)
    _loose: dict[tuple[str, ...], list[Line]] = field(default_factory=dict)
    _whole: bool = False

    def look_ahead(self, lines: list[Line]) -> None:
        """Which requirements are there: with all of them in place a small heading belongs to the one above it."""
        seen = {key(line.text) for line in lines}
        there = {fields for word, fields in self.chapter.starts.items() if any(one.startswith(word) for one in seen)}
        self._whole = there >= set(self.chapter.free)
        # Where no requirement is printed, the text stands under the heading itself.
        if self.chapter.free and self.chapter.free[0] not in there:
            self._region = self.chapter.free[0]

    @property
    def active(self) -> bool:
        """Whether free text is expected here."""
        return bool(self._region)

    def printed(self, line: Line) -> bool:
        """A printed requirement opens the place of its fields; what was typed behind it on its line belongs there."""
        for word, fields in self.chapter.starts.items():
            rest = after(line.text, word)
            rest = after(without_ordinal(line.text), key(without_ordinal(word))) if rest is None else rest
            if rest is None:
                continue
            colon = rest.lstrip()[:1] in (":", "：")
            rest = rest.lstrip(":：。；，, \t　")
            # A printed word such as 要求 may begin any sentence.
            if rest and (key(line.text) in self.chapter.words or (len(word) < _SURE and not colon)):
                continue
            self._region, self._field = fields, ""
            self.taken.used.take(line)
            if rest:
                self.add(Line((Span(rest),)))
            return True
        return False

    def leave(self) -> None:
        """Printed words that ask for no text stand here: what follows is no answer."""
        self._region, self._field = (), ""

    def add(self, line: Line) -> bool:
        """The line goes to the field it stands under; False where no text is expected."""
        if not self._region:
            return False
        if self._open(line):
            return True
        self._add(line)
        return True

    def finish(self) -> None:
        """Each field has its text; text without a small heading goes to the first field there, and it is said."""
        for region in self.chapter.free:
            loose = self._loose.get(region, [])
            entries = [self.taken.form.field_by_id[one] for one in region]
            said = [line for line in loose if not line.blank]
            if said and (region[0] in self._parts or entries[0].type != "long_text"):
                for line in said:
                    self.taken.say_left(line.text, self._place(entries[0]))
            elif said:
                divided = any(one in self._parts for one in region)
                self._parts[region[0]] = loose
                if divided:
                    self._say_leading(entries[0])
                elif len(entries) > 1:
                    self._say_undivided(entries)
        for name, lines in self._parts.items():
            self.taken.put(self.taken.form.field_by_id[name], tuple(lines), place="text")

    def _say_leading(self, entry: FormField) -> None:
        place = self._place(entry)
        self.taken.findings.append(
            fault("word_text_leading", file=self.taken.file, place=place, level=Level.WARNING, first=entry.name)
        )

    def _say_undivided(self, entries: list[FormField]) -> None:
        self.taken.findings.append(
            fault(
                "word_text_undivided",
                file=self.taken.file,
                place=self._place(entries[0]),
                level=Level.WARNING,
                first=entries[0].name,
                names="、".join(one.name for one in entries[1:]),
            )
        )

    def _place(self, entry: FormField) -> str:
        return self.taken.field_place(entry)

    def _add(self, line: Line) -> None:
        self.taken.used.take(line)
        if self._field:
            self._parts[self._field].append(line)
        else:
            self._loose.setdefault(self._region, []).append(line)

    def _open(self, line: Line) -> bool:
        """A small heading turns to its field; what stands behind its colon is the beginning of the text."""
        text = without_ordinal(line.text)
        every = {one for group in self.chapter.free for one in group}
        for name in self._region if self._whole else sorted(every):
            entry = self.taken.form.field_by_id[name]
            for label in names(entry.label, entry.short):
                rest = after(text, label)
                if rest is None or _BEHIND.match(rest) is None:
                    continue
                if len(text) > _LONGEST_HEADING and ":" not in key(rest[:2]) and rest[:1] not in (":", "："):
                    continue
                self.taken.used.take(line)
                self._field = name
                self._parts.setdefault(name, [])
                if behind := rest.lstrip(" \t　").lstrip(":：").strip():
                    # 案例1：… keeps its count, a remark in brackets stays a remark.
                    told = text if rest.strip()[:1] not in (":", "：", "（", "(") else behind
                    self._parts[name].append(Line((Span(told),)))
                return True
        return False
