"""The parts of a form as pages: their order, short names, what is missing in each; nothing of one scheme in here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ceping.core.report.spots import COVER, SUPPLEMENT
from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import ChecklistBlock, CommitmentBlock, Part, TableBlock
from ceping.stages.report.queries import Standing

_NUMBERED = re.compile(r"([一二三四五六七八九十]+)、(.+)")


@dataclass(frozen=True, slots=True)
class Page:
    """One part with its page: `mark` is its number on the form, `title` its heading without it."""

    id: str
    mark: str
    title: str
    heading: str
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class PageState:
    """A part and how far it is: `word` says it, `state` is ok, red or ask; `errors` and `questions` count gaps."""

    page: Page
    state: str
    word: str
    errors: int
    questions: int


def pages_of(form: FormFile) -> list[Page]:
    """Cover, parts in the order of the form, the supplement after the part it belongs to."""
    return list(_pages(form))


def states_of(form: FormFile, standing: Standing) -> list[PageState]:
    """Every part with what is missing in it."""
    found = []
    for page in pages_of(form):
        gaps = standing.of_part(page.id)
        errors = sum(gap.stops for gap in gaps)
        questions = len(gaps) - errors
        word = _word(form, page, standing, errors, questions)
        found.append(PageState(page, "red" if errors else "ask" if questions else "ok", word, errors, questions))
    return found


def _pages(form: FormFile) -> Iterator[Page]:
    if "封面" in form.place_of.values():
        yield Page(COVER, "封", "封面", "封面")
    for part in form.parts:
        numbered = _NUMBERED.fullmatch(part.heading)
        mark, title = (numbered[1], numbered[2]) if numbered else (part.heading[:1], part.heading)
        yield Page(part.id, mark, title, part.heading, part)
        if form.supplement is not None and form.supplement.after == part.id:
            yield Page(SUPPLEMENT, "补", form.supplement.title, form.supplement.title)


def _word(form: FormFile, page: Page, standing: Standing, errors: int, questions: int) -> str:
    if page.part is not None and errors:
        tables = {block.table for block in page.part.blocks if isinstance(block, TableBlock)}
        for figure in form.figures:
            if figure.table in tables and standing.figures[figure.id] < figure.at_least:
                return f"{standing.figures[figure.id]}/{figure.at_least}"
        if any(isinstance(block, CommitmentBlock) for block in page.part.blocks):
            return "未确认"
        if any(isinstance(block, ChecklistBlock) for block in page.part.blocks):
            return f"缺 {errors} 项"
    return f"{errors} 须改" if errors else f"{questions} 核对" if questions else "已齐"
