"""The files a report is handed in or kept as: Word and PDF under names an office understands, and the pages to seal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ceping.core.finding import Finding, errors_in
from ceping.core.report.answers import Report
from ceping.core.report.values import day_in
from ceping.core.scheme.whole import Scheme
from ceping.documents.fonts.faces import Faces
from ceping.documents.forms.report import State, promise_in, report_form
from ceping.documents.forms.report_marks import marks_of
from ceping.documents.forms.report_words import dictionary_of, words_of
from ceping.documents.inspection.names import shown_name
from ceping.documents.pdf import to_pdf, unprintable_in
from ceping.documents.seal_sheets import seal_sheets
from ceping.documents.template import fill_template
from ceping.documents.word import to_word

_APART = str.maketrans(dict.fromkeys("/\\", "_"))
_KIND = "自评报告"
# Characters of an institution's name: what tells the files of one report apart stands after it.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """The bytes of each file by its name, and what a person should look at; no file when an error stops the work."""

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()


def empty_files(scheme: Scheme, *, faces: Faces | None = None) -> Printed:
    """The empty form in Word and PDF."""
    form = report_form(scheme, None, state="empty", dated=scheme.header.period.end)
    stem = f"{_KIND}_空表_{scheme.id}"
    return Printed({f"{stem}.docx": to_word(form), f"{stem}.pdf": to_pdf(form, faces)}, unprintable_in(form, faces))


def report_files(
    scheme: Scheme, report: Report, *, state: State, number: str = "", seals: bool = False, faces: Faces | None = None
) -> Printed:
    """The report in Word and PDF, with `seals` also its pages with the cover and the commitment as a PDF.

    They are those of the final report, to be sealed and put back into it. `number` is its record number, else it is
    known by year and credit code. Equal reports are equal files.
    """
    dated, marks = dated_of(scheme, report), marks_of(scheme, report, number=number)
    form = report_form(scheme, report, state=state, dated=dated, marks=marks)
    stem = _stem(report, _KIND, draft=state == "draft")
    files = {f"{stem}.docx": to_word(form), f"{stem}.pdf": to_pdf(form, faces)}
    if seals:
        whole = files[f"{stem}.pdf"]
        if state != "final":
            whole = to_pdf(report_form(scheme, report, state="final", dated=dated, marks=marks), faces)
        files[f"{stem}_盖章页.pdf"] = seal_sheets(whole, *promise_in(scheme.form))
    return Printed({shown_name(name): data for name, data in files.items()}, unprintable_in(form, faces))


def template_files(scheme: Scheme, report: Report, template: Path, *, draft: bool, number: str = "") -> Printed:
    """The organiser's own Word template with this report in it."""
    marks = marks_of(scheme, report, number=number)
    words = words_of(scheme, report, dated=dated_of(scheme, report), marks=marks, draft=draft)
    filled, findings = fill_template(template, dictionary_of(scheme), [words])
    if errors_in(findings):
        return Printed({}, tuple(findings))
    kind = template.stem.translate(_APART)[:_LONGEST]
    # Its own name, so that it never stands in the place of the official form.
    name = shown_name(f"{_stem(report, f'{kind}（模板）' if kind == _KIND else kind, draft=draft)}.docx")
    return Printed({name: filled[0]}, tuple(findings))


def dated_of(scheme: Scheme, report: Report) -> date:
    """The day a report says it was filled in, else the last of its period: never the day it happens to be printed."""
    for line in scheme.form.cover.lines:
        field = scheme.form.field_by_id.get(line.field)
        if field is not None and field.type == "date":
            answer = report.answer(scheme.form, field.id)
            day = day_in(answer) if isinstance(answer, str) else None
            if day is not None:
                return day
    return scheme.header.period.end


def _stem(report: Report, kind: str, *, draft: bool) -> str:
    name = report.name.translate(_APART).strip()[:_LONGEST]
    return "_".join(part for part in (kind, name, "草稿" if draft else "") if part)
