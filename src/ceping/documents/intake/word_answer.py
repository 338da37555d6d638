"""What was typed for each field as report.json holds it, with a finding wherever it could not be taken as it stands."""

from collections.abc import Iterator

from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.entry import Entry, FormField, Option
from ceping.documents.intake.word_choice import picked
from ceping.documents.intake.word_flow import Line
from ceping.documents.intake.word_label import after, key
from ceping.documents.intake.word_taken import Piece, Taken, shown
from ceping.documents.intake.word_value import Value, typed, value_of

CHOICES = ("choice", "multi_choice", "yes_no")
Answer = str | list[str]


def answers_of(taken: Taken) -> dict[str, Answer]:
    """The answers by field, in the order of the form; those left empty are absent."""
    answers: dict[str, Answer] = {}
    for entry in taken.form.fields:
        told: list[Answer] = []
        # The body of the form counts before its cover.
        for piece in sorted(taken.fields.get(entry.id, []), key=lambda one: one.place == "cover"):
            answer = _answer(entry, piece, taken)
            if answer and key(str(answer)) not in {key(str(one)) for one in told}:
                told.append(answer)
        if told:
            answers[entry.id] = told[0]
        if len(told) > 1:
            taken.findings.append(
                fault(
                    "word_field_twice",
                    file=taken.file,
                    place=taken.field_place(entry),
                    given=shown(_said(entry, told[0])),
                    other=shown(_said(entry, told[1])),
                )
            )
    return answers


def chosen(
    entry: Entry, lines: tuple[Line, ...], options: tuple[Option, ...], *, file: str, place: str
) -> tuple[list[str], list[Finding]]:
    """The ids of the ticked options, and what about them is doubtful."""
    pick = picked(lines, options, several=entry.type == "multi_choice")
    labels = "、".join(option.label for option in options if option.id in pick.options)
    findings: list[Finding] = []
    if pick.unclear:
        text = pick.rest or " ".join(line.text for line in lines)
        findings.append(fault("word_choice_unclear", file=file, place=place, given=shown(text)))
        return [], findings
    if pick.how in ("underlined", "struck", "alone"):
        findings.append(fault("word_choice_read", file=file, place=place, level=Level.WARNING, given=labels))
    if pick.rest:
        findings.append(
            fault(
                "word_choice_rest", file=file, place=place, level=Level.WARNING, given=shown(pick.rest), chosen=labels
            )
        )
    return [option.id for option in options if option.id in pick.options], findings


def doubts(value: Value, given: str, *, file: str, place: str) -> Iterator[Finding]:
    """What a value that is not as it was typed, or could not be read, is told with."""
    if value.doubt:
        yield fault(value.doubt, file=file, place=place, given=shown(given))
    elif value.tidied:
        yield fault(
            "word_value_tidied",
            file=file,
            place=place,
            level=Level.WARNING,
            given=shown(given),
            meant=shown(value.text),
        )


def struck_in(lines: tuple[Line, ...]) -> str:
    """The text of the lines that is struck out."""
    return " ".join(span.text.strip() for line in lines for span in line.spans if span.struck and span.text.strip())


def _answer(entry: FormField, piece: Piece, taken: Taken) -> Answer:
    place = taken.field_place(entry)
    if entry.type in CHOICES:
        ids, findings = chosen(entry, piece.lines, entry.options, file=taken.file, place=place)
        taken.findings += findings
        return ids if entry.type == "multi_choice" else "".join(ids[:1])
    cells = [text for cell in piece.filled if (text := _without_hint(cell, piece.hint))]
    given = "\n".join(cells)
    if struck := struck_in(piece.lines):
        taken.findings.append(
            fault("word_struck", file=taken.file, place=place, level=Level.WARNING, given=shown(struck))
        )
    if len(cells) > 1 and entry.type != "long_text":
        told = "、".join(f"“{shown(one)}”" for one in cells)
        taken.findings.append(fault("word_cells_several", file=taken.file, place=place, given=told))
    value = value_of(entry, given, unit=piece.hint.strip(), rule=entry.dates)
    taken.findings += doubts(value, given, file=taken.file, place=place)
    return value.text


def _without_hint(lines: tuple[Line, ...], hint: str) -> str:
    """The typed text without what the form prints in its cell: a line of its own, or the beginning of the first."""
    printed = {key(one) for one in hint.split("\n")} - {""}
    kept = [line.text for line in lines if key(line.text) not in printed]
    while kept and not kept[0].strip():
        kept.pop(0)
    if kept and len(key(hint)) > 4:
        rest = after(kept[0], key(hint))
        kept[0] = kept[0] if rest is None else rest
    return typed("\n".join(kept))


def _said(entry: FormField, answer: Answer) -> str:
    ids = answer if isinstance(answer, list) else [answer]
    labels = [found.label if (found := entry.option(one)) else one for one in ids]
    return "、".join(labels)
