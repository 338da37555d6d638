"""form.toml: the report as the official form prints it, what may be answered in it, and whether it hangs together."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from ceping.core.finding import Finding, fault
from ceping.core.scheme.entry import Entry, FormField, FormTable, When
from ceping.core.scheme.header import Reading
from ceping.core.scheme.layout import (
    Block,
    Checklist,
    ChecklistItem,
    Commitment,
    Cover,
    FieldsBlock,
    Figure,
    GridBlock,
    Part,
    Relation,
    Supplement,
    TableBlock,
)
from ceping.core.scheme.reading import Rows, Table

_NUMBERS = ("integer", "decimal")
_CHOICES = ("choice", "multi_choice", "yes_no")
Fault = tuple[str, str, str]


class FormFile(Table):
    """form.toml as a whole."""

    title: str
    readings: Rows[Reading] = Field(default=(), alias="reading")
    cover: Cover
    parts: Rows[Part] = Field(alias="part", min_length=1)
    supplement: Supplement | None = None
    commitment: Commitment
    checklist: Checklist
    fields: Rows[FormField] = Field(alias="field", min_length=1)
    tables: Rows[FormTable] = Field(default=(), alias="table")
    relations: Rows[Relation] = Field(default=(), alias="relation")
    figures: Rows[Figure] = Field(default=(), alias="figure")

    @cached_property
    def field_by_id(self) -> Mapping[str, FormField]:
        """The fields by id."""
        return {field.id: field for field in self.fields}

    @cached_property
    def table_by_id(self) -> Mapping[str, FormTable]:
        """The tables by id."""
        return {table.id: table for table in self.tables}

    @cached_property
    def place_of(self) -> Mapping[str, str]:
        """The heading under which people find a field (`field:ID`), table (`table:ID`), `commitment` or `checklist`."""
        places: dict[str, str] = {}
        for heading, key in self._shown():
            places.setdefault(key, heading)
        return places

    def item(self, number: int) -> ChecklistItem | None:
        """The checklist item of that number."""
        return next((item for item in self.checklist.items if item.number == number), None)

    def _shown(self) -> Iterator[tuple[str, str]]:
        for part in self.parts:
            for block in part.blocks:
                for key in _keys_in(block):
                    yield part.heading, key
                    table = self.table_by_id.get(key.partition(":")[2]) if key.startswith("table:") else None
                    if table is not None and table.repeated_by:
                        yield part.heading, f"table:{table.repeated_by}"
        if self.supplement is not None:
            for key in self.supplement.fields:
                yield self.supplement.title, f"field:{key}"
            for key in self.supplement.tables:
                yield self.supplement.title, f"table:{key}"
        for line in self.cover.lines:
            if line.field:
                yield "封面", f"field:{line.field}"


def form_faults(form: FormFile, *, file: str = "form.toml") -> list[Finding]:
    """Every fault of the form as data, by key path; nothing when a report can be filled in, checked and printed."""
    faults = [
        *_repeated_ids(form),
        *_dangling(form),
        *_not_shown(form),
        *_uneven_grids(form),
        *_odd_entries(form),
        *_odd_tables(form),
        *_odd_figures(form),
        *_missing_blocks(form),
    ]
    return [fault(code, file=file, place=place, given=given) for code, place, given in faults]


def _repeated_ids(form: FormFile) -> Iterator[Fault]:
    lists: list[tuple[str, list[str]]] = [
        ("field", [field.id for field in form.fields]),
        ("table", [table.id for table in form.tables]),
        ("part", [part.id for part in form.parts]),
        ("figure", [figure.id for figure in form.figures]),
        ("checklist.item", [str(item.number) for item in form.checklist.items]),
    ]
    for table in form.tables:
        lists.append((f"table {table.id}.column", [column.id for column in table.columns]))
        lists.append((f"table {table.id}.group", [group.id for group in table.groups]))
    for place, entry in _entries(form):
        lists.append((f"{place}.options", [option.id for option in entry.options]))
    for place, ids in lists:
        for key, count in Counter(ids).items():
            if count > 1:
                yield "form_id_repeated", place, key


def _dangling(form: FormFile) -> Iterator[Fault]:
    fields, tables, items = form.field_by_id, form.table_by_id, {item.number for item in form.checklist.items}
    for place, key in _field_names(form):
        if key and key not in fields:
            yield "form_reference_dangling", place, key
    for place, key in _table_names(form):
        if key and key not in tables:
            yield "form_reference_dangling", place, key
    for field in form.fields:
        if field.override is not None and field.override.item not in items:
            yield "form_reference_dangling", f"field {field.id}.override.item", str(field.override.item)
    for place, when in _conditions(form):
        yield from _condition_faults(form, place, when)
    if form.supplement is not None and form.supplement.after not in {part.id for part in form.parts}:
        yield "form_reference_dangling", "supplement.after", form.supplement.after


def _field_names(form: FormFile) -> Iterator[tuple[str, str]]:
    for part in form.parts:
        for block in part.blocks:
            if isinstance(block, GridBlock):
                yield from ((f"part {part.id}", cell.field) for row in block.rows for cell in row)
            elif isinstance(block, FieldsBlock):
                yield from ((f"part {part.id}", key) for key in block.fields)
    yield from (("cover.line", line.field) for line in form.cover.lines)
    yield "commitment.signer", form.commitment.signer
    yield from ((f"checklist.item {item.number}.or_field", item.or_field) for item in form.checklist.items)
    for number, relation in enumerate(form.relations, start=1):
        yield f"relation[{number}].part", relation.part
        yield f"relation[{number}].whole", relation.whole
    yield from ((f"figure {figure.id}.within", figure.within) for figure in form.figures)
    if form.supplement is not None:
        yield from (("supplement.fields", key) for key in form.supplement.fields)
    for field in form.fields:
        if field.override is not None:
            yield f"field {field.id}.override.reason", field.override.reason
    yield from ((f"{place}.required_when", when.field) for place, when in _conditions(form))


def _table_names(form: FormFile) -> Iterator[tuple[str, str]]:
    for part in form.parts:
        yield from ((f"part {part.id}", block.table) for block in part.blocks if isinstance(block, TableBlock))
    if form.supplement is not None:
        yield from (("supplement.tables", key) for key in form.supplement.tables)
    yield from ((f"figure {figure.id}.table", figure.table) for figure in form.figures)
    yield from ((f"{place}.required_when", when.table) for place, when in _conditions(form))
    for table in form.tables:
        yield f"table {table.id}.repeated_by", table.repeated_by
        yield from ((f"table {table.id}.column {column.id}.refers", column.refers) for column in table.columns)


def _conditions(form: FormFile) -> Iterator[tuple[str, When]]:
    owners: list[tuple[str, When | None]] = [(place, entry.required_when) for place, entry in _entries(form)]
    owners += [(f"table {table.id}", table.required_when) for table in form.tables]
    owners += [
        (f"table {table.id}.group {group.id}", group.required_when) for table in form.tables for group in table.groups
    ]
    owners += [(f"checklist.item {item.number}", item.required_when) for item in form.checklist.items]
    return ((place, when) for place, when in owners if when is not None)


def _condition_faults(form: FormFile, place: str, when: When) -> Iterator[Fault]:
    if (
        bool(when.field) == bool(when.table)
        or bool(when.field) != bool(when.answer)
        or (when.groups and not when.table)
    ):
        yield "form_condition_unclear", f"{place}.required_when", when.field or when.table
    field, table = form.field_by_id.get(when.field), form.table_by_id.get(when.table)
    if field is not None and field.type in _CHOICES and field.option(when.answer) is None:
        yield "form_reference_dangling", f"{place}.required_when.is", when.answer
    if table is not None:
        for key in when.groups:
            if table.group(key) is None:
                yield "form_reference_dangling", f"{place}.required_when.groups", key


def _not_shown(form: FormFile) -> Iterator[Fault]:
    for field in form.fields:
        if f"field:{field.id}" not in form.place_of:
            yield "form_field_not_shown", f"field {field.id}", field.id
    for table in form.tables:
        if f"table:{table.id}" not in form.place_of:
            yield "form_table_not_shown", f"table {table.id}", table.id


def _uneven_grids(form: FormFile) -> Iterator[Fault]:
    for part in form.parts:
        for block in part.blocks:
            if isinstance(block, GridBlock):
                for number, row in enumerate(block.rows, start=1):
                    if sum(cell.span for cell in row) != block.columns:
                        yield "form_row_uneven", f"part {part.id}", str(number)


def _odd_entries(form: FormFile) -> Iterator[Fault]:
    for place, entry in _entries(form):
        number = entry.type in _NUMBERS
        if (entry.least is not None or entry.most is not None or entry.unit or entry.places) and not number:
            yield "form_limit_misplaced", place, entry.type
        if entry.least is not None and entry.most is not None and entry.least > entry.most:
            yield "form_limit_crossed", place, entry.id
        if (entry.characters and entry.type not in ("text", "long_text")) or (entry.dates and entry.type != "date"):
            yield "form_limit_misplaced", place, entry.type
        if entry.mobile and entry.type != "phone":
            yield "form_limit_misplaced", place, entry.type
        grouped = any(place == f"table {table.id}.column {table.group_column}" for table in form.tables)
        if (entry.type in _CHOICES) != bool(entry.options or grouped):
            yield "form_options_misplaced", place, entry.type


def _odd_tables(form: FormFile) -> Iterator[Fault]:
    for table in form.tables:
        place = f"table {table.id}"
        if (table.kind == "grouped") != bool(table.groups and table.column(table.group_column)):
            yield "form_groups_unclear", place, table.group_column
        if (table.kind == "repeated") != bool(table.repeated_by):
            yield "form_groups_unclear", place, table.repeated_by
        for column in table.columns:
            if column.joins and table.column(column.joins) is None:
                yield "form_reference_dangling", f"{place}.column {column.id}.joins", column.joins
            other = form.table_by_id.get(column.refers)
            if other is not None and other.column(column.id) is None:
                yield "form_reference_dangling", f"{place}.column {column.id}.refers", column.id
        if table.kind == "repeated" and not any(column.refers == table.repeated_by for column in table.columns):
            yield "form_groups_unclear", place, table.repeated_by


def _odd_figures(form: FormFile) -> Iterator[Fault]:
    for figure in form.figures:
        table = form.table_by_id.get(figure.table)
        if figure.distinct and table is not None and table.column(figure.distinct) is None:
            yield "form_reference_dangling", f"figure {figure.id}.distinct", figure.distinct
    for place, key in [
        *((f"figure {figure.id}.within", figure.within) for figure in form.figures),
        *(
            (f"relation[{number}]", key)
            for number, row in enumerate(form.relations, 1)
            for key in (row.part, row.whole)
        ),
    ]:
        field = form.field_by_id.get(key)
        if field is not None and field.type not in _NUMBERS:
            yield "form_not_a_number", place, key


def _missing_blocks(form: FormFile) -> Iterator[Fault]:
    kinds = Counter(block.kind for part in form.parts for block in part.blocks)
    for kind in ("commitment", "checklist"):
        if kinds[kind] != 1:
            yield "form_block_count", "part", kind


def _entries(form: FormFile) -> Iterator[tuple[str, Entry]]:
    yield from ((f"field {field.id}", field) for field in form.fields)
    for table in form.tables:
        yield from _columns(table)


def _columns(table: FormTable) -> Iterator[tuple[str, Entry]]:
    yield from ((f"table {table.id}.column {column.id}", column) for column in table.columns)


def _keys_in(block: Block) -> Iterator[str]:
    if isinstance(block, GridBlock):
        yield from (f"field:{cell.field}" for row in block.rows for cell in row if cell.field)
    elif isinstance(block, FieldsBlock):
        yield from (f"field:{key}" for key in block.fields)
    elif isinstance(block, TableBlock):
        yield f"table:{block.table}"
    else:
        yield block.kind
