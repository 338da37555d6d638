"""Fields of the form as inputs: type, unit, help, what stands in them, what is wrong there, what the lists come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceping.core.finding import Finding
from ceping.core.names import count_characters
from ceping.core.report import Report
from ceping.core.report.spots import SUPPLEMENT
from ceping.core.scheme.entry import Entry as FormEntry
from ceping.core.scheme.entry import FormField
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import FieldsBlock, GridBlock
from ceping.stages.recommendation.models import Remark
from ceping.stages.report.models import Answer, Entry
from ceping.stages.report.queries import Gap, Standing
from ceping.web.institution.parts import Page
from ceping.web.institution.returned import Returned

_MODES = {"integer": "numeric", "decimal": "decimal", "phone": "tel", "email": "email", "date": "numeric"}
_RADIO_MOST = 3
_WIDE = ("text", "long_text", "multi_choice", "email")
_WIDTHS = {1: "w12", 2: "w6", 3: "w4"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered gap where it stands: what is so, then what to do."""

    number: int
    stops: bool
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field; `control` is the kind of its input, `figures` what lists come to beside it as (label, count, unit).

    `open` says whether a returned report can be written in here.
    """

    id: str
    name: str
    label: str
    control: str
    mode: str
    unit: str
    help: str
    width: str
    value: str
    options: tuple[tuple[str, str, bool], ...]
    revision: int
    count: int | None
    limit: int
    locked: bool
    asked: bool
    marks: tuple[Mark, ...]
    figures: tuple[tuple[str, int, str], ...]
    remarks: tuple[Remark, ...]
    open: bool

    @property
    def is_group(self) -> bool:
        """Whether several inputs stand under one label."""
        return self.control in ("radio", "checks")


def control_of(entry: FormEntry, options: Sequence[Any]) -> str:
    """Which input takes it."""
    if entry.type == "multi_choice":
        return "checks"
    if entry.type in ("choice", "yes_no"):
        return "radio" if len(options) <= _RADIO_MOST else "select"
    return "long" if entry.type == "long_text" else "line"


def mode_of(entry: FormEntry) -> str:
    """Which keyboard a phone shows."""
    return _MODES.get(entry.type, "")


def marks_of(gaps: Iterable[Gap]) -> tuple[Mark, ...]:
    """The gaps at one place."""
    return tuple(Mark(gap.number, gap.stops, _message(gap.finding), gap.finding.remedy()) for gap in gaps)


def field_ids(form: FormFile, page: Page) -> list[tuple[str, str]]:
    """The fields of a part's page in the order of the form, each with its width; none asked elsewhere."""
    found: list[tuple[str, str]] = []
    if page.part is None:
        keys = form.supplement.fields if page.id == SUPPLEMENT and form.supplement else _cover(form)
        return [(key, "w12" if form.field_by_id[key].type == "long_text" else "w6") for key in keys]
    for block in page.part.blocks:
        if isinstance(block, GridBlock):
            for row in block.rows:
                keys = [cell.field for cell in row if cell.field]
                found += [(key, _width(form.field_by_id[key], len(keys))) for key in keys]
        elif isinstance(block, FieldsBlock):
            found += [(key, "w12") for key in block.fields]
    return [(key, width) for key, width in dict(found).items() if form.place_of.get(f"field:{key}") == page.heading]


def fields_shown(
    entry: Entry, form: FormFile, ids: Sequence[tuple[str, str]], standing: Standing, returned: Returned
) -> dict[str, FieldShown]:
    """These fields as they stand, by id; one query, and nothing else of the report is opened."""
    answers = {one.field: one for one in entry.answers.filter(field__in=[key for key, _ in ids])}
    gaps: dict[str, list[Gap]] = {}
    for gap in standing.gaps:
        if gap.spot.kind == "field":
            gaps.setdefault(gap.spot.key, []).append(gap)
    own = Report("", entry.institution.uscc, entry.institution.name)
    return {
        key: _shown(form, form.field_by_id[key], width, answers.get(key), own, gaps.get(key, ()), standing, returned)
        for key, width in ids
    }


def _shown(
    form: FormFile,
    field: FormField,
    width: str,
    answer: Answer | None,
    own: Report,
    gaps: Sequence[Gap],
    standing: Standing,
    returned: Returned,
) -> FieldShown:
    given = answer.value if answer is not None else ""
    identity = own.answer(form, field.id) if field.identity else ""
    value = given or identity
    chosen = value if isinstance(value, list) else [value]
    text = value if isinstance(value, str) else ""
    counted = field.type == "long_text" or bool(field.characters)
    return FieldShown(
        id=field.id,
        name=field.name,
        label=field.label,
        control=control_of(field, field.options),
        mode=mode_of(field),
        unit=field.unit,
        help=_help(field),
        width=width,
        value=text,
        options=tuple((option.id, option.label, option.id in chosen) for option in field.options),
        revision=answer.revision if answer is not None else 0,
        count=count_characters(text) if counted else None,
        limit=field.characters,
        # What the registration says stands here; only a different answer has to be mended.
        locked=bool(identity) and text == identity,
        asked=field.required,
        marks=marks_of(gaps),
        figures=tuple(
            (figure.label, standing.figures[figure.id], figure.unit)
            for figure in form.figures
            if figure.within == field.id
        ),
        remarks=returned.at("field", field.id),
        open=returned.opening.has(f"field:{field.id}"),
    )


def _help(field: FormField) -> str:
    if field.help or field.type != "date":
        return field.help
    return "如 2021-05-01"


def _width(field: FormField, beside: int) -> str:
    if beside == 1 and field.type not in _WIDE:
        return "w6"
    return _WIDTHS.get(beside, "w4")


def _cover(form: FormFile) -> list[str]:
    return [line.field for line in form.cover.lines if line.field and form.place_of[f"field:{line.field}"] == "封面"]


def _message(finding: Finding) -> str:
    return finding.message()


Fields = Mapping[str, FieldShown]
