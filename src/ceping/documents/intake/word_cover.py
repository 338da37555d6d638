"""The cover: its lines in any order, in tables or text boxes, with the answer behind, beside or under its label."""

from collections.abc import Iterator
from dataclasses import dataclass

from ceping.core.finding import Level, fault
from ceping.core.scheme.entry import FormField
from ceping.documents.intake.word_flow import Block, Grid, Line, Span, lines_in
from ceping.documents.intake.word_label import folded, key
from ceping.documents.intake.word_official import Official
from ceping.documents.intake.word_taken import Taken, shown
from ceping.documents.intake.word_value import value_of

_RULES, _COLONS = " \t\u3000\xa0_＿", ":："
_SHORTEST_TITLE = 2
COVER = "封面"


@dataclass(frozen=True, slots=True)
class _Label:
    field: FormField
    label: str
    hint: str


@dataclass(slots=True)
class _Waiting:
    """A label without an answer yet, waiting for what stands under it."""

    label: _Label
    given: bool = False


def read_cover(blocks: list[Block], official: Official, taken: Taken) -> None:
    """The answers of the cover are taken; a label that is not there is told."""
    labels = list(_labels(official))
    printed = {key(line.text) for line in official.form.cover.lines if not line.field}
    title = key(official.form.title)
    waiting: list[_Waiting] = []
    last: _Waiting | None = None
    beside = {id(line) for line in _beside(blocks)}
    for line in lines_in(blocks):
        if line.blank:
            continue
        text = key(line.text)
        above, last = last, None
        found = list(_found(line.text, labels))
        if text in printed or (len(text) >= _SHORTEST_TITLE and text in title):
            taken.used.take(line)
        elif found:
            taken.used.take(line)
            waiting += _answers(line, found, taken)
            last = waiting[-1]
        elif text in {key(label.hint) for label in labels}:
            taken.used.take(line)
            last = above
        elif above is not None and not above.given:
            _take_under(line, above.label, taken, sure=id(line) in beside)
    for one in labels:
        if one.field.id not in taken.fields and not any(other.label is one for other in waiting):
            place = taken.field_place(one.field)
            taken.findings.append(fault("word_field_missing", file=taken.file, place=place, name=one.field.name))


def _labels(official: Official) -> Iterator[_Label]:
    for line in official.form.cover.lines:
        if line.field:
            label, _, hint = line.text.partition("：")
            yield _Label(official.form.field_by_id[line.field], key(label), hint.strip())


def _found(text: str, labels: list[_Label]) -> Iterator[tuple[_Label, int, int]]:
    """The labels in a line with where they begin and end: one a line, or several side by side."""
    letters, places = folded(text)
    for label in labels:
        start = letters.find(label.label)
        if start < 0:
            continue
        end = places[start + len(label.label) - 1] + 1
        # A label ends at a colon, at what the form prints behind it, or at room to write; and it opens the line, or a
        # colon tells it from a word inside another answer.
        rest = text[end:].lstrip(_RULES)
        closed = rest.startswith(tuple(_COLONS))
        if closed or (start == 0 and (not rest or rest != text[end:] or key(rest).startswith(key(label.hint) or "\n"))):
            yield label, places[start], end


def _answers(line: Line, found: list[tuple[_Label, int, int]], taken: Taken) -> Iterator[_Waiting]:
    ordered = sorted(found, key=lambda one: one[1])
    if before := line.text[: ordered[0][1]].strip(_RULES + _COLONS):
        taken.say_left(before, COVER)
    ends = [start for _, start, _ in ordered[1:]] + [len(line.text)]
    for (label, _, start), end in zip(ordered, ends, strict=True):
        text = _behind(_without(_behind(line.text[start:end]), label.hint))
        if text:
            taken.put(label.field, (Line((Span(text),)),), place="cover")
        yield _Waiting(label, given=bool(text))


def _behind(text: str) -> str:
    """What stands behind a label: without one colon, without spaces and the rule to write on."""
    text = text.strip(_RULES)
    return text[1:].strip(_RULES) if text[:1] in (":", "：") else text


def _without(text: str, hint: str) -> str:
    """The text without what the form prints after the label, before or behind the answer."""
    if not hint:
        return text
    letters, places = folded(text)
    start = letters.find(key(hint))
    return text if start < 0 else text[: places[start]] + text[places[start + len(key(hint)) - 1] + 1 :]


def _beside(blocks: list[Block]) -> Iterator[Line]:
    """The first lines of cells with another cell before them in their row."""
    for block in blocks:
        if isinstance(block, Grid):
            yield from (box.lines[0] for row in block.rows for box in row[1:] if box.lines)


def _take_under(line: Line, label: _Label, taken: Taken, *, sure: bool) -> None:
    """What stands beside a label without an answer is taken for it; so is what stands under it, and that is said."""
    entry, text = label.field, _without(line.text.strip(_RULES), label.hint).strip(_RULES)
    if not text or (entry.type == "date" and value_of(entry, text).doubt):
        return
    taken.used.take(line)
    taken.put(entry, (Line((Span(text),)),), place="cover")
    if sure:
        return
    taken.findings.append(
        fault(
            "word_cover_guessed",
            file=taken.file,
            place=taken.field_place(entry),
            level=Level.WARNING,
            name=entry.name,
            given=shown(text),
        )
    )
