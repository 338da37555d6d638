"""A filled form in Word as report.json, with a finding on everything in it that was not understood.

The form is read by its printed words, never by places: rows may have moved, been added or taken out, tables cut in two
or run into one. What the file says ends as an answer, as a printed word, or in a finding; nothing is left out silently.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.whole import Scheme
from ceping.documents.intake.word_answer import answers_of
from ceping.documents.intake.word_chapter import Cut, cut
from ceping.documents.intake.word_cover import COVER, read_cover
from ceping.documents.intake.word_flow import Flow, lines_in
from ceping.documents.intake.word_label import after
from ceping.documents.intake.word_list import tables_of
from ceping.documents.intake.word_official import Official
from ceping.documents.intake.word_row import Tables
from ceping.documents.intake.word_taken import LONGEST, Taken, listed, shown
from ceping.documents.intake.word_walk import Walk

_MOST_CHANGES = 50
_MOST_UNREAD = 200
# What is on every page of a form printed here: page numbers, the record number, how many pages, the check value.
_MARKS = re.compile(r"[—\-–\s\d]*|编号 .*|共\s*\d*\s*页.*|第\s*\d*\s*页.*|校验 [0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """report.json as data with what was not understood, or None and why the file is refused."""

    report: dict[str, Any] | None
    findings: tuple[Finding, ...]


def read(flow: Flow, scheme: Scheme, *, file: str) -> Reading:
    """The report a flow holds. `file` is its name in findings. A refusal lists every reason at once."""
    official = Official(scheme.form)
    taken = Taken(scheme.form, file, scheme.header.period)
    pieces = cut(flow, official, taken.used, file=file)
    refusals = [*_changes(flow, file), *_headings(pieces, official, file)]
    if refusals:
        return Reading(None, tuple(refusals))
    tables = Tables(official, taken)
    for chapter, blocks in pieces.chapters:
        Walk(chapter, official, taken, tables).read(blocks)
    tables.finish()
    if taken.refusals:
        return Reading(None, tuple(taken.refusals))
    read_cover(pieces.cover, official, taken)
    answers = answers_of(taken)
    rows = tables_of(taken, tables.owners())
    findings = [*_beside(flow, file), *taken.findings, *_unread(pieces, taken, official)]
    report = {
        "scheme": scheme.id,
        "institution": {"uscc": _identity(scheme, answers, "uscc"), "name": _identity(scheme, answers, "name")},
        "answers": answers,
        "tables": rows,
        "attachments": [],
        "commitment": {},
    }
    return Reading(report, tuple(findings))


def _identity(scheme: Scheme, answers: dict[str, Any], which: str) -> str:
    fields = [field.id for field in scheme.form.fields if field.identity == which]
    return next((answers[one] for one in fields if one in answers), "")


def _headings(pieces: Cut, official: Official, file: str) -> list[Finding]:
    wanted = sum(1 + len(chapter.sections) for chapter in official.chapters if not chapter.optional)
    missing = sum(finding.code != "word_heading_doubled" for finding in pieces.findings)
    if missing * 2 > wanted:
        # Twelve missing headings say less than that it is another document.
        return [fault("word_other_form", file=file, title=official.form.title, found=wanted - missing, wanted=wanted)]
    return pieces.findings


def _changes(flow: Flow, file: str) -> Iterator[Finding]:
    for number, change in enumerate(flow.changes[:_MOST_CHANGES], start=1):
        place = f"第 {number} 处"
        author, on, text = shown(change.author) or "—", change.on or "—", shown(change.text) or "¶"
        if change.kind == "inserted":
            yield fault("word_change_inserted", file=file, place=place, author=author, on=on, given=text)
        elif change.kind == "deleted":
            yield fault("word_change_deleted", file=file, place=place, author=author, on=on, given=text)
        else:
            yield fault("word_change_moved", file=file, place=place, author=author, on=on, given=text)
    if (more := len(flow.changes) - _MOST_CHANGES) > 0:
        yield fault("word_changes_more", file=file, count=more)


def _beside(flow: Flow, file: str) -> Iterator[Finding]:
    """What stands beside the text and a person should look at."""
    for comment in flow.comments:
        yield fault(
            "word_comment",
            file=file,
            level=Level.WARNING,
            author=shown(comment.author) or "—",
            on=comment.on or "—",
            given=shown(comment.text),
            about=shown(comment.about) or "—",
        )
    for text in flow.hidden:
        yield fault("word_hidden", file=file, level=Level.WARNING, given=shown(text))
    if flow.pictures:
        yield fault("word_pictures", file=file, level=Level.WARNING, count=flow.pictures)
    if flow.nested:
        yield fault("word_nested", file=file, level=Level.WARNING, given=listed(list(flow.nested)))
    if flow.reformatted:
        yield fault("word_reformatted", file=file, level=Level.WARNING, count=flow.reformatted)
    texts = [line.text for line in flow.outside if _MARKS.fullmatch(line.text.strip()) is None]
    if texts:
        yield fault("word_outside", file=file, level=Level.WARNING, given=listed(texts))


def _unread(pieces: Cut, taken: Taken, official: Official) -> Iterator[Finding]:
    places = [(COVER, pieces.cover), *((chapter.heading, blocks) for chapter, blocks in pieces.chapters)]
    left = [(place, line) for place, blocks in places for line in taken.used.left(lines_in(blocks))]
    for place, line in left[:_MOST_UNREAD]:
        given = shown(_beyond(line.text, official))
        yield fault("word_unread", file=taken.file, place=place, level=Level.WARNING, given=given)
    if (more := len(left) - _MOST_UNREAD) > 0:
        yield fault("word_unread_more", file=taken.file, level=Level.WARNING, count=more)


def _beyond(text: str, official: Official) -> str:
    """Of a printed paragraph that somebody wrote on to, what was written."""
    rests = [rest for word in official.lines if len(word) > LONGEST // 2 and (rest := after(text, word)) is not None]
    return min(rests, key=len, default=text)
