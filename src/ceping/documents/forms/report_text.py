"""The blocks of the report that are no tables: grids of labels and answers, free text, what notes ask for beside."""

from collections.abc import Iterator, Sequence

from ceping.core.report.answers import Report, missing
from ceping.core.scheme.entry import FormField
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import Cell as OfficialCell
from ceping.core.scheme.layout import GridBlock, Supplement
from ceping.documents.forms.report_answer import plain, printed, unit_beside
from ceping.documents.forms.report_table import grids_of
from ceping.documents.forms.report_width import NARROWEST, least, shares, wanted
from ceping.documents.sheet import Align, Block, Cell, Grid, Paragraph, Space
from ceping.documents.width import room

# What the empty form leaves to write in: lines of a cell, millimetres under a requirement.
_LINES, _ROOM = 4, 40
_INDENT = " \u3000\t"
_SIDES = (30, 70)
_ONE_LINE = 12


def grid_of(form: FormFile, block: GridBlock, report: Report) -> Grid:
    """Labels and answers as the official grid has them."""
    rows = tuple(tuple(_cell(form, cell, report) for cell in row) for row in block.rows)
    columns = [_wanted(form, block, report, column) for column in range(block.columns)]
    return Grid(shares([wish for wish, _ in columns], [kept for _, kept in columns]), rows)


def fields_of(form: FormFile, keys: Sequence[str], report: Report, *, titled: bool, blank: bool) -> Iterator[Block]:
    """Answers the form has no cell for: short ones side by side with their labels, long ones as text.

    `titled` says that a requirement above already asks for the long ones: then the empty form prints no label of
    theirs, as the official one does not, and leaves room instead.
    """
    fields = [form.field_by_id[key] for key in keys]
    short = [field for field in fields if field.type != "long_text"]
    if short:
        yield Grid(_SIDES, tuple(_side_by_side(form, field, report) for field in short))
    long = [field for field in fields if field.type == "long_text"]
    answered = [field for field in long if not missing(report.answer(form, field.id))]
    if long and not answered and titled:
        yield Space(_ROOM if blank else _ROOM // 4)
        return
    for field in long:
        if field in answered:
            yield from _written(field, report.answer(form, field.id))
        elif blank:
            yield Paragraph(f"{field.label}：", "plain", together=True)
            yield Space(_ROOM // 4 if answered else _ROOM)


def supplement_of(form: FormFile, supplement: Supplement, report: Report) -> Iterator[Block]:
    """What notes ask for without a cell of its own; nothing at all when nothing of it was filled in."""
    told = list(_told(form, supplement, report))
    if told:
        yield Paragraph(supplement.title, "subheading", together=True)
        yield from told


def _told(form: FormFile, supplement: Supplement, report: Report) -> Iterator[Block]:
    for key in supplement.fields:
        answer = report.answer(form, key)
        if not missing(answer):
            yield from _written(form.field_by_id[key], answer)
    for key in supplement.tables:
        table = form.table_by_id[key]
        if any(report.filled_rows(table)):
            yield Paragraph(f"{table.title}：", "plain", together=True)
            yield from grids_of(form, table, report, blank=False)


def _written(field: FormField, answer: str | tuple[str, ...]) -> Iterator[Block]:
    """The label, then each paragraph of the answer; the style indents, so what people typed to indent is left out."""
    yield Paragraph(f"{field.label}：", "plain", together=True)
    for line in plain(field, answer).split("\n"):
        yield Paragraph(line.strip(_INDENT), "body")


def _cell(form: FormFile, cell: OfficialCell, report: Report) -> Cell:
    field = form.field_by_id.get(cell.field)
    if field is None:
        return Cell(cell.text, "label", columns=cell.span, align="center")
    answer = report.answer(form, field.id)
    text = printed(field, answer, shown=cell.text)
    if not missing(answer):
        return Cell(text, "value", columns=cell.span, align=_align(field, text))
    if field.type == "long_text":
        text += "\n" * _LINES
    return Cell(
        text, "hint", columns=cell.span, align="right" if field.unit and text == field.unit else _align(field, text)
    )


def _side_by_side(form: FormFile, field: FormField, report: Report) -> tuple[Cell, Cell]:
    given = report.answer(form, field.id)
    text = printed(field, given, shown=unit_beside(field))
    return (Cell(field.label, "label", align="left"), Cell(text, "hint" if missing(given) else "value", align="left"))


def _align(field: FormField, text: str) -> Align:
    return "left" if field.type in ("long_text", "multi_choice") or "\n" in text else "center"


def _wanted(form: FormFile, block: GridBlock, report: Report, column: int) -> tuple[int, int]:
    """What a column wants for the cells that stand in it alone, and what it keeps; a long label goes on two lines."""
    wishes, kept = [NARROWEST], [NARROWEST]
    for row in block.rows:
        place = 0
        for cell in row:
            if place == column and cell.span == 1:
                field = form.field_by_id.get(cell.field)
                wide = wanted(field, [plain(field, report.answer(form, field.id))]) if field else _labelled(cell.text)
                wishes.append(wide)
                kept.append(least(field) if field else wide)
            place += cell.span
    return max(wishes), max(kept)


def _labelled(label: str) -> int:
    wide = room(label)
    return wide if wide <= _ONE_LINE else (wide + 3) // 4 * 2
