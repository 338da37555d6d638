"""The tags of a template: a name, a column of a row, the two ends of a loop over rows; nothing else is taken."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{[{%#]|[}%#]\}", re.DOTALL)
_NAME = re.compile(r"\{\{\s*(\w+)(?:\.(\w+))?\s*\}\}")
_FOR = re.compile(r"\{%(?:tr)?\s+for\s+(\w+)\s+in\s+(\w+)\s*%\}")
_END = re.compile(r"\{%(?:tr)?\s+endfor\s*%\}")
_MARKUP = re.compile(r"<[^>]*>")
_ROW = "{%tr"
_SHOWN = 60
Fault = tuple[str, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag as written, what it means (`()` when nothing we take), and the words around it."""

    text: str
    meaning: tuple[str, ...]
    place: str


def tags_in(text: str, *, place: str) -> Iterator[Tag]:
    """Every tag in the text, and every pair of brackets that begins or ends none."""
    for match in _TAG.finditer(text):
        shown = " ".join(_MARKUP.sub("", match[0]).split())[:_SHOWN]
        yield Tag(shown, _meaning(match[0]), place)


def faults_in(tags: Sequence[Tag], names: Collection[str], tables: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """What cannot stand in a template, and what the dictionary does not hold: all of it at once, in order."""
    walk = _Walk(names, tables)
    for tag in tags:
        yield from walk.faults(tag)
    yield from walk.faults_left()


class _Walk:
    """Goes from tag to tag, inside a loop or out of it; gathers what the dictionary does not hold."""

    def __init__(self, names: Collection[str], tables: Mapping[str, Collection[str]]) -> None:
        self._names, self._tables = names, tables
        self._row = self._table = ""
        self._unknown: dict[str, list[str]] = {}

    def faults(self, tag: Tag) -> Iterator[Fault]:
        match tag.meaning:
            case ("name", name):
                if name not in self._names:
                    self._unknown.setdefault("", []).append(tag.text)
            case ("name", owner, column):
                yield from self._column(tag, owner, column)
            case ("for", row, table):
                yield from self._begin(tag, row, table)
            case ("end",):
                if not self._row or not tag.text.startswith(_ROW):
                    yield "template_loop_misplaced", tag.place, {"given": tag.text}
                self._row = self._table = ""
            case _:
                yield "template_tag_refused", tag.place, {"given": tag.text}

    def faults_left(self) -> Iterator[Fault]:
        if self._row:
            yield "template_loop_open", "", {"row": self._row, "table": self._table}
        for table, given in self._unknown.items():
            known = self._tables[table] if table else self._names
            yield "template_name_unknown", "", {"given": "、".join(dict.fromkeys(given)), "known": "、".join(known)}

    def _begin(self, tag: Tag, row: str, table: str) -> Iterator[Fault]:
        if self._row or not tag.text.startswith(_ROW):
            yield "template_loop_misplaced", tag.place, {"given": tag.text}
        self._row, self._table = row, table
        if table not in self._tables:
            yield "template_table_unknown", tag.place, {"given": table, "known": "、".join(self._tables)}

    def _column(self, tag: Tag, owner: str, column: str) -> Iterator[Fault]:
        if owner != self._row:
            yield "template_row_outside", tag.place, {"given": tag.text}
        elif self._table in self._tables and column not in self._tables[self._table]:
            self._unknown.setdefault(self._table, []).append(tag.text)


def _meaning(tag: str) -> tuple[str, ...]:
    if match := _NAME.fullmatch(tag):
        return ("name", *(part for part in match.groups() if part))
    if match := _FOR.fullmatch(tag):
        return ("for", match[1], match[2])
    return ("end",) if _END.fullmatch(tag) else ()
