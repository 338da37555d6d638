"""The table in which a recommender puts institutions forward (附件3), word for word as the official text prints it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ceping.core.scheme.summary import SummaryColumn, SummaryFile
from ceping.core.scheme.whole import Scheme
from ceping.documents.excel_form import Above, FormColumn, FormSheet
from ceping.documents.sheet import Align, Cell, Document, Grid, Paragraph, Space
from ceping.documents.width import room

Entry = Mapping[str, str]
_FILLED_IN = "填报日期"
_DAY_GIVEN = re.compile(r"([:：])[\s　]*年[\s　]*月[\s　]*日")
_COLON = re.compile(r"[:：]")
_LEAST, _MOST = 8, 36


def summary_document(
    scheme: Scheme, summary: SummaryFile, entries: Sequence[Entry], *, recommender: str, filled_on: date | None
) -> Document:
    """The filled table on lying A4; without a date its place stays open, to be written by hand."""
    widths = _widths(scheme, summary, entries)
    header = tuple(Cell(column.label, "label") for column in summary.columns)
    rows = tuple(
        tuple(Cell(text, "number" if column.kind == "order" else "value", align=_align(column)) for column, text in row)
        for row in _rows(scheme, summary, entries)
    )
    blocks = (
        Paragraph(summary.annex, "plain"),
        Paragraph(summary.title, "title", "center"),
        Space(4),
        Paragraph(line_of(summary, recommender=recommender, filled_on=filled_on), "plain", "left", together=True),
        Grid(widths, (header, *rows), header=1, row_height=10),
    )
    dated = filled_on or scheme.header.period.end
    return Document(f"{summary.title}（{recommender}）", dated, blocks, landscape=True)


def summary_sheet(
    scheme: Scheme, summary: SummaryFile, entries: Sequence[Entry], *, recommender: str, filled_on: date | None
) -> FormSheet:
    """The same table as a sheet for further work, phones as text."""
    widths = _widths(scheme, summary, entries)
    columns = tuple(
        FormColumn(column.label, width, "center" if column.kind == "order" else "left")
        for column, width in zip(summary.columns, widths, strict=True)
    )
    rows = tuple(
        tuple(int(text) if column.kind == "order" else text for column, text in row)
        for row in _rows(scheme, summary, entries)
    )
    above = (
        Above(summary.annex, "annex"),
        Above(summary.title, "title"),
        Above(line_of(summary, recommender=recommender, filled_on=filled_on), "line"),
    )
    return FormSheet("推荐汇总表", above, columns, rows, row_height=24)


def line_of(summary: SummaryFile, *, recommender: str, filled_on: date | None) -> str:
    """The line above the table with name and date in their places; what is not given stays as it was printed."""
    line = summary.line.rstrip()
    before, found, after = line.partition(_FILLED_IN)
    if filled_on is not None:
        day = f"{filled_on.year}年{filled_on.month}月{filled_on.day}日"
        after = _DAY_GIVEN.sub(lambda colon: f"{colon[1]}{day}", after, count=1)
    colon = _COLON.search(before)
    if recommender and colon is not None:
        # The name takes the place of blanks, so that the date stays where it was.
        blanks = len(before) - colon.end()
        before = before[: colon.end()] + recommender + " " * max(blanks - room(recommender), 4)
    return before + found + after


def _rows(scheme: Scheme, summary: SummaryFile, entries: Sequence[Entry]) -> list[list[tuple[SummaryColumn, str]]]:
    titles = {category.id: category.title for category in scheme.header.categories}
    return [
        [(column, _text(column, entry, number, titles)) for column in summary.columns]
        for number, entry in enumerate(entries, 1)
    ]


def _text(column: SummaryColumn, entry: Entry, number: int, titles: Mapping[str, str]) -> str:
    if column.kind == "order":
        return str(number)
    text = entry.get(column.id, "")
    return titles.get(text, text) if column.key == "category" else text


def _align(column: SummaryColumn) -> Align:
    return "center" if column.kind == "order" else ""


def _widths(scheme: Scheme, summary: SummaryFile, entries: Sequence[Entry]) -> tuple[int, ...]:
    """What each column wants for its label and its longest text, within reason."""
    wanted = [room(column.label) for column in summary.columns]
    for row in _rows(scheme, summary, entries):
        wanted = [max(most, room(text)) for most, (_, text) in zip(wanted, row, strict=True)]
    return tuple(min(max(one + 2, _LEAST), _MOST) for one in wanted)
