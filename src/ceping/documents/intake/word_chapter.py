"""A flow cut at the headings of the form: what stands under each, and which headings are missing or doubled."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ceping.core.finding import Finding, fault
from ceping.documents.intake.word_flow import Block, Box, Flow, Grid, Line, Used
from ceping.documents.intake.word_label import bare, key
from ceping.documents.intake.word_official import Chapter, Official

_LEADER = re.compile(r"[.·…_\-\d]+")
_CONTENTS = ("目录", "目次")
_SHOWN, _MOST_COMPARED = 40, 2000


@dataclass(slots=True)
class Cut:
    """The blocks before the first heading, and those under each heading that was found, in the order of the file."""

    cover: list[Block] = field(default_factory=list)
    chapters: list[tuple[Chapter, list[Block]]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Lines:
    """Lines found by what they say, with their number and without it."""

    def __init__(self, lines: list[Line]) -> None:
        self.whole: dict[str, list[Line]] = {}
        self._bare: dict[str, list[Line]] = {}
        for line in lines:
            if not line.blank:
                self.whole.setdefault(key(line.text), []).append(line)
                self._bare.setdefault(bare(line.text), []).append(line)

    def meeting(self, heading: str) -> list[Line]:
        """The lines that are this heading; counted otherwise or not at all only where none is as printed."""
        return self.whole.get(key(heading)) or self._bare.get(bare(heading), [])


def cut(flow: Flow, official: Official, used: Used, *, file: str) -> Cut:
    """The flow by chapters; findings say which headings are not there exactly once. Headings are marked as used."""
    blocks = [one for block in flow.blocks for one in _freed(block, official.lines)]
    contents = [line for line in blocks if isinstance(line, Line) and line.contents]
    used.take(*contents)
    lines = _Lines([one for one in blocks if isinstance(one, Line) and not one.contents])
    starts: dict[int, Chapter] = {}
    result = Cut()
    for chapter in official.chapters:
        found = lines.meeting(chapter.heading)
        if 0 < len(found) <= official.times[key(chapter.heading)]:
            starts[id(found[0])] = chapter
        elif not chapter.optional:
            result.findings.append(_wrong(chapter.heading, found, lines, file))
    for chapter in official.chapters:
        for section in chapter.sections:
            found = lines.meeting(section)
            if not 0 < len(found) <= official.times[key(section)]:
                result.findings.append(_wrong(section, found, lines, file))
    into = result.cover
    for block in blocks:
        if isinstance(block, Line) and block.contents:
            continue
        if id(block) in starts and isinstance(block, Line):
            used.take(block)
            into = []
            result.chapters.append((starts[id(block)], into))
            continue
        into.append(block)
    _take_contents(result.cover, official, used)
    return result


def headings_met(flow: Flow, official: Official) -> tuple[int, int]:
    """How many of the form's headings the flow has, and how many there are."""
    lines = [one for block in flow.blocks for one in _freed(block, official.lines) if isinstance(one, Line)]
    there = {key(line.text) for line in lines} | {bare(line.text) for line in lines}
    wanted = [chapter.heading for chapter in official.chapters if not chapter.optional]
    return sum(key(one) in there or bare(one) in there for one in wanted), len(wanted)


def _freed(block: Block, printed: frozenset[str]) -> Iterator[Block]:
    """A table falls apart where one of its rows is nothing but a printed paragraph: tables that ran into one."""
    if isinstance(block, Line):
        yield block
        return
    rows: list[tuple[Box, ...]] = []
    for row in block.rows:
        told = [box for box in row if not box.blank]
        if len(told) == 1 and told[0].origin is None and key(told[0].text) in printed:
            if rows:
                yield Grid(tuple(rows))
            yield from told[0].lines
            rows = []
        else:
            rows.append(row)
    if rows:
        yield Grid(tuple(rows))


def _wrong(heading: str, found: list[Line], lines: _Lines, file: str) -> Finding:
    if found:
        return fault("word_heading_doubled", file=file, place=heading, count=len(found))
    wanted = key(heading)
    like = [one for one in lines.whole if 0 < len(one) <= 2 * len(wanted)]
    if near := difflib.get_close_matches(wanted, like[:_MOST_COMPARED], n=1, cutoff=0.75):
        given = lines.whole[near[0]][0].text.strip()[:_SHOWN]
        return fault("word_heading_otherwise", file=file, place=heading, given=given)
    return fault("word_heading_missing", file=file, place=heading)


def _take_contents(cover: list[Block], official: Official, used: Used) -> None:
    """A table of contents typed by hand: headings with the number of a page behind them."""
    headings = [key(one) for chapter in official.chapters for one in (chapter.heading, *chapter.sections)]
    listed = False
    for block in cover:
        if isinstance(block, Line):
            text = key(block.text)
            if any(text.startswith(one) and _LEADER.fullmatch(text.removeprefix(one)) for one in headings):
                used.take(block)
                listed = True
    for block in cover:
        if isinstance(block, Line) and key(block.text) in _CONTENTS and listed:
            used.take(block)
