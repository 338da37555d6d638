"""What the pages show of a submission: its gates as computed, its parts in the order of the form."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ceping.core.phone import masked
from ceping.core.report import Report
from ceping.core.report.comparing import Change
from ceping.core.report.spots import COVER, SUPPLEMENT
from ceping.core.results.standing import GateResult
from ceping.core.scheme.loading import Scheme
from ceping.stages.recommendation.queries import Told
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import report_in


@dataclass(frozen=True, slots=True)
class GateShown:
    """One gate in words; `state` is `ok`, `no`, or `ask` where the report alone does not answer it."""

    number: int
    title: str
    clause: str
    state: str
    word: str
    value: str
    inputs: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One answer as text, with its unit; a `long` one takes the whole width."""

    id: str
    label: str
    text: str
    unit: str
    long: bool


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table of the report: its heads and its filled rows as texts, each with its number.

    One without a `title` stands alone under its heading: its `name` is that.
    """

    id: str
    title: str
    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PartShown:
    """What stands under one heading of the form: fields, then tables; `mark` is the heading's own number."""

    id: str
    heading: str
    fields: tuple[FieldShown, ...]
    tables: tuple[TableShown, ...]

    @property
    def mark(self) -> str:
        """`一` of `一、服务机构概述`; the first characters of a heading without a number."""
        before, found, _ = self.heading.partition("、")
        return before if found and len(before) < _LONGEST_MARK else self.heading[:2]


_LONGEST_MARK, _LONG = 4, 40
_MOBILE = re.compile(r"(?<![0-9])1[0-9]{10}(?![0-9])", re.ASCII)
_KINDS = {"claimed": "（申报）", "verified": "（核定）", "platform": "（平台）"}
_WORDS = {True: ("ok", "满足"), False: ("no", "未满足"), None: ("ask", "请人工判断")}


def gates_of(told: Told, rules: Scheme) -> list[GateShown]:
    """The gates as the page explains them; what needs more than the report asks a person."""
    return [_gate(rules, number, gate) for number, gate in enumerate(told.gates, start=1)]


def figures_of(told: Told, rules: Scheme) -> list[tuple[str, int]]:
    """What the lists of the report come to, by the figure's label."""
    return [(figure.label, told.figures[figure.id]) for figure in rules.form.figures]


def parts_of(submission: Submission, rules: Scheme) -> list[PartShown]:
    """The report as submitted, part by part; what was left empty shows as empty."""
    report = report_in(submission.report)
    places = rules.form.place_of
    fields: dict[str, list[FieldShown]] = {}
    for field in _fields(report, rules):
        fields.setdefault(places.get(f"field:{field.id}", ""), []).append(field)
    tables: dict[str, list[TableShown]] = {}
    for table in _tables(report, rules):
        tables.setdefault(places.get(f"table:{table.id}", ""), []).append(table)
    ids = {part.heading: part.id for part in rules.form.parts} | {"封面": COVER}
    if rules.form.supplement is not None:
        ids[rules.form.supplement.title] = SUPPLEMENT
    headings = dict.fromkeys([*places.values(), *fields, *tables])
    return [
        PartShown(ids.get(heading, ""), heading, tuple(fields.get(heading, ())), tuple(tables.get(heading, ())))
        for heading in headings
        if heading in fields or heading in tables
    ]


def changes_of(changes: Sequence[Change], rules: Scheme) -> list[Change]:
    """The changes with telephone numbers masked, as everywhere on these pages."""
    form = rules.form
    phones = {("field", field.id, "") for field in form.fields if field.type == "phone"}
    phones |= {
        ("row", table.id, column.name) for table in form.tables for column in table.columns if column.type == "phone"
    }
    return [
        replace(
            one,
            cells=tuple(
                replace(cell, old=masked(cell.old), new=masked(cell.new))
                if (one.kind, one.key.partition("/")[0], cell.name) in phones
                else cell
                for cell in one.cells
            ),
        )
        for one in changes
    ]


def hidden(text: str) -> str:
    """The text with every mobile number in it masked."""
    return _MOBILE.sub(lambda found: masked(found[0]), text)


def _gate(rules: Scheme, number: int, result: GateResult) -> GateShown:
    state, word = _WORDS[result.passed]
    inputs = []
    for one in result.inputs:
        metric = rules.indicators.metrics.get(one.name)
        name = metric.title if metric is not None else one.name
        inputs.append(f"{name}：{'未提供' if one.value is None else one.value}{_KINDS.get(one.which, '')}")
    known = [str(one.value) for one in result.inputs if one.value is not None]
    value = known[0] if len(known) == 1 else word
    return GateShown(number, result.gate.title, result.gate.clause, state, word, value, tuple(inputs), result.note)


def _fields(report: Report, rules: Scheme) -> Iterator[FieldShown]:
    for field in rules.form.fields:
        answer = report.answer(rules.form, field.id)
        labels = {option.id: option.label for option in field.options}
        if field.type == "yes_no":
            labels = {"yes": "是", "no": "否"}
        given = answer if isinstance(answer, tuple) else (answer,)
        text = "、".join(masked(one) if field.type == "phone" else labels.get(one, one) for one in given)
        long = field.type in ("long_text", "multi_choice") or len(text) > _LONG
        yield FieldShown(field.id, field.name, text, field.unit if text else "", long)


def _tables(report: Report, rules: Scheme) -> Iterator[TableShown]:
    for table in rules.form.tables:
        labels = {group.id: group.label for group in table.groups}
        grouped = (table.group_column,) if table.group_column and table.group_column not in table.column_ids else ()
        # Choices are kept by their ids; people read the words of the form.
        words = {column.id: {option.id: option.label for option in column.options} for column in table.columns}
        phones = {column.id for column in table.columns if column.type == "phone"}
        keys = (*grouped, *(column.id for column in table.columns))
        heads = (*("类别" for _ in grouped), *(column.label for column in table.columns))
        rows = []
        for number, row in report.filled_rows(table):
            texts = [masked(row.get(key, "")) if key in phones else row.get(key, "") for key in keys]
            told = (words.get(key, labels).get(text, text) for key, text in zip(keys, texts, strict=True))
            rows.append((number, tuple(labels.get(text, text) for text in told)))
        name = table.title or rules.form.place_of[f"table:{table.id}"]
        yield TableShown(table.id, table.title, name, tuple(heads), tuple(rows))
