"""What the form of a scheme prints, as words to be met again in a file: labels, headings, requirements, tables."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ceping.core.scheme.entry import Column, FormField, FormTable
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import (
    Block,
    ChecklistBlock,
    CommitmentBlock,
    FieldsBlock,
    GridBlock,
    TableBlock,
    TextBlock,
)
from ceping.documents.intake.word_label import bare, key, names

_SHORTEST_BARE = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for an answer: the labels it is known by, what the form prints in it, and its printed row."""

    field: FormField
    labels: frozenset[str]
    hint: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """What stands from one heading to the next.

    `words` are keys of printed texts, `sections` those of its headings, `starts` says under which of them which
    fields are written as free text; fields of `free` that no word precedes are under the heading itself.
    """

    id: str
    heading: str
    slots: tuple[Slot, ...] = ()
    words: frozenset[str] = frozenset()
    sections: tuple[str, ...] = ()
    starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    free: tuple[tuple[str, ...], ...] = ()
    blocks: tuple[Block, ...] = ()
    optional: bool = False

    def slots_named(self, label: str) -> tuple[Slot, ...]:
        """The places known by that key."""
        return tuple(slot for slot in self.slots if label in slot.labels)

    @property
    def has_checklist(self) -> bool:
        """Whether the list of attachments stands here."""
        return any(isinstance(block, ChecklistBlock) for block in self.blocks)

    @property
    def has_commitment(self) -> bool:
        """Whether the text to be signed stands here."""
        return any(isinstance(block, CommitmentBlock) for block in self.blocks)


class Official:
    """The words of one form."""

    def __init__(self, form: FormFile) -> None:
        self.form = form
        self.chapters = tuple(self._chapters())

    @cached_property
    def shown_tables(self) -> tuple[FormTable, ...]:
        """The tables with a heading row of their own, in the order of the form."""
        kept = [block.table for chapter in self.chapters for block in chapter.blocks if isinstance(block, TableBlock)]
        extra = self.form.supplement.tables if self.form.supplement is not None else ()
        return tuple(self.form.table_by_id[one] for one in (*kept, *extra))

    @cached_property
    def required_tables(self) -> frozenset[str]:
        """The tables the form prints always."""
        return frozenset(
            block.table for chapter in self.chapters for block in chapter.blocks if isinstance(block, TableBlock)
        )

    @cached_property
    def titles(self) -> frozenset[str]:
        """The titles of tables, which some print above them."""
        return frozenset(key(table.title) for table in self.form.tables if key(table.title))

    @cached_property
    def times(self) -> Counter[str]:
        """How often the form prints each of its texts: a heading may be the title of what stands under it."""
        texts = [chapter.heading for chapter in self.chapters]
        texts += [text for chapter in self.chapters for block in chapter.blocks for text in _printed(self.form, block)]
        return Counter(key(text) for text in texts)

    @cached_property
    def lines(self) -> frozenset[str]:
        """Keys of every printed paragraph: what a row of a table that holds nothing else really is."""
        found: set[str] = set()
        for chapter in self.chapters:
            found |= {key(chapter.heading), *(key(one) for one in chapter.sections)}
            found |= {key(block.text) for block in chapter.blocks if isinstance(block, TextBlock)}
        return frozenset(found)

    @cached_property
    def column_words(self) -> frozenset[str]:
        """Every key that the heading of a column may have."""
        return frozenset(
            word for table in self.shown_tables for one in table.columns for word in self.headings_of(table, one)
        )

    def headings_of(self, table: FormTable, column: Column) -> frozenset[str]:
        """The keys by which the heading of a column is known."""
        # The group column of a table has the table's own title above it.
        return names(column.label, column.short, table.title if column.id == table.group_column else "")

    def _chapters(self) -> Iterator[Chapter]:
        supplement = self.form.supplement
        for part in self.form.parts:
            starts, free = _starts(part.blocks)
            yield Chapter(
                id=part.id,
                heading=part.heading,
                slots=tuple(self._slots(part.id, part.blocks)),
                words=frozenset(self._words(part.blocks)),
                sections=tuple(
                    block.text for block in part.blocks if isinstance(block, TextBlock) and block.role == "heading"
                ),
                starts=starts,
                free=free,
                blocks=part.blocks,
            )
            if supplement is not None and supplement.after == part.id:
                yield Chapter(
                    id="supplement",
                    heading=supplement.title,
                    slots=tuple(self._field_slot(one) for one in supplement.fields),
                    free=(tuple(supplement.fields),),
                    optional=True,
                )

    def _slots(self, part: str, blocks: tuple[Block, ...]) -> Iterator[Slot]:
        for number, block in enumerate(blocks):
            if isinstance(block, FieldsBlock):
                yield from (self._field_slot(one) for one in block.fields)
            if not isinstance(block, GridBlock):
                continue
            for place, row in enumerate(block.rows):
                label = ""
                for cell in row:
                    if cell.field:
                        entry = self.form.field_by_id[cell.field]
                        yield Slot(entry, names(label or entry.label), cell.text, f"{part} {number} {place}")
                    else:
                        label = cell.text

    def _field_slot(self, name: str) -> Slot:
        entry = self.form.field_by_id[name]
        return Slot(entry, names(entry.label, entry.short), entry.unit, name)

    def _words(self, blocks: tuple[Block, ...]) -> Iterator[str]:
        for block in blocks:
            for text in _printed(self.form, block):
                yield key(text)
                if len(bare(text)) >= _SHORTEST_BARE:
                    yield bare(text)


def _printed(form: FormFile, block: Block) -> Iterator[str]:
    match block:
        case TextBlock():
            yield block.text
        case GridBlock():
            yield from (cell.text for row in block.rows for cell in row if cell.text and not cell.field)
        case TableBlock():
            yield form.table_by_id[block.table].title
        case CommitmentBlock():
            yield from (form.commitment.title, *form.commitment.clauses, *form.commitment.signature)
        case ChecklistBlock():
            yield from (*form.checklist.headers, *(item.text for item in form.checklist.items))
        case FieldsBlock():
            pass


def _starts(blocks: tuple[Block, ...]) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, ...], ...]]:
    """Under which printed text which fields are written, and the groups of such fields in order."""
    starts: dict[str, tuple[str, ...]] = {}
    free: list[tuple[str, ...]] = []
    waiting: list[str] = []
    for block in blocks:
        if isinstance(block, TextBlock):
            waiting.append(key(block.text))
        elif isinstance(block, FieldsBlock):
            free.append(tuple(block.fields))
            starts.update(dict.fromkeys(waiting, tuple(block.fields)))
            waiting = []
        else:
            waiting = []
    return starts, tuple(free)
