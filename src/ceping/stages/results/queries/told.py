"""What a computation says: its files, the line of each institution, why a number is what it is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.core.finding import fault
from ceping.folder.explanation import Unexplained, lines_of
from ceping.ground.files.actions import bytes_of
from ceping.ground.files.models import File
from ceping.stages.results.models import Computation, Ruling, Standing, Supplied
from ceping.stages.results.states import ComputationState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of

RESULTS, RUN, VERIFICATION, ROBUSTNESS, ADVICE = (
    "results.json",
    "run.json",
    "verification.json",
    "robustness.json",
    "advice.json",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One institution of a result, in its rank; numbers are text as results.json has them.

    `change` is the share of trial weights with another grade; `without_item` and `without_assessor` the best and worst
    rank when one of them is left out; `level` the shop's in words.
    """

    uscc: str
    name: str
    category: str
    total: str
    grade: str
    rank: int | None
    rank_in_category: int | None
    interval: tuple[int, int] | None
    gates_unmet: tuple[str, ...]
    vetoes: tuple[str, ...]
    scores: Mapping[str, str]
    change: str = ""
    without_item: tuple[int, int] | None = None
    without_assessor: tuple[int, int] | None = None
    level: str = ""
    recommender: str = ""


def computations_of(season: Season) -> list[Computation]:
    """Every computation of the season, the newest first."""
    found = season.computations.select_related(
        "computed_by", "lead", "organiser", "sent_back_by", "correction__corrects", "correction__opened_by"
    )
    return list(found.defer("overview", "correction__corrects__overview").order_by("-number"))


def current_of(season: Season) -> Computation | None:
    """The newest one that was neither sent back nor replaced."""
    gone = (ComputationState.SENT_BACK, ComputationState.SUPERSEDED)
    found = season.computations.exclude(state__in=gone).select_related("computed_by", "lead", "organiser", "correction")
    return found.order_by("-number").first()


def file_of(computation: Computation, name: str) -> File | None:
    """A file it wrote, by its name."""
    found = computation.outputs.select_related("file__blob").filter(name=name).first()
    return found.file if found is not None else None


def path_of(computation: Computation, name: str) -> Path:
    """Where that file's bytes lie. Raises LookupError when it wrote none of that name."""
    file = file_of(computation, name)
    if file is None:
        raise LookupError(name)
    return bytes_of(file)


def said_in(computation: Computation, name: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """A JSON file it wrote, read."""
    return json.loads(path_of(computation, name).read_bytes())


def lines_in(computation: Computation) -> list[Line]:
    """Every institution, ranked ones first by rank, then the others by credit code."""
    return [line_of(one) for one in computation.standings.defer("chart", "detail")]


def standing_in(computation: Computation, uscc: str) -> Standing | None:
    """Everything that is shown of one institution."""
    return computation.standings.filter(uscc=uscc).first()


def explained(computation: Computation, uscc: str, *, indicator: str = "") -> list[str]:
    """Why this institution's numbers are what they are, down to the clause, as `ceping explain` says it.

    Raises folder.explanation.Unexplained for a credit code or indicator that is not there.
    """
    return _told(computation, uscc, [indicator])[indicator]


def explained_items(computation: Computation, uscc: str) -> dict[str, list[str]]:
    """The same item by item, under "" the whole of it; the file is read once."""
    items = [item.key for item in rules_of(computation.season).scored]
    return _told(computation, uscc, ["", *items])


def _told(computation: Computation, uscc: str, wanted: Sequence[str]) -> dict[str, list[str]]:
    standing, scheme = standing_in(computation, uscc), rules_of(computation.season)
    if standing is None:
        raise Unexplained(fault("result_uscc_unknown", uscc=uscc[:40], count=0, near="—"))
    head, result = _one_in(path_of(computation, RESULTS), uscc)
    rows = standing.detail["rows"]
    # An item of another category is not in the trace.
    return {
        item: lines_of(head, result, scheme, indicator=item, rows=rows)
        for item in wanted
        if not item or item in result["trace"]["items"] or len(wanted) == 1
    }


def _one_in(path: Path, uscc: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The head of results.json and one institution of it, which has a line of its own; the others are not read."""
    wanted = f'{{"uscc":{json.dumps(uscc)},'.encode()
    with path.open("rb") as stream:
        head = json.loads(stream.readline() + b"]}")
        line = next((one for one in stream if one.startswith(wanted)), None)
    if line is None:
        raise Unexplained(fault("result_uscc_unknown", uscc=uscc[:40], count=0, near="—"))
    return head, json.loads(line.rstrip(b",\n"))


def rulings_of(season: Season) -> list[Ruling]:
    """Every proposal and decision of the season, those that wait first."""
    found = Ruling.objects.filter(entry__season=season).select_related(
        "entry__institution", "proposed_by", "decided_by"
    )
    return sorted(found, key=lambda one: (one.decided_at is not None, -one.pk))


def supplied_of(season: Season) -> list[Supplied]:
    """Everything supplied, the newest first."""
    return list(season.supplied.select_related("file", "given_by").order_by("-given_at", "-pk"))


def line_of(row: Standing) -> Line:
    """The row as a line of the list."""
    told = row.told
    return Line(
        uscc=row.uscc,
        name=row.name,
        category=row.category,
        total=row.total,
        grade=row.grade,
        rank=row.rank,
        rank_in_category=row.rank_in_category,
        interval=(row.low, row.high) if row.low is not None and row.high is not None else None,
        gates_unmet=tuple(told["gates_unmet"]),
        vetoes=tuple(told["vetoes"]),
        scores=told["scores"],
        change=row.change,
        without_item=_ends(told["without_item"]),
        without_assessor=_ends(told["without_assessor"]),
        level=told["level"],
        recommender=row.recommender,
    )


def _ends(told: list[int] | None) -> tuple[int, int] | None:
    return None if told is None else (told[0], told[1])
