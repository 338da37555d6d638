"""Numbers that check each other: a part and its whole, and what the lists come to beside what was stated."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ceping.core.exact import short_text_of
from ceping.core.finding import fault
from ceping.core.names import is_blank, normalised
from ceping.core.report.answers import Report, Row
from ceping.core.report.frame import Findings, Frame
from ceping.core.report.values import number_in
from ceping.core.scheme.entry import FormTable
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import Figure


def derived(report: Report, form: FormFile) -> Mapping[str, int]:
    """What each figure of the form comes to in the lists of the report, by figure id."""
    return {figure.id: len(_counted(report, figure, form.table_by_id[figure.table])) for figure in form.figures}


def distinct_clients(report: Report, *, table: str = "clients", column: str = "name") -> list[Row]:
    """The first row of each client by normalised name, in list order; the institution itself is no client."""
    return _firsts(report.tables.get(table, ()), column, without=normalised(report.name))


def figure_faults(frame: Frame) -> Findings:
    """Parts greater than their whole, lists longer than the stated figure, lists shorter than the form asks for."""
    for relation in frame.form.relations:
        part, whole = (_stated(frame, key) for key in (relation.part, relation.whole))
        if part is not None and whole is not None and part > whole:
            field, larger = frame.form.field_by_id[relation.part], frame.form.field_by_id[relation.whole]
            yield fault(
                "report_part_exceeds",
                file=frame.file,
                place=frame.field_place(field),
                part=short_text_of(part),
                name=larger.name,
                whole=short_text_of(whole),
            )
    counts = derived(frame.report, frame.form)
    for figure in frame.form.figures:
        yield from list_faults(frame, figure, counts[figure.id])


def list_faults(frame: Frame, figure: Figure, count: int) -> Findings:
    """A list of so many that is shorter than the form asks for, longer than stated, or names the institution itself."""
    table = frame.form.table_by_id[figure.table]
    place = frame.table_place(table)
    if count < figure.at_least:
        yield fault(
            "report_list_short",
            file=frame.file,
            place=place,
            name=figure.label,
            count=count,
            wanted=figure.at_least,
            unit=figure.unit,
        )
    stated = _stated(frame, figure.within) if figure.within else None
    if stated is not None and count > stated:
        field = frame.form.field_by_id[figure.within]
        yield fault(
            "report_list_exceeds",
            file=frame.file,
            place=frame.field_place(field),
            name=figure.label,
            count=count,
            stated=short_text_of(stated),
            unit=figure.unit,
        )
    own = normalised(frame.report.name)
    if figure.excluding_self and figure.distinct and own:
        column = table.column(figure.distinct)
        for number, row in frame.report.filled_rows(table):
            if normalised(row.get(figure.distinct, "")) == own:
                yield fault("report_own_client", file=frame.file, place=frame.row_place(table, number, column))


def _stated(frame: Frame, key: str) -> Decimal | None:
    answer = frame.report.answer(frame.form, key)
    return number_in(answer) if isinstance(answer, str) else None


def _counted(report: Report, figure: Figure, table: FormTable) -> list[Row]:
    rows = [row for _, row in report.filled_rows(table)]
    if not figure.distinct:
        return rows
    return _firsts(rows, figure.distinct, without=normalised(report.name) if figure.excluding_self else "")


def _firsts(rows: Iterable[Row], column: str, *, without: str) -> list[Row]:
    firsts: dict[str, Row] = {}
    for row in rows:
        name = row.get(column, "")
        if not is_blank(name):
            firsts.setdefault(normalised(name), row)
    return [row for key, row in firsts.items() if key != without]
