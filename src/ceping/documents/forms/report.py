"""The whole self-evaluation report as one document: empty, as a draft, or final; and its pages that need a seal."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from ceping.core.report.answers import Report, missing
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import (
    ChecklistBlock,
    Commitment,
    CommitmentBlock,
    FieldsBlock,
    GridBlock,
    Part,
    TableBlock,
    TextBlock,
)
from ceping.core.scheme.whole import Scheme
from ceping.documents.forms.report_answer import plain, tidy
from ceping.documents.forms.report_table import checklist_grid, grids_of
from ceping.documents.forms.report_text import fields_of, grid_of, supplement_of
from ceping.documents.sheet import Block, Document, Grid, Line, Marks, PageBreak, Paragraph, SealPlace, Space

State = Literal["empty", "draft", "final"]
DRAFT = "草稿"
_LINE = 95


def report_form(
    scheme: Scheme, report: Report | None, *, state: State, dated: date, marks: Marks | None = None
) -> Document:
    """The report on the form of the scheme: every official word in its order, and the answers where they belong.

    `empty` takes no report; `draft` shows what is missing as the empty form would and carries a watermark; `final`
    has one blank row in a table nobody filled. `dated` stands in the file's properties.
    """
    form = scheme.form
    given = report if report is not None and state != "empty" else Report(scheme.id, "", "")
    blocks = (*_cover(form, given), PageBreak(odd=True), *_parts(form, given, blank=state != "final"))
    return Document(
        title=_title(form, given),
        dated=dated,
        blocks=tuple(_apart(blocks)),
        cover=1,
        bound=True,
        watermark=DRAFT if state == "draft" else "",
        marks=marks,
    )


def promise_in(form: FormFile) -> tuple[str, str]:
    """What the page of the commitment begins with below its heading, and the heading behind it, empty if it is last."""
    place = next(place for place, part in enumerate(form.parts) if _promises(part))
    behind = form.parts[place + 1].heading if place + 1 < len(form.parts) else ""
    return form.commitment.title + form.commitment.clauses[0], behind


def _title(form: FormFile, report: Report) -> str:
    return f"{form.title}（{tidy(report.name)}）" if report.name else form.title


def _cover(form: FormFile, report: Report) -> Iterator[Block]:
    yield Space(30)
    yield Paragraph(form.title, "cover_title", "center")
    yield Space(8)
    lower = False
    for line in form.cover.lines:
        if not line.field:
            yield Paragraph(line.text, "cover_line", "center")
            continue
        if not lower:
            yield Space(70)
            lower = True
        answer = report.answer(form, line.field)
        value = "" if missing(answer) else plain(form.field_by_id[line.field], answer)
        yield Line(line.text, value, width=_LINE, seal=line.seal, large=True)


def _parts(form: FormFile, report: Report, *, blank: bool) -> Iterator[Block]:
    turned = True
    for part in form.parts:
        alone = _promises(part)
        # What is sealed has a page of its own, so that the sealed sheet can take the place of the printed one.
        if alone and not turned:
            yield PageBreak()
        yield from _part(form, part, report, blank=blank)
        turned = alone and part is not form.parts[-1]
        if turned:
            yield PageBreak()


def _part(form: FormFile, part: Part, report: Report, *, blank: bool) -> Iterator[Block]:
    yield Paragraph(part.heading, "heading", together=True)
    titled = False
    for block in part.blocks:
        match block:
            case TextBlock(role="heading"):
                yield Paragraph(block.text, "subheading", together=True)
            case TextBlock():
                yield Paragraph(block.text, "plain", together=block.role == "requirement")
                titled = True
            case GridBlock():
                yield grid_of(form, block, report)
            case TableBlock():
                yield from grids_of(form, form.table_by_id[block.table], report, blank=blank)
            case FieldsBlock():
                yield from fields_of(form, block.fields, report, titled=titled, blank=blank)
            case CommitmentBlock():
                yield from _commitment(form.commitment)
            case ChecklistBlock():
                yield checklist_grid(form, report)
    if form.supplement is not None and form.supplement.after == part.id:
        yield from supplement_of(form, form.supplement, report)


def _commitment(commitment: Commitment) -> Iterator[Block]:
    """The text to be signed, never with a name typed in: a signature and a seal are put on paper or by certificate."""
    yield Space(10)
    yield Paragraph(commitment.title, "title", "center", together=True)
    yield Space(6)
    for clause in commitment.clauses:
        yield Paragraph(clause, "clause", together=True)
    yield Space(10)
    yield SealPlace(commitment.signature)
    yield Space(10)


def _promises(part: Part) -> bool:
    return any(isinstance(block, CommitmentBlock) for block in part.blocks)


def _apart(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The same blocks with a little room between two grids, which would otherwise run into one."""
    before: Block | None = None
    for block in blocks:
        if isinstance(before, Grid) and isinstance(block, Grid):
            yield Space(4)
        yield block
        before = block
