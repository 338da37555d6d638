"""What changed from one report to the next: field by field, row by row, file by file, in the words of the form."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ceping.core.report.answers import Attachment, Report, Row
from ceping.core.scheme.entry import Column, FormTable, Group, Option
from ceping.core.scheme.form import FormFile

Happened = Literal["changed", "added", "removed"]
Pair = tuple[int, Row | None, int, Row | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value before and after, as people read it."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One place that is no longer what it was.

    `kind` and `key` name it as remarks do: `field` and its id, `row` and `table/number` (the new number, the old one of
    a removed row), `attachment` and its name, `commitment`. `heading` is the part of the form, `name` what people call
    the place. `cells` are the values that differ.
    """

    kind: Literal["field", "row", "attachment", "commitment"]
    key: str
    happened: Happened
    heading: str
    name: str
    cells: tuple[Cell, ...]


def changes_between(old: Report, new: Report, form: FormFile) -> tuple[Change, ...]:
    """Every change, in the order of the form; nothing when the two say the same."""
    return tuple(_changes(old, new, form))


def _changes(old: Report, new: Report, form: FormFile) -> Iterator[Change]:
    for field in form.fields:
        labels = {option.id: option.label for option in field.options}
        before, after = (_shown(labels, one.answer(form, field.id)) for one in (old, new))
        if before != after:
            heading = form.place_of.get(f"field:{field.id}", "")
            yield Change("field", field.id, _what(before, after), heading, field.name, (Cell("", before, after),))
    for table in form.tables:
        yield from _row_changes(old, new, form, table)
    yield from _file_changes(old.attachments, new.attachments, form)
    signed = [one.acceptance.accepted_by if one.acceptance else "" for one in (old, new)]
    if signed[0] != signed[1]:
        heading = form.place_of["commitment"]
        cell = Cell("", signed[0], signed[1])
        yield Change("commitment", "", _what(*signed), heading, form.commitment.title, (cell,))


def _row_changes(old: Report, new: Report, form: FormFile, table: FormTable) -> Iterator[Change]:
    heading = form.place_of.get(f"table:{table.id}", "")
    columns = [(column.id, column.name, _labels(table, column)) for column in table.columns]
    for first, before, second, after in _aligned(list(old.filled_rows(table)), list(new.filled_rows(table))):
        cells = []
        for key, name, labels in columns:
            texts = [_shown(labels, row.get(key, "")) if row else "" for row in (before, after)]
            if texts[0] != texts[1]:
                cells.append(Cell(name, texts[0], texts[1]))
        number = second if after is not None else first
        happened: Happened = "added" if before is None else "removed" if after is None else "changed"
        name = f"{table.title} 第 {number} 行".strip()
        yield Change("row", f"{table.id}/{number}", happened, heading, name, tuple(cells))


def _aligned(old: Sequence[tuple[int, Row]], new: Sequence[tuple[int, Row]]) -> Iterator[Pair]:
    """Rows that differ, each with the row it came from: in order where they agree, else by a value that stayed."""
    texts = [[tuple(sorted(row.items())) for _, row in rows] for rows in (old, new)]
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield from _paired(old[a:b], new[c:d])


def _paired(old: Sequence[tuple[int, Row]], new: Sequence[tuple[int, Row]]) -> Iterator[Pair]:
    """Each new row with the first old one that holds the most telling value it kept, the first column telling most."""
    waiting: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
    for place, (_, row) in enumerate(old):
        for key, value in row.items():
            if value:
                waiting[key, value].append(place)
    taken: dict[int, int] = {}
    for place, (_, row) in enumerate(new):
        for key, value in sorted(row.items(), key=lambda cell: len(waiting.get(cell, ()))):
            same = waiting.get((key, value), deque())
            while same and same[0] in taken:
                same.popleft()
            if same:
                taken[same.popleft()] = place
                break
    came = {after: before for before, after in taken.items()}
    for before, (number, row) in enumerate(old):
        if before not in taken:
            yield number, row, 0, None
    for after, (number, row) in enumerate(new):
        origin = came.get(after)
        if origin is None:
            yield 0, None, number, row
        else:
            yield (*old[origin], number, row)


def _file_changes(old: Sequence[Attachment], new: Sequence[Attachment], form: FormFile) -> Iterator[Change]:
    heading = form.place_of["checklist"]
    before, after = ({(one.item, one.file): one for one in files} for files in (old, new))
    for key in sorted(before.keys() | after.keys(), key=lambda one: (one[0] or 0, one[1])):
        first, second = before.get(key), after.get(key)
        if first != second:
            cells = [Cell("", first.file if first else "", second.file if second else "")]
            if first and second:
                cells = list(_file_cells(first, second))
            name = f"第 {key[0]} 项" if key[0] is not None else "未归入清单的附件"
            happened: Happened = "added" if first is None else "removed" if second is None else "changed"
            yield Change("attachment", key[1], happened, heading, name, tuple(cells))


def _file_cells(first: Attachment, second: Attachment) -> Iterator[Cell]:
    if first.sha256 != second.sha256:
        yield Cell(f"{second.file} 内容", first.sha256[:12], second.sha256[:12])
    if first.indicators != second.indicators:
        yield Cell(f"{second.file} 对应指标", "、".join(first.indicators), "、".join(second.indicators))
    if first.valid_until != second.valid_until:
        yield Cell(f"{second.file} 有效期至", first.valid_until, second.valid_until)


def _labels(table: FormTable, column: Column) -> Mapping[str, str]:
    known: Sequence[Option | Group] = table.groups if column.id == table.group_column else column.options
    return {one.id: one.label for one in known}


def _shown(labels: Mapping[str, str], answer: str | tuple[str, ...]) -> str:
    given = answer if isinstance(answer, tuple) else (answer,)
    return "、".join(labels.get(one, one) for one in given if one)


def _what(before: str, after: str) -> Happened:
    return "added" if not before else "removed" if not after else "changed"
