"""What the pages show of a submission: its gates as computed, its parts in the order of the form."""

from collections.abc import Iterator
from dataclasses import dataclass

from ceping.core.report import Report
from ceping.core.results.standing import GateResult
from ceping.core.scheme.loading import Scheme
from ceping.stages.recommendation.queries import Told
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import report_in
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class GateShown:
    """One gate in words; `state` is `ok`, `no`, or `ask` where the report alone does not answer it."""

    number: int
    title: str
    clause: str
    state: str
    word: str
    inputs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table of the report: its heads and its filled rows as texts, each with its number."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PartShown:
    """What stands under one heading of the form: fields as (id, label, text), then tables."""

    heading: str
    fields: tuple[tuple[str, str, str], ...]
    tables: tuple[TableShown, ...]


_KINDS = {"claimed": "（申报）", "verified": "（核定）", "platform": "（平台）"}
_WORDS = {True: ("ok", "满足"), False: ("no", "未满足"), None: ("ask", "请人工判断")}


def gates_of(told: Told, rules: Scheme) -> list[GateShown]:
    """The gates as the page explains them; what needs more than the report asks a person."""
    return [_gate(rules, number, gate) for number, gate in enumerate(told.gates, start=1)]


def figures_of(told: Told, rules: Scheme) -> list[tuple[str, int]]:
    """What the lists of the report come to, by the figure's label."""
    return [(figure.label, told.figures[figure.id]) for figure in rules.form.figures]


def parts_of(submission: Submission) -> list[PartShown]:
    """The report as submitted, part by part; what was left empty shows as empty."""
    rules, report = rules_of(submission.entry.season), report_in(submission.report)
    places = rules.form.place_of
    fields: dict[str, list[tuple[str, str, str]]] = {}
    for field_id, label, text in _fields(report, rules):
        fields.setdefault(places.get(f"field:{field_id}", ""), []).append((field_id, label, text))
    tables: dict[str, list[TableShown]] = {}
    for table in _tables(report, rules):
        tables.setdefault(places.get(f"table:{table.id}", ""), []).append(table)
    headings = dict.fromkeys([*places.values(), *fields, *tables])
    return [
        PartShown(heading, tuple(fields.get(heading, ())), tuple(tables.get(heading, ())))
        for heading in headings
        if heading in fields or heading in tables
    ]


def places_of(rules: Scheme) -> list[tuple[str, str]]:
    """What a remark can be bound to, as (`kind:key`, words): the whole, each field, each table."""
    form = rules.form
    return [
        ("whole:", "整体"),
        *((f"field:{field.id}", field.label) for field in form.fields),
        *((f"table:{table.id}", table.title) for table in form.tables),
    ]


def _gate(rules: Scheme, number: int, result: GateResult) -> GateShown:
    state, word = _WORDS[result.passed]
    inputs = []
    for one in result.inputs:
        metric = rules.indicators.metrics.get(one.name)
        name = metric.title if metric is not None else one.name
        inputs.append(f"{name}：{'未提供' if one.value is None else one.value}{_KINDS.get(one.which, '')}")
    return GateShown(number, result.gate.title, result.gate.clause, state, word, tuple(inputs), result.note)


def _fields(report: Report, rules: Scheme) -> Iterator[tuple[str, str, str]]:
    for field in rules.form.fields:
        answer = report.answer(rules.form, field.id)
        labels = {option.id: option.label for option in field.options}
        given = answer if isinstance(answer, tuple) else (answer,)
        yield field.id, field.label, "、".join(labels.get(one, one) for one in given)


def _tables(report: Report, rules: Scheme) -> Iterator[TableShown]:
    for table in rules.form.tables:
        labels = {group.id: group.label for group in table.groups}
        grouped = (table.group_column,) if table.group_column and table.group_column not in table.column_ids else ()
        keys = (*grouped, *(column.id for column in table.columns))
        heads = (*("类别" for _ in grouped), *(column.label for column in table.columns))
        rows = []
        for number, row in report.filled_rows(table):
            texts = (row.get(key, "") for key in keys)
            rows.append((number, tuple(labels.get(text, text) for text in texts)))
        yield TableShown(table.id, table.title, tuple(heads), tuple(rows))
