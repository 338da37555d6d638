"""A trial beside the pages: the season under other weights or marks, on a copy; no record of it is touched."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.core.exact import short_text_of, text_of
from ceping.core.finding import fault
from ceping.folder.whatif import Asked, Side, Tried, try_out
from ceping.ground.exports.moment import one_moment
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.tasks import Made, carry_out
from ceping.stages.results.access import why_not_try
from ceping.stages.results.queries import SCHEME, write_season
from ceping.stages.results.tasks.computing import about
from ceping.stages.scheme.models import Season

TRY = "try_results"
# Laid out, tried, told.
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried, as it was typed and read: weights by item, marks by credit code and item, an assessor left out."""

    weights: Mapping[str, Decimal] = field(default_factory=dict)
    rescale: bool = False
    without: str = ""
    marks: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, Any]:
        """The same for the work's row."""
        return {
            "weights": {key: text_of(value) for key, value in self.weights.items()},
            "rescale": self.rescale,
            "without": self.without,
            "marks": [[uscc, key, text_of(value)] for (uscc, key), value in self.marks.items()],
        }


@app.task(name="results.try_out")
def try_results(token: str) -> None:
    """The trial of that work is made."""
    carry_out(token, _tried)


def ask_to_try(*, season: Season, trial: Trial, by: User, at: datetime) -> Job:
    """The trial waits for a worker. Raises NotAllowed; Refused when nothing is tried."""
    if why := why_not_try(by, season):
        raise NotAllowed(why)
    if not (trial.weights or trial.without or trial.marks):
        raise Refused(fault("whatif_nothing"))
    return ask_for(
        kind=TRY,
        about=about(season),
        given={"season": season.pk, **trial.given},
        begin=lambda token: try_results.defer(token=token),
        by=by,
        at=at,
    )


def _tried(job: Job) -> Made:
    asked = Asked(
        weights={key: Decimal(value) for key, value in job.given["weights"].items()},
        rescale=bool(job.given["rescale"]),
        without=job.given["without"],
        marks={(uscc, key): Decimal(value) for uscc, key, value in job.given["marks"]},
    )
    tell_progress(job=job, done=0, total=_STEPS)
    with tempfile.TemporaryDirectory(prefix="ceping-trial-") as name:
        # What is tried is one moment of the season, and nothing can be written meanwhile.
        with one_moment():
            folder = write_season(Season.objects.select_related("scheme").get(pk=job.given["season"]), Path(name))
        if not tell_progress(job=job, done=1, total=_STEPS):
            return {}, ()
        found = try_out(folder, asked, scheme_folder=Path(name) / SCHEME)
    if not found.done:
        raise Refused(*found.findings)
    return _told(found, timezone.now()), ()


def _told(found: Tried, at: datetime) -> dict[str, Any]:
    """The trial for its page: every institution before and after, what moved, which weights are others."""
    return {
        "at": at.isoformat(),
        "lines": [
            {"uscc": one.uscc, "name": one.name, "old": _side(one.old), "new": _side(one.new)} for one in found.lines
        ],
        "changed": {name: found.count(name) for name in ("total", "grade", "rank")},
        "weights": {
            key: [short_text_of(old) if old is not None else "", short_text_of(new)]
            for key, (old, new) in found.weights.items()
        },
        "without": found.without,
    }


def _side(side: Side) -> dict[str, Any]:
    return {"total": text_of(side.total) if side.total is not None else "", "grade": side.grade, "rank": side.rank}
