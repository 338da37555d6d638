"""The tables of a report: rows complete, cells of their type, groups filled that have to be, doubles side by side."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ceping.core.finding import Level, fault
from ceping.core.names import is_blank, normalised, skeleton
from ceping.core.phone import normalised as normalised_phone
from ceping.core.report.answers import Row
from ceping.core.report.frame import Findings, Frame
from ceping.core.report.values import faults_in_value, is_plainly_right
from ceping.core.scheme.entry import Column, FormTable, Option


def table_faults(frame: Frame) -> Findings:
    """Every fault of the rows, table by table in the order of the form; unknown tables last."""
    for table in frame.form.tables:
        rows = dict(frame.report.filled_rows(table))
        yield from _emptiness_faults(frame, table, rows)
        yield from faults_in_rows(frame, table, rows)
    for key in sorted(frame.report.tables):
        if key not in frame.form.table_by_id:
            yield fault("report_table_unknown", file=frame.file, place=f"tables.{key[:40]}", given=key[:40])


def faults_in_rows(frame: Frame, table: FormTable, rows: Mapping[int, Row]) -> Findings:
    """Faults of the rows themselves, by the numbers they are known by, then those that hold the same."""
    for number, row in rows.items():
        yield from _row_faults(frame, table, number, row)
    for column in table.columns:
        if column.apart:
            yield from _doubles(frame, table, column, rows)


def _emptiness_faults(frame: Frame, table: FormTable, rows: Mapping[int, Row]) -> Findings:
    place = frame.table_place(table)
    name = table.title or place
    if not rows and frame.report.meets(frame.form, table.required_when):
        yield fault("report_table_empty", file=frame.file, place=place, name=name)
    elif not rows and table.asked:
        yield fault("report_table_asked", file=frame.file, place=place, level=Level.WARNING, name=name)
    filled = {row.get(table.group_column, "") for row in rows.values()}
    for group in table.groups:
        if group.id not in filled and frame.report.meets(frame.form, group.required_when):
            yield fault("report_group_empty", file=frame.file, place=place, name=group.label)


def _row_faults(frame: Frame, table: FormTable, number: int, row: Row) -> Findings:
    for column in table.columns:
        text = row.get(column.id, "")
        if is_blank(text):
            yield from _cell_missing(frame, table, number, column, row)
        elif column.refers or not is_plainly_right(column, text):
            yield from _cell_faults(frame, table, number, column, row)
    for key in sorted(row.keys() - table.column_ids):
        place = frame.row_place(table, number)
        yield fault("report_column_unknown", file=frame.file, place=place, given=key[:40])


def _cell_missing(frame: Frame, table: FormTable, number: int, column: Column, row: Row) -> Findings:
    group = table.group(row.get(table.group_column, ""))
    dated = column.type == "date" and group is not None and bool(group.dates)
    if column.required or dated or frame.report.meets(frame.form, column.required_when):
        place = frame.row_place(table, number, column)
        yield fault("report_unanswered", file=frame.file, place=place, name=column.name)
    elif column.asked:
        place = frame.row_place(table, number, column)
        yield fault("report_asked", file=frame.file, place=place, level=Level.WARNING, name=column.name)


def _cell_faults(frame: Frame, table: FormTable, number: int, column: Column, row: Row) -> Findings:
    text = row[column.id]
    options, rule = column.options, column.dates
    if column.id == table.group_column:
        options = tuple(Option(id=group.id, label=group.label) for group in table.groups)
    group = table.group(row.get(table.group_column, "")) if column.type == "date" else None
    if group is not None and group.dates:
        rule = group.dates
    # The place is named only where there is something to say: a list may have a hundred thousand rows.
    for one in faults_in_value(
        column, text, options=options, rule=rule, period=frame.period, file=frame.file, place=""
    ):
        yield replace(one, place=frame.row_place(table, number, column))
    if column.refers:
        listed = [other.get(column.id, "") for other in frame.report.tables.get(column.refers, ())]
        names = {normalised(name) for name in listed if not is_blank(name)}
        if names and normalised(text) not in names:
            where = frame.form.table_by_id[column.refers].title
            place = frame.row_place(table, number, column)
            yield fault(
                "report_not_listed", file=frame.file, place=place, level=Level.WARNING, given=text[:40], where=where
            )


def _doubles(frame: Frame, table: FormTable, column: Column, rows: Mapping[int, Row]) -> Findings:
    texts = {number: row[column.id] for number, row in rows.items() if not is_blank(row.get(column.id, ""))}
    if column.type == "phone":
        for number, first in _later(texts, normalised_phone).items():
            place = frame.row_place(table, number, column)
            yield fault("report_same_number", file=frame.file, place=place, level=Level.WARNING, first=first)
        return
    same, alike = _later(texts, normalised), _later(texts, skeleton)
    for number, first in sorted({**alike, **same}.items()):
        place, given, other = frame.row_place(table, number, column), texts[number][:60], texts[first][:60]
        if number in same:
            yield fault(
                "report_same_name",
                file=frame.file,
                place=place,
                level=Level.WARNING,
                given=given,
                first=first,
                other=other,
            )
        else:
            yield fault(
                "report_alike_name",
                file=frame.file,
                place=place,
                level=Level.WARNING,
                given=given,
                first=first,
                other=other,
            )


def _later(texts: Mapping[int, str], same: Callable[[str], str]) -> dict[int, int]:
    """The rows whose text is the same as in an earlier row, each with the first such row."""
    firsts: dict[str, int] = {}
    return {
        number: first for number, text in texts.items() if (first := firsts.setdefault(same(text), number)) != number
    }
