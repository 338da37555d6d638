"""The fields of a report: is each one answered that has to be, by a value of its type, and by none that is unknown."""

from dataclasses import replace

from ceping.core.finding import Finding, Level, fault
from ceping.core.names import is_blank, normalised
from ceping.core.report.answers import Answer, missing
from ceping.core.report.frame import Findings, Frame
from ceping.core.report.values import faults_in_value
from ceping.core.scheme.entry import FormField
from ceping.core.uscc import normalised as normalised_code

# Faults that a licence may confirm: pilot codes exist whose check characters fail.
_MAY_BE_SO = ("uscc_check_digit", "uscc_check_digit_pilot", "uscc_organisation")


def field_faults(frame: Frame) -> Findings:
    """Every fault of the answers, in the order of the form; unknown ones last."""
    for field in frame.form.fields:
        answer = frame.report.answer(frame.form, field.id)
        if missing(answer):
            yield from _missing_faults(frame, field)
        else:
            yield from _identity_faults(frame, field, answer)
            yield from _answer_faults(frame, field, answer)
    for key in sorted(frame.report.answers):
        if key not in frame.form.field_by_id:
            yield fault("report_field_unknown", file=frame.file, place=f"answers.{key[:40]}", given=key[:40])


def _missing_faults(frame: Frame, field: FormField) -> Findings:
    place = frame.field_place(field)
    if field.required or frame.report.meets(frame.form, field.required_when):
        yield fault("report_unanswered", file=frame.file, place=place, name=field.name)
    elif field.asked:
        yield fault("report_asked", file=frame.file, place=place, level=Level.WARNING, name=field.name)


def _identity_faults(frame: Frame, field: FormField, answer: Answer) -> Findings:
    own = {"uscc": frame.report.uscc, "name": frame.report.name}.get(field.identity, "")
    same = normalised_code if field.identity == "uscc" else normalised
    if isinstance(answer, str) and own and not is_blank(own) and same(answer) != same(own):
        place = frame.field_place(field)
        yield fault("report_identity_differs", file=frame.file, place=place, given=answer[:60], own=own[:60])


def _answer_faults(frame: Frame, field: FormField, answer: Answer) -> Findings:
    place = frame.field_place(field)
    several = field.type == "multi_choice"
    if several != isinstance(answer, tuple):
        yield fault("report_several_wanted" if several else "report_one_wanted", file=frame.file, place=place)
        return
    choices = answer if isinstance(answer, tuple) else (answer,)
    if len(set(choices)) < len(choices):
        yield fault("report_option_repeated", file=frame.file, place=place)
    for text in dict.fromkeys(choices):
        found = faults_in_value(
            field, text, options=field.options, rule=field.dates, period=frame.period, file=frame.file, place=place
        )
        yield from (_confirmed(frame, field, finding) for finding in found)


def _confirmed(frame: Frame, field: FormField, finding: Finding) -> Finding:
    override = field.override
    if override is None or finding.code not in _MAY_BE_SO:
        return finding
    reason = frame.report.answer(frame.form, override.reason)
    shown = any(attachment.item == override.item for attachment in frame.report.attachments)
    return replace(finding, level=Level.WARNING) if shown and not missing(reason) else finding
