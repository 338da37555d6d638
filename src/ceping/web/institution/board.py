"""The completeness board: every gap with its number, its words, and the link to the place where it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from ceping.stages.report.models import Entry
from ceping.stages.report.queries import Gap, Standing
from ceping.stages.scheme.queries import rules_of
from ceping.web.institution.parts import pages_of

# A list of a thousand rows may have a gap in each; the board names so many and counts the rest.
MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Line:
    """A gap as the board and the field show it."""

    number: int
    stops: bool
    message: str
    remedy: str
    place: str
    url: str
    anchor: str
    here: bool


def board_of(entry: Entry, standing: Standing, *, here: str = "") -> dict[str, Any]:
    """What the board shows; `here` is the part whose page it stands on."""
    errors, questions = standing.errors, standing.questions
    names = {page.id: page.title for page in pages_of(rules_of(entry.season).form)}
    shown = [line_of(entry, gap, names, here=here) for gap in (*errors[:MOST_SHOWN], *questions[:MOST_SHOWN])]
    return {
        "percent": 100 * standing.done // standing.asked if standing.asked else 100,
        "done": standing.done,
        "asked": standing.asked,
        "error_count": len(errors),
        "question_count": len(questions),
        "errors": [line for line in shown if line.stops],
        "questions": [line for line in shown if not line.stops],
        "more_errors": max(0, len(errors) - MOST_SHOWN),
        "more_questions": max(0, len(questions) - MOST_SHOWN),
    }


def line_of(entry: Entry, gap: Gap, names: dict[str, str], *, here: str = "") -> Line:
    """One gap with its link."""
    finding, spot = gap.finding, gap.spot
    anchor = anchor_of(gap)
    url = ""
    if spot.part:
        query = f"?t={spot.key}&row={spot.row}" if spot.kind == "row" else ""
        url = reverse("institution:part", args=[entry.pk, spot.part]) + query + f"#{anchor}"
    name = names.get(spot.part, "")
    place = finding.place.removeprefix(_heading(finding.place, name)) if name else finding.place
    where = "本页" if here and here == spot.part else name
    return Line(
        number=gap.number,
        stops=gap.stops,
        message=finding.message(),
        remedy=finding.remedy(),
        place=" ".join(filter(None, (where, place))),
        url=url,
        anchor=anchor,
        here=where == "本页",
    )


def anchor_of(gap: Gap) -> str:
    """The id on the page of the place where the gap is mended."""
    spot = gap.spot
    if spot.kind == "row":
        return f"r-{spot.key}-{spot.row}"
    return {"field": "f-", "table": "t-", "item": "i-", "commitment": "commitment", "whole": "main"}[
        spot.kind
    ] + spot.key


def by_key(gaps: Iterable[Gap], kind: str) -> dict[str, list[Gap]]:
    """The gaps of one kind of place by its key."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        if gap.spot.kind == kind:
            found.setdefault(gap.spot.key, []).append(gap)
    return found


def _heading(place: str, name: str) -> str:
    """The part's own heading at the beginning of a place, with the space behind it."""
    head, _, rest = place.partition(" ")
    return f"{head} " if rest and head.endswith(name) else head if head.endswith(name) else ""
