"""What a computation says: its files, the line of each institution, why a number is what it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.folder.explanation import lines_of, result_of
from ceping.ground.files.actions import bytes_of
from ceping.ground.files.models import File
from ceping.stages.results.models import Computation, Ruling, Supplied
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
    """One institution of a result, in its rank; numbers are text as results.json has them."""

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


def computations_of(season: Season) -> list[Computation]:
    """Every computation of the season, the newest first."""
    found = season.computations.select_related("computed_by", "lead", "organiser", "sent_back_by")
    return list(found.order_by("-number"))


def current_of(season: Season) -> Computation | None:
    """The newest one that was neither sent back nor replaced."""
    gone = (ComputationState.SENT_BACK, ComputationState.SUPERSEDED)
    found = season.computations.exclude(state__in=gone).select_related("computed_by", "lead", "organiser")
    return found.order_by("-number").first()


def frozen_of(season: Season) -> Computation | None:
    """The result that stands: the newest frozen one."""
    return season.computations.filter(state=ComputationState.FROZEN).order_by("-number").first()


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
    found = [_line(one) for one in said_in(computation, RESULTS)["institutions"]]
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.uscc))


def explained(computation: Computation, uscc: str, *, indicator: str = "") -> list[str]:
    """Why this institution's numbers are what they are, down to the clause, as `ceping explain` says it.

    Raises folder.explanation.Unexplained for a credit code or indicator that is not there.
    """
    results, run = said_in(computation, RESULTS), said_in(computation, RUN)
    return lines_of(
        results,
        result_of(results, uscc),
        rules_of(computation.season),
        indicator=indicator,
        rows=run.get("rows", {}),
    )


def rulings_of(season: Season) -> list[Ruling]:
    """Every proposal and decision of the season, those that wait first."""
    found = Ruling.objects.filter(entry__season=season).select_related(
        "entry__institution", "proposed_by", "decided_by"
    )
    return sorted(found, key=lambda one: (one.decided_at is not None, -one.pk))


def supplied_of(season: Season) -> list[Supplied]:
    """Everything supplied, the newest first."""
    return list(season.supplied.select_related("file", "given_by").order_by("-given_at", "-pk"))


def _line(told: Mapping[str, Any]) -> Line:
    interval = told.get("rank_interval")
    return Line(
        uscc=told["uscc"],
        name=told["name"],
        category=told["category"],
        total=told["total"] or "",
        grade=told["grade"] or "",
        rank=told["rank"],
        rank_in_category=told["rank_in_category"],
        interval=(interval[0], interval[1]) if interval else None,
        gates_unmet=tuple(one["rule_id"] for one in told["gates"] if one["passed"] is False and not one["waived"]),
        vetoes=tuple(str(one) for one in told["vetoes"]),
        scores=told["scores"],
    )
